"""Learning gain against examples computed by hand and tables of Student's t."""

import pytest

from lms.rules import learning_gain
from lms.rules.learning_gain import Pair


def pairs(*scores: tuple[float, float]) -> list[Pair]:
    return [Pair(*each) for each in scores]


def test_by_hand() -> None:
    """Differences 10, 20, 30: mean 20, s = 10, t(0.975, 2) = 4.302653, half = 24.8414."""
    found = learning_gain.gain(pairs((40, 50), (50, 70), (60, 90)))
    assert found is not None
    assert (found.n, found.mean_before, found.mean_after, found.difference) == (3, 50, 70, 20)
    assert (found.median_before, found.median_after) == (50, 70)
    assert (found.low, found.high) == (pytest.approx(20 - 24.84138, abs=1e-4), pytest.approx(44.84138, abs=1e-4))
    assert found.normalised == pytest.approx(20 / 50)
    assert found.mean_single == pytest.approx((10 / 60 + 20 / 50 + 30 / 40) / 3)


def test_who_knew_everything_before_had_nothing_to_gain() -> None:
    found = learning_gain.gain(pairs((100, 90), (50, 75), (60, 80)))
    assert found is not None
    assert found.full_before == 1
    assert found.mean_single == pytest.approx(0.5)
    everyone = learning_gain.gain(pairs((100, 100), (100, 90), (100, 95)))
    assert everyone is not None
    assert (everyone.normalised, everyone.mean_single, everyone.full_before) == (None, None, 3)


def test_fewer_than_three_show_nothing() -> None:
    assert learning_gain.gain([]) is None
    assert learning_gain.gain(pairs((40, 50), (50, 70))) is None


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [(1, 12.7062), (2, 4.3027), (10, 2.2281), (30, 2.0423), (31, 2.0395), (40, 2.0211), (60, 2.0003), (120, 1.9799),
     (1000, 1.9623), (100_000, 1.9600)],
)  # fmt: skip
def test_the_quantile_of_t(freedom: int, expected: float) -> None:
    assert learning_gain.t_quantile(freedom) == pytest.approx(expected, abs=6e-5)


def paper(*ids: str) -> list[dict[str, str]]:
    return [{"id": each} for each in ids]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("pra-q1", "pra-q2"), ("pasca-q2", "pasca-q1"), [("pra-q1", "pasca-q1"), ("pra-q2", "pasca-q2")]),
        (("pra-q1", "pra-q2"), ("pasca-q2",), [("pra-q2", "pasca-q2")]),
        (("a", "b"), ("c", "d"), [("a", "c"), ("b", "d")]),
        (("a", "b"), ("c",), []),
    ],
)
def test_questions_pair_by_their_endings_or_in_order(
    before: tuple[str, ...], after: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert learning_gain.question_pairs(paper(*before), paper(*after)) == expected
