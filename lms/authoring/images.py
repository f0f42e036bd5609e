"""What an image is by its bytes, not its name; and whether it is safe to show. Pure."""

import re
import struct
from dataclasses import dataclass
from xml.parsers import expat

from lms.kernel import errors

LARGEST = 1_000_000
"""Bytes of one image."""

_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\.(?:svg|png|jpe?g|webp)")
_FORBIDDEN = frozenset({"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "image"})


@dataclass(frozen=True)
class Image:
    """An image that may be shown; sizes in px where the file tells them."""

    content_type: str
    width: int | None
    height: int | None


def inspect(name: str, content: bytes) -> Image:
    """Return what the image is.

    Raises Refused with `image_name`, `image_too_big`, `image_kind` (not an image of a kind we show) or
    `image_unsafe` (an SVG with script, links to elsewhere or entities).
    """
    if not _NAME.fullmatch(name):
        raise errors.Refused("image_name", field="image", name=name)
    if len(content) > LARGEST:
        raise errors.Refused("image_too_big", field="image", name=name)
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) > 24:
        return Image("image/png", *struct.unpack(">II", content[16:24]))
    if content.startswith(b"\xff\xd8\xff"):
        return Image("image/jpeg", None, None)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Image("image/webp", None, None)
    if name.endswith(".svg"):
        return _svg(name, content)
    raise errors.Refused("image_kind", field="image", name=name)


def _svg(name: str, content: bytes) -> Image:
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rsplit(":", 1)[-1].lower()
        if not found and local != "svg":
            raise errors.Refused("image_kind", field="image", name=name)
        if local in _FORBIDDEN or any(_is_unsafe(key, value) for key, value in attributes.items()):
            raise errors.Refused("image_unsafe", field="image", name=name)
        if not found:
            found.update(attributes or {"viewBox": ""})

    def declare(*_: object) -> None:
        raise errors.Refused("image_unsafe", field="image", name=name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = declare
    parser.StartDoctypeDeclHandler = declare
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise errors.Refused("image_kind", field="image", name=name) from error
    return Image("image/svg+xml", *_view_box(found.get("viewBox", "")))


def _is_unsafe(key: str, value: str) -> bool:
    local = key.rsplit(":", 1)[-1].lower()
    points_away = local in {"href", "src"} and not value.startswith("#")
    return local.startswith("on") or points_away or "javascript:" in value.lower() or "url(http" in value.lower()


def _view_box(text: str) -> tuple[int | None, int | None]:
    parts = text.replace(",", " ").split()
    try:
        return round(float(parts[2])), round(float(parts[3]))
    except (IndexError, ValueError):
        return None, None
