"""How instants, days, numbers and sizes are written, in the reader's language and zone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale
from werkzeug.datastructures import MultiDict

from lms.access import current
from lms.kernel import provinces
from lms.rules import masks

_ZONE_NAMES = {ZoneInfo(key): name for name, key in provinces.ZONES.items()}


def reader_zone() -> ZoneInfo:
    """Return the zone of the signed-in person's province; Jakarta's for everyone else."""
    reader = current.reader()
    return provinces.zone_of(reader.province_iso if reader else None)


def zone_name(zone: ZoneInfo) -> str:
    """`WIB`, `WITA` or `WIT`."""
    return _ZONE_NAMES[zone]


def instant(value: datetime) -> str:
    """`Kam, 26 Nov 2026, 23.59 WITA` in the reader's zone; `Thu, 26 Nov 2026, 23:59 WITA` in English."""
    zone = reader_zone()
    pattern = "EEE, d MMM y, HH.mm" if _is_indonesian() else "EEE, d MMM y, HH:mm"
    return f"{format_datetime(value.astimezone(zone), pattern, locale=_locale())} {zone_name(zone)}"


def clock_time(value: datetime) -> str:
    """`10.14 WIB` in the reader's zone; `10:14 WIB` in English."""
    zone = reader_zone()
    pattern = "HH.mm" if _is_indonesian() else "HH:mm"
    return f"{format_time(value.astimezone(zone).time(), pattern, locale=_locale())} {zone_name(zone)}"


def clock_span(start: datetime, end: datetime) -> str:
    """`10.12–10.15 WITA`."""
    return f"{clock_time(start).rpartition(' ')[0]}–{clock_time(end)}"


def day(value: date | datetime) -> str:
    """`26 Nov 2026`; an instant is the day in the reader's zone."""
    if isinstance(value, datetime):
        value = value.astimezone(reader_zone()).date()
    return format_date(value, "d MMM y", locale=_locale())


def iso_day(text: str) -> str:
    """`2026-01-31`, as front matter keeps a day → `31 Jan 2026`."""
    return day(date.fromisoformat(text))


def long_day(value: date | datetime) -> str:
    """`26 November 2026`."""
    if isinstance(value, datetime):
        value = value.astimezone(reader_zone()).date()
    return format_date(value, "d MMMM y", locale=_locale())


def number(value: float) -> str:
    """`1.204` in Indonesian, `1,204` in English."""
    return format_decimal(value, locale=_locale())


def hundredths(value: int) -> str:
    """Points kept in hundredths: 250 → `2,5`."""
    return format_decimal(value / 100, "#,##0.##", locale=_locale())


def figure(value: float | None, digits: int = 0) -> str:
    """A computed figure with so many decimals, trailing zeros kept; a dash where there is none."""
    return "–" if value is None else format_decimal(round(value, digits), f"#,##0.{'0' * digits}", locale=_locale())


def days_left(until: datetime, now: datetime) -> int:
    """Return whole calendar days until an instant in the reader's zone: 0 today, negative once it is past."""
    if until < now:
        return -1
    zone = reader_zone()
    return (until.astimezone(zone).date() - now.astimezone(zone).date()).days


def percent(part: int, whole: int) -> int:
    """Return the whole per cent, rounded down: 99.9 % is not yet 100; 0 when there is nothing to count."""
    return part * 100 // whole if whole else 0


def at_page(query: Mapping[str, Any], page: int) -> str:
    """Return a query string, with its question mark, turned to a page: whatever the names in it, they stay in it."""
    values = MultiDict(query)
    values["halaman"] = str(page)
    return f"?{urlencode(list(values.items(multi=True)))}"


def install(app: Flask) -> None:
    """Give the filters to every template."""
    app.jinja_env.filters.update(
        instant=instant,
        clock_time=clock_time,
        clock_span=clock_span,
        day=day,
        long_day=long_day,
        iso_day=iso_day,
        zip_with=zip,
        number=number,
        hundredths=hundredths,
        figure=figure,
        masked_nip=masks.nip,
        at_page=at_page,
    )
    app.jinja_env.globals.update(percent=percent, days_left=days_left)


def _locale() -> Locale:
    return get_locale() or Locale("id")


def _is_indonesian() -> bool:
    return _locale().language == "id"
