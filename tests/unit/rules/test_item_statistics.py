"""The figures against their definitions, written out slowly over plain lists, and against numbers computed by hand."""

import random
from collections import Counter
from math import sqrt
from statistics import correlation, covariance, mean, median, stdev, variance
from typing import Any

import pytest

from lms.rules import item_statistics
from lms.rules.item_statistics import Item, Tally


def mark(earned: int, maximum: int = 100, state: str = "") -> dict[str, Any]:
    return {
        "earned": earned,
        "maximum": maximum,
        "state": state or ("right" if earned == maximum else "partly" if earned else "wrong"),
    }


def tally(rows: list[list[int]], maxima: list[int] | None = None) -> Tally:
    """Attempts as rows of marks, one column a question."""
    width = len(rows[0])
    made = Tally({f"q{at}": at for at in range(width)})
    for row in rows:
        made.add({f"q{at}": mark(each, (maxima or [100] * width)[at]) for at, each in enumerate(row)})
    return made


def test_by_hand() -> None:
    """Four people, two questions of one point: (1,1) (1,1) (1,0) (0,0)."""
    made = tally([[100, 100], [100, 100], [100, 0], [0, 0]])
    first, second = made.items()
    assert (first.n, first.right, first.facility, second.facility) == (4, 3, 75, 50)
    assert first.deviation == pytest.approx(50)
    # C(x, X) = 1/6 point², V(x) = 1/4, V(X) = 1/3
    assert first.discrimination == pytest.approx(100 * (1 / 6) / sqrt(1 / 12))
    assert first.efficiency == pytest.approx(100)
    assert first.intended_weight == 50
    assert first.marks == [(0, 1), (100, 3)]
    summary = made.summary()
    assert (summary.n, summary.mean, summary.median) == (4, 62.5, 75)
    # V(T) = 11/12, Σ V(x) = 7/12: alpha = 2 (1 − 7/11) = 8/11
    assert summary.alpha == pytest.approx(100 * 8 / 11)
    assert summary.error_ratio == pytest.approx(100 * sqrt(3 / 11))
    assert summary.deviation is not None
    assert summary.standard_error == pytest.approx(sqrt(3 / 11) * summary.deviation)
    assert summary.scores == [1, 0, 0, 0, 0, 1, 0, 0, 0, 2]


