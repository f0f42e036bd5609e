"""Moodle GIFT. Source: docs.moodle.org/en/GIFT_format and Moodle's qformat_gift (question/format/gift/format.php).

Escaped characters become private use characters before anything is split and come back at the end, as Moodle does with
placeholders.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lms.kernel.interchange import marks, numbers
from lms.kernel.interchange.model import (
    FULL,
    GAP,
    LONGEST_TEXT,
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

_ESCAPED = {
    "\\": "\ue100",
    ":": "\ue101",
    "#": "\ue102",
    "=": "\ue103",
    "{": "\ue104",
    "}": "\ue105",
    "~": "\ue106",
    "n": "\ue107",
}
_RESTORED = {mark: "\n" if char == "n" else char for char, mark in _ESCAPED.items()}
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_MARK = re.compile("[\ue100-\ue107]")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?\d+(?:\.\d*)?)%")
_ORDERING = re.compile(
    r">\s*\d+\s*(?:ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?\s*(?:HORIZONTAL|HORI|H|1|VERTICAL|VERT|V|0)?\s*"
    r"(?:ALL_OR_NOTHING|[A-Z_]*POSITION|ABSOLUTE|ABS|RELATIVE[A-Z_]*|REL|LONGEST[A-Z_]*)?\s*"
    r"(?:SHOW|TRUE|YES|1|HIDE|FALSE|NO|0)?\s*(?:none|123|abc|ABCD|iii|IIII)?[ \t]*(?:\n|$)"
)
_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_CATEGORY = re.compile(r"\$CATEGORY:[ \t]*(.*)")
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")


@dataclass(frozen=True)
class _Block:
    """The lines of one question; comments are apart."""

    line: int
    text: str
    comments: str
    category: str


@dataclass(frozen=True)
class _Head:
    """A block cut in its parts, escapes still closed."""

    block: _Block
    name: str
    before: str
    inside: str | None
    after: str
    kind: str
    """The format of the texts."""


def read(text: str) -> Reading:
    """Return the questions of a GIFT file."""
    items: list[Item] = []
    refusals: list[Finding] = []
    pictures: dict[str, bytes] = {}
    blocks = _blocks(text)
    count(len(blocks))
    for block in blocks:
        if len(block.text) > LONGEST_TEXT:
            refusals.append(Finding(block.line, block.text[:80], "question_too_long", {"longest": LONGEST_TEXT}))
            continue
        head = _head(block)
        try:
            items.append(_item(head, pictures))
        except Refusal as wrong:
            refusals.append(Finding(block.line, head.name or _plain(block.text)[:80], wrong.code, wrong.values))
    return Reading(tuple(items), tuple(refusals), pictures)


def write(items: Sequence[Item], category: str = "") -> str:
    """Return a GIFT file; every item must be of a kind that GIFT has (see `conversion`)."""
    head = f"$CATEGORY: {category}\n\n" if category else ""
    return head + "\n".join(_written(item) for item in items)


def _blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    lines: list[str] = []
    comments: list[str] = []
    first, category = 0, ""
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        plain = line.strip()
        if plain.startswith("//"):
            comments.append(plain)
            lines += [" "] if lines else []
        elif not lines and (match := _CATEGORY.match(plain)):
            category = match.group(1).strip()
        elif plain:
            first = first or number
            lines.append(line)
        elif lines:
            blocks.append(_Block(first, "\n".join(lines).strip(), "\n".join(comments), category))
            lines, comments, first = [], [], 0
    return blocks


def _head(block: _Block) -> _Head:
    text = _ESCAPE.sub(lambda match: _ESCAPED[match.group(1)], block.text)
    name = ""
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        name, text = " ".join(_plain(text[2:end]).split()), text[end + 2 :].strip()
    match = _FORMAT.match(text)
    kind = match.group(1) if match else "moodle"
    text = text[match.end() :] if match else text
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        return _Head(block, name, text.strip(), None, "", kind)
    if start < 0 or end < start:
        return _Head(block, name, "", None, "", "")
    return _Head(block, name, text[:start], text[start + 1 : end].strip(), text[end + 1 :], kind)


def _item(head: _Head, pictures: marks.Pictures) -> Item:
    if not head.kind:
        raise Refusal("braces_wrong")
    inside, mark, feedback = (head.inside or "").rpartition("####")
    inside, feedback = (inside.strip(), feedback) if mark else (feedback, "")
    ids, tags = _ID.search(head.block.comments), _TAG.findall(head.block.comments)
    text = (
        head.before if head.inside is None else f"{head.before}_____{head.after}" if head.after.strip() else head.before
    )
    made = Item(
        ItemKind.DESCRIPTION, head.block.line, head.name, _text(text, head.kind, pictures),
        feedback=_text(feedback, head.kind, pictures), id=ids.group(1).replace("\\]", "]").strip() if ids else "",
        tags=tuple(tag.replace("\\]", "]").strip() for tag in tags), category=head.block.category,
        dropped=tuple(marks.losses(_plain(f"{text}{inside}"), head.kind)),
    )  # fmt: skip
    if not made.text:
        raise Refusal("question_text_missing")
    made = replace(made, name=made.name or made.text[:80].replace("\n", " "))
    return made if head.inside is None else _answered(made, inside, head, pictures)


def _answered(made: Item, inside: str, head: _Head, pictures: marks.Pictures) -> Item:
    """Told apart as Moodle tells them apart, in the same order."""
    if match := _ORDERING.match(inside):
        items = [_text(line, head.kind, pictures) for line in inside[match.end() :].split("\n") if line.strip()]
        return replace(made, kind=ItemKind.ORDERING, answers=tuple(Answer(each) for each in items))
    if not inside:
        return replace(made, kind=ItemKind.ESSAY)
    if inside.startswith("#"):
        return _numeric(made, inside[1:], head.kind, pictures)
    if "~" in inside:
        return _choices(made, inside, head.kind, pictures)
    if "=" in inside and "->" in inside:
        return _pairs(made, inside, head.kind, pictures)
    if inside.partition("#")[0].strip() in _TRUE + _FALSE:
        return _true_false(made, inside, head.kind, pictures)
    return _short(made, inside, head, pictures)


def _split(inside: str, sign: str, least: int) -> list[str]:
    parts = [part.strip() for part in inside.split(sign)]
    parts = parts if parts[0] else parts[1:]
    if len(parts) < least:
        raise Refusal("too_few_answers")
    if len(parts) > MOST_ANSWERS:
        raise Refusal("too_many_answers", most=MOST_ANSWERS)
    return parts


def _choices(made: Item, inside: str, kind: str, pictures: marks.Pictures) -> Item:
    answers = []
    for part in _split(inside.replace("=", "~="), "~", 2):
        weight, rest = (FULL, part[1:]) if part.startswith("=") else _weighed(part, NOTHING)
        text, feedback = _commented(rest, kind, pictures)
        answers.append(Answer(text, weight, feedback))
    found = ItemKind.SINGLE if "=" in inside else ItemKind.MULTIPLE
    return replace(made, kind=found, answers=tuple(answers))


def _pairs(made: Item, inside: str, kind: str, pictures: marks.Pictures) -> Item:
    answers = []
    for part in _split(inside, "=", 2):
        left, arrow, right = part.partition("->")
        if not arrow:
            raise Refusal("pair_without_arrow", text=_plain(part)[:60])
        answers.append(Answer(_text(left, kind, pictures), other=_plain(right)))
    return replace(made, kind=ItemKind.MATCHING, answers=tuple(answers))


def _true_false(made: Item, inside: str, kind: str, pictures: marks.Pictures) -> Item:
    answer, wrong, right = (*inside.split("#", 2), "", "")[:3]
    is_true = answer.strip() in _TRUE
    feedback = {is_true: _text(right, kind, pictures), (not is_true): _text(wrong, kind, pictures)}
    answers = tuple(
        Answer(text, FULL if value is is_true else NOTHING, feedback[value])
        for text, value in (("true", True), ("false", False))
    )
    return replace(made, kind=ItemKind.TRUE_FALSE, answers=answers)


def _short(made: Item, inside: str, head: _Head, pictures: marks.Pictures) -> Item:
    answers = []
    for part in _split(inside, "=", 1):
        weight, rest = _weighed(part, FULL)
        accepted, _, comment = rest.partition("#")
        accepted = accepted.strip()
        match = _FORMAT.match(accepted)
        text = _plain(accepted[match.end() :] if match else accepted)
        answers.append(
            Answer(text.replace("\\*", "*"), weight, _text(comment, head.kind, pictures), is_pattern=_is_pattern(text))
        )
    if not head.after.strip():
        return replace(made, kind=ItemKind.SHORT, answers=tuple(answers))
    text = _text(f"{head.before}{GAP.format(0)}{head.after}", head.kind, pictures)
    return replace(made, kind=ItemKind.GAP, text=text, gaps=(tuple(answers),))


def _is_pattern(text: str) -> bool:
    return re.search(r"(?<!\\)\*", text) is not None


def _numeric(made: Item, inside: str, kind: str, pictures: marks.Pictures) -> Item:
    inside, tilde, wrong = inside.partition("~")
    answers = []
    for part in _split(inside, "=", 1):
        weight, rest = _weighed(part, FULL)
        value, feedback = _plain(rest.partition("#")[0]), _commented(rest, kind, pictures)[1]
        found = numbers.bounds(value)
        if found is None:
            raise Refusal("number_unreadable", text=value[:60])
        answers.append(Answer(value, weight, feedback, low=found[0], high=found[1]))
    if tilde:
        answers.append(Answer("*", NOTHING, _commented(wrong, kind, pictures)[1], is_pattern=True))
    return replace(made, kind=ItemKind.NUMERIC, answers=tuple(answers))


def _weighed(part: str, default: Decimal) -> tuple[Decimal, str]:
    match = _WEIGHT.match(part)
    return (numbers.weight(match.group(1)), part[match.end() :]) if match else (default, part)


def _commented(part: str, kind: str, pictures: marks.Pictures) -> tuple[str, str]:
    text, _, comment = part.partition("#")
    return _text(text, kind, pictures), _text(comment, kind, pictures)


def _text(text: str, kind: str, pictures: marks.Pictures) -> str:
    text = text.strip()
    if match := _FORMAT.match(text):
        kind, text = match.group(1), text[match.end() :]
    return marks.to_markdown(_plain(text), kind, pictures)


def _plain(text: str) -> str:
    return _MARK.sub(lambda match: _RESTORED[match.group(0)], text).strip()


def _written(item: Item) -> str:
    bits = ([f"[id:{item.id}]"] if item.id else []) + [f"[tag:{tag}]" for tag in item.tags]
    comment = f"// {' '.join(bits)}\n" if bits else ""
    name, text = _closed(" ".join(item.name.split())), _closed(item.text)
    feedback = f"####{_closed(item.feedback)}" if item.feedback else ""
    answers = _answers(item)
    if item.kind is ItemKind.GAP:
        before, _, after = text.partition(GAP.format(0))
        return f"{comment}::{name}::[markdown]{before}{{{answers}{feedback}}}{after}\n"
    return f"{comment}::{name}::[markdown]{text}{{{answers}{feedback}}}\n"


def _answers(item: Item) -> str:
    match item.kind:
        case ItemKind.SINGLE | ItemKind.MULTIPLE:
            lines = [_choice(each, is_single=item.kind is ItemKind.SINGLE) for each in item.answers]
        case ItemKind.MATCHING:
            lines = [f"={_prefixed(each.text)} -> {_closed(each.other)}" for each in item.answers]
        case ItemKind.NUMERIC:
            lines = [f"={':'.join(numbers.middle(each.low, each.high))}" for each in item.answers
                     if each.low is not None and each.high is not None]  # fmt: skip
            return "#\n" + "".join(f"\t{line}\n" for line in lines)
        case ItemKind.SHORT:
            lines = [f"=%100%{_accepted(each.text)}" for each in item.answers]
        case ItemKind.GAP:
            return "".join(f"=%100%{_accepted(each.text)} " for each in item.gaps[0])
        case _:
            return ""
    return "\n" + "".join(f"\t{line}\n" for line in lines)


def _accepted(text: str) -> str:
    return _prefixed(text.replace("*", "\\*"))


def _choice(answer: Answer, *, is_single: bool) -> str:
    if answer.weight == FULL and is_single:
        sign = "="
    elif answer.weight == NOTHING:
        sign = "~%0%" if answer.text.startswith("%") else "~"
    else:
        sign = f"~%{numbers.written(answer.weight)}%"
    feedback = f"#{_prefixed(answer.feedback)}" if answer.feedback else ""
    return f"{sign}{_prefixed(answer.text)}{feedback}"


def _prefixed(text: str) -> str:
    """A text that begins like a format is told its own."""
    return ("[markdown]" if _FORMAT.match(text) else "") + _closed(text)


def _closed(text: str) -> str:
    return re.sub(r"[\\#=~{}:]", r"\\\g<0>", text).replace("\n", "\\n")
