"""Regrades: what an attempt earns when a key was wrong and a new revision puts it right. Pure.

A question keeps its mark when the new key cannot judge its answer: it is gone, became of another kind, is marked by a
person, or an option that was chosen no longer exists (its wording changed, so it may not mean the same).
Source: docs/decisions/0014-marks-by-people.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.kernel.questions import QuestionKind
from lms.rules import marking
from lms.rules.marking import Key, Mark, Marking

_SILENT = ("explanation_html", "feedback")
"""Parts of a key that mark nothing."""
_CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
_BY_PEOPLE = (QuestionKind.ESSAY, QuestionKind.SCALE)


@dataclass(frozen=True)
class Outcome:
    """What a regrade or its undoing makes of one attempt."""

    marking: Marking
    passed: bool

    def differs(self, marks: Mapping[str, Any], passed: bool) -> bool:
        """Say whether anything changes."""
        return self.passed is not passed or self.marking.as_dict() != dict(marks)


def changed(old: Mapping[str, Key], new: Mapping[str, Key]) -> list[str]:
    """Return the ids of the questions in both keys that are marked differently, in the order of the new key.

    A choice that got a second right option is still the same question; any other change of kind makes another one.
    """
    return [
        each
        for each in new
        if each in old and _is_alike(old[each], new[each]) and _judges(old[each]) != _judges(new[each])
    ]


def regrade(
    marks: Mapping[str, Mapping[str, Any]],
    responses: Mapping[str, Any],
    *,
    paper: Sequence[Mapping[str, Any]],
    key: Mapping[str, Key],
    questions: Sequence[str],
    limit: int,
) -> Outcome:
    """Mark some questions of an attempt anew.

    marks, responses: the attempt's, by question id. paper, key: of the revision that puts the key right. limit: per
    cent needed to pass, of the revision that the attempt answered.
    """
    now = marking.read(marks)
    shown = {question["id"]: question for question in paper}
    given = {each: _fitting(key[each], responses.get(each)) for each in questions if each in key and each in shown}
    able = {
        each: key[each]
        for each, response in given.items()
        if each in now.marks and _can_judge(key[each], shown[each], now.marks[each], response)
    }
    made = now.replaced(marking.mark(able, given).marks)
    return Outcome(made, made.passed(limit))


def undo(
    marks: Mapping[str, Mapping[str, Any]],
    *,
    before: Mapping[str, Mapping[str, Any]],
    after: Mapping[str, Mapping[str, Any]],
    limit: int,
) -> Outcome:
    """Give back the marks that a regrade changed; what was marked since then stays."""
    given = marking.read(before).marks
    back: dict[str, Mark] = {
        each: given[each]
        for each, mark in marks.items()
        if each in given and mark == after.get(each) and mark != before.get(each)
    }
    made = marking.read(marks).replaced(back)
    return Outcome(made, made.passed(limit))


def _judges(key: Key) -> dict[str, Any]:
    return {name: value for name, value in key.items() if name not in _SILENT}


def _is_alike(old: Key, new: Key) -> bool:
    return old["kind"] == new["kind"] or {old["kind"], new["kind"]} == set(_CHOICES)


def _fitting(key: Key, response: Any) -> Any:
    """The response in the form that the key's kind reads: one choice is a choice of one."""
    if key["kind"] == QuestionKind.MULTIPLE and isinstance(response, str):
        return [response] if response else []
    if key["kind"] == QuestionKind.SINGLE and isinstance(response, list) and len(response) == 1:
        return response[0]
    return response


def _can_judge(key: Key, question: Mapping[str, Any], mark: Mark, response: Any) -> bool:
    kind = QuestionKind(key["kind"])
    if kind in _BY_PEOPLE or mark.state is marking.State.WAITING or mark.maximum == 0:
        return False
    return _chosen(kind, response) <= _offered(question)


def _chosen(kind: QuestionKind, response: Any) -> set[str]:
    """The ids of options that a response names; a response of another kind of question names one that is nowhere."""
    match kind, response:
        case _, None:
            return set()
        case QuestionKind.SINGLE, str():
            return {response}
        case ((QuestionKind.MULTIPLE | QuestionKind.ORDERING), list()):
            return set(map(str, response))
        case QuestionKind.MATCHING, dict():
            return {str(part) for pair in response.items() for part in pair}
        case ((QuestionKind.SHORT | QuestionKind.NUMERIC), str()):
            return set()
        case QuestionKind.GAP, list():
            return set()
        case _:
            return {"?"}


def _offered(question: Mapping[str, Any]) -> set[str]:
    parts = ("choices", "lefts", "rights", "items")
    return {part["id"] for name in parts for part in question.get(name) or ()}
