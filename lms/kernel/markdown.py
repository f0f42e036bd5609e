"""The one renderer of Markdown: a fixed set of extensions, no raw HTML, cleaned by an allow-list at the end.

What comes out: headings h2–h4 with ids, tables in `div.scroll`, images alone in a paragraph as `figure`, admonitions as
`div.note.note-<kind>` with `p.note-title`, unfolding answers as `details`, footnotes, definition lists, task lists.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

import markdown
import nh3
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor

from lms.kernel.documents import Problem, Severity

MAX_SOURCE = 60_000
"""Characters of one document: about forty printed pages."""
LONG_SENTENCE = 30
"""Words from which a sentence gets a warning."""

Resolve = Callable[[str], str | None]
"""A relative link or image as written → its URL, none for one that does not exist."""

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
_TAG = re.compile(r"</?[a-zA-Z][^>\n]*>|<!--|<![A-Z]|<\?")
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<target>[^)\s]+)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")


@dataclass(frozen=True)
class Rendered:
    """Cleaned HTML, its table of contents [(level, anchor, text)], the words of the text, and what is wrong."""

    html: str
    toc: Sequence[tuple[int, str, str]]
    words: int
    problems: Sequence[Problem]


def render(
    source: str,
    *,
    first_line: int = 1,
    resolve: Resolve = lambda _target: None,
    glossary: Mapping[str, str] | None = None,
) -> Rendered:
    """Render a body. Lines of problems count from `first_line`. `glossary`: abbreviation → explanation."""
    parser = markdown.Markdown(extensions=_extensions(resolve), tab_length=4, output_format="html")
    text = source
    if glossary:
        text += "\n\n" + "\n".join(f"*[{term}]: {meaning}" for term, meaning in glossary.items() if term in text)
    rendered = _clean(parser.convert(text))
    toc = [
        (int(entry["level"]), str(entry["id"]), html.unescape(str(entry["name"])))
        for entry in _flat(parser.toc_tokens)  # type: ignore[attr-defined]
    ]
    problems = sorted(_problems(source, first_line, resolve), key=lambda each: each.line)
    return Rendered(rendered, toc, count_words(source), problems)


def render_inline(source: str) -> str:
    """Render one line or paragraph without a block around it: an option, a stem, a cell."""
    parser = markdown.Markdown(extensions=["sane_lists", _House(lambda _target: None)], output_format="html")
    rendered = _clean(parser.convert(source.strip()))
    inner = rendered.strip()
    if inner.count("<p>") == 1 and inner.startswith("<p>") and inner.endswith("</p>"):
        return inner[3:-4]
    return inner


def count_words(source: str) -> int:
    """Return the number of words a reader meets, roughly: marks and link targets do not count."""
    return len(_WORD.findall(re.sub(r"\]\([^)]*\)|\{[^}]*\}|^\s*[-|:#>*!?]+", " ", source, flags=re.MULTILINE)))


def slug(text: str) -> str:
    """Return the anchor of a heading."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "bagian"


def _extensions(resolve: Resolve) -> list[str | Extension]:
    return [
        "tables", "def_list", "footnotes", "abbr", "sane_lists", "admonition",
        "pymdownx.details", "pymdownx.tasklist",
        TocExtension(slugify=lambda text, _separator: slug(text), toc_depth="2-3"),
        _House(resolve),
    ]  # fmt: skip


class _House(Extension):
    """Links resolved, images as figures, tables that scroll inside themselves, notes by our class names."""

    def __init__(self, resolve: Resolve) -> None:
        super().__init__()
        self.resolve = resolve

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the library's name
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Walk(md, self.resolve), "house", 5)