@pytest.mark.parametrize("seed", range(8))
def test_against_the_definitions(seed: int) -> None:
    dice = random.Random(seed)
    maxima = [100, 200, 100, 300, 100]
    rows = [[dice.choice((0, most // 2, most)) for most in maxima] for _ in range(dice.randint(5, 60))]
    made = tally(rows, maxima)
    totals = [sum(row) for row in rows]
    for at, item in enumerate(made.items()):
        marks, rest = [row[at] for row in rows], [sum(row) - row[at] for row in rows]
        assert item.facility == pytest.approx(100 * mean(marks) / maxima[at])
        assert item.deviation == pytest.approx(100 * stdev(marks) / maxima[at])
        assert item.discrimination == pytest.approx(100 * correlation(marks, rest))
        assert item.efficiency == pytest.approx(100 * covariance(marks, rest) / covariance(sorted(marks), sorted(rest)))
        assert item.intended_weight == pytest.approx(100 * maxima[at] / sum(maxima))
    summary = made.summary()
    assert summary.mean == pytest.approx(100 * mean(totals) / sum(maxima))
    assert summary.median == pytest.approx(100 * median(totals) / sum(maxima))
    parts = sum(variance([row[at] for row in rows]) for at in range(5))
    assert summary.alpha == pytest.approx(100 * 5 / 4 * (1 - parts / variance(totals)))
    weights = [covariance([row[at] for row in rows], totals) for at in range(5)]
    whole = sum(sqrt(each) for each in weights if each > 0)
    for item, weight in zip(made.items(), weights, strict=True):
        if weight < 0:
            assert item.effective_weight is None
        else:
            assert item.effective_weight == pytest.approx(100 * sqrt(weight) / whole)


def test_a_drawn_question_is_judged_by_the_attempts_that_held_it() -> None:
    made = Tally({"a": 0, "b": 1, "c": 2})
    for one, other in (("a", "b"), ("a", "c"), ("b", "c"), ("c", "a")):
        made.add({one: mark(100), other: mark(0)})
    found = {item.id: item for item in made.items()}
    assert {key: (item.n, item.facility) for key, item in found.items()} == {
        "a": (3, pytest.approx(200 / 3)), "b": (2, 50), "c": (3, pytest.approx(100 / 3)),
    }  # fmt: skip
    assert found["a"].effective_weight is None
    assert made.summary().alpha is None, "all totals are equal"


def test_positions_follow_the_paper_however_questions_were_shuffled() -> None:
    dice = random.Random(3)
    rows = [[dice.choice((0, 100)) for _ in range(4)] for _ in range(30)]
    straight, shuffled = tally(rows), Tally({f"q{at}": at for at in range(4)})
    for row in rows:
        marks = [(f"q{at}", mark(each)) for at, each in enumerate(row)]
        dice.shuffle(marks)
        shuffled.add(dict(marks))
    assert shuffled.summary() == straight.summary()
    assert shuffled.items() == straight.items()


def test_what_has_no_figure_has_none() -> None:
    empty = Tally({}).summary()
    assert (empty.n, empty.mean, empty.alpha, empty.deviation) == (0, 0, None, None)
    alone = tally([[100, 0]])
    assert [(item.deviation, item.discrimination, item.efficiency) for item in alone.items()] == [
        (None, None, None)
    ] * 2
    same = tally([[100, 0], [100, 0], [100, 0]])
    assert [(item.discrimination, item.efficiency) for item in same.items()] == [(None, None)] * 2
    assert same.summary().alpha is None
    mixed = tally([[100, 0], [0, 100]])
    mixed.add({"q0": mark(100)})
    assert mixed.summary().alpha is None, "attempts of different length"


def test_attempts_that_wait_are_left_out_and_scales_do_not_count() -> None:
    made = tally([[100, 0], [0, 100]])
    made.add({"q0": mark(100), "q1": mark(0, 100, "waiting")})
    made.add({"q0": mark(0, 0, "blank")})
    summary = made.summary()
    assert (summary.n, summary.waiting) == (2, 1)


@pytest.mark.parametrize("seed", range(5))
def test_the_highest_covariance_equals_that_of_sorted_lists(seed: int) -> None:
    dice = random.Random(seed)
    ones, others = [dice.randint(0, 4) for _ in range(50)], [dice.randint(0, 30) for _ in range(50)]
    found = item_statistics.highest_covariance(Counter(ones), Counter(others))
    assert found == pytest.approx(covariance(sorted(ones), sorted(others)))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"kind": "single", "choices": [1, 2, 3, 4]}, 25),
        ({"kind": "multiple", "choices": [1, 2, 3]}, None),
        ({"kind": "matching", "rights": [1, 2, 3, 4, 5]}, 20),
        ({"kind": "ordering", "items": [1, 2, 3, 4]}, 25),
        ({"kind": "short"}, 0),
        ({"kind": "essay"}, None),
    ],
)
def test_guess_score(question: dict[str, Any], expected: float | None) -> None:
    assert item_statistics.guess_score(question) == expected


@pytest.mark.parametrize(
    ("kind", "response", "expected"),
    [
        ("single", "pa", [("", "pa")]),
        ("single", "", []),
        ("single", ["pa"], []),
        ("multiple", ["pa", 3, "pb"], [("", "pa"), ("", "pb")]),
        ("matching", {"l1": "r2", "l2": ""}, [("l1", "r2")]),
        ("ordering", ["i2", "i1"], [("1", "i2"), ("2", "i1")]),
        ("short", "  Jaminan  SOSIAL ", [("", "jaminan sosial")]),
        ("numeric", "3,5", [("", "3,5")]),
        ("gap", ["Satu", ""], [("1", "satu")]),
        ("scale", 4, [("", "4")]),
        ("essay", "panjang", []),
        ("matching", None, []),
    ],
)
def test_what_a_response_chose(kind: str, response: Any, expected: list[tuple[str, str]]) -> None:
    assert item_statistics.chosen(kind, response) == expected


def test_the_same_figures_whatever_the_number_of_people() -> None:
    """A thousand times the same four rows: shares stay, and what is kept stays as small."""
    rows = [[100, 100], [100, 0], [0, 0], [100, 100]]
    small, large = tally(rows), tally(rows * 1000)
    assert [item.facility for item in large.items()] == [item.facility for item in small.items()]
    ones: list[Item] = large.items()
    assert sum(len(item.marks) for item in ones) == 4
