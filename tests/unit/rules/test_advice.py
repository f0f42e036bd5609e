"""Advice against a table of questions: what is said, and that nothing is said of a question that does its work."""

from dataclasses import replace

import pytest

from lms.rules import advice
from lms.rules.advice import Choice
from lms.rules.item_statistics import Item, Summary

GOOD = Item(
    "q1", shown=40, n=40, right=26, partly=0, blank=0, facility=65.0, deviation=48.0, discrimination=45.0, efficiency=60.0,
    intended_weight=5.0, effective_weight=6.0, marks=[(0, 14), (100, 26)],
)  # fmt: skip
CHOICES = [Choice("A", True, 26, 75.0), Choice("B", False, 9, 50.0), Choice("C", False, 5, 40.0)]


def codes(item: Item, choices: list[Choice] | None = None, guess: float | None = 33.3) -> list[str]:
    found = advice.on_question(item, CHOICES if choices is None else choices, guess=guess, is_single=True)
    return [each.code for each in found]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"n": 19, "facility": 0.0}, ["few"]),
        ({"facility": 100.0, "discrimination": None}, ["all_right"]),
        ({"facility": 96.0, "discrimination": 3.0}, ["easy"]),
        ({"facility": 4.0}, ["hard"]),
        ({"facility": 30.0}, ["no_better_than_guessing"]),
        ({"discrimination": -4.0}, ["negative"]),
        ({"discrimination": 12.0}, ["weak"]),
        ({"blank": 8}, ["often_blank"]),
        ({"facility": 30.0, "discrimination": -4.0}, ["negative", "no_better_than_guessing"]),
    ],
)
def test_by_figure(changes: dict[str, float], expected: list[str]) -> None:
    assert codes(replace(GOOD, **changes)) == expected  # type: ignore[arg-type]


def test_by_option() -> None:
    wrong = [Choice("A", True, 3, 60.0), Choice("B", False, 17, 70.0)]
    found = advice.on_question(replace(GOOD, n=20), wrong, guess=50.0, is_single=True)
    assert (found[0].code, found[0].values) == ("wrong_favourite", {"number": 17, "n": 20, "letter": "B"})
    better = [Choice("A", True, 26, 60.0), Choice("B", False, 9, 70.0), Choice("C", False, 5, 40.0)]
    assert codes(GOOD, better) == ["better_choose_wrong"]
    idle = [Choice("A", True, 26, 75.0), Choice("B", False, 14, 50.0), Choice("C", False, 0, None)]
    assert codes(GOOD, idle) == ["idle"]


@pytest.mark.parametrize(
    ("n", "waiting", "alpha", "expected"),
    [
        (5, 0, 90.0, ["quiz_few"]),
        (50, 0, None, ["alpha_none"]),
        (50, 0, 40.0, ["alpha_low"]),
        (50, 2, 70.0, ["quiz_waiting", "alpha_fair"]),
        (50, 0, 80.0, ["alpha_good"]),
    ],
)
def test_of_a_quiz(n: int, waiting: int, alpha: float | None, expected: list[str]) -> None:
    summary = Summary(n, waiting, 60.0, 60.0, 15.0, alpha, 50.0, 7.0, [0] * 10)
    assert [each.code for each in advice.on_quiz(summary)] == expected
