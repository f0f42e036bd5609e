"""Two texts line by line, and within a changed line word by word. Pure; bounded by the size of a text."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CONTEXT_LINES = 3
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A stretch of a line; `is_changed` when it is not in the other text."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the comparison: `same`, `gone`, `new`, or `gap` for unchanged lines left out."""

    kind: str
    old_number: int | None
    new_number: int | None
    pieces: Sequence[Piece]


def compare(old: str, new: str) -> list[Line]:
    """Return the lines that differ, with three lines of context; empty when nothing does."""
    old_lines, new_lines = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=False)
    lines: list[Line] = []
    for number, group in enumerate(matcher.get_grouped_opcodes(CONTEXT_LINES)):
        if number:
            lines.append(Line("gap", None, None, ()))
        for step in group:
            lines.extend(_step(step, old_lines, new_lines))
    return lines


def _step(step: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[Line]:
    kind, a, b, c, d = step
    if kind == "equal":
        for offset in range(b - a):
            yield Line("same", a + offset + 1, c + offset + 1, (Piece(old[a + offset]),))
        return
    pairs = list(zip(old[a:b], new[c:d], strict=False))
    marked = [_words(before, after) for before, after in pairs]
    for offset in range(b - a):
        pieces = marked[offset][0] if offset < len(marked) else (Piece(old[a + offset], True),)
        yield Line("gone", a + offset + 1, None, pieces)
    for offset in range(d - c):
        pieces = marked[offset][1] if offset < len(marked) else (Piece(new[c + offset], True),)
        yield Line("new", None, c + offset + 1, pieces)


def _words(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) > 250_000:
        return [Piece(before, True)], [Piece(after, True)]
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    gone = [Piece("".join(old[a:b]), kind != "equal") for kind, a, b, _, _ in steps if b > a]
    come = [Piece("".join(new[c:d]), kind != "equal") for kind, _, _, c, d in steps if d > c]
    return gone, come
