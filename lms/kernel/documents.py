"""Documents: YAML front matter and a Markdown body, every mistake found at once and with its line."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import yaml

from lms.kernel import errors
from lms.kernel.problems import PROBLEMS

LARGEST_FRONT = 8_000
"""Characters of front matter."""

_FENCE = "---"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WHOLE = re.compile(r"-?[0-9]{1,6}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class DocumentKind(StrEnum):
    """What a document is."""

    COURSE = "course"
    MODULE = "module"
    LESSON = "lesson"
    QUIZ = "quiz"
    SIMULATION = "simulation"
    SURVEY = "survey"
    GLOSSARY = "glossary"


COUNTED = (DocumentKind.LESSON, DocumentKind.QUIZ, DocumentKind.SIMULATION)
"""The kinds that a module's completion counts."""
ITEMS = (*COUNTED, DocumentKind.SURVEY)
"""The kinds that readers meet inside a module."""


class Severity(StrEnum):
    """An error keeps a document from being published, a warning asks for a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One finding of the lint: where (line from 1), what (a code), and the values its sentence names."""

    line: int
    code: str
    severity: Severity = Severity.ERROR
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A parsed file; `lines` maps each front matter key to its line, `body_line` is the body's first."""

    id: str
    kind: DocumentKind
    meta: Mapping[str, Any]
    body: str
    body_line: int
    lines: Mapping[str, int]


def normalise(text: str | bytes) -> str:
    """Return the one form in which texts are kept: UTF-8, NFC, LF, no mark at the start, one newline at the end.

    Raises Refused("text_undecodable", line=…) for other encodings and for control characters.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise errors.Refused("text_undecodable", line=line) from error
    plain = unicodedata.normalize("NFC", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    for number, line_text in enumerate(plain.split("\n"), start=1):
        if any(unicodedata.category(each) in {"Cc", "Cs"} and each != "\t" for each in line_text):
            raise errors.Refused("text_undecodable", line=number)
    return plain.rstrip("\n") + "\n"


def parse(text: str) -> tuple[Document | None, list[Problem]]:
    """Return the document, none when its front matter cannot be read at all, and everything that is wrong with it.

    text: normalised. Wrong values are reported and left out of `meta`.
    """
    split = _split(text)
    if split is None:
        return None, [Problem(1, "front_missing")]
    front, body, body_line = split
    try:
        pairs = _load(front)
    except (yaml.YAMLError, RecursionError) as error:
        return None, [Problem(_line_of(error, front), "front_unreadable")]
    raw, lines, problems = _entries(pairs)
    kind = _plain(raw["kind"]) if "kind" in raw else None
    if kind not in set(DocumentKind):
        return None, [*problems, Problem(lines.get("kind", 1), "kind_unknown", values={"value": str(kind or "")[:60]})]
    meta, wrong = _check(raw, DocumentKind(kind), lines)
    document = Document(str(meta.get("id", "")), DocumentKind(kind), meta, body, body_line, lines)
    return document, problems + wrong


def plain_meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return the front matter as JSON can hold it: days as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in meta.items()}


def _split(text: str) -> tuple[str, str, int] | None:
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return None
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return None


class _Loader(yaml.SafeLoader):
    """Only the shape of YAML: what a value means is said by its key, not by how it looks or by a tag.

    No anchors: an alias can blow a short text up to any size.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.events.AliasEvent) or getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="aliases and tags are not accepted", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def _load(front: str) -> list[tuple[yaml.Node, yaml.Node]]:
    if len(front) > LARGEST_FRONT:
        raise yaml.YAMLError("too long")
    loader = _Loader(front)
    try:
        root = loader.get_single_node()
    finally:
        loader.dispose()
    if not isinstance(root, yaml.MappingNode):
        raise yaml.YAMLError("not a mapping")
    return list(root.value)


def _line_of(error: Exception, front: str) -> int:
    """The line of the file on which reading stopped, the first when nothing is known."""
    if mark := getattr(error, "problem_mark", None):
        return int(mark.line) + 2
    position = getattr(error, "position", None)
    return 1 if position is None else front.count("\n", 0, int(position)) + 2


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 2


def _entries(
    pairs: Sequence[tuple[yaml.Node, yaml.Node]],
) -> tuple[dict[str, yaml.Node], dict[str, int], list[Problem]]:
    """Values and lines by key; of a doubled key the first counts."""
    raw: dict[str, yaml.Node] = {}
    lines: dict[str, int] = {}
    problems = []
    for key, value in pairs:
        name = str(key.value)[:60] if isinstance(key, yaml.ScalarNode) else "?"
        if name in raw:
            problems.append(Problem(_line(key), "key_doubled", values={"key": name, "first": lines[name]}))
        else:
            raw[name], lines[name] = value, _line(key)
    return raw, lines, problems


class _Wrong(Exception):
    """A value that does not fit: the code that says what to write instead, and where."""

    def __init__(self, node: yaml.Node, code: str, **values: Any) -> None:
        super().__init__(code)
        self.line = _line(node)
        self.code = code
        self.values = values


# A check returns the value as it is kept, or raises _Wrong.
_Check = Callable[[yaml.Node], Any]


def _plain(node: yaml.Node) -> str | None:
    """A scalar as written, none for anything else and for nothing."""
    if not isinstance(node, yaml.ScalarNode) or _is_empty(node):
        return None
    return str(node.value).strip()


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "~", "null")


