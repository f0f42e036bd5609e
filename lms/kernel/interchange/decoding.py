"""Bytes of a question file become text, whatever their encoding and line ends; what is no text is refused."""

import codecs
import re
import unicodedata

from lms.kernel import errors

LARGEST = 10_000_000
"""Bytes of one file."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding=[\"']([A-Za-z0-9._-]+)[\"']")
_PRIVATE = re.compile("[\ue000-\ue1ff]")


def decode(content: bytes) -> str:
    """Return the text in NFC with LF.

    UTF-8, UTF-16 and UTF-32 are told by their mark or their zeros, XML by what it declares; the rest is Windows-1252,
    which old exports are. Raises Refused with `file_empty`, `file_too_big` or `file_binary`.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise errors.Refused("file_empty", field="file")
    if len(content) > LARGEST:
        raise errors.Refused("file_too_big", field="file", megabytes=LARGEST // 1_000_000)
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        return _normalised(text.removeprefix("\ufeff"))
    raise errors.Refused("file_binary", field="file")


def _encodings(content: bytes) -> list[str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return [encoding]
    if content[:2000].count(0) * 3 > len(content[:2000]):
        return ["utf-16-le" if content[1] == 0 else "utf-16-be"]
    declared = _DECLARED.match(content[:300])
    return [*([declared.group(1).decode()] if declared else []), "utf-8", "cp1252"]


def _normalised(text: str) -> str:
    plain = re.sub("\r\n|\r|\u2028|\u2029|\x85|\x0b|\x0c", "\n", text)
    if any(unicodedata.category(each) in {"Cc", "Cs"} for each in set(plain) - {"\t", "\n"}):
        raise errors.Refused("file_binary", field="file")
    if _PRIVATE.search(plain):
        plain = _PRIVATE.sub("\ufffd", plain)
    return unicodedata.normalize("NFC", plain)
