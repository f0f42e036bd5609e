"""Moodle XML. Source: docs.moodle.org/en/Moodle_XML_format, qformat_xml, qtype_ordering (in Moodle since 4.4)."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from lms.kernel import errors
from lms.kernel.interchange import cloze, marks, numbers, trees
from lms.kernel.interchange.model import (
    FULL,
    GAP,
    MOST_ANSWERS,
    NOTHING,
    Answer,
    Finding,
    Item,
    ItemKind,
    Reading,
    Refusal,
    count,
)
from lms.kernel.interchange.trees import Node

_FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
_YES = ("1", "true")
_KINDS = {
    "multichoice": ItemKind.SINGLE, "truefalse": ItemKind.TRUE_FALSE, "shortanswer": ItemKind.SHORT,
    "numerical": ItemKind.NUMERIC,
    "match": ItemKind.MATCHING, "matching": ItemKind.MATCHING, "ordering": ItemKind.ORDERING, "essay": ItemKind.ESSAY,
    "description": ItemKind.DESCRIPTION, "cloze": ItemKind.GAP, "multianswer": ItemKind.GAP,
}  # fmt: skip
_TYPES = {
    ItemKind.SINGLE: "multichoice", ItemKind.MULTIPLE: "multichoice", ItemKind.SHORT: "shortanswer",
    ItemKind.NUMERIC: "numerical",
    ItemKind.MATCHING: "matching", ItemKind.ORDERING: "ordering", ItemKind.ESSAY: "essay", ItemKind.GAP: "cloze",
}  # fmt: skip
_STANDARD = frozenset({
    "your answer is correct.", "your answer is partially correct.", "your answer is incorrect.", "jawaban anda benar.",
    "jawaban anda sebagian benar.", "jawaban anda salah.",
})  # fmt: skip
"""What Moodle writes as combined feedback when nobody wrote any."""


def read(text: str) -> Reading:
    """Return the questions of a Moodle XML file. Raises Refused when it is no such file at all."""
    if not text.lstrip().startswith("<"):
        raise errors.Refused("file_without_questions", field="file")
    root = trees.parse(text)
    if root.tag != "quiz":
        raise errors.Refused("xml_not_a_quiz", field="file", tag=root.tag[:40])
    items: list[Item] = []
    refusals: list[Finding] = []
    pictures: dict[str, bytes] = {}
    category = ""
    count(len(root.all("question")))
    for node in root.all("question"):
        if node.values.get("type") == "category":
            category = node.said("category")
            continue
        found: dict[str, bytes] = {}
        try:
            items.append(replace(_item(node, found), category=category))
            pictures |= found
        except Refusal as wrong:
            refusals.append(Finding(node.line, _name(node), wrong.code, wrong.values))
    return Reading(tuple(items), tuple(refusals), pictures)


def write(items: Sequence[Item], pictures: Mapping[str, bytes], category: str = "") -> str:
    """Return a Moodle XML file; texts stay Markdown, which Moodle shows as well. pictures: name → content."""
    head = (
        f'  <question type="category">\n    <category><text>{escape(category)}</text></category>\n  </question>\n'
        if category
        else ""
    )
    body = "".join(_written(item, pictures) for item in items)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{head}{body}</quiz>\n'


def _name(node: Node) -> str:
    return " ".join(marks.plain(node.said("name")[:1_000]).split())[:80]


def _item(node: Node, pictures: marks.Pictures) -> Item:
    kind = _KINDS.get(node.values.get("type", ""))
    if kind is None:
        raise Refusal("type_unsupported", type=node.values.get("type", "")[:40])
    if len(node.all("answer")) + len(node.all("subquestion")) > MOST_ANSWERS:
        raise Refusal("too_many_answers", most=MOST_ANSWERS)
    question = node.first("questiontext")
    fallback = _format(question, "html")
    gaps: list[tuple[str, int, tuple[Answer, ...]]] = []
    if kind is ItemKind.GAP and question is not None and (inner := question.first("text")) is not None:
        inner.text, gaps = cloze.cut(marks.bounded(inner.text))
    text = _text(question, "html", pictures)
    if not text:
        raise Refusal("question_text_missing")
    tags = node.first("tags")
    made = Item(
        kind, node.line, _name(node) or text[:80], text,
        feedback=_text(node.first("generalfeedback"), fallback, pictures),
        id=node.said("idnumber"), points=numbers.number(node.said("defaultgrade")),
        tags=tuple(_inner(tag) for tag in tags.all("tag")) if tags is not None else (),
        dropped=tuple(_dropped(node)),
    )  # fmt: skip
    return _gapped(made, gaps) if kind is ItemKind.GAP else _answered(made, node, fallback, pictures)


def _answered(made: Item, node: Node, fallback: str, pictures: marks.Pictures) -> Item:
    match made.kind:
        case ItemKind.SINGLE:
            single = node.said("single") or "true"
            shuffle = node.said("shuffleanswers")
            made = replace(made, kind=ItemKind.SINGLE if single in _YES else ItemKind.MULTIPLE,
                           is_shuffled=shuffle in _YES if shuffle else None)  # fmt: skip
            answers = [_choice(each, fallback, pictures) for each in node.all("answer")]
        case ItemKind.TRUE_FALSE:
            answers = _true_false(node, fallback, pictures)
        case ItemKind.SHORT:
            made = replace(made, is_case_sensitive=node.said("usecase") in _YES)
            answers = [_typed(each, fallback, pictures) for each in node.all("answer")]
        case ItemKind.NUMERIC:
            answers = [_number(each, fallback, pictures) for each in node.all("answer")]
        case ItemKind.MATCHING:
            answers = [_pair(each, fallback, pictures) for each in node.all("subquestion")]
        case ItemKind.ORDERING:
            placed = sorted(node.all("answer"), key=lambda each: numbers.weight(each.values.get("fraction", "")))
            answers = [replace(_choice(each, fallback, pictures), weight=FULL) for each in placed]
        case ItemKind.ESSAY:
            return replace(made, rubric=_text(node.first("graderinfo"), "html", pictures))
        case _:
            return made
    if len(answers) < (1 if made.kind in (ItemKind.SHORT, ItemKind.NUMERIC) else 2):
        raise Refusal("too_few_answers")
    return replace(made, answers=tuple(answers))


def _gapped(made: Item, gaps: Sequence[tuple[str, int, tuple[Answer, ...]]]) -> Item:
    if not gaps:
        raise Refusal("gap_missing")
    if any(kind == "response" for kind, _, _ in gaps):
        raise Refusal("gap_multiresponse")
    dropped = ("gap_choice_typed",) if any(kind == "choice" for kind, _, _ in gaps) else ()
    return replace(
        made, gaps=tuple(answers for _, _, answers in gaps), points=Decimal(sum(points for _, points, _ in gaps)),
        dropped=made.dropped + dropped,
    )  # fmt: skip


def _choice(node: Node, fallback: str, pictures: marks.Pictures) -> Answer:
    weight = numbers.weight(node.values.get("fraction", "0"))
    return Answer(_text(node, fallback, pictures), weight, _text(node.first("feedback"), fallback, pictures))


def _true_false(node: Node, fallback: str, pictures: marks.Pictures) -> list[Answer]:
    """By their texts; files of old Moodles hold translated words, true first."""
    answers = [_choice(each, fallback, pictures) for each in node.all("answer")]
    if {each.text for each in answers} != {"true", "false"}:
        answers = [replace(each, text=word) for each, word in zip(answers, ("true", "false"), strict=False)]
    return sorted(answers, key=lambda each: each.text != "true")


def _typed(node: Node, fallback: str, pictures: marks.Pictures) -> Answer:
    text = _inner(node)
    is_pattern = "*" in text.replace("\\*", "")
    weight, feedback = (
        numbers.weight(node.values.get("fraction", "0")),
        _text(node.first("feedback"), fallback, pictures),
    )
    return Answer(" ".join(text.replace("\\*", "*").split()), weight, feedback, is_pattern=is_pattern)


def _pair(node: Node, fallback: str, pictures: marks.Pictures) -> Answer:
    """Moodle passes over the feedback of a pair; we write it and read it, so that our own files lose nothing."""
    return Answer(
        _text(node, fallback, pictures),
        feedback=_text(node.first("feedback"), fallback, pictures),
        other=node.said("answer"),
    )


def _number(node: Node, fallback: str, pictures: marks.Pictures) -> Answer:
    text = _inner(node)
    weight, feedback = (
        numbers.weight(node.values.get("fraction", "0")),
        _text(node.first("feedback"), fallback, pictures),
    )
    if text == "*":
        return Answer(text, weight, feedback, is_pattern=True)
    found = numbers.around(text, node.said("tolerance"))
    if found is None:
        raise Refusal("number_unreadable", text=text[:60])
    return Answer(text, weight, feedback, low=found[0], high=found[1])


def _inner(node: Node) -> str:
    inner = node.first("text")
    return (inner.text if inner is not None else node.text).strip()


def _format(node: Node | None, fallback: str) -> str:
    return _FORMATS.get(node.values.get("format", ""), fallback) if node is not None else fallback


def _text(node: Node | None, fallback: str, pictures: marks.Pictures) -> str:
    """The text of a node as Markdown; the files in it are kept."""
    if node is None:
        return ""
    for file in node.all("file"):
        content = marks.decoded(file.text)
        if content:
            pictures[marks.picture_name(file.values.get("name", ""))] = content
    return marks.to_markdown(marks.bounded(_inner(node)), _format(node, fallback), pictures)


def _dropped(node: Node) -> Iterable[str]:
    if any(_inner(hint) for hint in node.all("hint")):
        yield "hints_dropped"
    if node.first("units") is not None:
        yield "units_dropped"
    if node.said("attachments") not in ("", "0"):
        yield "attachments_dropped"
    if node.said("responsetemplate"):
        yield "template_dropped"
    combined = (node.said(f"{name}feedback") for name in ("correct", "partiallycorrect", "incorrect"))
    if any(marks.plain(each).lower() not in _STANDARD for each in combined if each):
        yield "combined_feedback_dropped"
    for text in _texts(node):
        yield from marks.losses(text, _format(node.first("questiontext"), "html"))


def _texts(node: Node) -> Iterator[str]:
    """Every text in a question, however deep; no images."""
    if node.tag != "file":
        yield node.text
        for child in node.children:
            yield from _texts(child)


def _written(item: Item, pictures: Mapping[str, bytes]) -> str:
    text = item.text
    for number, answers in enumerate(item.gaps):
        text = text.replace(GAP.format(number), cloze.written(answers))
    has_grade = item.kind is not ItemKind.GAP and item.points is not None
    return "".join([
        f'  <question type="{_TYPES[item.kind]}">\n',
        _said("name", item.name),
        _part("questiontext", text, pictures),
        _part("generalfeedback", item.feedback, pictures),
        _value("defaultgrade", numbers.written(item.points)) if has_grade and item.points is not None else "",
        _value("hidden", "0"),
        _value("idnumber", item.id),
        *_details(item, pictures),
        "    <tags>" + "".join(f"<tag><text>{escape(tag)}</text></tag>" for tag in item.tags) + "</tags>\n",
        "  </question>\n",
    ])  # fmt: skip


def _details(item: Item, pictures: Mapping[str, bytes]) -> Iterable[str]:
    match item.kind:
        case ItemKind.SINGLE | ItemKind.MULTIPLE:
            yield _value("single", _flag(item.kind is ItemKind.SINGLE))
            yield _value("shuffleanswers", _flag(item.is_shuffled)) + _value("answernumbering", "abc")
            yield from (_answer(each, each.weight, pictures) for each in item.answers)
        case ItemKind.SHORT:
            yield _value("usecase", "0")
            yield from (_full(each.text.replace("*", "\\*")) for each in item.answers)
        case ItemKind.NUMERIC:
            for each in item.answers:
                middle, half = numbers.middle(each.low or NOTHING, each.high or NOTHING)
                yield _full(middle, f"<tolerance>{half}</tolerance>")
        case ItemKind.MATCHING:
            yield _value("shuffleanswers", _flag(item.is_shuffled))
            yield from (_written_pair(each, pictures) for each in item.answers)
        case ItemKind.ORDERING:
            yield _value("layouttype", "VERTICAL") + _value("selecttype", "ALL")
            yield _value("selectcount", str(len(item.answers))) + _value("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST")
            yield _value("showgrading", "SHOW") + _value("numberingstyle", "none")
            yield from (_answer(each, Decimal(place), pictures) for place, each in enumerate(item.answers, start=1))
        case ItemKind.ESSAY:
            yield _value("responseformat", "editor") + _value("responserequired", "1") + _value("attachments", "0")
            yield _part("graderinfo", item.rubric, pictures)


def _flag(value: bool | None) -> str:
    return "false" if value is False else "true"


def _value(tag: str, text: str) -> str:
    return f"    <{tag}>{escape(text)}</{tag}>\n"


def _said(tag: str, text: str) -> str:
    return f"    <{tag}><text>{escape(text)}</text></{tag}>\n"


def _full(text: str, more: str = "") -> str:
    return f'    <answer fraction="100" format="plain_text"><text>{escape(text)}</text>{more}</answer>\n'


def _answer(answer: Answer, fraction: Decimal, pictures: Mapping[str, bytes]) -> str:
    feedback = _part("feedback", answer.feedback, pictures) if answer.feedback else ""
    text, files = _with_files(answer.text, pictures)
    head = f'    <answer fraction="{numbers.written(fraction)}" format="markdown">'
    return f"{head}<text>{escape(text)}</text>{files}\n{feedback}    </answer>\n"


def _written_pair(answer: Answer, pictures: Mapping[str, bytes]) -> str:
    feedback = _part("feedback", answer.feedback, pictures) if answer.feedback else ""
    right = f"<answer><text>{escape(answer.other)}</text></answer>"
    return _part("subquestion", answer.text, pictures, right + feedback)


def _part(tag: str, text: str, pictures: Mapping[str, bytes], more: str = "") -> str:
    text, files = _with_files(text, pictures)
    return f'    <{tag} format="markdown"><text>{escape(text)}</text>{files}{more}</{tag}>\n'


def _with_files(text: str, pictures: Mapping[str, bytes]) -> tuple[str, str]:
    """The text with Moodle's addresses of its own files, and the files that it shows."""
    files = ""
    for name, content in pictures.items():
        if f"](media/{name}" in text:
            text = text.replace(f"](media/{name}", f"](@@PLUGINFILE@@/{name}")
            body = base64.b64encode(content).decode()
            files += f'<file name={quoteattr(name)} path="/" encoding="base64">{body}</file>'
    return text, files
