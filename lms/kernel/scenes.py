"""The grammar of simulations: a heading with an id is a scene, a list item that links on is a choice."""

import re
from dataclasses import dataclass

from lms.kernel.documents import Problem


@dataclass(frozen=True)
class Choice:
    """One choice: where it leads, what it is worth, and what the mentor says."""

    text: str
    target: str
    value: int
    reply: str
    line: int


@dataclass(frozen=True)
class Scene:
    """One scene; without choices it is an ending."""

    id: str
    title: str
    text: str
    line: int
    text_line: int
    choices: tuple[Choice, ...]


_HEADING = re.compile(r"##[ \t]+(?=\S)(?P<title>.*)$")
_ID = re.compile(r"\{#(?P<id>[\w-]+)\}$")
_CHOICE = re.compile(r"[-*]\s+\[(?P<text>.+)\]\(#(?P<target>[\w-]+)\)\s*(?P<value>[+-]?[0-9]{1,3})?$")


def parse(body: str, first_line: int) -> tuple[list[Scene], str, list[Problem]]:
    """Return the scenes (the first is where it starts), the introduction, and what is wrong."""
    intro: list[str] = []
    problems: list[Problem] = []
    found: list[tuple[str, str, int, list[str], list[Choice]]] = []
    for line, text in enumerate(body.split("\n"), start=first_line):
        if match := _HEADING.match(text):
            title = match["title"].strip()
            named = _ID.search(title)
            if named is None:
                problems.append(Problem(line, "scene_without_id", values={"title": title[:60]}))
            title = title[: named.start()].strip() if named else title
            found.append((named["id"] if named else f"baris-{line}", title, line, [], []))
        elif not found:
            intro.append(text)
        else:
            problems += _add(found[-1][3], found[-1][4], line, text)
    scenes = [
        Scene(key, title, "\n".join(lines).strip(), line, line + 1 + _blank(lines), tuple(made))
        for key, title, line, lines, made in found
    ]
    return scenes, "\n".join(intro).strip(), problems


def _blank(lines: list[str]) -> int:
    """How many lines without text come first."""
    return next((number for number, text in enumerate(lines) if text.strip()), 0)


def _add(lines: list[str], choices: list[Choice], line: int, text: str) -> list[Problem]:
    """Add one line to a scene: a choice, the mentor's reply below it, or text before the choices."""
    if match := _CHOICE.match(text.rstrip()):
        if match["value"] is None:
            return [Problem(line, "choice_without_value", values={"text": match["text"][:60]})]
        choices.append(Choice(match["text"], match["target"], int(match["value"]), "", line))
    elif choices and text.startswith(("    ", "\t")):
        last = choices[-1]
        choices[-1] = Choice(last.text, last.target, last.value, f"{last.reply}\n{text.strip()}".strip(), last.line)
    elif choices and text.strip():
        return [Problem(line, "choice_unreadable", values={"text": text.strip()[:60]})]
    elif not choices:
        lines.append(text)
    return []
