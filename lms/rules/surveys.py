"""Surveys: when one is open, what of an answer is counted, and whose numbers may be shown.

Pure; source docs/decisions/0015-surveys.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.kernel.questions import QuestionKind
from lms.rules import attempts

FEWEST = 5
"""Answers from which an anonymous survey shows numbers, and how many must stay behind what it does not show."""

TYPED = (QuestionKind.SHORT, QuestionKind.ESSAY)
KINDS = (QuestionKind.SCALE, QuestionKind.SINGLE, QuestionKind.MULTIPLE, *TYPED)
"""The kinds of questions that a survey may ask."""

Question = Mapping[str, Any]
Answers = Mapping[str, Any]
Cell = tuple[str, str]
"""(question, value): one option or step; (question, "") counts who answered it, SENT who answered anything."""
SENT: Cell = ("", "")


@dataclass(frozen=True)
class Figure:
    """What was answered to one question."""

    question: Question
    answered: int
    rows: Sequence[tuple[str, str, int]]
    """(value, HTML, how many chose it) of each option or step, in the order shown; none for what is typed."""

    @property
    def mean(self) -> float | None:
        """The mean of a scale; none for other kinds and without answers."""
        if self.question["kind"] != QuestionKind.SCALE or not self.answered:
            return None
        return sum(int(value) * number for value, _, number in self.rows) / self.answered

    @property
    def share(self) -> float:
        """Where the mean stands between the ends of its scale, per cent; 0 without a mean."""
        low, high = self.question.get("scale") or (0, 1)
        return 0.0 if self.mean is None else 100 * (self.mean - low) / (high - low)

    @property
    def is_typed(self) -> bool:
        """Whether its answers are read one by one."""
        return self.question["kind"] in TYPED


def refusal(meta: Mapping[str, Any], now: datetime) -> attempts.Refusal | None:
    """Say why a survey cannot be answered now (`opens_later`, `closed`), or none when it can."""
    return attempts.refusal(attempts.terms(meta), used=0, ended_at=None, now=now)


def holds_back(meta: Mapping[str, Any], *, is_answered: bool, now: datetime) -> bool:
    """Say whether a certificate of its course waits for this survey.

    Only one with `required: true` does, until it is answered; one that has closed holds nobody back any more.
    """
    refused = refusal(meta, now)
    return bool(meta.get("required")) and not is_answered and (refused is None or refused.code != "closed")


def values(question: Question) -> list[str]:
    """Return what a question offers to choose from, in the order written; nothing for what is typed."""
    if question["kind"] == QuestionKind.SCALE:
        low, high = question["scale"]
        return [str(step) for step in range(low, high + 1)]
    return [part["id"] for part in question.get("choices") or ()]


def counted(paper: Iterable[Question], answers: Answers) -> dict[Cell, int]:
    """Return every cell of a survey with 1 where these answers fall into it and 0 elsewhere.

    The zeros are there so that every answer touches the same cells: what is not touched tells as much as what is.
    """
    cells = {SENT: 1}
    for question in paper:
        answer = answers.get(question["id"])
        cells[question["id"], ""] = int(bool(answer))
        chosen = answer if isinstance(answer, list) else [answer]
        cells.update({(question["id"], value): int(value in chosen) for value in values(question)})
    return cells


def remarks(paper: Iterable[Question], answers: Answers) -> list[tuple[str, str]]:
    """Return (question, text) of what was typed."""
    typed = (question["id"] for question in paper if question["kind"] in TYPED)
    return [(question_id, answers[question_id]) for question_id in typed if answers.get(question_id)]


def figures(papers: Iterable[Iterable[Question]], counts: Mapping[Cell, int]) -> list[Figure]:
    """Return what was answered to every question that was ever asked, in its newest form.

    papers: of all revisions, the newest first. An option that a later revision dropped stays as long as someone chose
    it.
    """
    newest: dict[str, Question] = {}
    offered: dict[str, dict[str, str]] = {}
    for paper in papers:
        for question in paper:
            newest.setdefault(question["id"], question)
            words = {part["id"]: part["html"] for part in question.get("choices") or ()}
            known = offered.setdefault(question["id"], {})
            for value in values(question):
                if newest[question["id"]] is question or counts.get((question["id"], value)):
                    known.setdefault(value, words.get(value, value))
    return [
        Figure(
            question, counts.get((key, ""), 0),
            [(value, html, counts.get((key, value), 0)) for value, html in offered[key].items()],
        )
        for key, question in newest.items()
    ]  # fmt: skip


def may_show(crowds: Mapping[frozenset[str], int]) -> set[str]:
    """Return the circles of an anonymous survey whose numbers may be shown, beside those of everyone.

    crowds: the circles that people are in → how many of those who answered are in just these. Whoever adds and
    subtracts the numbers of circles that are shown cannot tell people apart who are in the same of them. So these
    must be FEWEST together, or nobody: as long as some are fewer, the smallest circle that parts them from others is
    hidden.
    """
    sizes = _merged(crowds)
    shown = {circle for circle, number in sizes.items() if number >= FEWEST}
    while shown and (few := _too_few(parts := _parts(crowds, shown))) is not None:
        shown.remove(min(_parting(few, parts) or few or shown, key=lambda circle: (sizes[circle], circle)))
    return shown


def _merged(crowds: Mapping[frozenset[str], int]) -> Counter[str]:
    """Circle → how many are in it."""
    sizes: Counter[str] = Counter()
    for circles, number in crowds.items():
        sizes.update(dict.fromkeys(circles, number))
    return sizes


def _parts(crowds: Mapping[frozenset[str], int], shown: set[str]) -> Counter[frozenset[str]]:
    """Those circles that are shown → how many people are in just these."""
    parts: Counter[frozenset[str]] = Counter()
    for circles, number in crowds.items():
        parts[circles & shown] += number
    return parts


def _too_few(parts: Mapping[frozenset[str], int]) -> frozenset[str] | None:
    return min((each for each, number in parts.items() if 0 < number < FEWEST), key=sorted, default=None)


def _parting(few: frozenset[str], parts: Mapping[frozenset[str], int]) -> set[str]:
    """The circles each of which alone parts these people from some others."""
    return {circle for other in parts for circle in few ^ other if len(few ^ other) == 1}
