"""Texts of Moodle (HTML, its automatic format, plain, Markdown) become our Markdown.

HTML goes through the cleaner that we already trust with our own output (nh3, a real HTML5 parser): what is left is well
formed and holds only the tags below, so that the walk over it is small.
"""

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Iterator, MutableMapping
from html.parser import HTMLParser
from urllib.parse import unquote

import nh3

from lms.kernel.interchange.model import LONGEST_TEXT, Refusal

_TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "i", "img",
    "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_BLOCKS = {"blockquote", "dd", "div", "dl", "dt", "ol", "p", "pre", "table", "ul"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_AROUND = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_LINE_START = re.compile(r"(?m)^(?=(?:#{1,6}\s|>|=\s|\(\d+\.\.\d+\)\s*$|_{3,}\s*$|:\s))(.)")
_NUMBERED = re.compile(r"(?m)^(\d+)([.)])(?=\s)")
_PAIR = re.compile(r"(?m)^( *[-*] .*?):(?=:)")
_DATA = re.compile(r"data:image/(png|jpe?g|webp|svg\+xml);base64,([A-Za-z0-9+/=\s]+)$")
_INLINE = re.compile(r"base64,[A-Za-z0-9+/=]+")
_LOST = re.compile(r"<(?:audio|canvas|embed|form|iframe|input|math|object|script|svg|video)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(r"<img\b[^>]{0,500}\bsrc\s{0,9}=\s{0,9}[\"']?https?:", re.IGNORECASE)
DEEPEST_LIST = 4
_PLUGIN = "@@PLUGINFILE@@/"

Pictures = MutableMapping[str, bytes]


def to_markdown(text: str, kind: str, pictures: Pictures) -> str:
    """Return the text as Markdown; unless it was Markdown before, no line of it looks like an answer of our grammar.

    kind: `html`, `moodle` (HTML in which line ends count), `plain` or `markdown`. Images that stand in the HTML as
    data are added to `pictures`.
    """
    if kind == "markdown":
        return _plugin_files(text).strip()
    if kind == "plain" or (kind == "moodle" and not re.search(r"<[a-zA-Z/!]|&[a-zA-Z#]", text)):
        return guarded(escaped(text.strip()))
    source = text.strip().replace("\n", "<br>") if kind == "moodle" else text
    walk = _Walk(pictures)
    walk.feed(nh3.clean(source, tags=_TAGS, attributes={"a": {"href"}, "img": {"src", "alt"}}, link_rel=None,
                        url_schemes={"http", "https", "mailto", "tel", "data"}))  # fmt: skip
    walk.close()
    return guarded(walk.markdown())


def losses(text: str, kind: str) -> Iterator[str]:
    """What `to_markdown` leaves out of a text, or changes, that its author would miss."""
    if kind not in ("plain", "markdown"):
        if _LOST.search(text):
            yield "parts_dropped"
        if _ELSEWHERE.search(text):
            yield "picture_became_link"


def bounded(text: str) -> str:
    """Return the text. Raises Refusal("question_too_long") when it is longer than one text may be, images aside."""
    if len(text) > LONGEST_TEXT and len(_INLINE.sub("", text)) > LONGEST_TEXT:
        raise Refusal("question_too_long", longest=LONGEST_TEXT)
    return text


def escaped(text: str) -> str:
    """Return plain text so that Markdown shows it as it is."""
    text = re.sub(r"[\\`]", r"\\\g<0>", text)
    text = re.sub(r"(?<!\s)\*|\*(?!\s)", r"\\*", text)
    text = re.sub(r"(?<![\w_])_(?=[^\s_])|(?<=[^\s_])_(?![\w_])", r"\\_", text)
    text = re.sub(r"\[(?=[^\]\n]{0,300}\][(\[])", r"\\[", text)
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    return re.sub(r"<(?=[a-zA-Z/!?])", "&lt;", text)


def guarded(text: str) -> str:
    """Return Markdown in which no line begins as a question, an answer or an explanation does."""
    text = _LINE_START.sub(lambda match: f"&#{ord(match.group(1))};", text)
    return _PAIR.sub(r"\1&#58;", _NUMBERED.sub(r"\1&#46;", text))


def picture_name(name: str) -> str:
    """Return a file name that our media folder takes: small letters, digits, dashes."""
    stem, _, ending = unquote(name).strip().rsplit("/", 1)[-1].rpartition(".")
    plain = re.sub(r"[^a-z0-9]+", "-", (stem or ending).lower()).strip("-") or "gambar"
    return f"{plain[:60].strip('-')}.{ending.lower()}" if stem else plain


def _plugin_files(text: str) -> str:
    return re.sub(r"@@PLUGINFILE@@/([^\s)\"']+)", lambda match: f"media/{picture_name(match.group(1))}", text)


class _Walk(HTMLParser):
    """Writes Markdown while the cleaned HTML goes by; nothing but a few open tags is held."""

    def __init__(self, pictures: Pictures) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures = pictures
        self.out: list[str] = []
        self.lists: list[str] = []
        self.links: list[str] = []
        self.is_kept = False
        self.cells = 0
        self.is_ruled = False

    def markdown(self) -> str:
        """What was written, without empty lines too many."""
        text = "\n".join(line.rstrip() for line in "".join(self.out).replace("\u00a0", " ").split("\n"))
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    def handle_data(self, data: str) -> None:
        self.out.append(data if self.is_kept else escaped(re.sub(r"[ \t\n]+", " ", data)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _AROUND:
            self.out.append(_AROUND[tag])
            self.is_kept = self.is_kept or tag == "code"
        elif tag == "img":
            self._image(values)
        elif tag == "a":
            self.links.append(values.get("href", ""))
            self.out.append("[" if self.links[-1] else "")
        else:
            self._open_block(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _AROUND:
            self.out.append(_AROUND[tag])
            self.is_kept = self.is_kept and tag != "code"
        elif tag == "a":
            target = self.links.pop() if self.links else ""
            self.out.append(f"]({target})" if target else "")
        elif tag in _HEADINGS:
            self.out.append("**\n\n")
        else:
            self._close_block(tag)

    def _open_block(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self.lists.append(tag)
        if tag in _HEADINGS:
            self.out.append("\n\n**")
        elif tag == "br":
            self.out.append("\n")
        elif tag == "li":
            self.out.append("\n" + "    " * (min(len(self.lists), DEEPEST_LIST) - 1) + "- ")
        elif tag in ("td", "th"):
            self.out.append("| ")
            self.cells += 1
        elif tag == "table":
            self.is_ruled = False
            self.out.append("\n\n")
        elif tag in _BLOCKS and not self.lists and not self.cells:
            self.out.append("\n\n")
        elif tag == "ul" or tag == "ol":
            self.out.append("\n\n" if len(self.lists) == 1 else "")

    def _close_block(self, tag: str) -> None:
        if tag == "tr":
            self.out.append("|\n" + ("" if self.is_ruled else "| --- " * self.cells + "|\n"))
            self.is_ruled, self.cells = True, 0
        elif tag in ("td", "th"):
            self.out.append(" ")
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
            self.out.append("" if self.lists else "\n\n")
        elif tag in _BLOCKS and not self.lists and not self.cells:
            self.out.append("\n\n")

    def _image(self, values: dict[str, str]) -> None:
        source, alt = values.get("src", ""), re.sub(r"[\[\]\n]", " ", values.get("alt", "")).strip()
        if source.startswith(_PLUGIN):
            self.out.append(f"![{alt}](media/{picture_name(source.removeprefix(_PLUGIN).partition('?')[0])})")
        elif (match := _DATA.match(source)) and (content := decoded(match.group(2))):
            ending = {"svg+xml": "svg", "jpeg": "jpg"}.get(match.group(1), match.group(1))
            name = f"gambar-{hashlib.sha256(content).hexdigest()[:8]}.{ending}"
            self.pictures[name] = content
            self.out.append(f"![{alt}](media/{name})")
        elif source.startswith("http"):
            self.out.append(f"[{alt or source}]({source})")


def decoded(text: str) -> bytes:
    """Return the bytes of a Base64 text, nothing if it is none."""
    try:
        return base64.b64decode(re.sub(r"\s+", "", text), validate=True)
    except (binascii.Error, ValueError):
        return b""


def plain(text: str) -> str:
    """Return a text without tags: names, accepted answers written in an editor."""
    return html.unescape(re.sub(r"<[a-zA-Z/][^>]*>", " ", text)).strip() if "<" in text else text.strip()
