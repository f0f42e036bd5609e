"""Documents: YAML front matter and a Markdown body, every mistake found at once and with its line."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import yaml

from lms.kernel import errors
from lms.kernel.problems import PROBLEMS

LARGEST_FRONT = 8_000
"""Characters of front matter."""

_FENCE = "---"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEY = re.compile(r"([a-z_]+)\s*:")


class DocumentKind(StrEnum):
    """What a document is."""

    COURSE = "course"
    MODULE = "module"
    LESSON = "lesson"
    QUIZ = "quiz"
    SIMULATION = "simulation"
    SURVEY = "survey"
    GLOSSARY = "glossary"


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
        raw = _load(front)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        return None, [Problem(mark.line + 2 if mark else 1, "front_unreadable")]
    lines = _lines(front)
    kind = raw.get("kind")
    if kind not in set(DocumentKind):
        return None, [Problem(lines.get("kind", 1), "kind_unknown", values={"value": str(kind)})]
    meta, problems = _check(raw, DocumentKind(kind), lines)
    return Document(str(meta.get("id", "")), DocumentKind(kind), meta, body, body_line, lines), problems


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
    """Safe, and without anchors: an alias can blow a short text up to any size."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not accepted")
        return super().compose_node(parent, index)


def _load(front: str) -> dict[str, Any]:
    if len(front) > LARGEST_FRONT:
        raise yaml.YAMLError("too long")
    raw = yaml.load(front, _Loader)  # noqa: S506 - a SafeLoader
    if not isinstance(raw, dict):
        raise yaml.YAMLError("not a mapping")
    return {str(name): value for name, value in raw.items()}


def _lines(front: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(front.split("\n"), start=2):
        if match := _KEY.match(line):
            found.setdefault(match.group(1), number)
    return found


# A check returns the value as it is kept, or raises ValueError with what to write instead.
_Check = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, (str, int, float)) or isinstance(value, bool) or not str(value).strip():
        raise ValueError("a text")
    return str(value).strip()


def _identifier(value: Any) -> str:
    text = _text(value)
    if not _ID.fullmatch(text) or len(text) > 60:
        raise ValueError("small letters, digits and dashes, such as mrs-4-2")
    return text


def _number(low: int, high: int) -> _Check:
    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return check


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise ValueError("a day such as 2026-01-31")
    return date(value.year, value.month, value.day)


def _one_of(*words: str) -> _Check:
    def check(value: Any) -> str:
        if value not in words:
            raise ValueError(" / ".join(words))
        return str(value)

    return check


def _list_of(check: _Check) -> _Check:
    def check_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError("a list")
        return [check(each) for each in value]

    return check_all


def _problem_code(value: Any) -> str:
    if value not in PROBLEMS:
        raise ValueError(f"{value}: " + " ".join(PROBLEMS))
    return str(value)


def _drawing(value: Any) -> int | dict[str, int]:
    number = _number(1, 500)
    if isinstance(value, dict):
        return {_text(pool): number(each) for pool, each in value.items()}
    return int(number(value))


_COMMON: Mapping[str, _Check] = {
    "id": _identifier, "kind": _one_of(*DocumentKind), "title": _text, "position": _number(0, 10_000),
    "problems": _list_of(_problem_code), "sources": _list_of(_text), "valid_as_of": _day, "reviewed_by": _text,
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
        "minutes": _number(1, 600), "grace": _number(0, 3_600), "draw": _drawing, "shuffle": _flag,
        "feedback": _one_of("after-question", "after-attempt", "after-close"), "offline": _flag, "opens": _day,
        "closes": _day, "pre_of": _identifier, "post_of": _identifier,
    },
    DocumentKind.SIMULATION: {"summary": _text, "minutes": _number(1, 600)},
    DocumentKind.SURVEY: {"summary": _text, "anonymous": _flag, "required": _flag},
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
    raw: Mapping[str, Any], kind: DocumentKind, lines: Mapping[str, int]
) -> tuple[dict[str, Any], list[Problem]]:
    checks = {**_COMMON, **_BY_KIND[kind]}
    meta: dict[str, Any] = {}
    problems = []
    for name, value in raw.items():
        line = lines.get(name, 1)
        if name not in checks:
            problems.append(Problem(line, "key_unknown", values={"key": name, "known": ", ".join(checks)}))
        elif value is not None:
            try:
                meta[name] = checks[name](value)
            except ValueError as error:
                problems.append(Problem(line, "value_wrong", values={"key": name, "expected": str(error)}))
    wrong = {problem.values.get("key") for problem in problems}
    problems += [
        Problem(1, "key_missing", values={"key": name})
        for name in _REQUIRED[kind]
        if name not in meta and name not in wrong
    ]
    return meta, problems
