"""Question files in and out of a quiz: what comes in, what cannot and why; what goes out reads back the same.

Source of the formats: `lms/kernel/interchange`. What a file brings becomes ordinary text of the quiz's draft, which its
author sees, edits and publishes; nothing goes past the lint.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from lms.kernel import errors, question_text
from lms.kernel.interchange import aiken, conversion, decoding, gift, moodle_xml
from lms.kernel.interchange.model import Finding, Item, ItemKind, Reading, Refusal
from lms.kernel.questions import Question

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PICTURE = re.compile(r"\]\(media/([^)\s\"]+)")


class Format(StrEnum):
    """The formats that we read; all but Aiken are written too."""

    GIFT = "gift"
    MOODLE_XML = "moodle-xml"
    AIKEN = "aiken"


WRITTEN = (Format.GIFT, Format.MOODLE_XML)


@dataclass(frozen=True)
class Coming:
    """One question that comes in: as the file has it, as it will stand in the draft, and what changes on the way."""

    item: Mapping[str, Any]
    markdown: str
    pictures: tuple[str, ...]
    notes: tuple[Finding, ...]


@dataclass(frozen=True)
class Import:
    """A whole file read: what comes, what does not, and the images by name."""

    coming: tuple[Coming, ...]
    refusals: tuple[Finding, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Export:
    """A written file, the questions that are not in it, and what Moodle passes over in those that are."""

    text: str
    count: int
    refusals: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def read(content: bytes, form: Format, *, stem: str, taken: frozenset[str] = frozenset()) -> Import:
    """Return what a file brings; ids that are free stay, others are numbered `<stem>-q01` onwards.

    Raises Refused with `file_empty`, `file_too_big`, `file_binary`, `file_without_questions`, `file_too_many` or, for
    XML, `xml_doctype`, `xml_broken`, `xml_too_deep`, `xml_not_a_quiz`.
    """
    readers: Mapping[Format, Callable[[str], Reading]] = {
        Format.GIFT: gift.read, Format.MOODLE_XML: moodle_xml.read, Format.AIKEN: aiken.read
    }  # fmt: skip
    reading = readers[form](decoding.decode(content))
    if not reading.items and not reading.refusals:
        raise errors.Refused("file_without_questions", field="file")
    return _taken(reading, stem, set(taken))


def write(
    found: Sequence[Question], form: Format, *, pictures: Mapping[str, bytes], category: str, is_shuffled: bool
) -> Export:
    """Return the questions as a file of a format; each was read back and found the same, or is refused."""
    items, refusals = [], []
    for question in found:
        try:
            items.append(_given(question, form, pictures, is_shuffled=is_shuffled))
        except Refusal as refusal:
            refusals.append(Finding(question.line, question.id, refusal.code, refusal.values))
    unseen = [
        Finding(item.line, item.id, "pair_feedback_unseen")
        for item in items
        if item.kind is ItemKind.MATCHING and any(answer.feedback for answer in item.answers)
    ]
    return Export(_text(items, form, pictures, category), len(items), tuple(refusals), tuple(unseen))


def without(made: Import, refused: Mapping[str, str]) -> Import:
    """Return the import without the questions that show a refused picture (name → code of the reason)."""
    if not refused:
        return made
    stay, go = [], []
    for each in made.coming:
        bad = next((name for name in each.pictures if name in refused), None)
        if bad is None:
            stay.append(each)
        else:
            go.append(Finding(each.item["line"], each.item["name"], refused[bad], {"name": bad}))
    shown = {name for each in stay for name in each.pictures}
    pictures = {name: content for name, content in made.pictures.items() if name in shown}
    return Import(tuple(stay), tuple(sorted([*made.refusals, *go], key=lambda each: each.line)), pictures)


def to_json(made: Import) -> dict[str, Any]:
    """Return the import as JSON can carry it."""
    return {
        "coming": [
            {"item": dict(each.item), "markdown": each.markdown, "pictures": list(each.pictures),
             "notes": [_finding(note) for note in each.notes]}
            for each in made.coming
        ],
        "refusals": [_finding(each) for each in made.refusals],
        "pictures": {name: base64.b64encode(content).decode() for name, content in made.pictures.items()},
    }  # fmt: skip


def from_json(data: Mapping[str, Any]) -> Import:
    """Return what `to_json` was given."""
    coming = tuple(
        Coming(
            each["item"], each["markdown"], tuple(each["pictures"]), tuple(Finding(**note) for note in each["notes"])
        )
        for each in data["coming"]
    )
    pictures = {name: base64.b64decode(text) for name, text in data["pictures"].items()}
    return Import(coming, tuple(Finding(**each) for each in data["refusals"]), pictures)


def _finding(finding: Finding) -> dict[str, Any]:
    return {"line": finding.line, "name": finding.name, "code": finding.code, "values": dict(finding.values)}


def _taken(reading: Reading, stem: str, taken: set[str]) -> Import:
    numbers = conversion.numbered(stem, taken)
    coming: list[Coming] = []
    refusals = list(reading.refusals)
    for item in reading.items:
        is_free = len(item.id) <= 60 and _ID.fullmatch(item.id) is not None and item.id not in taken
        try:
            made = conversion.take(item, item.id if is_free else f"{stem}-q00")
        except Refusal as refusal:
            refusals.append(Finding(item.line, item.name, refusal.code, refusal.values))
            continue
        taken.add(item.id) if is_free else None
        question = made.question if is_free else replace(made.question, id=next(numbers))
        text = question_text.write(question)
        names = tuple(dict.fromkeys(_PICTURE.findall(text)))
        missing = next((name for name in names if name not in reading.pictures), None)
        if missing is not None:
            refusals.append(Finding(item.line, item.name, "picture_missing", {"name": missing}))
            continue
        coming.append(Coming(_described(item, question), text, names, made.notes))
    shown = {name for each in coming for name in each.pictures}
    pictures = {name: content for name, content in reading.pictures.items() if name in shown}
    return Import(tuple(coming), tuple(sorted(refusals, key=lambda each: each.line)), pictures)


def _described(item: Item, question: Question) -> dict[str, Any]:
    """One question as `--json` prints it: weights in per cent, texts in Markdown."""
    return {
        "line": item.line, "name": item.name, "id": question.id, "kind": question.kind.value, "type": item.kind.value,
        "stem": question.stem, "body": question.body or question.gap_text, "points": question.points,
        "answers": [_answer(each, item.kind) for each in item.answers],
        "gaps": [[_answer(each, item.kind) for each in answers] for answers in item.gaps],
        "feedback": item.feedback, "rubric": [list(each) for each in question.rubric], "category": item.category,
        "tags": list(item.tags), "shuffle": item.is_shuffled,
    }  # fmt: skip


def _answer(answer: Any, kind: ItemKind) -> dict[str, Any]:
    said: dict[str, Any] = {"text": answer.text, "weight": float(answer.weight), "feedback": answer.feedback}
    if kind is ItemKind.MATCHING:
        said["match"] = answer.other
    if answer.low is not None and answer.high is not None:
        said |= {"low": str(answer.low), "high": str(answer.high)}
    return said


def _given(question: Question, form: Format, pictures: Mapping[str, bytes], *, is_shuffled: bool) -> Item:
    item = replace(conversion.give(question), is_shuffled=is_shuffled)
    if form is Format.GIFT:
        for code in conversion.not_in_gift(item):
            raise Refusal(code)
    if not _reads_back(question, _text([item], form, pictures, "")):
        raise Refusal("not_expressible")
    return item


def _reads_back(question: Question, text: str) -> bool:
    """Whether the written file holds the very same question: the promise is kept by trying."""
    form = Format.MOODLE_XML if text.startswith("<?xml") else Format.GIFT
    try:
        found = (moodle_xml.read if form is Format.MOODLE_XML else gift.read)(text).items
        return len(found) == 1 and question_text.same(conversion.take(found[0], question.id).question, question)
    except (Refusal, errors.Refused):
        return False


def _text(items: Sequence[Item], form: Format, pictures: Mapping[str, bytes], category: str) -> str:
    if form is Format.GIFT:
        return gift.write(items, category)
    return moodle_xml.write(items, pictures, category)
