"""Packs on disk: a folder of Markdown and media, read and written whole."""

from collections.abc import Mapping
from pathlib import Path

READ = frozenset({".md", ".svg", ".png", ".jpg", ".jpeg", ".webp", ".csv"})
"""The kinds of files that belong to a pack."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return relative path (with `/`) → content of every file of a pack; hidden files are not part of it.

    Raises FileNotFoundError when there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix.lower() in READ and not path.name.startswith(".")
    }


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files below the folder; a file with the same content is left alone."""
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
