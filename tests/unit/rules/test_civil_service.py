from datetime import date

import pytest

from lms.rules import civil_service

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("nip", "expected"),
    [
        ("199003142025992001", None),
        ("197502291999031002", "nip_birth_date"),
        ("197502281999031002", None),
        ("199013142025992001", "nip_birth_date"),
        ("202003142025992001", "nip_birth_date"),
        ("193003142025992001", "nip_birth_date"),
        ("199003142025993001", "nip_sex_digit"),
        ("19900314202599200", "nip_length"),
        ("1990031420259920011", "nip_length"),
        ("19900314202599200a", "nip_not_digits"),
        ("١٩٩٠٠٣١٤٢٠٢٥٩٩٢٠٠١", "nip_not_digits"),
        ("", "nip_not_digits"),
    ],
)
def test_form_of_a_nip(nip: str, expected: str | None) -> None:
    assert civil_service.problem(nip, today=TODAY) == expected


def test_separators_do_not_count() -> None:
    assert civil_service.normalised(" 19900314 2025.99-2 001 ") == "199003142025992001"


def test_what_a_copied_number_brings_along_unseen_does_not_count() -> None:
    assert civil_service.normalised("\u202a19900314\u20132025\u200b99\u00a02\ufeff001\u202c") == "199003142025992001"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3578014503900001", True),
        ("NIK 3578015403900001, Surabaya", True),
        ("9935005403900001x", True),
        ("199003142025992001", False),
        ("0812-3456-7890", False),
        ("3578019903900001", False),
        ("1078014503900001", False),
    ],
)
def test_a_nik_is_recognised_by_its_form(text: str, expected: bool) -> None:
    assert civil_service.holds_nik(text) is expected
