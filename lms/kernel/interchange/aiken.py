"""Aiken: a question, lettered choices, `ANSWER: B`. Source: docs.moodle.org/en/Aiken_format, qformat_aiken."""

import re
from dataclasses import dataclass, field

from lms.kernel.interchange import marks
from lms.kernel.interchange.model import FULL, NOTHING, Answer, Finding, Item, ItemKind, Reading, count

_CHOICE = re.compile(r"([A-Z])[.)]\s+(.*\S)\s*$")
_ANSWERS = re.compile(r"(?m)^ANSWER:")
_ANSWER = re.compile(r"ANSWER:\s*([A-Z]?)")


@dataclass
class _Open:
    """The question that is being read."""

    line: int = 0
    text: list[str] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)


def read(text: str) -> Reading:
    """Return the questions of an Aiken file."""
    items: list[Item] = []
    refusals: list[Finding] = []
    current = _Open()
    count(len(_ANSWERS.findall(text)))
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if match := _ANSWER.match(line.strip()):
            _finish(current, match.group(1), items, refusals, number)
            current = _Open()
        elif (choice := _CHOICE.match(line.strip())) and current.text:
            current.choices.append((choice.group(1), choice.group(2)))
        else:
            if current.choices:
                refusals.append(Finding(current.line, _name(current), "answer_line_missing"))
                current = _Open()
            current.line = current.line or number
            current.text.append(line.strip())
    if current.text:
        refusals.append(Finding(current.line, _name(current), "answer_line_missing"))
    return Reading(tuple(items), tuple(refusals))


def _name(current: _Open) -> str:
    return " ".join(current.text)[:80]


def _finish(current: _Open, letter: str, items: list[Item], refusals: list[Finding], line: int) -> None:
    name = _name(current)
    if not current.text:
        refusals.append(Finding(line, "", "question_text_missing"))
    elif len(current.choices) < 2:
        refusals.append(Finding(current.line, name, "too_few_answers"))
    elif letter not in dict(current.choices):
        refusals.append(Finding(current.line, name, "answer_letter_unknown", {"letter": letter}))
    else:
        answers = tuple(
            Answer(marks.escaped(text), FULL if each == letter else NOTHING) for each, text in current.choices
        )
        body = marks.guarded(marks.escaped("\n".join(current.text)))
        items.append(Item(ItemKind.SINGLE, current.line, name, body, answers))
