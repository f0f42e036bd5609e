"""Marks an attempt against its key. Pure and total: no answer, however strange, breaks it.

Credit is exact inside and kept as whole hundredths of a point (half up). Single choice is all or nothing; multiple is
right minus wrong over all right, never below nothing; matching per pair; ordering per adjacent pair; short answer
without regard to case, spacing and Unicode form; numeric within tolerance, in Indonesian or English writing; gaps one
by one.
Source: docs/decisions/0005-marking-and-attempts.md.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from lms.kernel import questions
from lms.kernel.questions import QuestionKind

Key = Mapping[str, Any]
"""What the publication keeps of one question: kind, points, and what is right."""


class State(StrEnum):
    """How one question was answered; `waiting` until a trainer has marked an essay."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    BLANK = "blank"
    WAITING = "waiting"


class Mark(NamedTuple):
    """One question: whole hundredths of a point."""

    earned: int
    maximum: int
    state: State


@dataclass(frozen=True)
class Marking:
    """All questions of an attempt, in the order of the key."""

    marks: Mapping[str, Mark]

    @cached_property
    def earned(self) -> int:
        """Whole hundredths of a point."""
        return sum(mark.earned for mark in self.marks.values())

    @cached_property
    def maximum(self) -> int:
        """Whole hundredths of a point."""
        return sum(mark.maximum for mark in self.marks.values())

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: 69.9 does not pass a limit of 70."""
        return self.earned * 100 // self.maximum if self.maximum else 0

    @property
    def right(self) -> int:
        """How many questions are fully right."""
        return sum(mark.state is State.RIGHT for mark in self.marks.values())

    @property
    def waiting(self) -> int:
        """How many answers a trainer still has to mark; until then the score is provisional and can only rise."""
        return sum(mark.state is State.WAITING for mark in self.marks.values())

    def replaced(self, marks: Mapping[str, Mark]) -> "Marking":
        """Return the marking with some marks changed; a question that it does not have is not added."""
        return Marking({key: marks.get(key, mark) for key, mark in self.marks.items()})

    def passed(self, limit: int) -> bool:
        """Say whether the limit (per cent) is reached, on exact numbers."""
        return self.maximum > 0 and self.earned * 100 >= limit * self.maximum

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """Return question id → {"earned", "maximum", "state"}."""
        return {
            key: {"earned": mark.earned, "maximum": mark.maximum, "state": mark.state}
            for key, mark in self.marks.items()
        }


def mark(key: Mapping[str, Key], responses: Mapping[str, Any]) -> Marking:
    """Mark one attempt.

    key: question id → its key. responses: question id → chosen option (single), list of options (multiple), left →
    right (matching), list of items (ordering), text (short, numeric), list of texts (gap). A missing question is
    blank; a question that the key lacks is not looked at.
    """
    return Marking({question_id: _mark(each, responses.get(question_id)) for question_id, each in key.items()})


def read(marks: Mapping[str, Mapping[str, Any]]) -> Marking:
    """Return the marking that `as_dict` was made of."""
    return Marking({key: Mark(each["earned"], each["maximum"], State(each["state"])) for key, each in marks.items()})


def rubric_of(question: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return the lines by which an essay is marked, with their most points; one without words where there are none."""
    return [(text, points) for text, points in question.get("rubric") or ()] or [("", int(question["points"]))]


def essay(question: Mapping[str, Any], given: Sequence[int]) -> Mark:
    """Mark an essay by its rubric: the sum of the lines, scaled to the question's points, half up.

    given: whole points, one for each line. Raises ValueError for too few, too many, or more than a line gives.
    """
    lines = rubric_of(question)
    if len(given) != len(lines) or any(not 0 <= each <= most for each, (_, most) in zip(given, lines, strict=False)):
        raise ValueError("points do not fit the rubric")
    maximum = int(question["points"]) * 100
    most = sum(points for _, points in lines)
    earned = int(Fraction(sum(given), most) * maximum + Fraction(1, 2)) if most else 0
    state = State.RIGHT if earned == maximum else State.PARTLY if earned else State.WRONG
    return Mark(earned, maximum, state)


