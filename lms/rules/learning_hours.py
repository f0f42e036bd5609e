"""Learning hours (JP): which contract year a completed module belongs to, and what counts towards its cap.

Source: a PPPK counts at most 24 JP in one year of the work agreement; 1 JP = 45 minutes. Learning beyond the cap is
welcome: it is kept as enrichment and not counted. The cap is a setting, since the rule may change.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Entry:
    """One completed module."""

    code: str
    title: str
    completed_on: date
    jp: int


@dataclass(frozen=True)
class Year:
    """One contract year with its entries, oldest first; `counted` never exceeds the cap."""

    starts_on: date
    ends_on: date
    entries: tuple[Entry, ...]
    earned: int
    counted: int

    @property
    def surplus(self) -> int:
        """JP beyond the cap: kept as enrichment."""
        return self.earned - self.counted


def contract_year(began_on: date | None, day: date) -> tuple[date, date]:
    """Return the first and last day of the contract year that holds the day; the calendar year without a contract."""
    anchor = began_on or date(day.year, 1, 1)
    start = _on_year(anchor, day.year)
    if start > day:
        start = _on_year(anchor, day.year - 1)
    return start, _on_year(anchor, start.year + 1) - timedelta(days=1)


def years(entries: Iterable[Entry], *, began_on: date | None, cap: int) -> list[Year]:
    """Sort entries into contract years, newest year first. A module counts once a year."""
    sorted_in: dict[tuple[date, date], dict[str, Entry]] = defaultdict(dict)
    for entry in sorted(entries, key=lambda each: (each.completed_on, each.code)):
        sorted_in[contract_year(began_on, entry.completed_on)].setdefault(entry.code, entry)
    return [_year(bounds, tuple(held.values()), cap) for bounds, held in sorted(sorted_in.items(), reverse=True)]


def year_of(entries: Iterable[Entry], *, began_on: date | None, cap: int, day: date) -> Year:
    """Return the contract year that holds the day, empty if nothing was completed in it."""
    bounds = contract_year(began_on, day)
    found = [each for each in years(entries, began_on=began_on, cap=cap) if each.starts_on == bounds[0]]
    return found[0] if found else _year(bounds, (), cap)


def _year(bounds: tuple[date, date], entries: tuple[Entry, ...], cap: int) -> Year:
    earned = sum(entry.jp for entry in entries)
    return Year(*bounds, entries=entries, earned=earned, counted=min(earned, cap))


def _on_year(anchor: date, year: int) -> date:
    """The anniversary; 29 February falls on 28 February in common years."""
    try:
        return anchor.replace(year=year)
    except ValueError:
        return anchor.replace(year=year, day=28)
