"""The fair clock against a table. Minutes count from the start at NOON; the attempt runs until minute 30."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms.rules import clocks
from lms.rules.clocks import Cause, Course, Credit

START = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def credit(cause: str, low: float, high: float, seconds: float | None = None) -> Credit:
    return Credit(int(60 * (high - low) if seconds is None else seconds), Cause(cause), at(low), at(high))


CASES: dict[str, tuple[dict[str, Any], list[Credit]]] = {
    "nothing happened": ({"now": 5, "contact": 4}, []),
    "what the device says": ({"now": 10, "contact": 4, "unreached": 3}, [credit("connection", 7, 10)]),
    "not before we last heard of it": ({"now": 10, "contact": 8, "unreached": 60}, [credit("connection", 8, 10)]),
    "not before it began": ({"now": 2, "contact": -9, "unreached": 60}, [credit("connection", 0, 2)]),
    "not more than the bound": ({"now": 29, "contact": 9, "unreached": 20}, [credit("connection", 9, 29, 600)]),
    "a bound of nothing": ({"now": 10, "contact": 4, "unreached": 3, "bound": 0}, []),
    "a moment is no stop": ({"now": 10, "contact": 4, "unreached": 0.05}, []),
    "a negative claim": ({"now": 10, "contact": 4, "unreached": -5}, []),
    "a stop that outlasts the time": ({"now": 38, "contact": 29, "unreached": 9}, [credit("connection", 29, 38)]),
    "a stop that began after the time": ({"now": 38, "contact": 31, "unreached": 7}, []),
    "the server was down": ({"now": 20, "contact": 9, "outages": [(10, 14)]}, [credit("server", 10, 14)]),
    "down before it began": ({"now": 20, "contact": 9, "outages": [(-5, 2), (-9, -8)]}, [credit("server", 0, 2)]),
    "what both say counts once": (
        {"now": 15, "contact": 9, "unreached": 6, "outages": [(10, 14)]},
        [credit("server", 10, 14), credit("connection", 9, 10), credit("connection", 14, 15)],
    ),
    "what was given is not given again": (
        {"now": 15, "contact": 9, "unreached": 6, "outages": [(10, 14)], "given": [credit("server", 10, 14)]},
        [credit("connection", 9, 10), credit("connection", 14, 15)],
    ),
    "all credits share the bound": (
        {"now": 25, "contact": 20, "unreached": 5, "given": [credit("connection", 2, 10)]},
        [credit("connection", 20, 25, 120)],
    ),
    "one credit opens the time for the next": (
        {"now": 40, "contact": 5, "outages": [(29, 33), (33.5, 37)]},
        [credit("server", 29, 33), credit("server", 33.5, 37)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), CASES.values(), ids=CASES.keys())
def test_what_is_given_back(case: dict[str, Any], expected: list[Credit]) -> None:
    given = case.get("given", [])
    deadline_at = clocks.moved(at(30), given)
    found = clocks.credits(
        Course(START, deadline_at, at(case["contact"]), given),
        now=at(case["now"]),
        unreached_s=int(60 * case.get("unreached", 0)),
        outages=[(at(low), at(high)) for low, high in case.get("outages", [])],
        bound_s=60 * case.get("bound", 10),
    )
    assert list(found) == expected
    again = clocks.credits(
        Course(START, clocks.moved(deadline_at, found), at(case["contact"]), [*given, *found]),
        now=at(case["now"]),
        unreached_s=int(60 * case.get("unreached", 0)),
        outages=[(at(low), at(high)) for low, high in case.get("outages", [])],
        bound_s=60 * case.get("bound", 10),
    )
    assert again == (), "the same save twice gives nothing more"


@pytest.mark.parametrize(("silence_s", "is_down"), [(20, False), (45, False), (46, True), (3600, True)])
def test_silence_is_an_outage(silence_s: int, is_down: bool) -> None:
    now = START + timedelta(seconds=silence_s)
    assert clocks.outage(START, now) == ((START, now) if is_down else None)


@pytest.mark.parametrize(("minute", "expected"), [(30, False), (30.5, False), (40.4, False), (40.6, True)])
def test_over_for_good_once_no_credit_could_help(minute: float, expected: bool) -> None:
    over = clocks.is_over_for_good(deadline_at=at(30), grace_s=30, may_still_get_s=600, at=at(minute))
    assert over is expected
