"""The one renderer of Markdown: a fixed set of extensions, no raw HTML, cleaned by an allow-list at the end.

What comes out: headings h2–h4 with ids, tables in `div.scroll`, images alone in a paragraph as `figure`, admonitions as
`div.note.note-<kind>` with `p.note-title`, unfolding answers as `details`, footnotes, definition lists, task lists,
and terms as `a.term` with their list at the end.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit
from xml.etree.ElementTree import Element, SubElement

import markdown
import nh3
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor

from lms.kernel import prose
from lms.kernel.documents import Problem, Severity
from lms.kernel.terms import Glossary, Terms

MAX_SOURCE = 60_000
"""Characters of one document: about forty printed pages."""

Resolve = Callable[[str], str | None]
"""A relative link or image as written → its URL, none for one that does not exist."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
NOTES = ("tip", "note", "warning", "danger", "example", "review")
_PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})
_TAGS = frozenset(
    {
        "a", "abbr", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption",
        "figure", "h2", "h3", "h4", "hr", "img", "input", "li", "ol", "p", "pre", "strong", "sub", "summary", "sup",
        "table", "tbody", "td", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "class", "id", "rel"},
    "abbr": {"title"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "p": {"class"},
    "li": {"id", "class"},
    "sup": {"id"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"},
    "img": {"src", "alt", "loading", "decoding"},
    "input": {"type", "disabled", "checked"},
    "ol": {"start"},
    "details": {"class"},
    "td": {"class"}, "th": {"class", "scope"},
    "ul": {"class"},
}  # fmt: skip
_CLASSES = {
    "div": {"note", "scroll", "footnote", *(f"note-{kind}" for kind in NOTES)},
    "p": {"note-title"},
    "a": {"footnote-ref", "footnote-backref", "term"},
    "details": {"answer"},
    "td": {"right", "center"}, "th": {"right", "center"},
    "ul": {"task-list"}, "li": {"task-list-item"},
}  # fmt: skip
_SCHEME = re.compile(r"[a-zA-Z][\w+.-]*:")
_PARAGRAPHS = re.compile(r"</p>\s*<p>")
_SPARE: "list[tuple[_House, markdown.Markdown]]" = []
"""Parsers of single lines that are not at work: making one costs more than most lines do. Taking one is atomic."""


@dataclass(frozen=True)
class Rendered:
    """Cleaned HTML, its table of contents [(level, anchor, text)], the words of the text, and what is wrong."""

    html: str
    toc: Sequence[tuple[int, str, str]]
    words: int
    problems: Sequence[Problem]
    anchors: frozenset[str] = frozenset()
    """Of all headings."""
    links: Sequence[tuple[int, str]] = ()
    """(line, target as written) of each link to a heading of another document."""


def render(
    source: str,
    *,
    first_line: int = 1,
    resolve: Resolve = lambda _target: None,
    glossary: Glossary | None = None,
) -> Rendered:
    """Render a body. Lines of problems count from `first_line`. `glossary`: form of a term → what it means.

    A text that would cost the parser its stack or minutes becomes nothing but the problem that says so.
    """
    words = prose.count_words(source)
    if too_much := prose.too_much(source, first_line):
        return Rendered("", (), words, [too_much])
    terms = Terms(glossary or {})
    house = _House(resolve, terms)
    parser = markdown.Markdown(extensions=_extensions(house), tab_length=4, output_format="html")
    try:
        rendered = _clean(parser.convert(source) + terms.list_html())
    except RecursionError:
        return Rendered("", (), words, [prose.nested(first_line)])
    toc = [
        (int(entry["level"]), str(entry["id"]), html.unescape(str(entry["name"])))
        for entry in _flat(parser.toc_tokens)  # type: ignore[attr-defined]
    ]
    report = prose.Report(source, first_line, house.seen)
    return Rendered(rendered, toc, words, report.problems(), report.anchors, report.links())


def render_inline(source: str, *, resolve: Resolve = lambda _target: None) -> str:
    """Render one line without a block around it: an option, a stem, a cell.

    Nothing in it begins a block: “1998. Tahun itu” is no list. Paragraphs become line breaks.
    """
    return _inline(source, 1, resolve)[0]


def check_inline(source: str, *, line: int, resolve: Resolve) -> list[Problem]:
    """Return what is wrong with a text that `render_inline` renders, headings and sentences aside."""
    return [problem for problem in _inline(source, line, resolve)[1] if problem.severity is Severity.ERROR]


def _inline(source: str, line: int, resolve: Resolve) -> tuple[str, list[Problem]]:
    if too_much := prose.too_much(source, line):
        return html.escape(source), [too_much]
    house, parser = _SPARE.pop() if _SPARE else _inline_parser()
    house.resolve, house.seen = resolve, prose.Seen()
    try:
        rendered = _clean(parser.convert(source.strip())).strip()
    except RecursionError:
        return html.escape(source), [prose.nested(line)]
    parser.reset()
    _SPARE.append((house, parser))
    inner = _PARAGRAPHS.sub("<br>", rendered.removeprefix("<p>").removesuffix("</p>"))
    return inner, prose.Report(source, line, house.seen).problems()


def _inline_parser() -> tuple["_House", markdown.Markdown]:
    house = _House(lambda _target: None, Terms({}), is_inline=True)
    return house, markdown.Markdown(extensions=[house], output_format="html")


def _extensions(house: Extension) -> list[str | Extension]:
    return [
        "tables", "def_list", "footnotes", "abbr", "sane_lists", "admonition",
        "pymdownx.details", "pymdownx.tasklist",
        TocExtension(slugify=lambda text, _separator: prose.slug(text), toc_depth="2-3", marker=""),
        house,
    ]  # fmt: skip


class _House(Extension):
    """Links resolved, images as figures, tables that scroll inside themselves, notes by our class names."""

    def __init__(self, resolve: Resolve, terms: Terms, *, is_inline: bool = False) -> None:
        super().__init__()
        self.resolve = resolve
        self.terms = terms
        self.is_inline = is_inline
        self.seen = prose.Seen()

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the library's name
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Names(md), "house-names", 6)
        md.treeprocessors.register(_Walk(md, self), "house", -1)
        if self.is_inline:
            for name in ("indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "reference"):
                md.parser.blockprocessors.deregister(name)


class _Names(Treeprocessor):
    """An id that the author gave a heading: `## Judul {#id}`. Before the table of contents, which gives the others."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag in _HEADINGS:
                self._name(element)

    def _name(self, heading: Element) -> None:
        last = heading[-1] if len(heading) else None
        text = (heading.text if last is None else last.tail) or ""
        if found := prose.HEADING_ID.search(text):
            heading.set("id", found.group(1))
            if last is None:
                heading.text = text[: found.start()]
            else:
                last.tail = text[: found.start()]


class _Walk(Treeprocessor):
    """The last look at the tree, when every escape and reference in it has been resolved."""

    def __init__(self, md: markdown.Markdown, house: _House) -> None:
        super().__init__(md)
        self.house = house

    def run(self, root: Element) -> None:
        for element in list(root.iter()):
            if element.tag == "a":
                self._link(element)
            elif element.tag == "img":
                self._image(element)
            elif element.tag in _HEADINGS:
                self._heading(element)
            elif element.tag in ("td", "th"):
                _align(element)
            elif element.tag == "details":
                element.set("class", "answer")
            elif element.tag == "div" and "admonition" in (element.get("class") or ""):
                _note(element)
        _restructure(root)
        self.house.terms.point(root)

    def _heading(self, element: Element) -> None:
        level = int(element.tag[1])
        self.house.seen.headings.append((level, "".join(element.itertext()), element.get("id") or ""))
        element.tag = f"h{min(max(level, 2), 4)}"

    def _link(self, element: Element) -> None:
        href = prose.bare(element.get("href") or "")
        if (element.get("class") or "").startswith("footnote"):
            return
        if href.startswith("#"):
            self.house.seen.anchors.append(href)
            element.set("href", href)
            return
        target = safe_target(href, self.house.resolve)
        if target is None:
            self.house.seen.refused.append(("link_protocol" if _SCHEME.match(href) else "link_broken", href))
            element.attrib.clear()
            element.tag = "strong"
            return
        element.set("href", target)
        if target.startswith("http"):
            element.set("rel", "noopener noreferrer")
        elif "#" in href:
            self.house.seen.links.append(href)

    def _image(self, element: Element) -> None:
        source = prose.bare(element.get("src") or "")
        alternative = element.get("alt") or ""
        if not alternative.strip():
            self.house.seen.refused.append(("image_without_text", source))
        found = self.house.resolve(source.partition("#")[0])
        if found is None:
            self.house.seen.refused.append(("image_missing", source))
            element.attrib.clear()
            element.tag, element.text = "strong", alternative
            return
        element.set("src", found)
        element.set("loading", "lazy")
        element.set("decoding", "async")


def safe_target(href: str, resolve: Resolve) -> str | None:
    """Return where a link leads, or none for a protocol that we do not follow or a file that does not exist."""
    plain = prose.bare(href)
    try:
        parts = urlsplit(plain)
    except ValueError:
        return None
    if parts.scheme:
        return plain if _is_followed(parts) else None
    if parts.netloc or plain.startswith("/"):
        return None
    path, _, anchor = plain.partition("#")
    found = resolve(path)
    return found if found is None or not anchor or "#" in found else f"{found}#{anchor}"


def _is_followed(parts: SplitResult) -> bool:
    scheme = parts.scheme.lower()
    return scheme in _PROTOCOLS and bool(parts.netloc or scheme in ("mailto", "tel"))


def _align(element: Element) -> None:
    style = element.attrib.pop("style", "")
    for side in ("right", "center"):
        if side in style:
            element.set("class", side)


def _note(element: Element) -> None:
    kind = next((each for each in NOTES if each in (element.get("class") or "").split()), "note")
    element.set("class", f"note note-{kind}")
    if len(element) and element[0].get("class") == "admonition-title":
        element[0].set("class", "note-title")


def _restructure(root: Element) -> None:
    """Tables into their own scrolling box, an image alone in its paragraph into a figure."""
    for parent in list(root.iter()):
        for index, child in enumerate(list(parent)):
            if child.tag == "table":
                label = "Tabel"
                box = Element("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label})
                box.tail, child.tail = child.tail, None
                parent[index] = box
                box.append(child)
            elif child.tag == "p" and len(child) == 1 and child[0].tag == "img" and not _has_text(child):
                _figure(child)


def _has_text(paragraph: Element) -> bool:
    return bool((paragraph.text or "").strip() or (paragraph[0].tail or "").strip())


def _figure(paragraph: Element) -> None:
    paragraph.tag = "figure"
    title = paragraph[0].attrib.pop("title", "")
    if title:
        SubElement(paragraph, "figcaption").text = title


def _clean(rendered: str) -> str:
    return nh3.clean(
        rendered,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        allowed_classes={},
        url_schemes=set(_PROTOCOLS),
        link_rel=None,
        attribute_filter=_filter,
    )


def _filter(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [each for each in value.split() if each in _CLASSES.get(tag, set())]
        return " ".join(kept) or None
    if tag == "input" and name == "type" and value != "checkbox":
        return None
    return value


def _flat(tokens: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    flat: list[Mapping[str, Any]] = []
    for token in tokens:
        flat.append(token)
        flat += _flat(token.get("children") or ())
    return flat
