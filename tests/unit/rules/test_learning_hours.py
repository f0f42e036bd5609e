from datetime import date

import pytest

from lms.rules import learning_hours
from lms.rules.learning_hours import Entry

OCTOBER = date(2025, 10, 1)


@pytest.mark.parametrize(
    ("began_on", "day", "expected"),
    [
        (OCTOBER, date(2026, 11, 24), (date(2026, 10, 1), date(2027, 9, 30))),
        (OCTOBER, date(2026, 9, 30), (date(2025, 10, 1), date(2026, 9, 30))),
        (OCTOBER, date(2026, 10, 1), (date(2026, 10, 1), date(2027, 9, 30))),
        (None, date(2026, 11, 24), (date(2026, 1, 1), date(2026, 12, 31))),
        (date(2024, 2, 29), date(2026, 2, 28), (date(2026, 2, 28), date(2027, 2, 27))),
        (date(2024, 2, 29), date(2028, 2, 29), (date(2028, 2, 29), date(2029, 2, 27))),
    ],
)
def test_contract_year(began_on: date | None, day: date, expected: tuple[date, date]) -> None:
    assert learning_hours.contract_year(began_on, day) == expected


def entry(code: str, day: date, jp: int = 2) -> Entry:
    return Entry(code, code.upper(), day, jp)


def test_the_cap_holds_within_a_year_and_the_rest_is_enrichment() -> None:
    entries = [entry(f"m-{n}", date(2026, 10, 2)) for n in range(14)]
    year = learning_hours.year_of(entries, began_on=OCTOBER, cap=24, day=date(2026, 11, 24))
    assert (year.earned, year.counted, year.surplus) == (28, 24, 4)


def test_a_module_counts_once_a_contract_year() -> None:
    entries = [entry("m-1", date(2026, 10, 2)), entry("m-1", date(2026, 12, 2)), entry("m-1", date(2027, 10, 1))]
    years = learning_hours.years(entries, began_on=OCTOBER, cap=24)
    assert [(year.starts_on.year, year.earned) for year in years] == [(2027, 2), (2026, 2)]


def test_a_year_without_entries_is_empty() -> None:
    year = learning_hours.year_of([], began_on=None, cap=24, day=date(2026, 11, 24))
    assert (year.earned, year.counted, year.entries) == (0, 0, ())
