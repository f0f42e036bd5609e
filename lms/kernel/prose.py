"""How a text is written: what was seen while parsing it, and what is wrong with it, at the lines where it stands."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown.util import AMP_SUBSTITUTE

from lms.kernel.documents import Problem, Severity

LONG_SENTENCE = 30
"""Words from which a sentence gets a warning."""
DEEPEST = 12
"""Lists and quotations within each other."""
MOST_OPEN = 40
"""Brackets of one paragraph that may stand open: the parser looks for the end of each one anew."""
MOST_STEPS = 8_000_000
"""Characters that the parser may read again for marks and lines: a paragraph of a page holds three hundred of them."""
MOST_HEADINGS = 300
"""Headings of one text, questions and scenes among them: each costs time."""
MOST_PARAGRAPHS = 2_500
"""Paragraphs of one text: forty pages hold a few hundred."""
MOST_LOCATED = 200
"""Links of one kind that are looked up in the text: more would only cost time."""
RESERVED = frozenset({"isi", "tujuan", "akhir", "ditolak", "kosong", "toc-title"})
"""Anchors that pages use themselves."""

_TAG = re.compile(
    r"<(?!https?://|mailto:|[^\s<>@]+@[^\s<>@]+>)/?[a-zA-Z](?:[^<>\n]|\n(?![ \t]*\n))*>|<!--|<![A-Za-z]|<\?"
)
"""Markup, also over two lines; not an address between angle brackets, and not `a < b`."""
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]*[^\s#]")
_UNDERLINE = re.compile(r"(?:=+|-+)[ ]*$")
HEADING_ID = re.compile(r"\s*\{#([a-z0-9][a-z0-9-]*)\}\s*$")
_HIDDEN = re.compile(r"\\.|`[^`]*`")
"""What does not open or close a bracket: an escaped mark, code."""
_MARK = re.compile(r"[\[*_`\\&<|{]|:(?=[ \t])")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_NESTING = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*")
_UNIT = re.compile(r"[ \t]*(?:[-*+][ \t]|\d+[.)]|>|:|!!!|\?\?\?|\[\^[^\]]+\]:)")
"""What begins a new unit of text: a list item, a quotation, a definition, a note."""
_SENTENCE_END = re.compile(r"(?<=[.!?:;])[\"”)]*\s+")
_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")


@dataclass
class Seen:
    """What the tree holds, in its order: headings (level, text, id), refused targets (code, target), and links."""

    headings: list[tuple[int, str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    """Targets within the page."""
    links: list[str] = field(default_factory=list)
    """Targets at a heading of another document."""


def count_words(source: str) -> int:
    """Return the number of words a reader meets, roughly: marks and link targets do not count."""
    return len(_WORD.findall(re.sub(r"\]\([^()]*\)|\{[^{}]*\}|^[ \t]*[-|:#>*!?]+", " ", source, flags=re.MULTILINE)))


def slug(text: str) -> str:
    """Return the anchor of a heading; one that a page uses itself gets a word before it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "bagian"
    return f"bagian-{found}" if found in RESERVED else found


def bare(href: str) -> str:
    """Return a target as a browser reads it: entities resolved, without blanks and invisible characters."""
    plain = html.unescape(href.replace(AMP_SUBSTITUTE, "&"))
    return "".join(each for each in plain if unicodedata.category(each) not in {"Cc", "Cf"} and not each.isspace())


def too_much(source: str, first_line: int) -> Problem | None:
    """Return a problem where the parser would lose its stack or need minutes, if anywhere."""
    return too_deep(source, first_line) or _too_many_headings(source, first_line) or _too_full(source, first_line)


def too_deep(source: str, first_line: int) -> Problem | None:
    """Return a problem where too much stands within each other, if anywhere.

    Deep nesting costs the parser its stack, open brackets cost it minutes; and no reader can follow either.
    """
    square = curved = 0
    for number, line in enumerate(source.split("\n"), start=first_line):
        marks = _NESTING.match(line)
        opening = re.findall(r"[^\s\d]", marks.group() if marks else "")
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        plain = _HIDDEN.sub("", line)
        square = max(0, square + plain.count("[") - plain.count("]")) if line.strip() else 0
        curved = max(0, curved + plain.count("(") - plain.count(")")) if line.strip() else 0
        is_deep = len(opening) > DEEPEST or (line.strip() and indent > 4 * DEEPEST)
        if is_deep or max(square, curved) > MOST_OPEN:
            return nested(number)
    return None


def _too_full(source: str, first_line: int) -> Problem | None:
    """Return a problem at the fullest paragraph if the parser would go over such ones too often.

    It reads a paragraph anew for almost every mark and line in it.
    """
    steps: list[tuple[int, int]] = []
    blocks = _BLANK_LINE.split(source)
    if len(blocks) > MOST_PARAGRAPHS:
        return Problem(first_line, "paragraphs_too_many", values={"most": MOST_PARAGRAPHS})
    line = first_line
    for block in blocks:
        steps.append((len(block) * (len(_MARK.findall(block)) + block.count("\n")), line))
        line += block.count("\n") + 2
    if sum(cost for cost, _ in steps) <= MOST_STEPS:
        return None
    return Problem(max(steps)[1], "paragraph_too_full")


