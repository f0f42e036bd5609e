"""Questions of a file become ours and ours theirs; what one side cannot say is named, never left out in silence."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lms.kernel import question_text, questions
from lms.kernel.interchange import marks
from lms.kernel.interchange.model import FULL, GAP, NOTHING, Answer, Finding, Item, ItemKind, Refusal
from lms.kernel.problems import PROBLEMS
from lms.kernel.questions import Option, Question, QuestionKind

ALLOWED_WEIGHTS = tuple(
    Decimal(each)
    for each in (
        "100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20",
        "16.66667", "14.28571", "12.5", "11.11111", "10", "5",
    )
)  # fmt: skip
"""The fractions that Moodle's choice questions may have, in per cent. Source: question_bank::fraction_options."""

TRUE_FALSE = {"true": "Benar", "false": "Salah"}
GAP_STEM = "Lengkapi kalimat berikut."
OTHER_ANSWER = "Jawaban lain"
PICTURE_STEM = "Perhatikan soal berikut."

_GAP_MARK = re.compile("\ue000(\\d+)\ue001")
_POINTS, _POOL, _CASE = "points=", "pool=", "kasus"
_POOL_NAME = re.compile(r"[\w .-]+")
_RUBRIC = re.compile(r"[-*]\s+(?:rubrik:\s*)?(.*\S)\s*\((\d+)\)\s*$", re.IGNORECASE)
_UNWRITABLE = frozenset("{}|\\")
"""Signs that mean something inside a gap of our grammar."""
_KEPT_BLOCK = re.compile(r"!\[|[-*|] |&#|```")


@dataclass(frozen=True)
class Taken:
    """One of our questions as made from an item, and what changed on the way."""

    question: Question
    notes: tuple[Finding, ...]


def take(item: Item, identifier: str) -> Taken:
    """Return the item as our question, under the given id. Raises Refusal."""
    notes: list[str] = list(item.dropped)
    make = _MAKERS.get(item.kind)
    if make is None:
        raise Refusal("description_has_no_place")
    made = _tagged(make(item, _base(item, identifier), notes), item, notes)
    for guard in (_as_is, _guarded):
        question = guard(made)
        if question_text.reads_back(question):
            return Taken(question, tuple(Finding(item.line, item.name, code) for code in dict.fromkeys(notes)))
    raise Refusal("not_writable")


def give(question: Question) -> Item:
    """Return our question as an item of a file. Raises Refusal for what no format of Moodle can say."""
    tags = list(question.problems)
    if question.pool:
        if not _POOL_NAME.fullmatch(question.pool):
            raise Refusal("pool_unwritable", pool=question.pool[:40])
        tags.append(_POOL + question.pool)
    tags += [_CASE] if question.is_case else []
    tags += [f"{_POINTS}{question.points}"] if question.points != 1 else []
    text = "\n\n".join(part for part in (question.stem, question.body) if part)
    item = Item(
        ItemKind.DESCRIPTION, question.line, marks.plain(question.stem)[:80] or question.id, text,
        feedback=question.explanation,
        id=question.id, tags=tuple(tags), points=Decimal(question.points),
    )  # fmt: skip
    return _GIVERS[question.kind](question, item)


def _base(item: Item, identifier: str) -> Question:
    """Stem and body: the first paragraph is the stem, as long as it is plain text."""
    first, _, rest = item.text.partition("\n\n")
    stem, body = (
        (" ".join(first.split()), rest.strip())
        if not _KEPT_BLOCK.match(first)
        else (_name_or(item, PICTURE_STEM), item.text)
    )
    return Question(identifier, item.line, QuestionKind.SINGLE, stem, body, explanation=item.feedback)


def _name_or(item: Item, fallback: str) -> str:
    shown = _GAP_MARK.sub("_____", item.text).replace("\n", " ")
    return fallback if not item.name or shown.startswith(item.name) else marks.escaped(item.name)