def _text(node: yaml.Node) -> str:
    text = _plain(node)
    if not text:
        raise _Wrong(node, "value_text")
    return text


def _identifier(node: yaml.Node) -> str:
    text = _plain(node) or ""
    if not _ID.fullmatch(text) or len(text) > 60:
        raise _Wrong(node, "value_id")
    return text


def _number(low: int, high: int) -> _Check:
    def check(node: yaml.Node) -> int:
        text = _plain(node) or ""
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise _Wrong(node, "value_number", low=low, high=high)
        return int(text)

    return check


def _flag(node: yaml.Node) -> bool:
    found = _FLAGS.get((_plain(node) or "").lower())
    if found is None:
        raise _Wrong(node, "value_flag")
    return found


def _day(node: yaml.Node) -> date:
    match = _DAY.fullmatch(_plain(node) or "")
    try:
        year, month, day = (int(each) for each in (match.groups() if match else ()))
        return date(year, month, day)
    except ValueError as error:
        raise _Wrong(node, "value_day") from error


def _moment(node: yaml.Node) -> str:
    """A day, or a day with an hour in Jakarta; kept as ISO text."""
    text = (_plain(node) or "").replace(" ", "T")
    try:
        datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "")
    except ValueError as error:
        raise _Wrong(node, "value_moment") from error
    return text


def _one_of(*words: str) -> _Check:
    def check(node: yaml.Node) -> str:
        text = _plain(node) or ""
        if text not in words:
            raise _Wrong(node, "value_choice", value=text[:60], choices=", ".join(words))
        return text

    return check


def _list_of(check: _Check) -> _Check:
    def check_all(node: yaml.Node) -> list[Any]:
        if not isinstance(node, yaml.SequenceNode):
            raise _Wrong(node, "value_list")
        return [check(each) for each in node.value]

    return check_all


def _drawing(node: yaml.Node) -> int | dict[str, int]:
    number = _number(1, 500)
    if isinstance(node, yaml.MappingNode):
        return {_text(pool): number(each) for pool, each in node.value}
    return int(number(node))


_COMMON: Mapping[str, _Check] = {
    "id": _identifier, "kind": _one_of(*DocumentKind), "title": _text, "position": _number(0, 10_000),
    "problems": _list_of(_one_of(*PROBLEMS)), "sources": _list_of(_text), "valid_as_of": _day, "reviewed_by": _text,
}  # fmt: skip

_BY_KIND: Mapping[DocumentKind, Mapping[str, _Check]] = {
    DocumentKind.COURSE: {"summary": _text},
    DocumentKind.MODULE: {
        "summary": _text, "core": _flag, "announced": _flag, "jp": _number(0, 100), "objectives": _list_of(_text),
        "requires": _list_of(_identifier),
    },
    DocumentKind.LESSON: {"minutes": _number(1, 600), "objectives": _list_of(_text)},
    DocumentKind.QUIZ: {
        "pass": _number(0, 100), "attempts": _number(1, 1_000), "score": _one_of("best", "last"),
        "wait": _number(0, 10_080), "minutes": _number(1, 600), "grace": _number(0, 3_600), "credit": _number(0, 120),
        "draw": _drawing, "shuffle": _flag, "feedback": _one_of("after-question", "after-attempt", "after-close"),
        "offline": _flag, "opens": _moment, "closes": _moment, "blind": _flag, "pre_of": _identifier,
        "post_of": _identifier,
    },
    DocumentKind.SIMULATION: {"summary": _text, "minutes": _number(1, 600)},
    DocumentKind.SURVEY: {
        "summary": _text, "anonymous": _flag, "required": _flag, "opens": _moment, "closes": _moment,
    },
    DocumentKind.GLOSSARY: {"summary": _text},
}  # fmt: skip

_REQUIRED: Mapping[DocumentKind, tuple[str, ...]] = {
    DocumentKind.COURSE: ("id", "title", "position"),
    DocumentKind.MODULE: ("id", "title", "position", "jp", "objectives"),
    DocumentKind.LESSON: ("id", "title", "position", "minutes", "objectives"),
    DocumentKind.QUIZ: ("id", "title", "pass"),
    DocumentKind.SIMULATION: ("id", "title"),
    DocumentKind.SURVEY: ("id", "title"),
    DocumentKind.GLOSSARY: ("id", "title"),
}


def _check(
    raw: Mapping[str, yaml.Node], kind: DocumentKind, lines: Mapping[str, int]
) -> tuple[dict[str, Any], list[Problem]]:
    checks = {**_COMMON, **_BY_KIND[kind]}
    meta: dict[str, Any] = {}
    problems = []
    for name, node in raw.items():
        if name not in checks:
            problems.append(Problem(lines[name], "key_unknown", values={"key": name, "known": ", ".join(checks)}))
        elif not _is_empty(node):
            try:
                meta[name] = checks[name](node)
            except _Wrong as wrong:
                problems.append(Problem(wrong.line, wrong.code, values={"key": name, **wrong.values}))
    wrong_keys = {problem.values.get("key") for problem in problems}
    problems += [
        Problem(1, "key_missing", values={"key": name})
        for name in _REQUIRED[kind]
        if name not in meta and name not in wrong_keys
    ]
    return meta, problems
