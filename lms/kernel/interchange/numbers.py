"""Numbers, weights and tolerances as Moodle writes them; also with a decimal comma, and with an exponent."""

import re
from decimal import Context, Decimal

from lms.kernel import questions

EXACT = Context(prec=200)
"""Halves of a range are exact."""

_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d*)?[eE][+-]?\d{1,2}", re.ASCII)


def number(text: str) -> Decimal | None:
    """Return the number, none if it is none."""
    plain = text.strip()
    if len(plain) <= 40 and _EXPONENT.fullmatch(plain):
        return Decimal(plain.replace(",", "."))
    return questions.number(plain)


def weight(text: str) -> Decimal:
    """Return a weight in per cent; what is no number weighs nothing."""
    return number(text) or Decimal(0)


def bounds(text: str) -> tuple[Decimal, Decimal] | None:
    """Read `3`, `3:0.5` or `1..5`; none if it is no number."""
    if ".." in text:
        low, high = (number(each) for each in text.split("..", 1))
        return None if low is None or high is None else (min(low, high), max(low, high))
    middle, _, width = text.partition(":")
    return around(middle, width)


def around(middle: str, width: str) -> tuple[Decimal, Decimal] | None:
    """Return middle ± width; none if either is no number."""
    found, half = number(middle), number(width.strip() or "0")
    if found is None or half is None:
        return None
    return EXACT.subtract(found, abs(half)), EXACT.add(found, abs(half))


def middle(low: Decimal, high: Decimal) -> tuple[str, str]:
    """Return the middle of a range and half its width, written with a point."""
    half = EXACT.divide(EXACT.subtract(high, low), Decimal(2))
    return written(EXACT.add(low, half)), written(half)


def written(value: Decimal) -> str:
    """Return a number in plain digits with a point, without zeros at the end."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
