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
    try:
        kept = json.loads((folder / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return kept["value"] if isinstance(kept, dict) and kept.get("fingerprint") == fingerprint else None


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
