"""Surveys: what is counted, whose numbers may be shown, what a certificate waits for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel import documents
from lms.rules import lint, surveys
from lms.rules.surveys import SENT

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
SCALE = {"id": "q1", "kind": "scale", "stem_html": "Berguna?", "scale": [1, 5]}
SINGLE = {"id": "q2", "kind": "single", "choices": [{"id": "pa", "html": "ya"}, {"id": "pb", "html": "tidak"}]}
MULTIPLE = {**SINGLE, "id": "q3", "kind": "multiple"}
ESSAY = {"id": "q4", "kind": "essay", "rubric": []}
PAPER = [SCALE, SINGLE, MULTIPLE, ESSAY]


def test_every_answer_touches_the_same_cells() -> None:
    full = surveys.counted(PAPER, {"q1": "4", "q2": "pa", "q3": ["pa", "pb"], "q4": "Saran."})
    blank = surveys.counted(PAPER, {})
    assert full.keys() == blank.keys()
    assert len(full) == 1 + 4 + 5 + 2 + 2
    assert {cell for cell, number in full.items() if number} == {
        SENT, ("q1", ""), ("q1", "4"), ("q2", ""), ("q2", "pa"), ("q3", ""), ("q3", "pa"), ("q3", "pb"), ("q4", ""),
    }  # fmt: skip
    assert {cell for cell, number in blank.items() if number} == {SENT}


def test_only_what_is_typed_is_a_remark() -> None:
    assert surveys.remarks(PAPER, {"q1": "4", "q2": "pa", "q4": "Saran."}) == [("q4", "Saran.")]
    assert surveys.remarks(PAPER, {}) == []


def test_figures_have_counts_and_the_mean_of_a_scale() -> None:
    counts = {SENT: 3, ("q1", ""): 2, ("q1", "5"): 1, ("q1", "2"): 1, ("q2", ""): 3, ("q2", "pb"): 3}
    scale, single, _multiple, essay = surveys.figures([PAPER], counts)
    assert (scale.answered, scale.mean, scale.share) == (2, 3.5, 62.5)
    assert [number for _, _, number in scale.rows] == [0, 1, 0, 0, 1]
    assert single.rows == [("pa", "ya", 0), ("pb", "tidak", 3)]
    assert single.share == 0
    assert (single.mean, single.is_typed, essay.is_typed, essay.rows) == (None, False, True, [])


def test_a_scale_that_nobody_answered_has_no_mean() -> None:
    assert surveys.figures([[SCALE]], {})[0].mean is None


def test_an_option_that_was_dropped_stays_while_someone_chose_it() -> None:
    older = {**SINGLE, "choices": [*SINGLE["choices"], {"id": "pc", "html": "entah"}, {"id": "pd", "html": "lain"}]}
    gone = {**SCALE, "id": "q0"}
    figures = surveys.figures([PAPER, [older, gone]], {("q2", ""): 2, ("q2", "pc"): 2})
    assert figures[1].rows == [("pa", "ya", 0), ("pb", "tidak", 0), ("pc", "entah", 2)]
    assert figures[-1].question["id"] == "q0"


def crowds(**numbers: int) -> dict[frozenset[str], int]:
    """`aX=9`: nine people in the circles a and X; `_` in none."""
    return {frozenset(circles.strip("_")): number for circles, number in numbers.items()}


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        (crowds(), ""),
        (crowds(a=4), ""),
        (crowds(a=5), "a"),
        (crowds(a=9, b=5), "ab"),
        (crowds(a=9, b=6, c=2), "a"),
        (crowds(a=9, b=6, c=2, d=3), "ab"),
        (crowds(a=9, b=6, _=1), "a"),
        (crowds(a=5, b=1), ""),
        (crowds(aX=9, bX=6, cX=2, dY=8, eY=4), "aXY"),
        (crowds(aX=9, aY=2, bX=7), "ab"),
    ],
)
def test_what_is_hidden_cannot_be_had_by_subtraction(people: dict[frozenset[str], int], shown: str) -> None:
    assert surveys.may_show(people) == set(shown)


@given(st.dictionaries(st.frozensets(st.sampled_from("abcXYZ"), max_size=3), st.integers(0, 12)))
def test_whoever_is_told_apart_is_one_of_many(people: dict[frozenset[str], int]) -> None:
    shown = surveys.may_show(people)
    parts: dict[frozenset[str], int] = {}
    for circles, number in people.items():
        parts[circles & shown] = parts.get(circles & shown, 0) + number
    assert not shown or all(number == 0 or number >= surveys.FEWEST for number in parts.values())


@pytest.mark.parametrize(
    ("meta", "is_answered", "holds"),
    [
        ({}, False, False),
        ({"required": False}, False, False),
        ({"required": True}, False, True),
        ({"required": True}, True, False),
        ({"required": True, "closes": "2026-11-23"}, False, False),
        ({"required": True, "closes": "2026-11-24"}, False, True),
        ({"required": True, "opens": "2026-11-25"}, False, True),
    ],
)
def test_what_a_certificate_waits_for(meta: dict[str, object], is_answered: bool, holds: bool) -> None:
    assert surveys.holds_back(meta, is_answered=is_answered, now=NOW) is holds


@pytest.mark.parametrize(
    ("meta", "code"),
    [({}, None), ({"opens": "2026-11-24T12:30"}, "opens_later"), ({"closes": "2026-11-24T11:59"}, "closed")],
)
def test_when_a_survey_can_be_answered(meta: dict[str, str], code: str | None) -> None:
    refused = surveys.refusal(meta, NOW)
    assert (refused.code if refused else None) == code


HEAD = "---\nid: uji-angket\nkind: survey\ntitle: Angket\n{more}---\n\n"


def codes(body: str, more: str = "") -> list[str]:
    document, problems = documents.parse(HEAD.format(more=more) + body)
    assert document is not None
    checked = lint.check(document, {}.get)
    return [each.code for each in [*problems, *checked.problems]]


def test_a_survey_needs_no_right_answer() -> None:
    options = "- [ ] ya\n- [ ] tidak\n- [ ] semua benar\n"
    singles = "".join(f"## Pilih {n} {{#q{n}}}\n\n{options}\n" for n in range(6))
    assert codes(singles + "## Nilai {#s}\n\n(1..5)\n\n## Saran {#e}\n\n___\n\n## Kota {#k}\n\n= …\n") == []


def test_a_survey_asks_only_what_can_be_counted_or_read() -> None:
    assert codes("## Urutkan {#q}\n\n1. satu\n2. dua\n") == ["kind_not_for_surveys"]
    assert codes("## Jodohkan {#q}\n\n- a :: b\n- c :: d\n") == ["kind_not_for_surveys"]


def test_a_survey_opens_before_it_closes() -> None:
    more = "opens: 2026-02-01\ncloses: 2026-01-01\nanonymous: true\nrequired: true\n"
    assert codes("## Nilai {#s}\n\n(1..5)\n", more) == ["closes_before_opening"]
