"""The grammar of questions: a heading is a question, and the shape of its answers says of what kind it is."""

import re
from collections.abc import Mapping, Sequence
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
    body_line: int = 0
    gap_line: int = 0
    explanation_line: int = 0
    """Where these texts begin."""


@dataclass(frozen=True)
class Reference:
    """A question that lives in another quiz and is asked here too: `## @mrs-4-q03 {points=2 pool="dasar"}`.

    Points and pool belong to the use: without `points` the question keeps its own, without `pool` it is in none.
    """

    id: str
    line: int
    points: int | None = None
    pool: str = ""


@dataclass
class _Block:
    """The lines below one heading."""

    heading: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)


FLAGS = ("kasus",)
NAMES = ("points", "problems", "pool")
"""What the braces of a question may hold besides its id."""
OF_A_USE = ("points", "pool")
"""What the braces of a reference may hold."""
LONGEST_NUMBER = 90
"""Characters of a number with its tolerance."""
WIDEST_SCALE = 10
"""Steps of a scale that fit on a phone."""

_REFERENCE = re.compile(r"@(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)$")
_OPTION = re.compile(r"[-*]\s+\[(?P<mark>[ xX])\]\s+(?P<text>\S.*)$")
_PAIR = re.compile(r"[-*]\s(?P<left>.*?)::\s*(?P<right>\S.*)$")
_ITEM = re.compile(r"[0-9]{1,9}[.)]\s+(?P<text>\S.*)$")
_ANSWER = re.compile(r"=\s+(?P<text>\S.*)$")
_RUBRIC = re.compile(r"[-*]\s+rubrik:(?P<text>.*)\((?P<points>[0-9]{1,3})\)$", re.IGNORECASE)
_SCALE = re.compile(r"\((?P<low>[0-9]{1,3})\.\.(?P<high>[0-9]{1,3})\)$")
GAP = re.compile(r"\{\{([^{}\n]*)\}\}")
_BLANK = re.compile(r"_{3,}$")
_PLUS_MINUS = re.compile(r"(?P<first>[^±]+?)(?:±|\+/-)(?P<second>[^±]+)$")
_RANGE = re.compile(r"(?P<first>[^ ]+?) ?\.\. ?(?P<second>[^ ]+)$")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
"""Either a thousand and more, or a number with three decimals."""


def parse(body: str, first_line: int) -> tuple[list[Question], str, list[Problem]]:
    """Return the questions, the introduction before the first of them, and what is wrong; lines count from the file.

    References are left to `references`.
    """
    intro, blocks = _blocks(body, first_line)
    questions: list[Question] = []
    problems: list[Problem] = []
    for block in blocks:
        if _refers(block):
            continue
        question, wrong = _question(block)
        problems += wrong
        if question is not None:
            questions.append(question)
    return questions, intro, problems


def references(body: str, first_line: int) -> tuple[list[Reference], list[Problem]]:
    """Return the questions of other quizzes that a text asks, and what is wrong with how they are named.

    A heading is a reference when it is nothing but `@id`; one that has an id of its own is a question.
    """
    found: list[Reference] = []
    problems: list[Problem] = []
    for block in _blocks(body, first_line)[1]:
        if name := _refers(block):
            heading = headings.split(block.heading)
            problems += heading.unknown(block.line, names=OF_A_USE)
            points, wrong = _points(heading.values, block.line)
            problems += wrong
            problems += [
                Problem(line, "reference_with_text", values={"id": name}) for line, text in block.lines if text.strip()
            ][:1]
            is_said = "points" in heading.values
            found.append(Reference(name, block.line, points if is_said else None, heading.values.get("pool", "")))
    return found, problems


def written(body: str) -> dict[str, str]:
    """Return each question's id → its text as its author wrote it, without the blank lines around it."""
    texts: dict[str, str] = {}
    for block in _blocks(body, 1)[1]:
        lines = [f"## {block.heading}", *(text for _, text in block.lines)]
        texts.setdefault(headings.split(block.heading).id, "\n".join(lines).strip())
    return texts


def number(text: str) -> Decimal | None:
    """Read a number in Indonesian or English writing: `3,5`, `3.5`, `1.204,5`, `1,204.5`; none if it is not one.

    One separator alone is decimal, unless it groups three digits after a dot or comma that occurs twice. What else
    `1.204` may mean is said by `readings`.
    """
    plain = _bare(text)
    dot, comma = plain.rfind("."), plain.rfind(",")
    if dot >= 0 and comma >= 0:
        decimal, group = (".", ",") if dot > comma else (",", ".")
        plain = plain.replace(group, "").replace(decimal, ".")
    elif re.fullmatch(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}|[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}", plain):
        plain = plain.replace(".", "").replace(",", "")
    else:
        plain = plain.replace(",", ".")
    if len(plain) > 40 or not re.fullmatch(r"[+-]?\d+(\.\d+)?", plain, re.ASCII):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def readings(text: str) -> list[Decimal]:
    """Return every number that the text may mean, none if it is not one.

    `1.204` is one thousand two hundred and four in Indonesian and a little more than one in English, `1,204` the other
    way round: both are read both ways, the whole number first. Anything else has one reading.
    """
    found = number(text)
    plain = _bare(text)
    if found is None or not _GROUPED.fullmatch(plain):
        return [] if found is None else [found]
    return [Decimal(re.sub(r"[.,]", "", plain)), found]


