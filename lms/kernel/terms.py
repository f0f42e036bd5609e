"""Terms in a running text: the first occurrence of each points at its explanation, and a list at the end explains all.

Whole words only: `rujukan` is found, `rujukannya` and `rujukan-rujukan` are not. A form whose only capital letter is
the first one is found with a small letter too; any other capital must stand as written, so `PAS` is not found in `pas`.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

TITLE = "Istilah di halaman ini"
_SKIPPED = frozenset({"a", "abbr", "code", "pre", "summary", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"})
"""Where nothing is pointed at: headings, links, code, and what is pressed to unfold."""


class Explanation(NamedTuple):
    """What a term means: where the glossary says so, its name, and the explanation as HTML."""

    href: str
    name: str
    html: str


Glossary = Mapping[str, Explanation]
"""Form of a term → what it means."""


class Terms:
    """The terms of one text: `point` marks them in its tree, `list_html` explains those that it found."""

    def __init__(self, glossary: Glossary) -> None:
        self._by_form = {variant: meaning for form, meaning in glossary.items() for variant in _variants(form)}
        forms = sorted(self._by_form, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])") if forms else None
        self._found: dict[str, Explanation] = {}

    def point(self, root: Element) -> None:
        """Make a link of the first occurrence of each term."""
        if self._pattern is None:
            return
        root.text, links = self._split(root.text)
        for child in list(root):
            if child.tag not in _SKIPPED and child.get("class") != "note-title":
                self.point(child)
            place = list(root).index(child) + 1
            child.tail, after = self._split(child.tail)
            root[place:place] = after
        root[:0] = links

    def list_html(self) -> str:
        """Return the list of what was found, folded; nothing if there is nothing."""
        if not self._found:
            return ""
        entries = "".join(
            f"<dt>{html.escape(each.name)}</dt><dd>{each.html}</dd>"
            for each in sorted(self._found.values(), key=lambda each: each.name.casefold())
        )
        return f'<details class="answer"><summary>{TITLE}</summary><dl>{entries}</dl></details>'

    def _split(self, text: str | None) -> tuple[str | None, list[Element]]:
        """Return the text before the first link, and the links with the texts that follow them as tails."""
        if not text or isinstance(text, AtomicString) or self._pattern is None:
            return text, []
        links: list[Element] = []
        before, last = text, 0
        for match in self._new(text):
            link = Element("a", {"class": "term", "href": self._by_form[match.group()].href})
            link.text = match.group()
            if links:
                links[-1].tail = text[last : match.start()]
            else:
                before = text[: match.start()]
            link.tail = text[match.end() :]
            links.append(link)
            last = match.end()
        return before, links

    def _new(self, text: str) -> Iterator[re.Match[str]]:
        for match in self._pattern.finditer(text) if self._pattern else ():
            meaning = self._by_form[match.group()]
            if meaning.href not in self._found:
                self._found[meaning.href] = meaning
                yield match


def _variants(form: str) -> set[str]:
    """The ways in which a form may be written."""
    if form[1:] != form[1:].lower():
        return {form}
    return {form, form[:1].lower() + form[1:], form[:1].upper() + form[1:]}
