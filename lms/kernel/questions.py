"""The grammar of questions: a heading is a question, and the shape of its answers says of what kind it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from lms.kernel import headings
from lms.kernel.documents import Problem


class QuestionKind(StrEnum):
    """The kinds; `essay` is marked by a trainer, `scale` is not marked."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    MATCHING = "matching"
    ORDERING = "ordering"
    SHORT = "short"
    NUMERIC = "numeric"
    GAP = "gap"
    ESSAY = "essay"
    SCALE = "scale"


@dataclass(frozen=True)
class Option:
    """One option, pair or item. `other` is the right side of a pair; `is_right` marks a right option."""

    text: str
    line: int
    feedback: str = ""
    is_right: bool = False
    other: str = ""


@dataclass(frozen=True)
class Question:
    """One question as its author wrote it, in Markdown."""

    id: str
    line: int
    kind: QuestionKind
    stem: str
    body: str = ""
    points: int = 1
    problems: tuple[str, ...] = ()
    is_case: bool = False
    pool: str = ""
    options: tuple[Option, ...] = ()
    """Options (single, multiple), pairs (matching; a distractor has no text) or items in the right order (ordering)."""
    accepted: tuple[str, ...] = ()
    """Short answers."""
    ranges: tuple[tuple[Decimal, Decimal], ...] = ()
    """Numeric: lowest and highest accepted."""
    gaps: tuple[tuple[str, ...], ...] = ()
    """Accepted texts of each gap, in the order of the sentence (`gap_text`)."""
    gap_text: str = ""
    """The sentence with `{{…}}` as written."""
    rubric: tuple[tuple[str, int], ...] = ()
    scale: tuple[int, int] = (0, 0)
    explanation: str = ""


@dataclass
class _Block:
    """The lines below one heading."""

    heading: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)


_HEADING = re.compile(r"##\s+(.+?)\s*$")
_OPTION = re.compile(r"[-*]\s+\[(?P<mark>[ xX])\]\s+(?P<text>.*\S)\s*$")
_PAIR = re.compile(r"[-*]\s+(?P<left>.*?)\s*::\s*(?P<right>.*\S)\s*$")
_ITEM = re.compile(r"\d+[.)]\s+(?P<text>.*\S)\s*$")
_ANSWER = re.compile(r"=\s+(?P<text>.*\S)\s*$")
_RUBRIC = re.compile(r"[-*]\s+rubrik:\s*(?P<text>.*?)\s*\((?P<points>\d+)\)\s*$", re.IGNORECASE)
_SCALE = re.compile(r"\((?P<low>\d+)\.\.(?P<high>\d+)\)\s*$")
_GAP = re.compile(r"\{\{(.+?)\}\}")
_BLANK = re.compile(r"_{3,}\s*$")
_PLUS_MINUS = re.compile(r"(?P<middle>\S+)\s*(?:±|\+/-)\s*(?P<width>\S+)$")
_RANGE = re.compile(r"(?P<low>\S+?)\s*\.\.\s*(?P<high>\S+)$")


def parse(body: str, first_line: int) -> tuple[list[Question], str, list[Problem]]:
    """Return the questions, the introduction before the first of them, and what is wrong; lines count from the file."""
    intro, blocks = _blocks(body, first_line)
    questions: list[Question] = []
    problems: list[Problem] = []
    for block in blocks:
        question, wrong = _question(block)
        problems += wrong
        if question is not None:
            questions.append(question)
    return questions, intro, problems


