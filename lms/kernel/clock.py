"""The only clock: aware instants in UTC, and the calendar days that reports count in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` (aware) inside the block; for tests and the demo."""
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def report_day(instant: datetime) -> date:
    """Return the calendar day in Jakarta: a day in a report is a day there."""
    return instant.astimezone(JAKARTA).date()


def day_start(day: date) -> datetime:
    """Return the instant at which a day begins in Jakarta."""
    return datetime.combine(day, time(), JAKARTA).astimezone(UTC)


def week_start(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def not_later(claimed: datetime | None, recorded: datetime) -> datetime:
    """Return a device's claimed instant, never later than the instant we recorded it."""
    return recorded if claimed is None or claimed > recorded else claimed.astimezone(UTC)
