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


@pytest.mark.parametrize(
    ("used", "allowed", "expected"), [(0, 3, True), (2, 3, True), (3, 3, False), (500, None, True)]
)
def test_may_start(used: int, allowed: int | None, expected: bool) -> None:
    assert attempts.may_start(used=used, allowed=allowed) is expected


@pytest.mark.parametrize(("after_s", "late"), [(0, False), (600, False), (630, False), (631, True)])
def test_late_is_after_time_and_grace(after_s: int, late: bool) -> None:
    deadline_at = attempts.deadline(NOW, 10)
    assert attempts.is_late(deadline_at=deadline_at, grace_s=30, at=NOW + timedelta(seconds=after_s)) is late


def test_without_a_limit_nothing_is_late() -> None:
    assert attempts.deadline(NOW, None) is None
    assert not attempts.is_late(deadline_at=None, grace_s=0, at=NOW + timedelta(days=9))
