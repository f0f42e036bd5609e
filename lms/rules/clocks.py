"""The fair clock of an attempt: time in which nobody could have worked is given back. Pure; source docs/decisions/0005.

Two things stop the clock: the server was down (as its own heartbeat proves), or the person's saves did not reach it (as
the next save that does arrive says). What is claimed counts at most from the last time we heard of the attempt, nothing
is credited twice, and all credits of an attempt together stay within the bound that its quiz sets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST = timedelta(seconds=5)
"""A shorter stop is not worth a line in the record."""
LONGEST_BEAT = timedelta(seconds=45)
"""A server that has not said for longer that it is there was down; it says so every twenty seconds."""

Span = tuple[datetime, datetime]


class Cause(StrEnum):
    """Why the clock stood still."""

    CONNECTION = "connection"
    SERVER = "server"


@dataclass(frozen=True)
class Credit:
    """Seconds given back, for a stop that lasted from one instant to another (longer, where the bound was reached)."""

    seconds: int
    cause: Cause
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True)
class Course:
    """How an attempt has run so far: `deadline_at` includes what was `given`, `contact_at` is its last save."""

    started_at: datetime
    deadline_at: datetime
    contact_at: datetime
    given: Sequence[Credit] = ()


def credits(
    course: Course, *, now: datetime, unreached_s: int, outages: Sequence[Span], bound_s: int
) -> tuple[Credit, ...]:
    """Return what is to be credited now, first to last.

    unreached_s: for how many seconds, by the device's own stopwatch, saves have failed until this one. outages: when
    the server was down. bound_s: the most that an attempt is given in all.
    """
    left = bound_s - sum(credit.seconds for credit in course.given)
    until = course.deadline_at
    taken = [(credit.from_at, credit.to_at) for credit in course.given]
    found: list[Credit] = []
    for cause, span in _stops(course, now, unreached_s, outages):
        for from_at, to_at in _free(span, taken):
            seconds = min(int((to_at - from_at).total_seconds()), left)
            if to_at - from_at < SHORTEST or seconds <= 0 or from_at >= until:
                continue
            found.append(Credit(seconds, cause, from_at, to_at))
            taken.append((from_at, to_at))
            left -= seconds
            until += timedelta(seconds=seconds)
    return tuple(found)


def moved(deadline_at: datetime, given: Sequence[Credit]) -> datetime:
    """Return the deadline with these credits."""
    return deadline_at + timedelta(seconds=sum(credit.seconds for credit in given))


def outage(last_beat_at: datetime, now: datetime) -> Span | None:
    """Return the span in which the server was down, as the silence before this beat proves; none without one."""
    return (last_beat_at, now) if now - last_beat_at > LONGEST_BEAT else None


def is_over_for_good(*, deadline_at: datetime, grace_s: int, may_still_get_s: int, at: datetime) -> bool:
    """Say whether no save could come any more that would be taken, whatever it may prove about its way here."""
    return at > deadline_at + timedelta(seconds=grace_s + max(0, may_still_get_s))


def _stops(course: Course, now: datetime, unreached_s: int, outages: Sequence[Span]) -> Iterator[tuple[Cause, Span]]:
    """The server's outages first: what it knows itself needs no claim."""
    for from_at, to_at in sorted(outages):
        yield Cause.SERVER, (max(from_at, course.started_at), min(to_at, now))
    if unreached_s > 0:
        since = now - timedelta(seconds=unreached_s)
        yield Cause.CONNECTION, (max(since, course.contact_at, course.started_at), now)


def _free(span: Span, taken: Sequence[Span]) -> list[Span]:
    """The parts of a span that no other covers."""
    parts = [span]
    for low, high in taken:
        parts = [
            piece for start, end in parts for piece in ((start, min(end, low)), (max(start, high), end))
            if piece[0] < piece[1]
        ]  # fmt: skip
    return [part for part in parts if part[0] < part[1]]
