"""Numbers of civil servants: their form, never their owner.

NIP (PNS): birth YYYYMMDD, first appointment YYYYMM, sex 1/2, order of three digits. NI PPPK: birth, year of
appointment, number of agreements in two digits, sex, order. Both have 18 digits; positions 13–14 differ in meaning,
so they are not checked. A NIK has 16 digits and has no place in Pandu.
"""

import re
from datetime import date

LENGTH = 18
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
"""Blanks, dots and dashes of every width, and the unseen marks that come along when a number is copied."""
_NIK = re.compile(r"(?<!\d)(?:1[1-9]|[2-9]\d)\d{4}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{2}\d{4}(?!\d)")


def normalised(text: str) -> str:
    """Return the digits without what stands between and around them."""
    return _SEPARATORS.sub("", text)


def problem(nip: str, *, today: date) -> str | None:
    """Return what is wrong with a normalised number, as a code, or none."""
    if not (nip.isascii() and nip.isdigit()):
        return "nip_not_digits"
    if len(nip) != LENGTH:
        return "nip_length"
    born = _date(nip[:8])
    if born is None or not date(today.year - 80, 1, 1) <= born <= date(today.year - 15, 12, 31):
        return "nip_birth_date"
    return None if nip[14] in "12" else "nip_sex_digit"


def holds_nik(text: str) -> bool:
    """Say whether a text holds a number in the form of a NIK (16 digits, a province, a birth date)."""
    return _NIK.search(text) is not None


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