def _too_many_headings(source: str, first_line: int) -> Problem | None:
    lines = source.split("\n")
    count = 0
    for number, line in enumerate(lines):
        count += bool(_HEADING.match(line) or (number and _UNDERLINE.match(line) and lines[number - 1].strip()))
        if count > MOST_HEADINGS:
            return Problem(first_line + number, "headings_too_many", values={"most": MOST_HEADINGS})
    return None


def nested(line: int) -> Problem:
    """Return the problem of a text that the parser could not follow down."""
    return Problem(line, "nested_too_deep", values={"deepest": DEEPEST})


class Report:
    """Findings of one text: what was seen in the tree, at the lines where the text says it."""

    def __init__(self, source: str, first_line: int, seen: Seen) -> None:
        self.source = source
        self.first_line = first_line
        self.seen = seen
        self.anchors = frozenset(anchor for _, _, anchor in seen.headings if anchor)

    def problems(self) -> list[Problem]:
        """Return everything that is wrong, by line."""
        found = [*self._raw_html(), *self._headings(), *self._targets(), *long_sentences(self.source, self.first_line)]
        return sorted(found, key=lambda each: (each.line, each.code))

    def links(self) -> list[tuple[int, str]]:
        """Return (line, target) of each link to a heading of another document."""
        return list(self._located(self.seen.links))

    def _raw_html(self) -> Iterator[Problem]:
        plain = "\n".join(re.sub(r"`[^`]*`", "", line) for line in self.source.split("\n"))
        said: set[int] = set()
        for match in _TAG.finditer(plain):
            line = self.first_line + plain.count("\n", 0, match.start())
            if line not in said:
                said.add(line)
                yield Problem(line, "raw_html", values={"text": match.group()[:60]})

    def _headings(self) -> Iterator[Problem]:
        level, anchors = 1, Counter(anchor for _, _, anchor in self.seen.headings)
        for line, (depth, text, anchor) in zip(self._heading_lines(), self.seen.headings, strict=True):
            if depth == 1:
                yield Problem(line, "heading_of_page", values={"title": text[:60]})
            elif depth > level + 1:
                yield Problem(line, "heading_jump", Severity.WARNING, {"title": text[:60]})
            if anchor and (anchors[anchor] > 1 or anchor in RESERVED):
                yield Problem(line, "id_doubled", values={"id": anchor})
            level = depth

    def _heading_lines(self) -> list[int]:
        """The lines of the headings, in their order; a line that only looks like a heading is passed over."""
        lines = self.source.split("\n")
        underlined = [bool(_UNDERLINE.match(line)) for line in lines[1:]] + [False]
        marked = [n for n, line in enumerate(lines) if _HEADING.match(line) or (line.strip() and underlined[n])]
        found, place = [], 0
        for _, text, _ in self.seen.headings:
            ahead = range(place, min(place + 5, len(marked)))
            place = next((each for each in ahead if slug(HEADING_ID.sub("", lines[marked[each]])) == slug(text)), place)
            found.append(self.first_line + (marked[min(place, len(marked) - 1)] if marked else 0))
            place += 1
        return found

    def _targets(self) -> Iterator[Problem]:
        missing = [target for target in self.seen.anchors if target[1:] not in self.anchors]
        codes = [code for code, _ in self.seen.refused] + ["anchor_missing"] * len(missing)
        targets = [target for _, target in self.seen.refused] + missing
        for code in dict.fromkeys(codes):
            of_code = [target for each, target in zip(codes, targets, strict=True) if each == code]
            for line, target in self._located(of_code):
                yield Problem(line, code, values={"target": target[:80]})

    def _located(self, targets: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Each target with its line: the second mention of one is looked for after the first."""
        lines = [bare(line) for line in self.source.split("\n")] if targets else []
        used: Counter[str] = Counter()
        for target in targets[:MOST_LOCATED]:
            found = [number for number, line in enumerate(lines) if target and target in line] or [0]
            yield self.first_line + found[min(used[target], len(found) - 1)], target
            used[target] += 1


def long_sentences(source: str, first_line: int) -> list[Problem]:
    """Return a warning for each sentence that is too long, also over several lines."""
    found = []
    for start, unit in _units(source):
        text = re.sub(r"\]\([^()]*\)", lambda match: "]" + "\n" * match.group().count("\n"), unit)
        position = 0
        for end in [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]:
            sentence = text[position:end]
            words = len(_WORD.findall(sentence))
            if words > LONG_SENTENCE:
                line = first_line + start + text.count("\n", 0, position)
                values = {"words": words, "text": " ".join(sentence.split())[:50]}
                found.append(Problem(line, "sentence_long", Severity.WARNING, values))
            position = end
    return found


def _units(source: str) -> list[tuple[int, str]]:
    """Paragraphs and list items: (index of the first line, text); tables and headings hold no sentences."""
    units: list[tuple[int, list[str]]] = []
    is_open = False
    for number, line in enumerate(source.split("\n")):
        if not line.strip() or line.lstrip().startswith(("|", "#", "```")):
            is_open = False
        elif is_open and not _UNIT.match(line):
            units[-1][1].append(line)
        else:
            units.append((number, [line]))
            is_open = True
    return [(number, "\n".join(lines)) for number, lines in units]