def _tagged(question: Question, item: Item, notes: list[str]) -> Question:
    points = item.points
    problems, pool, is_case = [], "", False
    for tag in item.tags:
        if tag in PROBLEMS:
            problems.append(tag)
        elif tag == _CASE:
            is_case = True
        elif tag.startswith(_POOL) and _POOL_NAME.fullmatch(tag.removeprefix(_POOL)):
            pool = tag.removeprefix(_POOL)
        elif tag.startswith(_POINTS) and tag.removeprefix(_POINTS).isdigit():
            points = Decimal(tag.removeprefix(_POINTS))
        else:
            notes.append("tags_dropped")
    whole = min(max(1, round(points if points is not None else 1)), 100)
    if points is not None and points != whole:
        notes.append("points_rounded")
    return replace(question, points=whole, problems=tuple(problems), pool=pool, is_case=is_case)


def _as_is(question: Question) -> Question:
    return question


def _guarded(question: Question) -> Question:
    """The same question with lines of its body that our grammar would take for answers written as plain signs."""
    return replace(question, body=marks.guarded(question.body))


def _line(text: str) -> str:
    """An option stands on one line."""
    return " ".join(text.split())


def _feedback(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _option(answer: Answer, *, is_right: bool = False) -> Option:
    if not answer.text.strip():
        raise Refusal("answer_empty")
    return Option(_line(answer.text), 0, _feedback(answer.feedback), is_right)


def _single(item: Item, base: Question, notes: list[str]) -> Question:
    right = [each for each in item.answers if each.weight == FULL]
    if not right:
        raise Refusal("no_full_answer")
    if len(right) > 1:
        raise Refusal("several_full_answers")
    if any(NOTHING < each.weight < FULL for each in item.answers):
        notes.append("partial_counts_as_wrong")
    if any(each.weight < NOTHING for each in item.answers):
        notes.append("penalty_dropped")
    return replace(base, options=tuple(_option(each, is_right=each.weight == FULL) for each in item.answers))


def _multiple(item: Item, base: Question, notes: list[str]) -> Question:
    right = [each for each in item.answers if each.weight > NOTHING]
    if not right:
        raise Refusal("no_full_answer")
    share = FULL / len(right)
    if any(abs(each.weight - share) > Decimal("0.01") for each in right):
        notes.append("weights_evened")
    if any(abs(each.weight + share) > Decimal("0.01") for each in item.answers if each.weight <= NOTHING):
        notes.append("wrong_costs_as_much")
    if len(right) == 1:
        notes.append("multiple_became_single")
    kind = QuestionKind.MULTIPLE if len(right) > 1 else QuestionKind.SINGLE
    options = tuple(_option(each, is_right=each.weight > NOTHING) for each in item.answers)
    return replace(base, kind=kind, options=options)


def _true_false(item: Item, base: Question, notes: list[str]) -> Question:
    named = tuple(replace(each, text=TRUE_FALSE[each.text]) for each in item.answers)
    return _single(replace(item, answers=named), base, notes)


def _matching(item: Item, base: Question, _notes: list[str]) -> Question:
    if any(not each.other.strip() for each in item.answers):
        raise Refusal("answer_empty")
    options = tuple(
        Option(_line(each.text), 0, _feedback(each.feedback), other=_line(each.other)) for each in item.answers
    )
    if sum(bool(each.text) for each in options) < 2:
        raise Refusal("too_few_answers")
    return replace(base, kind=QuestionKind.MATCHING, options=options)


def _ordering(item: Item, base: Question, _notes: list[str]) -> Question:
    if len(item.answers) < 2:
        raise Refusal("too_few_answers")
    return replace(base, kind=QuestionKind.ORDERING, options=tuple(_option(each) for each in item.answers))


def _short(item: Item, base: Question, notes: list[str]) -> Question:
    full = _accepted(item.answers, notes)
    if item.is_case_sensitive:
        notes.append("case_ignored")
    made = replace(
        base,
        kind=QuestionKind.SHORT,
        accepted=tuple(full),
        explanation=_with_feedback(base.explanation, item.answers, notes),
    )
    found, _, _ = questions.parse(question_text.write(made), 1)
    if found and found[0].kind is QuestionKind.NUMERIC:
        notes.append("short_became_number")
        return replace(made, kind=QuestionKind.NUMERIC, accepted=(), ranges=found[0].ranges)
    return made


def _accepted(answers: Iterable[Answer], notes: list[str]) -> list[str]:
    """The texts that earn everything; our short answers know no half right and no `*`."""
    full = []
    for each in answers:
        if each.is_pattern:
            notes.append("pattern_dropped")
        elif each.weight == FULL and each.text.strip():
            full.append(_line(each.text))
        elif each.weight > NOTHING:
            notes.append("partial_counts_as_wrong")
        elif each.weight <= NOTHING and not each.feedback:
            notes.append("wrong_answer_dropped")
    if not full:
        raise Refusal("no_full_answer")
    return list(dict.fromkeys(full))


def _with_feedback(explanation: str, answers: Iterable[Answer], notes: list[str]) -> str:
    """What a file says to one typed answer goes below the explanation: our typed answers have no place of their own."""
    said = [
        f"{OTHER_ANSWER if each.text == '*' else marks.escaped(each.text)}: {_line(each.feedback)}"
        for each in answers
        if each.feedback
    ]
    if said:
        notes.append("feedback_moved")
    return "\n\n".join(part for part in (explanation, *said) if part)


def _numeric(item: Item, base: Question, notes: list[str]) -> Question:
    ranges = []
    for each in item.answers:
        if each.low is not None and each.high is not None and each.weight == FULL:
            ranges.append((each.low, each.high))
        elif each.low is None and each.weight > NOTHING:
            raise Refusal("any_number_is_right")
        elif each.weight > NOTHING:
            notes.append("partial_counts_as_wrong")
    if not ranges:
        raise Refusal("no_full_answer")
    return replace(
        base,
        kind=QuestionKind.NUMERIC,
        ranges=tuple(ranges),
        explanation=_with_feedback(base.explanation, item.answers, notes),
    )


def _gap(item: Item, base: Question, notes: list[str]) -> Question:
    accepted = []
    explanation = base.explanation
    for answers in item.gaps:
        if any(each.low is not None and each.low != each.high for each in answers):
            raise Refusal("gap_with_tolerance")
        accepted.append(_accepted(answers, notes))
        explanation = _with_feedback(explanation, answers, notes)
    if any(set(text) & _UNWRITABLE for texts in accepted for text in texts):
        raise Refusal("gap_unwritable")
    paragraphs = item.text.split("\n\n")
    first = next(number for number, each in enumerate(paragraphs) if _GAP_MARK.search(each))
    stem = _line(paragraphs[0]) if first else _name_or(item, GAP_STEM)
    sentence = _GAP_MARK.sub(
        lambda match: "{{" + "|".join(accepted[int(match.group(1))]) + "}}", "\n\n".join(paragraphs[first:])
    )
    return replace(
        base, kind=QuestionKind.GAP, stem=stem, body="\n\n".join(paragraphs[1:first]), gap_text=sentence,
        gaps=tuple(tuple(each) for each in accepted), explanation=explanation,
    )  # fmt: skip


def _essay(item: Item, base: Question, notes: list[str]) -> Question:
    rubric = []
    for line in item.rubric.split("\n"):
        if match := _RUBRIC.match(line.strip()):
            rubric.append((match.group(1), int(match.group(2))))
        elif line.strip():
            notes.append("grader_info_dropped")
    return replace(base, kind=QuestionKind.ESSAY, rubric=tuple(rubric))


_MAKERS: dict[ItemKind, Callable[[Item, Question, list[str]], Question]] = {
    ItemKind.SINGLE: _single, ItemKind.MULTIPLE: _multiple, ItemKind.TRUE_FALSE: _true_false,
    ItemKind.MATCHING: _matching, ItemKind.ORDERING: _ordering, ItemKind.SHORT: _short, ItemKind.NUMERIC: _numeric,
    ItemKind.GAP: _gap, ItemKind.ESSAY: _essay,
}  # fmt: skip


def _give_choice(question: Question, item: Item) -> Item:
    right = sum(option.is_right for option in question.options)
    if question.kind is QuestionKind.SINGLE:
        weights = (FULL, NOTHING)
    else:
        share = next((each for each in ALLOWED_WEIGHTS if abs(each * right - FULL) < Decimal("0.01")), None)
        if share is None:
            raise Refusal("weight_not_allowed", right=right)
        weights = (share, -share)
    answers = tuple(Answer(each.text, weights[not each.is_right], each.feedback) for each in question.options)
    return replace(item, kind=ItemKind(question.kind.value), answers=answers)


def _give_matching(question: Question, item: Item) -> Item:
    answers = tuple(Answer(each.text, feedback=each.feedback, other=each.other) for each in question.options)
    return replace(item, kind=ItemKind.MATCHING, answers=answers)


def _give_ordering(question: Question, item: Item) -> Item:
    answers = tuple(Answer(each.text, feedback=each.feedback) for each in question.options)
    return replace(item, kind=ItemKind.ORDERING, answers=answers)


def _give_short(question: Question, item: Item) -> Item:
    return replace(item, kind=ItemKind.SHORT, answers=tuple(Answer(text) for text in question.accepted))


def _give_numeric(question: Question, item: Item) -> Item:
    answers = tuple(Answer("", low=low, high=high) for low, high in question.ranges)
    return replace(item, kind=ItemKind.NUMERIC, answers=answers)


def _give_gap(question: Question, item: Item) -> Item:
    if any(not accepted or any(set(text) & _UNWRITABLE for text in accepted) for accepted in question.gaps):
        raise Refusal("gap_unwritable")
    numbered = iter(range(len(question.gaps)))
    sentence = questions.GAP.sub(lambda _: GAP.format(next(numbered)), question.gap_text)
    gaps = tuple(tuple(Answer(text) for text in accepted) for accepted in question.gaps)
    points = (
        () if question.points == 1 or f"{_POINTS}{question.points}" in item.tags else (f"{_POINTS}{question.points}",)
    )
    tags = item.tags + (points or (() if question.points != 1 or len(gaps) == 1 else (f"{_POINTS}1",)))
    return replace(item, kind=ItemKind.GAP, text=f"{item.text}\n\n{sentence}", gaps=gaps, tags=tags)


def _give_essay(question: Question, item: Item) -> Item:
    rubric = "\n".join(f"- {text} ({points})" for text, points in question.rubric)
    return replace(item, kind=ItemKind.ESSAY, rubric=rubric)


def _give_scale(_question: Question, _item: Item) -> Item:
    raise Refusal("scale_not_in_moodle")


_GIVERS: dict[QuestionKind, Callable[[Question, Item], Item]] = {
    QuestionKind.SINGLE: _give_choice, QuestionKind.MULTIPLE: _give_choice, QuestionKind.MATCHING: _give_matching,
    QuestionKind.ORDERING: _give_ordering, QuestionKind.SHORT: _give_short, QuestionKind.NUMERIC: _give_numeric,
    QuestionKind.GAP: _give_gap, QuestionKind.ESSAY: _give_essay, QuestionKind.SCALE: _give_scale,
}  # fmt: skip


def not_in_gift(item: Item) -> Iterator[str]:
    """Yield why GIFT cannot say this item, if it cannot."""
    if item.kind is ItemKind.ORDERING:
        yield "ordering_not_in_gift"
    if item.rubric:
        yield "rubric_not_in_gift"
    if len(item.gaps) > 1:
        yield "gaps_not_in_gift"
    if any(each.feedback for each in item.answers if item.kind is ItemKind.MATCHING):
        yield "pair_feedback_not_in_gift"
    if any("->" in each.text for each in item.answers if item.kind is ItemKind.MATCHING):
        yield "arrow_in_pair"
    if re.search(
        r"\]\(media/", "\n".join([item.text, item.feedback, *(each.text + each.feedback for each in item.answers)])
    ):
        yield "picture_not_in_gift"


def numbered(stem: str, taken: set[str]) -> Iterator[str]:
    """Yield free question ids `<stem>-q01`, `<stem>-q02` …, each taken once it is given."""
    number = 0
    while True:
        number += 1
        code = f"{stem}-q{number:02}"
        if code not in taken:
            taken.add(code)
            yield code


def stem_of(ids: Sequence[str], fallback: str) -> str:
    """Return what the ids of a quiz begin with: `mrs-4` of `mrs-4-q03`."""
    for each in ids:
        if match := re.fullmatch(r"(.+)-q\d+", each):
            return match.group(1)
    return fallback
