"""Headings that carry attributes: `## A text {#id .flag name=value other="several words"}`."""

import re
from typing import NamedTuple

_LIST = re.compile(r"\s*\{([^{}]*)\}\s*$")
_ATTRIBUTE = re.compile(r"#(?P<id>[\w-]+)|\.(?P<flag>[\w-]+)|(?P<name>\w+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>\S+))")


class Heading(NamedTuple):
    """A heading taken apart; `id` is empty without one."""

    text: str
    id: str
    values: dict[str, str]
    flags: set[str]


def split(text: str) -> Heading:
    """Return a heading's text apart from the attribute list at its end."""
    match = _LIST.search(text)
    if match is None:
        return Heading(text, "", {}, set())
    identifier, values, flags = "", {}, set()
    for each in _ATTRIBUTE.finditer(match.group(1)):
        if each["id"]:
            identifier = each["id"]
        elif each["flag"]:
            flags.add(each["flag"])
        else:
            values[each["name"]] = each["quoted"] if each["quoted"] is not None else each["bare"]
    return Heading(text[: match.start()].strip(), identifier, values, flags)
