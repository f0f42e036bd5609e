"""Finding a term as people type it, and putting terms in order. Pure; an entry is what publishing keeps of a term."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]
"""A term in the paper of a published glossary: id, name, name_en, also (to show), forms (to point from), html."""

_TAG = re.compile(r"<[^>]+>")


def folded(text: str) -> str:
    """Return a text without case and marks above or below letters: `Éś` and `es` are one."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


def matching(entries: Iterable[Entry], wanted: str) -> list[Entry]:
    """Return the entries that hold every word of `wanted`, in order of their names; all of them if it is blank."""
    words = folded(wanted).split()
    found = [entry for entry in entries if all(word in _everything(entry) for word in words)]
    return sorted(found, key=lambda entry: folded(entry["name"]))


def by_letter(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return the entries under their first letters, in the order given; what begins with no letter is under `#`."""
    letters: dict[str, list[Entry]] = {}
    for entry in entries:
        first = folded(entry["name"])[:1]
        letters.setdefault(first.upper() if first.isalpha() else "#", []).append(entry)
    return letters


def _everything(entry: Entry) -> str:
    names: Sequence[str] = (entry["name"], entry["name_en"], *entry["also"])
    return folded(" ".join([*names, _TAG.sub(" ", entry["html"])]))
