from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms.rules import attempts

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def question(number: int, pool: str | None = None, **parts: Any) -> dict[str, Any]:
    return {"id": f"q{number}", "kind": "single", "pool": pool, "choices": [{"id": each} for each in "abcd"], **parts}


PAPER = [question(number, pool="a" if number < 6 else "b") for number in range(10)]


def ids(drawn: attempts.Drawn) -> list[str]:
    return [each["id"] for each in drawn]


def test_the_same_seed_draws_the_same_and_another_differs() -> None:
    draws = {seed: attempts.draw(PAPER, rule=5, shuffle=True, seed=seed) for seed in ("one", "one", "two", "three")}
    assert draws["one"] == attempts.draw(PAPER, rule=5, shuffle=True, seed="one")
    assert len({tuple(ids(each)) for each in draws.values()}) > 1


@pytest.mark.parametrize(
    ("rule", "number"), [(None, 10), (3, 3), (10, 10), (99, 10), ({"a": 2, "b": 1}, 3), ({"a": 99}, 6)]
)
def test_as_many_as_the_rule_says_and_none_twice(rule: Any, number: int) -> None:
    drawn = ids(attempts.draw(PAPER, rule=rule, shuffle=True, seed="x"))
    assert len(drawn) == len(set(drawn)) == number


def test_pools_are_drawn_from_apart() -> None:
    drawn = ids(attempts.draw(PAPER, rule={"a": 2, "b": 3}, shuffle=False, seed="x"))
    assert sum(int(each[1:]) < 6 for each in drawn) == 2
    assert drawn == sorted(drawn)


def test_without_shuffling_options_stay_but_an_ordering_never_shows_its_answer_by_rule() -> None:
    items = [{"id": each} for each in "abcdefgh"]
    paper = [question(1), {"id": "q2", "kind": "ordering", "choices": [], "items": items}]
    drawn = attempts.draw(paper, rule=None, shuffle=False, seed="x")
    assert drawn[0]["order"] == ["a", "b", "c", "d"]
    assert sorted(drawn[1]["order"]) == list("abcdefgh")
    assert drawn[1]["order"] != list("abcdefgh")


def test_arranged_gives_questions_and_options_back_in_the_drawn_order() -> None:
    drawn = attempts.draw(PAPER, rule=4, shuffle=True, seed="y")
    shown = attempts.arranged(PAPER, drawn)
    assert [each["id"] for each in shown] == ids(drawn)
    assert [[option["id"] for option in each["choices"]] for each in shown] == [each["order"] for each in drawn]


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("meta", "used", "ended_at", "expected"),
    [
        ({}, 500, None, None),
        ({"attempts": 3}, 2, None, None),
        ({"attempts": 3}, 3, None, ("no_attempt_left", None)),
        ({"attempts": 3, "wait": 60}, 1, NOW - HOUR, None),
        ({"attempts": 3, "wait": 61}, 1, NOW - HOUR, ("wait", NOW + timedelta(minutes=1))),
        ({"opens": "2026-11-24"}, 0, None, None),
        ({"opens": "2026-11-24T12:00"}, 0, None, None),
        ({"opens": "2026-11-24T12:01"}, 0, None, ("opens_later", NOW + timedelta(minutes=1))),
        ({"opens": "2026-11-25"}, 0, None, ("opens_later", datetime(2026, 11, 24, 17, tzinfo=UTC))),
        ({"closes": "2026-11-24"}, 0, None, None),
        ({"closes": "2026-11-24T12:00"}, 0, None, ("closed", NOW)),
        ({"closes": "2026-11-23"}, 0, None, ("closed", datetime(2026, 11, 23, 17, tzinfo=UTC))),
    ],
)
def test_who_may_start(meta: dict[str, Any], used: int, ended_at: datetime | None, expected: Any) -> None:
    assert attempts.refusal(attempts.terms(meta), used=used, ended_at=ended_at, now=NOW) == expected


def test_what_is_allowed_on_top_counts() -> None:
    terms = attempts.terms(
        {"attempts": 3, "minutes": 10, "closes": "2026-11-24T12:05"}, extra_minutes=5, extra_attempts=1
    )
    assert attempts.refusal(terms, used=3, ended_at=None, now=NOW) is None
    assert attempts.deadline(NOW, terms) == NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("meta", "minutes"),
    [
        ({}, None),
        ({"minutes": 10}, 10),
        ({"closes": "2026-11-24T12:30"}, 30),
        ({"minutes": 40, "closes": "2026-11-24T12:30"}, 30),
    ],
)
def test_time_runs_out_with_the_limit_or_the_closing(meta: dict[str, Any], minutes: int | None) -> None:
    expected = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert attempts.deadline(NOW, attempts.terms(meta)) == expected


@pytest.mark.parametrize(("after_s", "late"), [(0, False), (600, False), (630, False), (631, True)])
def test_late_is_after_time_and_grace(after_s: int, late: bool) -> None:
    deadline_at = attempts.deadline(NOW, attempts.terms({"minutes": 10}))
    assert attempts.is_late(deadline_at=deadline_at, grace_s=30, at=NOW + timedelta(seconds=after_s)) is late


def test_without_a_limit_nothing_is_late() -> None:
    assert not attempts.is_late(deadline_at=None, grace_s=0, at=NOW + timedelta(days=9))


@pytest.mark.parametrize(
    ("meta", "last", "expected"),
    [
        ({"feedback": "after-attempt", "closes": "2026-11-24T13:00"}, None, None),
        ({"feedback": "after-close"}, NOW, attempts.NEVER),
        ({"feedback": "after-close", "closes": "2026-11-24T13:00", "credit": 0}, None, NOW + HOUR),
        ({"feedback": "after-close", "closes": "2026-11-24T13:00", "credit": 0}, NOW + 2 * HOUR, NOW + 2 * HOUR),
        (
            {"feedback": "after-close", "closes": "2026-11-24T13:00", "grace": 60},
            None,
            NOW + HOUR + timedelta(minutes=11),
        ),
    ],
)
def test_feedback_after_closing_waits_for_the_last(meta: dict[str, Any], last: datetime | None, expected: Any) -> None:
    assert attempts.feedback_from(meta, last_deadline_at=last) == expected