class _Walk(Treeprocessor):
    def __init__(self, md: markdown.Markdown, resolve: Resolve) -> None:
        super().__init__(md)
        self.resolve = resolve

    def run(self, root: Element) -> None:
        for element in list(root.iter()):
            if element.tag == "a":
                self._link(element)
            elif element.tag == "img":
                self._image(element)
            elif element.tag in ("h1", "h5", "h6"):
                element.tag = "h2" if element.tag == "h1" else "h4"
            elif element.tag in ("td", "th"):
                _align(element)
            elif element.tag == "details":
                element.set("class", "answer")
            elif element.tag == "div" and "admonition" in (element.get("class") or ""):
                _note(element)
        _restructure(root)

    def _link(self, element: Element) -> None:
        href = html.unescape(element.get("href") or "")
        if (element.get("class") or "").startswith("footnote") or href.startswith("#"):
            return
        target = safe_target(href, self.resolve)
        if target is None:
            element.attrib.pop("href", None)
            element.tag = "strong"
            return
        element.set("href", target)
        if target.startswith("http"):
            element.set("rel", "noopener noreferrer")

    def _image(self, element: Element) -> None:
        source = html.unescape(element.get("src") or "")
        path, _, _ = source.partition("#")
        element.set("src", (self.resolve(path) or "") if not urlsplit(path).scheme else "")
        element.set("loading", "lazy")
        element.set("decoding", "async")


def safe_target(href: str, resolve: Resolve) -> str | None:
    """Return where a link leads, or none for a protocol that we do not follow or a file that does not exist."""
    plain = "".join(each for each in href if unicodedata.category(each) not in {"Cc", "Cf"} and not each.isspace())
    try:
        parts = urlsplit(plain)
    except ValueError:
        return None
    if parts.scheme:
        return plain if parts.scheme.lower() in _PROTOCOLS else None
    if parts.netloc or plain.startswith("/"):
        return None
    path, _, anchor = plain.partition("#")
    found = resolve(path)
    return None if found is None else found + (f"#{anchor}" if anchor else "")


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


def _problems(source: str, first_line: int, resolve: Resolve) -> list[Problem]:
    found: list[Problem] = []
    level = 1
    anchors = {slug(match.group(2)) for line in source.split("\n") if (match := _HEADING.match(line))}
    for number, line in enumerate(source.split("\n"), start=first_line):
        plain = re.sub(r"`[^`]*`", "", line)
        if _TAG.search(plain):
            found.append(Problem(number, "raw_html", values={"text": plain.strip()[:60]}))
        if match := _HEADING.match(line):
            depth = len(match.group(1))
            if depth == 1:
                found.append(Problem(number, "heading_of_page", values={"title": match.group(2)[:60]}))
            elif depth > level + 1:
                found.append(Problem(number, "heading_jump", Severity.WARNING, {"title": match.group(2)[:60]}))
            level = max(depth, 1)
        found += _target_problems(number, plain, resolve, anchors)
    return found + _long_sentences(source, first_line)


def _target_problems(number: int, line: str, resolve: Resolve, anchors: set[str]) -> list[Problem]:
    found = []
    for match in _IMAGE.finditer(line):
        if not match["alt"].strip():
            found.append(Problem(number, "image_without_text", values={"target": match["target"][:80]}))
        if resolve(match["target"]) is None:
            found.append(Problem(number, "image_missing", values={"target": match["target"][:80]}))
    for match in _LINK.finditer(line):
        target = match["target"]
        if target.startswith("#"):
            if target[1:] not in anchors:
                found.append(Problem(number, "anchor_missing", values={"target": target[:80]}))
        elif safe_target(target, resolve) is None:
            code = "link_protocol" if re.match(r"[a-zA-Z][\w+.-]*:", target) else "link_broken"
            found.append(Problem(number, code, values={"target": target[:80]}))
    return found


def _long_sentences(source: str, first_line: int) -> list[Problem]:
    found = []
    for number, line in enumerate(source.split("\n"), start=first_line):
        if line.lstrip().startswith(("|", "#", ":--", "```")):
            continue
        text = re.sub(r"\]\([^)]*\)", "]", line)
        for sentence in re.split(r"(?<=[.!?:;])[\"”)]?\s+", text):
            words = len(_WORD.findall(sentence))
            if words > LONG_SENTENCE:
                found.append(
                    Problem(number, "sentence_long", Severity.WARNING, {"words": words, "text": sentence.strip()[:50]})
                )
    return found