def number(text: str) -> Decimal | None:
    """Read a number in Indonesian or English writing: `3,5`, `3.5`, `1.204,5`, `1,204.5`; none if it is not one.

    One separator alone is decimal, unless it groups three digits after a dot or comma that occurs twice.
    """
    plain = text.strip().replace("\u00a0", "").replace(" ", "").replace("−", "-")
    dot, comma = plain.rfind("."), plain.rfind(",")
    if dot >= 0 and comma >= 0:
        decimal, group = (".", ",") if dot > comma else (",", ".")
        plain = plain.replace(group, "").replace(decimal, ".")
    elif plain.count(".") > 1 or plain.count(",") > 1:
        plain = plain.replace(".", "").replace(",", "")
    else:
        plain = plain.replace(",", ".")
    if len(plain) > 40 or not re.fullmatch(r"[+-]?\d+(\.\d+)?", plain, re.ASCII):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _blocks(body: str, first_line: int) -> tuple[str, list[_Block]]:
    intro: list[str] = []
    blocks: list[_Block] = []
    for line, text in enumerate(body.split("\n"), start=first_line):
        if match := _HEADING.match(text):
            blocks.append(_Block(match.group(1), line))
        elif blocks:
            blocks[-1].lines.append((line, text))
        else:
            intro.append(text)
    return "\n".join(intro).strip(), blocks


def _question(block: _Block) -> tuple[Question | None, list[Problem]]:
    stem, identifier, values, flags = headings.split(block.heading)
    problems: list[Problem] = []
    if not identifier:
        problems.append(Problem(block.line, "question_without_id", values={"title": stem[:60]}))
    body, answers, explanation = _parts(block.lines)
    points = values.get("points", "1")
    if not points.isdigit() or not 1 <= int(points) <= 100:
        problems.append(Problem(block.line, "points_wrong", values={"value": points}))
        points = "1"
    common = {
        "id": identifier or f"baris-{block.line}", "line": block.line, "stem": stem, "points": int(points),
        "problems": tuple(code for code in re.split(r"[\s,]+", values.get("problems", "")) if code),
        "is_case": "kasus" in flags, "pool": values.get("pool", ""), "explanation": explanation,
    }  # fmt: skip
    question, wrong = _by_shape(common, body, answers)
    return question, problems + wrong


_Lines = list[tuple[int, str]]


def _parts(lines: _Lines) -> tuple[_Lines, _Lines, str]:
    """Split what follows a heading into the rest of the stem, the answers, and the explanation."""
    start = next((index for index, (_, text) in enumerate(lines) if _starts_answer(text)), len(lines))
    quoted = [index for index in range(start, len(lines)) if lines[index][1].startswith(">")]
    if start == len(lines):
        quoted = [index for index, (_, text) in enumerate(lines) if text.startswith(">")]
        gap_or_open = quoted[0] if quoted else len(lines)
        return lines[:gap_or_open], [], _explanation(lines[gap_or_open:])
    end = quoted[0] if quoted else len(lines)
    return lines[:start], lines[start:end], _explanation(lines[end:])


def _starts_answer(text: str) -> bool:
    return any(pattern.match(text) for pattern in (_OPTION, _RUBRIC, _PAIR, _ITEM, _ANSWER, _SCALE, _BLANK))


def _explanation(lines: _Lines) -> str:
    return "\n".join(text.removeprefix(">").removeprefix(" ") for _, text in lines if text.startswith(">")).strip()


def _by_shape(common: dict[str, object], body: _Lines, answers: _Lines) -> tuple[Question | None, list[Problem]]:
    text = "\n".join(line for _, line in body).strip()
    gaps = _GAP.findall(text)
    line = int(str(common["line"]))
    if not answers and gaps:
        return _gap(common, text), []
    if not answers:
        return None, [Problem(line, "answers_missing", values={"question": common["id"]})]
    first = answers[0][1]
    made = {"body": text}
    if _SCALE.match(first):
        return _scale(common | made, first), []
    if _BLANK.match(first) or _RUBRIC.match(first):
        return _essay(common | made, answers), []
    if _ANSWER.match(first):
        return _typed(common | made, answers)
    for pattern, kind in ((_OPTION, None), (_PAIR, QuestionKind.MATCHING), (_ITEM, QuestionKind.ORDERING)):
        if pattern.match(first):
            options, wrong = _options(answers, pattern)
            found = kind or _choice_kind(options)
            return Question(**common, **made, kind=found, options=tuple(options)), wrong  # type: ignore[arg-type]
    return None, [Problem(line, "answers_missing", values={"question": common["id"]})]


