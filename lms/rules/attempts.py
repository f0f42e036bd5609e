"""Attempts at a quiz: what is drawn, who may start, when time is over. Pure; source docs/decisions/0005."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from lms.kernel import clock

Drawn = list[dict[str, Any]]
"""[{"id": question id, "order": [ids of options, rights or items as shown]}, …] in the order shown."""

NEVER = datetime.max.replace(tzinfo=UTC)
"""Later than any instant."""
CREDIT_MINUTES = 10
"""The most that an attempt gets back for stops of its clock, where its quiz says nothing else."""


@dataclass(frozen=True)
class Terms:
    """What holds for one person at one quiz: its front matter, and what was allowed on top of it."""

    attempts: int | None
    """None is without limit."""
    wait: timedelta
    """Between the end of one attempt and the start of the next."""
    opens_at: datetime | None
    closes_at: datetime | None
    minutes: int | None
    """The limit of one attempt, extra minutes included; none is without limit."""
    extra: timedelta
    grace_s: int
    credit_s: int


class Refusal(NamedTuple):
    """Why no attempt may start now (`opens_later`, `closed`, `no_attempt_left`, `wait`), and from or since when."""

    code: str
    at: datetime | None = None


def terms(meta: Mapping[str, Any], *, extra_minutes: int = 0, extra_attempts: int = 0) -> Terms:
    """Return the terms of a quiz. A day opens and closes in Jakarta: it opens at 00.00, and closes when it is over."""
    limit, allowed = meta.get("minutes"), meta.get("attempts")
    return Terms(
        attempts=None if allowed is None else allowed + extra_attempts,
        wait=timedelta(minutes=meta.get("wait") or 0),
        opens_at=_instant(meta.get("opens"), is_end=False),
        closes_at=_instant(meta.get("closes"), is_end=True),
        minutes=None if limit is None else limit + extra_minutes,
        extra=timedelta(minutes=extra_minutes),
        grace_s=int(meta.get("grace") or 0),
        credit_s=60 * int(meta.get("credit", CREDIT_MINUTES)),
    )


def draw(
    paper: Sequence[Mapping[str, Any]], *, rule: int | Mapping[str, int] | None, shuffle: bool, seed: str
) -> Drawn:
    """Draw an attempt's questions from the paper and fix their order and that of their options.

    rule: how many of all questions, or how many of each pool (pools not named are left out); none draws all. A pool
    with fewer questions than asked gives all it has. The same seed (the attempt's UUID) draws the same. Ordering
    questions are always shuffled: shown in the right order they would answer themselves.
    """
    dice = random.Random(seed)  # noqa: S311 - fairness, not secrecy; the draw must be repeatable
    chosen = _chosen(paper, rule, dice)
    if shuffle:
        dice.shuffle(chosen)
    return [{"id": question["id"], "order": _order(question, shuffle, dice)} for question in chosen]


def refusal(terms: Terms, *, used: int, ended_at: datetime | None, now: datetime) -> Refusal | None:
    """Say why no new attempt may start, or none when it may.

    used: attempts begun so far. ended_at: when the last of them ended.
    """
    if terms.opens_at and now < terms.opens_at:
        return Refusal("opens_later", terms.opens_at)
    if terms.closes_at and now >= terms.closes_at:
        return Refusal("closed", terms.closes_at)
    if terms.attempts is not None and used >= terms.attempts:
        return Refusal("no_attempt_left")
    if ended_at and now < ended_at + terms.wait:
        return Refusal("wait", ended_at + terms.wait)
    return None


def deadline(started_at: datetime, terms: Terms) -> datetime | None:
    """Return when time runs out, grace not included: after its minutes, at the latest when the quiz closes.

    None without a limit and without a closing. Extra minutes reach beyond the closing.
    """
    ends = [started_at + timedelta(minutes=terms.minutes)] if terms.minutes is not None else []
    ends += [terms.closes_at + terms.extra] if terms.closes_at else []
    return min(ends, default=None)


def moved_by_minutes(deadline_at: datetime | None, minutes: int) -> datetime | None:
    """Return a running attempt's deadline with extra minutes; an attempt without one keeps none."""
    return None if deadline_at is None else deadline_at + timedelta(minutes=minutes)


def is_late(*, deadline_at: datetime | None, grace_s: int, at: datetime) -> bool:
    """Say whether an answer arrives after time and grace: then the last saved ones are marked."""
    return deadline_at is not None and at > deadline_at + timedelta(seconds=grace_s)


def feedback_from(meta: Mapping[str, Any], *, last_deadline_at: datetime | None) -> datetime | None:
    """Return from when reasons and right answers may be shown; none means at once.

    After closing means: when nobody can be at it any more, extra time, grace and credits included; so NEVER in a quiz
    that does not close, such as a pre-test whose questions come again.
    last_deadline_at: the latest deadline of all open attempts.
    """
    held = terms(meta)
    if meta.get("feedback") != "after-close":
        return None
    if held.closes_at is None:
        return NEVER
    return max(held.closes_at, last_deadline_at or held.closes_at) + timedelta(seconds=held.grace_s + held.credit_s)


def _instant(text: str | None, *, is_end: bool) -> datetime | None:
    """`2026-01-31` or `2026-01-31T08:00`, both in Jakarta; a day as an end lasts until it is over."""
    if not text:
        return None
    found = datetime.fromisoformat(text)
    if len(text) == len("2026-01-31"):
        found = datetime.combine(found.date() + timedelta(days=is_end), time())
    return found.replace(tzinfo=clock.JAKARTA).astimezone(UTC)


def arranged(paper: Iterable[Mapping[str, Any]], drawn: Drawn) -> list[dict[str, Any]]:
    """Return the drawn questions of a paper, in the order shown, with their options in the order shown."""
    questions = {question["id"]: question for question in paper}
    return [_with_order(questions[each["id"]], each["order"]) for each in drawn]


def _chosen(
    paper: Sequence[Mapping[str, Any]], rule: int | Mapping[str, int] | None, dice: random.Random
) -> list[Mapping[str, Any]]:
    if rule is None:
        return list(paper)
    if isinstance(rule, int):
        wanted = _sample(paper, rule, dice)
    else:
        pools: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for question in paper:
            pools[question.get("pool") or ""].append(question)
        wanted = [question for pool, number in rule.items() for question in _sample(pools[pool], number, dice)]
    ids = {question["id"] for question in wanted}
    return [question for question in paper if question["id"] in ids]


def _sample(questions: Sequence[Mapping[str, Any]], number: int, dice: random.Random) -> list[Mapping[str, Any]]:
    return dice.sample(list(questions), min(number, len(questions)))


def _order(question: Mapping[str, Any], shuffle: bool, dice: random.Random) -> list[str]:
    name = _shown_part(question)
    ids = [part["id"] for part in question[name]] if name else []
    if (shuffle or name in ("items", "rights")) and len(ids) > 1:
        dice.shuffle(ids)
    return ids


def _shown_part(question: Mapping[str, Any]) -> str | None:
    for name in ("choices", "rights", "items"):
        if question.get(name):
            return name
    return None


def _with_order(question: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    name = _shown_part(question)
    if name is None:
        return dict(question)
    parts = {part["id"]: part for part in question[name]}
    return {**question, name: [parts[each] for each in order]}
