from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules import marking
from lms.rules.marking import State

SINGLE = {"kind": "single", "points": 1, "correct": ["a"]}
MULTIPLE = {"kind": "multiple", "points": 2, "correct": ["a", "b", "c"]}
MATCHING = {"kind": "matching", "points": 3, "pairs": {"l1": "r1", "l2": "r2", "l3": "r3"}}
ORDERING = {"kind": "ordering", "points": 3, "order": ["a", "b", "c", "d"]}
SHORT = {"kind": "short", "points": 1, "accepted": ["Air minum", "air"]}
NUMERIC = {"kind": "numeric", "points": 1, "ranges": [["44.5", "45.5"], ["1204", "1204"]]}
GAP = {"kind": "gap", "points": 2, "gaps": [["alam", "natural"], ["3,5"]]}
ESSAY = {"kind": "essay", "points": 4}
SCALE = {"kind": "scale", "points": 1}
ALL = [SINGLE, MULTIPLE, MATCHING, ORDERING, SHORT, NUMERIC, GAP, ESSAY, SCALE]


def mark(key: dict[str, Any], response: Any) -> tuple[int, State]:
    found = marking.mark({"q": key}, {"q": response}).marks["q"]
    return found.earned, found.state


@pytest.mark.parametrize(
    ("key", "response", "earned", "state"),
    [
        (SINGLE, "a", 100, State.RIGHT), (SINGLE, "b", 0, State.WRONG), (SINGLE, "", 0, State.BLANK), (SINGLE, None, 0, State.BLANK),
        (MULTIPLE, ["a", "b", "c"], 200, State.RIGHT), (MULTIPLE, ["a", "b"], 133, State.PARTLY), (MULTIPLE, ["a", "x"], 0, State.WRONG),
        (MULTIPLE, ["a", "b", "c", "x"], 133, State.PARTLY), (MULTIPLE, ["x", "y"], 0, State.WRONG), (MULTIPLE, [], 0, State.BLANK),
        (MATCHING, {"l1": "r1", "l2": "r2", "l3": "r3"}, 300, State.RIGHT), (MATCHING, {"l1": "r1", "l2": "r3"}, 100, State.PARTLY),
        (MATCHING, {"l1": ""}, 0, State.BLANK), (MATCHING, {"zz": "r1"}, 0, State.WRONG),
        (ORDERING, ["a", "b", "c", "d"], 300, State.RIGHT), (ORDERING, ["b", "c", "d", "a"], 200, State.PARTLY),
        (ORDERING, ["d", "c", "b", "a"], 0, State.WRONG), (ORDERING, ["a", "b"], 0, State.WRONG), (ORDERING, ["a", "a", "b", "c"], 0, State.WRONG),
        (SHORT, "  AIR   minum. ", 100, State.RIGHT), (SHORT, "ａｉｒ", 100, State.RIGHT), (SHORT, "api", 0, State.WRONG),
        (NUMERIC, "45", 100, State.RIGHT), (NUMERIC, "44,5", 100, State.RIGHT), (NUMERIC, "45.6", 0, State.WRONG),
        (NUMERIC, "1.204", 100, State.RIGHT), (NUMERIC, "1,204", 100, State.RIGHT), (NUMERIC, "empat", 0, State.WRONG),
        (GAP, ["Alam", "3.50"], 200, State.RIGHT), (GAP, ["", "3,5"], 100, State.PARTLY), (GAP, ["alam"], 100, State.PARTLY), (GAP, ["", ""], 0, State.BLANK),
        (ESSAY, "Karangan", 0, State.WAITING), (SCALE, "4", 0, State.RIGHT),
    ],
)  # fmt: skip
def test_credit(key: dict[str, Any], response: Any, earned: int, state: State) -> None:
    assert mark(key, response) == (earned, state)


@pytest.mark.parametrize("key", ALL[:7], ids=lambda key: key["kind"])
def test_the_right_response_earns_everything(key: dict[str, Any]) -> None:
    assert mark(key, marking.right_response(key)) == (key["points"] * 100, State.RIGHT)


def test_a_pass_is_decided_on_whole_numbers() -> None:
    found = marking.mark({str(n): SINGLE for n in range(10)}, {str(n): "a" for n in range(7)})
    assert (found.percent, found.right, found.passed(70), found.passed(71)) == (70, 7, True, False)
    third = marking.mark(
        {"q": MULTIPLE, **{str(n): SINGLE for n in range(8)}}, {"q": ["a"], **{str(n): "a" for n in range(6)}}
    )
    assert (third.earned, third.maximum, third.percent, third.passed(67)) == (667, 1000, 66, False)


def test_nothing_to_earn_is_not_passed() -> None:
    assert not marking.mark({}, {}).passed(0)
    assert marking.mark({"q": SCALE}, {"q": "3"}).percent == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(st.sampled_from(ALL), JSON)
def test_no_answer_however_strange_breaks_it_or_earns_too_much(key: dict[str, Any], response: Any) -> None:
    earned, state = mark(key, response)
    assert 0 <= earned <= key["points"] * 100
    assert state in State


@pytest.mark.parametrize(
    ("rubric", "points", "given", "earned", "state"),
    [
        ([["a", 2], ["b", 2]], 4, [2, 1], 300, "partly"),
        ([["a", 2], ["b", 8]], 4, [1, 8], 360, "partly"),
        ([["a", 1], ["b", 1], ["c", 1]], 1, [1, 1, 0], 67, "partly"),
        ([["a", 3]], 2, [3], 200, "right"),
        ([["a", 3]], 2, [0], 0, "wrong"),
        ([], 5, [4], 400, "partly"),
    ],
)
def test_a_rubric_is_scaled_to_the_points(
    rubric: list[list[object]], points: int, given: list[int], earned: int, state: str
) -> None:
    mark = marking.essay({"points": points, "rubric": rubric}, given)
    assert (mark.earned, mark.maximum, mark.state) == (earned, points * 100, state)


@pytest.mark.parametrize("given", [[], [1], [1, 3], [1, -1], [1, 1, 1]])
def test_points_that_do_not_fit_the_rubric(given: list[int]) -> None:
    with pytest.raises(ValueError, match="rubric"):
        marking.essay({"points": 4, "rubric": [["a", 2], ["b", 2]]}, given)
