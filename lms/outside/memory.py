"""What was dear to compute, kept in files below the data folder until the facts it was computed from change.

Reading writes nothing into the database; a file that is lost or cannot be written costs one more computation.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any


def recall(folder: Path, name: str, fingerprint: str) -> Any | None:
    """Return what was kept under the name if it was computed from the same facts, else none."""
    kept = _read(folder, name)
    return kept["value"] if kept and kept.get("fingerprint") == fingerprint else None


def latest(folder: Path, name: str) -> Any | None:
    """Return what was last kept under the name, whatever has changed since; none if nothing was."""
    return _read(folder, name).get("value")


def keep(folder: Path, name: str, fingerprint: str, value: Any) -> None:
    """Keep a value (JSON) in place of what was kept under the name; nobody ever reads half a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, suffix=".new")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"fingerprint": fingerprint, "value": value}, file)
        os.replace(path, folder / f"{name}.json")
    except OSError:
        return


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        kept = json.loads((folder / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