def _bare(text: str) -> str:
    return text.strip().replace("\u00a0", "").replace(" ", "").replace("−", "-")


def _blocks(body: str, first_line: int) -> tuple[str, list[_Block]]:
    intro: list[str] = []
    blocks: list[_Block] = []
    for line, text in enumerate(body.split("\n"), start=first_line):
        if match := headings.HEADING.match(text):
            blocks.append(_Block(match.group(1).strip(), line))
        elif blocks:
            blocks[-1].lines.append((line, text))
        else:
            intro.append(text)
    return "\n".join(intro).strip(), blocks


def _refers(block: _Block) -> str:
    """The id of the question that a heading refers to; empty for a question."""
    heading = headings.split(block.heading)
    match = _REFERENCE.match(heading.text)
    return match["id"] if match and not heading.id else ""


def _points(values: Mapping[str, str], line: int) -> tuple[int, list[Problem]]:
    points = values.get("points", "1")
    if re.fullmatch(r"[0-9]{1,3}", points) and 1 <= int(points) <= 100:
        return int(points), []
    return 1, [Problem(line, "points_wrong", values={"value": points[:60]})]


def _question(block: _Block) -> tuple[Question | None, list[Problem]]:
    heading = headings.split(block.heading)
    stem, identifier, values, flags, _ = heading
    problems = heading.unknown(block.line, flags=FLAGS, names=NAMES)
    if not identifier:
        problems.append(Problem(block.line, "question_without_id", values={"title": stem[:60]}))
    body, answers, explanation = _parts(block.lines)
    points, wrong_points = _points(values, block.line)
    problems += wrong_points
    common = {
        "id": identifier or f"baris-{block.line}", "line": block.line, "stem": stem, "points": points,
        "problems": tuple(code for code in re.split(r"[\s,]+", values.get("problems", "")) if code),
        "is_case": "kasus" in flags, "pool": values.get("pool", ""), "explanation": _explanation(explanation),
        "body_line": _first_line(body, block.line), "explanation_line": _first_line(explanation, block.line),
    }  # fmt: skip
    question, wrong = _by_shape(common, body, answers)
    return question, problems + wrong


_Lines = list[tuple[int, str]]


def _first_line(lines: _Lines, otherwise: int) -> int:
    return next((line for line, text in lines if text.strip()), otherwise)


def _parts(lines: _Lines) -> tuple[_Lines, _Lines, _Lines]:
    """Split what follows a heading into the rest of the stem, the answers, and the explanation."""
    start = next((index for index, (_, text) in enumerate(lines) if _starts_answer(text.rstrip())), len(lines))
    searched = range(0 if start == len(lines) else start, len(lines))
    end = next((index for index in searched if lines[index][1].startswith(">")), len(lines))
    answers = [(line, text.rstrip()) for line, text in lines[start:end]]
    return lines[: min(start, end)], answers, lines[end:]


def _starts_answer(text: str) -> bool:
    return any(pattern.match(text) for pattern in (_OPTION, _RUBRIC, _PAIR, _ITEM, _ANSWER, _SCALE, _BLANK))


def _explanation(lines: _Lines) -> str:
    return "\n".join(text.removeprefix(">").removeprefix(" ") for _, text in lines if text.startswith(">")).strip()


def _by_shape(common: dict[str, object], body: _Lines, answers: _Lines) -> tuple[Question | None, list[Problem]]:
    text = "\n".join(line for _, line in body).strip()
    line = int(str(common["line"]))
    if not answers and GAP.search(text):
        return _gap(common, body)
    if not answers:
        return None, [Problem(line, "answers_missing", values={"question": common["id"]})]
    first = answers[0][1]
    made = {"body": text}
    if _SCALE.match(first):
        return _scale(common | made, first)
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
        return Option(groups["left"].strip(), line, other=groups["right"])
    return Option(groups["text"], line)


