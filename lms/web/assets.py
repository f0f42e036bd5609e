"""The single list of assets: joined, minified, fingerprinted and compressed once, then served for ever.

CSS files are joined into bundles in cascade-layer order: one style request for most pages, two for a quiz or a desk.
Native ES modules keep their names through an import map. WhiteNoise serves the built folder with its .br and .gz twins.
"""

import base64
import gzip
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import brotli
from flask import Flask
from whitenoise import WhiteNoise

SOURCE = Path(__file__).parent / "static"
PREFIX = "aset/"

BUNDLES: Mapping[str, tuple[str, ...]] = {
    "core.css": (
        "layers",
        "reset",
        "tokens",
        "base",
        "layout",
        "tone",
        "button",
        "field",
        "card",
        "hero",
        "lesson",
        "print",
    ),
    "quiz.css": ("quiz",),
    "glossary.css": ("glossary",),
    "desk.css": ("scale", "desk", "table", "report", "editor"),
}
"""Bundle → its CSS files: `core` on every page, `quiz` for questions, `glossary` for terms, `desk` for work."""

COMPRESSED = frozenset({".css", ".js", ".svg"})
_manifest: dict[str, str] = {}


def integrate(app: Flask, data_dir: Path) -> None:
    """Build what has changed and serve it below /aset/ with a year's caching."""
    target = data_dir / "assets"
    _manifest.clear()
    _manifest.update(build(target))
    import_map.cache_clear()
    content_security_policy.cache_clear()
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(target), prefix=PREFIX, immutable_file_test=lambda path, _url: True, max_age=0
    )


def url(name: str) -> str:
    """Return the fingerprinted URL of an asset. Raises KeyError for one that does not exist."""
    return f"/{PREFIX}{_manifest[name]}"


@cache
def icon_url() -> str:
    """Return the icon as a data URL: a page shows it without a request of its own."""
    return f"data:image/svg+xml,{quote((SOURCE / 'img/icon.svg').read_text(encoding='utf-8').strip())}"


@cache
def import_map() -> str:
    """Return the import map: module name → URL."""
    modules = {
        name.removesuffix(".js"): url(name) for name in _manifest if name.startswith("js/") and name != "js/app.js"
    }
    return json.dumps({"imports": modules}, separators=(",", ":"))


@cache
def content_security_policy() -> str:
    """Return the policy of every page: nothing from elsewhere, no inline script but the import map."""
    digest = base64.b64encode(hashlib.sha256(import_map().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'none'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def build(target: Path) -> dict[str, str]:
    """Write every asset into the target under a name with its fingerprint; returns name → file name.

    Nothing is written that is there already, so several workers may start at once; old files stay for pages that
    are still open.
    """
    target.mkdir(parents=True, exist_ok=True)
    manifest = {}
    for name, content in _contents():
        stem, suffix = os.path.splitext(name)
        file_name = f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}{suffix}"
        manifest[name] = file_name
        _write(target / file_name, content, is_text=suffix in COMPRESSED)
    return manifest


def _contents() -> Iterator[tuple[str, bytes]]:
    for bundle, names in BUNDLES.items():
        css = "\n".join((SOURCE / "css" / f"{name}.css").read_text("utf-8") for name in names)
        yield bundle, squeeze(css).encode()
    for folder in ("js", "img"):
        for path in sorted((SOURCE / folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(SOURCE).as_posix(), path.read_bytes()


def squeeze(css: str) -> str:
    """Take comments and the blanks around punctuation away; a minifier would save 15 bytes more once compressed."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*([{};])\s*", r"\1", css)
    return re.sub(r"(?<=[:,]) ", "", css).replace(";}", "}")


def _write(path: Path, content: bytes, *, is_text: bool) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if is_text:
        _place(path.with_name(path.name + ".br"), brotli.compress(content))
        _place(path.with_name(path.name + ".gz"), gzip.compress(content, mtime=0))
    _place(path, content)


def _place(path: Path, content: bytes) -> None:
    """Write beside and rename: nobody ever reads half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def sizes() -> dict[str, Any]:
    """Return asset → bytes as sent with brotli; for the bench."""
    return {name: len(brotli.compress(content)) for name, content in _contents()}
