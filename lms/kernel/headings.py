"""Headings that carry attributes: `## A text {#id .flag name=value other="several words"}`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lms.kernel.documents import Problem

HEADING = re.compile(r"##[ \t]+(?=\S)(.*)$")
"""A heading of the second level, its text with the attributes in group 1."""

_LIST = re.compile(r"\{([^{}]*)\}$")
_ATTRIBUTE = re.compile(
    r"#(?P<id>[\w-]+)|\.(?P<flag>[\w-]+)|(?P<name>\w+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^\s\"]+))"
)


class Heading(NamedTuple):
    """A heading taken apart; `id` is empty without one, `rest` is what stands between the braces without a form."""

    text: str
    id: str
    values: dict[str, str]
    flags: set[str]
    rest: list[str]

    def unknown(self, line: int, *, flags: Sequence[str] = (), names: Sequence[str]) -> list[Problem]:
        """Return a problem for everything between the braces that is neither the id nor one of these."""
        known = ", ".join(["#id", *(f".{flag}" for flag in flags), *(f"{name}=" for name in names)])
        found = [f".{flag}" for flag in self.flags if flag not in flags]
        found += [f"{name}=" for name in self.values if name not in names]
        return [
            Problem(line, "attribute_unknown", values={"value": each[:60], "known": known})
            for each in sorted([*found, *self.rest])
        ]


def split(text: str) -> Heading:
    """Return a heading's text apart from the attribute list at its end."""
    match = _LIST.search(text.strip())
    if match is None:
        return Heading(text.strip(), "", {}, set(), [])
    identifier, values, flags = "", {}, set()
    for each in _ATTRIBUTE.finditer(match.group(1)):
        if each["id"]:
            identifier = each["id"]
        elif each["flag"]:
            flags.add(each["flag"])
        else:
            values[each["name"]] = each["quoted"] if each["quoted"] is not None else each["bare"]
    rest = _ATTRIBUTE.sub(" ", match.group(1)).split()
    return Heading(text.strip()[: match.start()].strip(), identifier, values, flags, rest)
