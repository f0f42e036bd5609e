"""Questions as things of their own: how one is recognised, found, and asked by another quiz. Pure.

A question has one home, the quiz in which it is written. Another quiz that names it (`## @id`) gets a copy of what its
home shows and marks, made when that quiz is published. Source: docs/decisions/0016-question-bank.md.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lms.kernel.questions import Reference

Part = Mapping[str, Any]
"""One question's part of a paper or of a key."""

_FROM = "from"
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Loan:
    """A question as its home has it published: the code of the quiz, what is shown, what marks it."""

    quiz: str
    paper: Part
    key: Part


Bank = Mapping[str, Loan]
"""Question id → loan."""


@dataclass(frozen=True)
class Entry:
    """One question of a published quiz: how lists show it, what searching finds, and which version it is."""

    code: str
    kind: str
    stem: str
    words: str
    problems: tuple[str, ...]
    version: str
    is_own: bool
    """Whether this quiz is its home."""


def asked(loan: Loan, reference: Reference) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the question's part of the paper and of the key of a quiz that refers to it."""
    points = reference.points or loan.paper["points"]
    source = {"quiz": loan.quiz, "version": version(loan.paper, loan.key)}
    paper = {**loan.paper, "points": points, "pool": reference.pool, _FROM: source}
    return paper, {**loan.key, "points": points}


def origin(paper: Part) -> Mapping[str, str] | None:
    """Return the home (`quiz`) and `version` of a question that was taken from another quiz, none for its own."""
    return paper.get(_FROM)


def version(paper: Part, key: Part) -> str:
    """Return what changes exactly when what its home shows or how it marks changes."""
    text = json.dumps([paper, key], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def entries(paper: list[Any] | None, key: Mapping[str, Any] | None) -> list[Entry]:
    """Return the questions of a published quiz in its order."""
    return [_entry(each, (key or {}).get(each["id"], {})) for each in paper or ()]


def loans(quiz: str, paper: list[Any] | None, key: Mapping[str, Any] | None) -> dict[str, Loan]:
    """Return what a published quiz lends: the questions whose home it is."""
    return {
        each["id"]: Loan(quiz, each, (key or {}).get(each["id"], {})) for each in paper or () if origin(each) is None
    }


def plain(fragment: str) -> str:
    """Return the words of a rendered text, single-spaced."""
    return " ".join(html.unescape(_TAG.sub(" ", fragment)).split())


def _entry(paper: Part, key: Part) -> Entry:
    source = origin(paper)
    words = " ".join(plain(text) for text in (paper["id"], *_texts(paper), *_texts(key)))
    return Entry(
        paper["id"], paper["kind"], plain(paper["stem_html"]) or paper["id"], words.casefold(),
        tuple(paper["problems"]), source["version"] if source else version(paper, key), source is None,
    )  # fmt: skip


def _texts(part: Any, name: str = "html") -> Iterator[str]:
    """Every rendered text below a part of a paper or key, and every accepted answer."""
    if isinstance(part, str):
        if name.endswith("html") or name in ("accepted", "gaps", "rubric", "feedback"):
            yield part
    elif isinstance(part, Mapping):
        for key, each in part.items():
            yield from _texts(each, name if name == "feedback" else key)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each, name)
