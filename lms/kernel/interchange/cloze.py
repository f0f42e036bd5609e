"""Embedded answers (cloze) inside a Moodle text: `{1:SHORTANSWER:=Jakarta~=Djakarta}`.

Source: docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type and qtype_multianswer's regular expressions.
"""

import html
import re

from lms.kernel.interchange import numbers
from lms.kernel.interchange.model import FULL, GAP, NOTHING, Answer

_GAP = re.compile(
    r"\{(?P<points>\d*):(?P<kind>NUMERICAL|NM|(?:MULTICHOICE|MC)(?:_)?(?:VS|HS|V|H|S)?|(?:SHORTANSWER|SA|MW)(?:_C|C)?|"
    r"(?:MULTIRESPONSE|MR)(?:_)?(?:HS|H|S)?):(?P<answers>(?:[^{}\\]|\\.)+?)(?<!\\)\}",
    re.DOTALL,
)
_SPLIT = re.compile(r"(?<!\\)~")
_ALTERNATIVE = re.compile(
    r"(?P<sign>=|%(?P<weight>-?\d+(?:[.,]\d*)?)%)?(?P<text>.+?)(?<!\\)(?<!&)(?:#(?P<feedback>.*))?$", re.DOTALL
)
_SPECIAL = re.compile(r"[&~#{}\\<>\"=]")

_KINDS = {
    "NM": "numeric", "NUMERICAL": "numeric", "MR": "response", "MULTIRESPONSE": "response", "MC": "choice",
    "MULTICHOICE": "choice",
}  # fmt: skip


def cut(text: str) -> tuple[str, list[tuple[str, int, tuple[Answer, ...]]]]:
    """Return the text with `GAP` marks; of each gap its kind (typed, choice, numeric, response), points and answers."""
    found: list[tuple[str, int, tuple[Answer, ...]]] = []

    def mark(match: re.Match[str]) -> str:
        kind = next((name for word, name in _KINDS.items() if match["kind"].startswith(word)), "typed")
        parts = (_ALTERNATIVE.match(part) for part in _SPLIT.split(match["answers"]))
        answers = tuple(_answer(part, kind) for part in parts if part)
        found.append((kind, int(match["points"] or 1), answers))
        return GAP.format(len(found) - 1)

    return _GAP.sub(mark, text), found


def written(answers: tuple[Answer, ...]) -> str:
    """Return a gap that accepts these texts; every sign with a meaning is written as a character reference."""
    texts = (_SPECIAL.sub(lambda match: f"&#{ord(match.group(0))};", each.text) for each in answers)
    return "{1:SHORTANSWER:" + "~".join("=" + text.replace("*", "&#92;*") for text in texts) + "}"


def _answer(part: re.Match[str], kind: str) -> Answer:
    text = html.unescape(part["text"]).replace("\\}", "}").replace("\\#", "#").replace("\\~", "~").strip()
    weight = FULL if part["sign"] == "=" else numbers.weight(part["weight"]) if part["weight"] else NOTHING
    feedback = html.unescape(part["feedback"] or "").replace("\\}", "}").replace("\\#", "#").strip()
    bounds = numbers.bounds(text) if kind == "numeric" else None
    low, high = bounds or (None, None)
    is_pattern = kind == "typed" and re.search(r"(?<!\\)\*", text) is not None
    return Answer(text.replace("\\*", "*"), weight, feedback, low=low, high=high, is_pattern=is_pattern)
