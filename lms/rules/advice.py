"""What figures of a quiz mean, in plain terms: codes with values; the sentences are in the room's catalogue. Pure.

The bounds of facility, discrimination and internal consistency are those that Moodle documents:
https://docs.moodle.org/dev/Quiz_report_statistics. The others are ours: docs/decisions (statistics).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lms.rules.item_statistics import Item, Summary

ENOUGH = 20
"""Below this many attempts, chance explains most of what is seen."""
EASY, HARD = 95.0, 5.0
"""Facility, per cent: "extremely easy" and "extremely difficult or something wrong with the question"."""
WEAK = 20.0
"""Discrimination index, per cent, below which it is "very weak"."""
CONSISTENT, INCONSISTENT = 75.0, 64.0
"""Internal consistency, per cent: above "satisfactory", below "unsatisfactory"."""
OFTEN_BLANK = 20
"""Per cent of attempts."""


@dataclass(frozen=True)
class Choice:
    """One option of a single- or multiple-choice question: a letter in the order written."""

    letter: str
    is_right: bool
    count: int
    mean: float | None
    """Mean score (per cent) of the attempts that chose it."""


@dataclass(frozen=True)
class Advice:
    """One thing to look at: a code, its values, and whether it asks for action (or only informs)."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    is_urgent: bool = False


def on_question(item: Item, choices: Sequence[Choice], *, guess: float | None, is_single: bool) -> list[Advice]:
    """Return what to look at in one question, most urgent first; nothing when it does its work."""
    if item.n < ENOUGH:
        return [Advice("few", {"n": item.n, "enough": ENOUGH})]
    found = [*_key(item, choices, is_single), *_difficulty(item, guess), *_discrimination(item), *_idle(choices)]
    if item.blank * 100 >= OFTEN_BLANK * item.n:
        found.append(Advice("often_blank", {"number": item.blank, "n": item.n}))
    return sorted(found, key=lambda each: not each.is_urgent)


def on_quiz(summary: Summary) -> list[Advice]:
    """Return what to bear in mind about the quiz as a whole."""
    if summary.n < ENOUGH:
        return [Advice("quiz_few", {"n": summary.n, "enough": ENOUGH})]
    found = [Advice("quiz_waiting", {"number": summary.waiting})] if summary.waiting else []
    if summary.alpha is None:
        return [*found, Advice("alpha_none")]
    if summary.alpha < INCONSISTENT:
        return [*found, Advice("alpha_low", is_urgent=True)]
    return [*found, Advice("alpha_good" if summary.alpha > CONSISTENT else "alpha_fair")]


def _key(item: Item, choices: Sequence[Choice], is_single: bool) -> list[Advice]:
    """A wrong option that draws more people than the right one, or better people."""
    wrong = [each for each in choices if not each.is_right]
    right = [each for each in choices if each.is_right]
    if not is_single or not wrong or not right:
        return []
    favourite, key = max(wrong, key=lambda each: each.count), right[0]
    if favourite.count > key.count:
        return [Advice("wrong_favourite", {"number": favourite.count, "n": item.n, "letter": favourite.letter}, True)]
    means = [(each.mean, each.letter) for each in wrong if each.mean is not None and each.count * 20 >= item.n]
    best, letter = max(means, default=(None, ""))
    if best is not None and key.mean is not None and best > key.mean:
        return [Advice("better_choose_wrong", {"letter": letter}, True)]
    return []


def _difficulty(item: Item, guess: float | None) -> list[Advice]:
    if item.facility == 100:
        return [Advice("all_right")]
    if item.facility >= EASY:
        return [Advice("easy", {"facility": int(item.facility)})]
    if item.facility <= HARD:
        return [Advice("hard", {"facility": int(item.facility)}, True)]
    return [Advice("no_better_than_guessing", {"guess": round(guess)})] if guess and item.facility <= guess else []


def _discrimination(item: Item) -> list[Advice]:
    if item.discrimination is None or item.facility >= EASY:
        return []
    if item.discrimination < 0:
        return [Advice("negative", is_urgent=True)]
    return [Advice("weak", {"index": int(item.discrimination)})] if item.discrimination < WEAK else []


def _idle(choices: Sequence[Choice]) -> list[Advice]:
    idle = [each.letter for each in choices if not each.is_right and not each.count]
    return [Advice("idle", {"letters": ", ".join(idle)})] if idle else []