def _choice_kind(options: Sequence[Option]) -> QuestionKind:
    return QuestionKind.MULTIPLE if sum(option.is_right for option in options) > 1 else QuestionKind.SINGLE


def _options(lines: _Lines, pattern: re.Pattern[str]) -> tuple[list[Option], list[Problem]]:
    """Read options with the indented paragraphs below them as feedback."""
    options: list[Option] = []
    problems: list[Problem] = []
    for line, text in lines:
        if match := pattern.match(text):
            options.append(_option(match, line))
        elif text.startswith(("    ", "\t")) and options:
            last = options[-1]
            feedback = f"{last.feedback}\n{text.strip()}".strip()
            options[-1] = Option(last.text, last.line, feedback, last.is_right, last.other)
        elif text.strip():
            problems.append(Problem(line, "answer_unreadable", values={"text": text.strip()[:60]}))
    return options, problems


def _option(match: re.Match[str], line: int) -> Option:
    groups = match.groupdict()
    if "mark" in groups:
        return Option(groups["text"], line, is_right=groups["mark"] in "xX")
    if "left" in groups:
        return Option(groups["left"], line, other=groups["right"])
    return Option(groups["text"], line)


def _typed(common: dict[str, object], lines: _Lines) -> tuple[Question | None, list[Problem]]:
    problems = [
        Problem(line, "answer_unreadable", values={"text": text.strip()[:60]})
        for line, text in lines
        if text.strip() and not _ANSWER.match(text)
    ]
    texts = [match["text"] for _, text in lines if (match := _ANSWER.match(text))]
    ranges = [_numeric(text) for text in texts]
    if all(each is not None for each in ranges):
        kept = tuple(each for each in ranges if each is not None)
        return Question(**common, kind=QuestionKind.NUMERIC, ranges=kept), problems  # type: ignore[arg-type]
    return Question(**common, kind=QuestionKind.SHORT, accepted=tuple(texts)), problems  # type: ignore[arg-type]


def _numeric(text: str) -> tuple[Decimal, Decimal] | None:
    if match := _PLUS_MINUS.match(text):
        middle, width = number(match["middle"]), number(match["width"])
        return None if middle is None or width is None else (middle - abs(width), middle + abs(width))
    if match := _RANGE.match(text):
        low, high = number(match["low"]), number(match["high"])
        return None if low is None or high is None else (min(low, high), max(low, high))
    exact = number(text)
    return None if exact is None else (exact, exact)


def _gap(common: dict[str, object], text: str) -> Question:
    """The paragraph with the gaps is the sentence; what stands before it is the rest of the stem."""
    paragraphs = text.split("\n\n")
    first = next(index for index, each in enumerate(paragraphs) if _GAP.search(each))
    sentence = "\n\n".join(paragraphs[first:])
    gaps = tuple(
        tuple(part.replace("\\", "").strip() for part in found.split("|") if part.strip("\\ "))
        for found in _GAP.findall(sentence)
    )
    body = "\n\n".join(paragraphs[:first])
    return Question(**common, body=body, kind=QuestionKind.GAP, gaps=gaps, gap_text=sentence)  # type: ignore[arg-type]


def _essay(common: dict[str, object], lines: _Lines) -> Question:
    rubric = tuple((match["text"], int(match["points"])) for _, text in lines if (match := _RUBRIC.match(text)))
    return Question(**common, kind=QuestionKind.ESSAY, rubric=rubric)  # type: ignore[arg-type]


def _scale(common: dict[str, object], text: str) -> Question:
    match = _SCALE.match(text)
    low, high = (int(match["low"]), int(match["high"])) if match else (1, 5)
    return Question(**common, kind=QuestionKind.SCALE, scale=(low, high))  # type: ignore[arg-type]
