"""What a companion may send: facts with their UUID, and the answers of an attempt.

Answer fields are named after the question: `a-<question>` (single, multiple, scale, short, numeric, essay), and
`a-<question>-<part>` for each left side of a matching, each item of an ordering (its place) and each gap.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from lms.kernel import ids
from lms.kernel.questions import QuestionKind
from lms.rules import civil_service, surveys

LONGEST_TEXT = 2_000
"""Characters of one typed answer."""
LONGEST_ESSAY = 10_000
"""Characters of an essay: about 1,400 words."""
TYPED = (QuestionKind.SHORT, QuestionKind.NUMERIC, QuestionKind.GAP, QuestionKind.ESSAY)
"""The kinds whose answers are texts; of the others only ids that the question has are read."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What not every database and spreadsheet can hold; line ends and tabs stay."""


class FactForm(FlaskForm):
    """A fact from a device: its UUID and, if the device knows, when it happened (ISO 8601 with offset)."""

    uid = HiddenField()
    occurred_at = HiddenField()

    def fact_uid(self) -> str:
        """Return the UUID; a missing or malformed one becomes a new one: the fact counts, only not as a replay."""
        text = (self.uid.data or "").strip().lower()
        return text if ids.is_fact(text) else ids.fact()

    def claimed_at(self) -> datetime | None:
        """Return the device's claim as an aware instant; none if it cannot be read."""
        try:
            claimed = datetime.fromisoformat(self.occurred_at.data or "")
        except ValueError:
            return None
        return claimed.astimezone(UTC) if claimed.tzinfo else None


@dataclass(frozen=True)
class Answers:
    """What a form says: question id → response, and a code for what cannot be taken.

    A blank question is there, with an empty response, where the form says (`s[]`) that it showed the question.
    """

    responses: dict[str, Any]
    problem: str | None


def read(questions: Sequence[Mapping[str, Any]], data: MultiDict[str, str]) -> Answers:
    """Read the answers to the drawn questions out of a form.

    The problem is `unknown_answer` for an option that the question does not have or a question that was not drawn
    (what can be read is still there), or `answer_too_long` (the long text is there, to be shown again).
    """
    taken = {question["id"]: _read(question, data) for question in questions}
    shown = set(data.getlist("s[]"))
    responses = {question_id: response for question_id, response in taken.items() if response or question_id in shown}
    if _has_strangers(questions, data):
        return Answers(responses, "unknown_answer")
    typed = [question for question in questions if question["kind"] in TYPED]
    is_long = any(_is_long(question, responses.get(question["id"], "")) for question in typed)
    return Answers(responses, "answer_too_long" if is_long else None)


def read_survey(questions: Sequence[Mapping[str, Any]], data: MultiDict[str, str]) -> Answers:
    """Read the answers to a survey, as `read` does; blank ones are left out.

    Further problems: `nothing_answered`, and `nik_typed` for a text that holds what looks like a NIK.
    """
    sent = read(questions, data)
    responses = {key: value for key, value in sent.responses.items() if value}
    texts = [text for value in responses.values() for text in _texts(value)]
    problem = sent.problem
    if problem is None and not responses:
        problem = "nothing_answered"
    elif problem is None and any(civil_service.holds_nik(text) for text in texts):
        problem = "nik_typed"
    return Answers(responses, problem)


def version(data: MultiDict[str, str]) -> int:
    """Return the number of the revision that a form shows; 0 for anything unreadable."""
    return _whole(data.get("versi", ""))


def blanks(questions: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]) -> list[int]:
    """Return the numbers (from 1) of the questions that have no answer."""
    return [number for number, question in enumerate(questions, start=1) if not answers.get(question["id"])]


def unreached_s(data: MultiDict[str, str]) -> int:
    """Return for how many seconds saves have failed before this one, as the device says; 0 for anything unreadable."""
    return _whole(data.get("unreached", ""))


def step(data: MultiDict[str, str]) -> int:
    """Return how many choices had been made when the scene was shown; -1 for anything unreadable."""
    return _whole(data.get("langkah", ""), otherwise=-1)


def _whole(text: str, *, otherwise: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def _read(question: Mapping[str, Any], data: MultiDict[str, str]) -> Any:
    name = f"a-{question['id']}"
    match question["kind"]:
        case QuestionKind.SINGLE:
            return _known(question["choices"], data.get(name, ""))
        case QuestionKind.MULTIPLE:
            return [each for each in dict.fromkeys(data.getlist(name)) if _known(question["choices"], each)]
        case QuestionKind.MATCHING:
            pairs = {left["id"]: data.get(f"{name}-{left['id']}", "") for left in question["lefts"]}
            return {left: right for left, right in pairs.items() if _known(question["rights"], right)}
        case QuestionKind.ORDERING:
            return _ordering(question, name, data)
        case QuestionKind.GAP:
            filled = [_typed(data, f"{name}-{number}") for number in range(question["gaps"])]
            return filled if any(filled) else []
        case QuestionKind.SCALE:
            return data.get(name, "") if data.get(name, "") in surveys.values(question) else ""
        case _:
            return _typed(data, name)


def _typed(data: MultiDict[str, str], name: str) -> str:
    return _UNPRINTABLE.sub("", data.get(name, "").replace("\r\n", "\n")).strip()


def _known(parts: Sequence[Mapping[str, Any]], chosen: str) -> str:
    """The chosen id, or nothing when the question has no such part."""
    return chosen if chosen in {part["id"] for part in parts} else ""


def _ordering(question: Mapping[str, Any], name: str, data: MultiDict[str, str]) -> list[str]:
    """Items sorted by the place given to each; two in one place keep the order shown; blank while none was touched."""
    places = {item["id"]: data.get(f"{name}-{item['id']}", "") for item in question["items"]}
    if not any(places.values()):
        return []
    return sorted(places, key=lambda each: _place(places[each], last=len(places)))


def _place(text: str, *, last: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else last


def _has_strangers(questions: Sequence[Mapping[str, Any]], data: MultiDict[str, str]) -> bool:
    """Whether the form has a field that none of these questions shows, or an option that its field does not offer."""
    sent = [(name, chosen) for name, chosen in data.items(multi=True) if name.startswith("a-")]
    fields = {name: offered for each in questions for name, offered in _fields(each).items()} if sent else {}
    return any(name not in fields or (chosen and fields[name] and chosen not in fields[name]) for name, chosen in sent)


def _fields(question: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields that a question shows, each with what can be chosen in it; nothing where it is typed."""
    name = f"a-{question['id']}"
    match question["kind"]:
        case QuestionKind.MATCHING:
            rights = [right["id"] for right in question["rights"]]
            return {f"{name}-{left['id']}": rights for left in question["lefts"]}
        case QuestionKind.ORDERING:
            places = [str(place) for place, _ in enumerate(question["items"], start=1)]
            return {f"{name}-{item['id']}": places for item in question["items"]}
        case QuestionKind.GAP:
            return {f"{name}-{number}": [] for number in range(question["gaps"])}
        case _:
            return {name: surveys.values(question)}


def _is_long(question: Mapping[str, Any], response: Any) -> bool:
    longest = LONGEST_ESSAY if question["kind"] == QuestionKind.ESSAY else LONGEST_TEXT
    return any(len(text) > longest for text in _texts(response))


def _texts(response: Any) -> list[str]:
    if isinstance(response, str):
        return [response]
    return list(response.values()) if isinstance(response, dict) else list(response)
