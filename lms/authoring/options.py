"""What could be answered to a question and what was, option by option: pure, for the results page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from markupsafe import escape

from lms.kernel.questions import QuestionKind
from lms.rules import marking

Chosen = Sequence[tuple[str, str, int, float]]
"""(part, value, how many chose it, their mean score in per cent), most chosen first within a part."""

SHOWN, FEWEST_ALIKE = 12, 3
"""Typed answers that are listed, and how many must have typed the same: what one person wrote alone stays hers."""


@dataclass(frozen=True)
class Option:
    """One thing that could be answered, or was."""

    part: str
    """HTML of the left side, or the number of the place or gap; empty where a question has one part."""
    html: str
    letter: str
    """A, B, C … in the order written; empty where there is nothing to choose from."""
    is_right: bool
    count: int
    share: float
    """Per cent of those who were shown the question."""
    mean: float | None
    """Mean score (per cent) of the attempts that gave it."""


def of(question: Mapping[str, Any], key: Mapping[str, Any], chosen: Chosen, shown: int) -> list[Option]:
    """Return the options of a question with what was chosen; typed answers where there are no options.

    Of pairs and places only those that someone chose, or that are right: all of them would be a wall.
    """
    found = {(part, value): (count, mean) for part, value, count, mean in chosen}
    made = []
    for (part, value), part_html, html, letter, is_right in _offered(question, key, chosen):
        count, mean = found.get((part, value), (0, None))
        if letter or count or is_right:
            share = 100 * count / shown if shown else 0.0
            made.append(Option(part_html, html, letter, is_right, count, share, mean))
    return made


_Offer = tuple[tuple[str, str], str, str, str, bool]
"""((part, value), HTML of the part, HTML of the value, letter, is right)."""


def _offered(question: Mapping[str, Any], key: Mapping[str, Any], chosen: Chosen) -> Iterator[_Offer]:
    match QuestionKind(question["kind"]):
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return _choices(question, key)
        case QuestionKind.MATCHING:
            return _pairs(question, key)
        case QuestionKind.ORDERING:
            return _places(question, key)
        case _:
            return _typed(key, chosen)


def _choices(question: Mapping[str, Any], key: Mapping[str, Any]) -> Iterator[_Offer]:
    for place, each in enumerate(question["choices"]):
        yield ("", each["id"]), "", each["html"], ascii_uppercase[place % 26], each["id"] in key["correct"]


def _pairs(question: Mapping[str, Any], key: Mapping[str, Any]) -> Iterator[_Offer]:
    for left in question["lefts"]:
        for right in question["rights"]:
            is_right = key["pairs"][left["id"]] == right["id"]
            yield (left["id"], right["id"]), left["html"], right["html"], "", is_right


def _places(question: Mapping[str, Any], key: Mapping[str, Any]) -> Iterator[_Offer]:
    for place, wanted in enumerate(key["order"], start=1):
        for each in question["items"]:
            yield (str(place), each["id"]), str(place), each["html"], "", each["id"] == wanted


def _typed(key: Mapping[str, Any], chosen: Chosen) -> Iterator[_Offer]:
    alike = [row for row in chosen if row[2] >= FEWEST_ALIKE and row[1] != "…"]
    for part, value, _count, _mean in alike[:SHOWN]:
        yield (part, value), part, str(escape(value)), "", _is_accepted(key, part, value)


def _is_accepted(key: Mapping[str, Any], part: str, value: str) -> bool:
    own = {"kind": "gap", "points": 1, "gaps": [key["gaps"][int(part) - 1]]} if part else key
    response: Any = [value] if part else value
    return marking.mark({"": own}, {"": response}).marks[""].state is marking.State.RIGHT
