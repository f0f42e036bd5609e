"""What stands in a question file, before it becomes one of our questions: nothing of the file's meaning is lost yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lms.kernel import errors

FULL = Decimal(100)
NOTHING = Decimal(0)

LONGEST_TEXT = 20_000
"""Characters of one question or one of its texts, images aside: a third of what a whole quiz may have."""
MOST_ANSWERS = 100
MOST_QUESTIONS = 1_000
"""Questions of one file."""

GAP = "\ue000{}\ue001"
"""Stands in a text where a gap was, with its number from 0; private use characters never come from a file."""


class Refusal(Exception):
    """A question that cannot come along or go out: why (a code), and the values its sentence names."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def count(number: int) -> None:
    """Raise Refused("file_too_many") for more questions than one file may have, before any of them is read."""
    if number > MOST_QUESTIONS:
        raise errors.Refused("file_too_many", field="file", most=MOST_QUESTIONS)


class ItemKind(StrEnum):
    """What Moodle calls a question type, as far as we can read it."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true-false"
    MATCHING = "matching"
    ORDERING = "ordering"
    SHORT = "short"
    NUMERIC = "numeric"
    GAP = "gap"
    ESSAY = "essay"
    DESCRIPTION = "description"


@dataclass(frozen=True)
class Finding:
    """What cannot come along, or comes along changed: where, in which question, why (a code), and its values."""

    line: int
    name: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """One answer, pair or item, in Markdown; `weight` in per cent; `low` and `high` bound a number.

    `other` is the right side of a pair. Accepted texts (short answers, gaps) are plain, with `*` standing for itself.
    """

    text: str
    weight: Decimal = FULL
    feedback: str = ""
    other: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    is_pattern: bool = False
    """Whether the text had a `*` that stands for anything."""


@dataclass(frozen=True)
class Item:
    """One question of a file; texts in Markdown."""

    kind: ItemKind
    line: int
    name: str
    text: str
    answers: tuple[Answer, ...] = ()
    gaps: tuple[tuple[Answer, ...], ...] = ()
    feedback: str = ""
    id: str = ""
    tags: tuple[str, ...] = ()
    points: Decimal | None = None
    category: str = ""
    rubric: str = ""
    """What markers are told."""
    is_case_sensitive: bool = False
    is_shuffled: bool | None = None
    """None where the file does not say."""
    dropped: tuple[str, ...] = ()
    """Codes of what the file said and we have no place for."""


@dataclass(frozen=True)
class Reading:
    """A whole file: its questions in order, what was refused, and its images by the name that the texts use."""

    items: tuple[Item, ...]
    refusals: tuple[Finding, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
