"""How questions and a quiz fare: facility, spread, discrimination, reliability, and what people chose. Pure.

The definitions are Moodle's, so that figures can be compared: https://docs.moodle.org/dev/Quiz_statistics_calculations
(below: QSC), where x is the mark for a question, T the mark of the whole attempt and X = T − x the mark for the rest.
A question that was drawn from a pool is judged by the attempts that held it. Marks are whole hundredths of a point.

Attempts stream through `Tally.add` once. What is kept is a histogram of marks per question, whose size depends on how
many different marks there are and not on how many attempts: every figure follows from it, exactly.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from lms.kernel.questions import QuestionKind
from lms.rules.marking import State

_WAITING = State.WAITING.value

Histogram = Mapping[Any, int]
"""value → how often."""


@dataclass(frozen=True)
class Item:
    """One question over the attempts that held it. Shares and indices are per cent; none where there is none."""

    id: str
    shown: int
    """Attempts that held it, those that wait for a trainer included."""
    n: int
    """Attempts that were marked to the end: all other figures are of these."""
    right: int
    partly: int
    blank: int
    facility: float
    deviation: float | None
    discrimination: float | None
    efficiency: float | None
    intended_weight: float | None
    effective_weight: float | None
    marks: Sequence[tuple[int, int]]
    """(mark in hundredths of a point, how many got it), lowest first."""


@dataclass(frozen=True)
class Summary:
    """A quiz over its attempts. Scores are per cent of the attempt's maximum; none where there is no such figure."""

    n: int
    waiting: int
    """Attempts left out because a trainer has not marked them to the end."""
    mean: float
    median: float
    deviation: float | None
    alpha: float | None
    error_ratio: float | None
    standard_error: float | None
    scores: Sequence[int]
    """How many attempts reached 0–9, 10–19, … 90–100 per cent."""


class Tally:
    """Takes attempts one by one and answers with the figures."""

    def __init__(self, order: Mapping[str, int]) -> None:
        """Question id → its place in the paper: an attempt's k-th question in this order stands at position k."""
        self._order = order
        self._waiting = 0
        self._scores: Counter[tuple[int, int]] = Counter()
        self._shown_waiting: Counter[str] = Counter()
        self._items: dict[str, Counter[tuple[int, int, int, str]]] = defaultdict(Counter)
        self._positions: dict[int, Counter[int]] = defaultdict(Counter)
        self._lengths: set[int] = set()

    def add(self, marks: Mapping[str, Mapping[str, Any]]) -> None:
        """Count one submitted attempt: question id → {"earned", "maximum", "state"}.

        An attempt that still waits for a trainer is only counted as waiting; a question without points (a scale) is
        not counted.
        """
        total = possible = length = 0
        for mark in marks.values():
            if mark["state"] == _WAITING:
                self._waiting += 1
                self._shown_waiting.update(marks.keys())
                return
            total += mark["earned"]
            possible += mark["maximum"]
            length += mark["maximum"] > 0
        if not possible:
            return
        items = self._items
        for key, mark in marks.items():
            if mark["maximum"]:
                items[key][mark["earned"], mark["maximum"], total - mark["earned"], mark["state"]] += 1
        self._scores[total, possible] += 1
        self._lengths.add(length)
        if length < len(self._order):
            self._place(marks)

    def _place(self, marks: Mapping[str, Mapping[str, Any]]) -> None:
        """Count the marks of a drawn attempt by position; where all questions are asked, a position is a question."""
        last = len(self._order)
        asked = sorted(marks, key=lambda key: self._order.get(key, last))
        earned = [marks[key]["earned"] for key in asked if marks[key]["maximum"]]
        for position, each in enumerate(earned):
            self._positions[position][each] += 1

    def items(self) -> list[Item]:
        """Return the questions in the order of the paper, those that it no longer holds last."""
        weights = self._effective_weights()
        maxima = {key: max(row[1] for row in joint) for key, joint in self._items.items()}
        whole = sum(maxima.values())
        ordered = sorted(self._items, key=lambda key: (self._order.get(key, len(self._order)), key))
        intended = {key: 100 * maxima[key] / whole if weights else None for key in ordered}
        return [
            _item(key, self._shown_waiting[key], self._items[key], intended[key], weights.get(key)) for key in ordered
        ]

    def summary(self) -> Summary:
        """Return the figures of the quiz. Reliability only where all attempts have equally many questions.

        Sources: QSC, "Test statistics" (median, standard deviation, coefficient of internal consistency, error ratio,
        standard error).
        """
        n = sum(self._scores.values())
        shares = Counter[float]()
        for (earned, maximum), number in self._scores.items():
            shares[100 * earned / maximum] += number
        mean = sum(share * number for share, number in shares.items()) / n if n else 0.0
        deviation = _deviation(shares)
        alpha = self._alpha()
        ratio = None if alpha is None else 100 * sqrt(max(0.0, 1 - alpha / 100))
        error = None if ratio is None or deviation is None else ratio * deviation / 100
        return Summary(n, self._waiting, mean, median(shares), deviation, alpha, ratio, error, _tenths(shares))

    def _alpha(self) -> float | None:
        """Cronbach's alpha over positions, per cent: 100 P/(P−1) (1 − Σ V(x_p) / V(T)).

        Source: QSC, "Coefficient of internal consistency".
        """
        marks = list(self._positions.values())
        if self._lengths == {len(self._order)}:
            marks = [_marginal(joint) for joint in self._items.values()]
        totals = Counter[int]()
        for (earned, _maximum), number in self._scores.items():
            totals[earned] += number
        spread = variance(totals)
        if len(self._lengths) != 1 or len(marks) < 2 or not spread:
            return None
        parts = sum(variance(each) or 0.0 for each in marks)
        return 100 * len(marks) / (len(marks) - 1) * (1 - parts / spread)

    def _effective_weights(self) -> dict[str, float | None]:
        """Question → 100 √C(x, T) / Σ √C(x, T); none for a negative covariance, nothing at all for a drawn quiz.

        Source: QSC, "Effective question weight".
        """
        n = sum(self._scores.values())
        if n < 2 or any(sum(joint.values()) != n for joint in self._items.values()):
            return {}
        found = {key: _with_total(joint) for key, joint in self._items.items()}
        whole = sum(sqrt(each) for each in found.values() if each > 0)
        return {key: 100 * sqrt(each) / whole if each >= 0 and whole else None for key, each in found.items()}