def _typed(common: dict[str, object], lines: _Lines) -> tuple[Question | None, list[Problem]]:
    problems = [
        Problem(line, "answer_unreadable", values={"text": text.strip()[:60]})
        for line, text in lines
        if text.strip() and not _ANSWER.match(text)
    ]
    texts = [match["text"] for _, text in lines if (match := _ANSWER.match(text))]
    ranges = [_numeric(text) for text in texts]
    if all(ranges):
        kept = tuple(dict.fromkeys(each for found in ranges for each in found))
        return Question(**common, kind=QuestionKind.NUMERIC, ranges=kept), problems  # type: ignore[arg-type]
    return Question(**common, kind=QuestionKind.SHORT, accepted=tuple(texts)), problems  # type: ignore[arg-type]


_Span = tuple[Decimal, Decimal]


def _numeric(text: str) -> list[_Span]:
    """Every span of numbers that a key may mean, lowest and highest; none if it is not a number.

    A number alone means all its `readings`. With a tolerance or an end of a range beside it, that one tells how both
    are written: see `_pairs`.
    """
    plain = " ".join(text.split())
    if len(plain) > LONGEST_NUMBER:
        return []
    if match := _PLUS_MINUS.match(plain):
        return [(middle - abs(width), middle + abs(width)) for middle, width in _pairs(match["first"], match["second"])]
    if match := _RANGE.match(plain):
        pairs = _pairs(match["first"], match["second"])
        ordered = [pair for pair in pairs if pair[0] <= pair[1]]
        return ordered or [(high, low) for low, high in pairs]
    return [(exact, exact) for exact in readings(text)]


def _pairs(first: str, second: str) -> list[_Span]:
    """The readings of two numbers that are written in one way.

    Where one of them is certain, it decides: `1.204 ± 0,5` has a decimal comma, so the dot groups; beside a number
    without either mark, as in `900..1.100`, the mark groups too. Where neither is, both ways count.
    """
    if not readings(first) or not readings(second):
        return []
    marks = {mark for each in (first, second) if (mark := _decimal_mark(each))}
    pairs = [(_read(first, mark), _read(second, mark)) for mark in sorted(marks or {".", ","})]
    if not marks and any(not re.search(r"[.,]", each) for each in (first, second)):
        return [max(pairs, key=lambda pair: abs(pair[0]) + abs(pair[1]))]
    return pairs


def _decimal_mark(text: str) -> str:
    """Which mark this number shows to be the decimal one; empty when it shows neither."""
    plain = _bare(text)
    marks = re.findall(r"[.,]", plain)
    if not marks or _GROUPED.fullmatch(plain):
        return ""
    is_grouping = len(marks) > 1 and len(set(marks)) == 1
    return {".": ",", ",": "."}[marks[-1]] if is_grouping else marks[-1]


def _read(text: str, decimal_mark: str) -> Decimal:
    """The reading in which this mark is decimal."""
    return readings(text)[-1 if decimal_mark in text else 0]


def _gap(common: dict[str, object], lines: _Lines) -> tuple[Question, list[Problem]]:
    """The paragraph with the gaps is the sentence; what stands before it is the rest of the stem."""
    found = next(index for index, (_, text) in enumerate(lines) if GAP.search(text))
    start = next((index + 1 for index in range(found, -1, -1) if not lines[index][1].strip()), 0)
    sentence = "\n".join(text for _, text in lines[start:]).strip()
    gaps = tuple(
        tuple(part.replace("\\", "").strip() for part in each.split("|") if part.strip("\\ "))
        for each in GAP.findall(sentence)
    )
    problems = [
        Problem(line, "gap_empty", values={"question": common["id"]})
        for line, text in lines
        for each in GAP.findall(text)
        if not each.strip("\\| ")
    ]
    body = "\n".join(text for _, text in lines[:start]).strip()
    made = {"body": body, "kind": QuestionKind.GAP, "gap_line": lines[start][0]}
    return Question(**common | made, gaps=gaps, gap_text=sentence), problems  # type: ignore[arg-type]


def _essay(common: dict[str, object], lines: _Lines) -> Question:
    rubric = tuple((match["text"].strip(), int(match["points"])) for _, text in lines if (match := _RUBRIC.match(text)))
    return Question(**common, kind=QuestionKind.ESSAY, rubric=rubric)  # type: ignore[arg-type]


def _scale(common: dict[str, object], text: str) -> tuple[Question, list[Problem]]:
    match = _SCALE.match(text)
    low, high = (int(match["low"]), int(match["high"])) if match else (1, 5)
    problems = []
    if not 1 <= high - low < WIDEST_SCALE:
        values = {"question": common["id"], "widest": WIDEST_SCALE}
        problems, high = [Problem(int(str(common["line"])), "scale_wrong", values=values)], low + 1
    return Question(**common, kind=QuestionKind.SCALE, scale=(low, high)), problems  # type: ignore[arg-type]
