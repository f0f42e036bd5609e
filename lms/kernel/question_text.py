"""Writes questions in our own grammar: what `questions.parse` reads back as the same questions."""

from collections.abc import Iterator
from decimal import Decimal

from lms.kernel import questions
from lms.kernel.interchange import numbers
from lms.kernel.questions import Option, Question, QuestionKind


def write(question: Question) -> str:
    """Return one question as Markdown, with one empty line between its parts and a newline at the end."""
    parts = [_heading(question), question.body, *_answers(question), _quoted(question.explanation)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(question: Question) -> str:
    attributes = [f"#{question.id}"] + ([".kasus"] if question.is_case else []) + [f"points={question.points}"]
    if question.problems:
        attributes.append(f'problems="{",".join(question.problems)}"')
    if question.pool:
        attributes.append(f'pool="{question.pool}"')
    return f"## {question.stem} {{{' '.join(attributes)}}}"


def _answers(question: Question) -> Iterator[str]:
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            yield "\n".join(
                _line(f"- [{'x' if each.is_right else ' '}] {each.text}", each) for each in question.options
            )
        case QuestionKind.MATCHING:
            yield "\n".join(
                _line(f"- {each.text} :: {each.other}".replace("-  ::", "- ::"), each) for each in question.options
            )
        case QuestionKind.ORDERING:
            yield "\n".join(_line(f"{number}. {each.text}", each) for number, each in enumerate(question.options, 1))
        case QuestionKind.SHORT:
            yield "\n".join(f"= {each}" for each in question.accepted)
        case QuestionKind.NUMERIC:
            yield "\n".join(f"= {_range(*each)}" for each in question.ranges)
        case QuestionKind.GAP:
            yield question.gap_text
        case QuestionKind.ESSAY:
            yield "\n".join(["___", *(f"- rubrik: {text} ({points})" for text, points in question.rubric)])
        case QuestionKind.SCALE:
            yield f"({question.scale[0]}..{question.scale[1]})"


def _line(text: str, option: Option) -> str:
    return "\n".join([text, *(f"    {line}" for line in option.feedback.split("\n") if line.strip())])


def _range(low: Decimal, high: Decimal) -> str:
    """The shorter of `45 ± 0,5` and `44,5..45,5`, with a decimal comma."""
    if low == high:
        return _decimal(numbers.written(low))
    middle, half = numbers.middle(low, high)
    around = f"{_decimal(middle)} ± {_decimal(half)}"
    between = f"{_decimal(numbers.written(low))}..{_decimal(numbers.written(high))}"
    return around if len(middle) + len(half) <= len(between) - 2 else between


def _decimal(text: str) -> str:
    """A decimal comma, and never three decimals: `3,141` could be read as thousands, `3,1410` cannot."""
    decimals = text.partition(".")[2]
    return text.replace(".", ",") + ("0" if len(decimals) == 3 else "")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def reads_back(question: Question) -> bool:
    """Say whether the written question is read as the very same one, lines apart."""
    found, intro, problems = questions.parse(write(question), 1)
    return not intro and not problems and len(found) == 1 and same(found[0], question)


def same(one: Question, other: Question) -> bool:
    """Say whether two questions differ in nothing but their lines."""
    return _without_lines(one) == _without_lines(other)


def _without_lines(question: Question) -> dict[str, object]:
    lines = {"line": 0, "body_line": 0, "gap_line": 0, "explanation_line": 0}
    values = {**vars(question), **lines, "gap_text": questions.GAP.sub("{{}}", question.gap_text)}
    values["options"] = [(each.text, each.feedback, each.is_right, each.other) for each in question.options]
    return values