def variance(histogram: Histogram) -> float | None:
    """Return the sample variance Σ(x − x̄)² / (n − 1); none for fewer than two values."""
    return covariance((value, value, number) for value, number in histogram.items())


def covariance(triples: Iterable[tuple[float, float, int]]) -> float | None:
    """Return the sample covariance of (x, y, how often); none for fewer than two. Sums of whole numbers are exact."""
    rows = list(triples)
    n = sum(number for _x, _y, number in rows)
    if n < 2:
        return None
    sum_x = sum(x * number for x, _y, number in rows)
    sum_y = sum(y * number for _x, y, number in rows)
    sum_xy = sum(x * y * number for x, y, number in rows)
    return (n * sum_xy - sum_x * sum_y) / (n * (n - 1))


def highest_covariance(ones: Histogram, others: Histogram) -> float | None:
    """Return the greatest covariance that these two sets of marks allow: both sorted, best with best.

    Source: QSC, "Discrimination efficiency": C_max(x, X) from sorted marks.
    """
    return covariance(_side_by_side(ones, others))


def median(histogram: Histogram) -> float:
    """Return the middle value, the mean of the two middle ones for an even number; 0 of nothing."""
    n = sum(histogram.values())
    if not n:
        return 0.0
    return (_at(histogram, (n - 1) // 2) + _at(histogram, n // 2)) / 2


def guess_score(question: Mapping[str, Any]) -> float | None:
    """Return the per cent that guessing blindly earns on average; none where nobody can say.

    Single choice: one in as many as there are options. Matching: one in as many right sides. Typed answers: 0. Multiple
    choice: none, as Moodle has it. Source: Moodle, `get_random_guess_score()` of each question type. Ordering is ours:
    in a random order of k items a given pair of neighbours stands together, in order, with probability 1/k.
    """
    parts = {"single": "choices", "matching": "rights", "ordering": "items"}
    kind = QuestionKind(question["kind"])
    if kind in parts:
        return 100 / len(question[parts[kind]]) if question[parts[kind]] else None
    return 0.0 if kind in (QuestionKind.SHORT, QuestionKind.NUMERIC, QuestionKind.GAP) else None


def chosen(kind: str, response: Any) -> list[tuple[str, str]]:
    """Return (part, value) for everything a response chose; empty for an essay and for what makes no sense.

    part: the left side (matching), the number of the gap (gap text), else empty. Typed answers lose case and spacing.
    """
    match QuestionKind(kind):
        case QuestionKind.SINGLE | QuestionKind.SCALE:
            return [("", str(response))] if isinstance(response, str | int) and str(response) else []
        case QuestionKind.MULTIPLE:
            return [("", each) for each in _texts(response)]
        case QuestionKind.MATCHING:
            pairs = response.items() if isinstance(response, Mapping) else ()
            return [(left, right) for left, right in pairs if isinstance(right, str) and right]
        case QuestionKind.ORDERING:
            return [(str(place), each) for place, each in enumerate(_texts(response), start=1)]
        case QuestionKind.GAP:
            return [(str(place), _plain(each)) for place, each in enumerate(_texts(response), start=1) if _plain(each)]
        case QuestionKind.SHORT | QuestionKind.NUMERIC:
            return [("", _plain(response))] if isinstance(response, str) and _plain(response) else []
        case _:
            return []


def _item(
    key: str,
    waiting: int,
    joint: Mapping[tuple[int, int, int, str], int],
    intended: float | None,
    weight: float | None,
) -> Item:
    """The figures of one question.

    Sources: QSC, "Facility index" (mean mark over maximum), "Standard deviation", "Discrimination index"
    (100 C(x, X) / √(V(x) V(X))) and "Discrimination efficiency" (100 C(x, X) / C_max(x, X)).
    """
    marks, rest, states = _marginal(joint), Counter[int](), Counter[str]()
    for (_earned, _maximum, other, state), number in joint.items():
        rest[other] += number
        states[state] += number
    n = sum(marks.values())
    earned_all = sum(mark * number for mark, number in marks.items())
    possible = sum(maximum * number for (_earned, maximum, _other, _state), number in joint.items())
    together = covariance((earned, other, number) for (earned, _m, other, _s), number in joint.items())
    best = highest_covariance(marks, rest)
    spread = sqrt(variance(marks) or 0.0) * sqrt(variance(rest) or 0.0)
    deviation = _deviation(marks)
    return Item(
        id=key, shown=n + waiting, n=n,
        right=states[State.RIGHT], partly=states[State.PARTLY], blank=states[State.BLANK],
        facility=100 * earned_all / possible,
        deviation=None if deviation is None else 100 * deviation * n / possible,
        discrimination=100 * together / spread if together is not None and spread else None,
        efficiency=100 * together / best if together is not None and best else None,
        intended_weight=intended, effective_weight=weight, marks=sorted(marks.items()),
    )  # fmt: skip


def _marginal(joint: Mapping[tuple[int, int, int, str], int]) -> Counter[int]:
    """The marks alone."""
    marks = Counter[int]()
    for (earned, _maximum, _other, _state), number in joint.items():
        marks[earned] += number
    return marks


def _with_total(joint: Mapping[tuple[int, int, int, str], int]) -> float:
    """C(x, T)."""
    return covariance((earned, earned + other, number) for (earned, _m, other, _s), number in joint.items()) or 0.0


def _deviation(histogram: Histogram) -> float | None:
    spread = variance(histogram)
    return None if spread is None else sqrt(max(0.0, spread))


def _side_by_side(ones: Histogram, others: Histogram) -> Iterator[tuple[Any, Any, int]]:
    """Pair two equally long sorted lists, kept as histograms."""
    left, right = sorted(ones.items()), sorted(others.items())
    i = j = taken_left = taken_right = 0
    while i < len(left) and j < len(right):
        number = min(left[i][1] - taken_left, right[j][1] - taken_right)
        yield left[i][0], right[j][0], number
        taken_left, taken_right = taken_left + number, taken_right + number
        if taken_left == left[i][1]:
            i, taken_left = i + 1, 0
        if taken_right == right[j][1]:
            j, taken_right = j + 1, 0


def _at(histogram: Histogram, place: int) -> float:
    """The value at a place (from 0) of the sorted list."""
    for value, number in sorted(histogram.items()):
        if place < number:
            return float(value)
        place -= number
    raise IndexError(place)


def _tenths(shares: Histogram) -> list[int]:
    bars = [0] * 10
    for share, number in shares.items():
        bars[min(9, int(share // 10))] += number
    return bars


def _texts(response: Any) -> list[str]:
    return [each for each in response if isinstance(each, str)] if isinstance(response, list | tuple) else []


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())[:80]