def right_response(key: Key) -> Any:
    """Return a response that earns all points; empty for kinds that no key can answer."""
    match QuestionKind(key["kind"]):
        case QuestionKind.SINGLE:
            return key["correct"][0]
        case QuestionKind.MULTIPLE:
            return list(key["correct"])
        case QuestionKind.MATCHING:
            return dict(key["pairs"])
        case QuestionKind.ORDERING:
            return list(key["order"])
        case QuestionKind.SHORT:
            return key["accepted"][0]
        case QuestionKind.NUMERIC:
            return key["ranges"][0][0].replace(".", ",")
        case QuestionKind.GAP:
            return [accepted[0] for accepted in key["gaps"]]
        case _:
            return ""


def is_accepted(accepted: Sequence[str], text: Any) -> bool:
    """Say whether a text is one of the accepted, without regard to case, spacing and Unicode form."""
    return isinstance(text, str) and _plain(text) in {_plain(each) for each in accepted}


def _mark(key: Key, response: Any) -> Mark:
    kind, maximum = key["kind"], int(key["points"]) * 100
    if kind == QuestionKind.SCALE:
        return Mark(0, 0, State.RIGHT if response else State.BLANK)
    if _is_blank(response):
        return Mark(0, maximum, State.BLANK)
    if kind == QuestionKind.ESSAY:
        return Mark(0, maximum, State.WAITING)
    share = _share(key, response)
    if share == 1:
        return Mark(maximum, maximum, State.RIGHT)
    if share == 0:
        return Mark(0, maximum, State.WRONG)
    return Mark(int(share * maximum + Fraction(1, 2)), maximum, State.PARTLY)


def _is_blank(response: Any) -> bool:
    if isinstance(response, str):
        return not response.strip()
    if isinstance(response, Mapping):
        return not any(response.values())
    if isinstance(response, Sequence):
        return not any(response)
    return not response


def _share(key: Key, response: Any) -> Fraction | bool:
    match key["kind"]:
        case QuestionKind.SINGLE:
            return isinstance(response, str) and response in key["correct"]
        case QuestionKind.MULTIPLE:
            return _multiple(set(key["correct"]), response)
        case QuestionKind.MATCHING:
            return _matching(key["pairs"], response)
        case QuestionKind.ORDERING:
            return _ordering(key["order"], response)
        case QuestionKind.SHORT:
            return is_accepted(key["accepted"], response)
        case QuestionKind.NUMERIC:
            return _numeric(key["ranges"], response)
        case _:
            return _gaps(key["gaps"], response)


def _multiple(correct: set[str], response: Any) -> Fraction:
    chosen = {each for each in response if isinstance(each, str)} if isinstance(response, (list, tuple, set)) else set()
    return max(Fraction(0), Fraction(len(chosen & correct) - len(chosen - correct), len(correct)))


def _matching(pairs: Mapping[str, str], response: Any) -> Fraction:
    given = response if isinstance(response, Mapping) else {}
    return Fraction(sum(given.get(left) == right for left, right in pairs.items()), len(pairs))


def _ordering(order: Sequence[str], response: Any) -> Fraction:
    """A pair of neighbours counts when they stand next to each other in the same order."""
    given = list(response) if isinstance(response, (list, tuple)) else []
    wanted = list(pairwise(order))
    if sorted(map(str, given)) != sorted(order):
        return Fraction(0)
    found = set(pairwise(given))
    return Fraction(sum(pair in found for pair in wanted), len(wanted))


def _numeric(ranges: Sequence[Sequence[str]], response: Any) -> bool:
    readings = questions.readings(response) if isinstance(response, str) else []
    return any(Decimal(low) <= reading <= Decimal(high) for low, high in ranges for reading in readings)


def _gaps(gaps: Sequence[Sequence[str]], response: Any) -> Fraction:
    given = list(response) if isinstance(response, (list, tuple)) else []
    filled = [*given, *[""] * len(gaps)]
    right = sum(
        is_accepted(accepted, text) or _is_same_number(accepted, text)
        for accepted, text in zip(gaps, filled, strict=False)
    )
    return Fraction(right, len(gaps))


def _is_same_number(accepted: Sequence[str], text: Any) -> bool:
    given = set(questions.readings(text)) if isinstance(text, str) else set()
    return any(given & set(questions.readings(each)) for each in accepted)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".")
