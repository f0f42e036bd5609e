"""Attempts at a quiz: what is drawn, who may start, when time is over. Pure; source docs/decisions/0005."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

Drawn = list[dict[str, Any]]
"""[{"id": question id, "order": [ids of options, rights or items as shown]}, …] in the order shown."""


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


def may_start(*, used: int, allowed: int | None) -> bool:
    """Say whether another attempt is allowed; `allowed` none means without limit."""
    return allowed is None or used < allowed


def deadline(started_at: datetime, minutes: int | None) -> datetime | None:
    """Return when time runs out, grace not included; none without a limit."""
    return None if minutes is None else started_at + timedelta(minutes=minutes)


def is_late(*, deadline_at: datetime | None, grace_s: int, at: datetime) -> bool:
    """Say whether an answer arrives after time and grace: then the last saved ones are marked."""
    return deadline_at is not None and at > deadline_at + timedelta(seconds=grace_s)


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
    return next((name for name in ("choices", "rights", "items") if question.get(name)), None)


def _with_order(question: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    name = _shown_part(question)
    if name is None:
        return dict(question)
    parts = {part["id"]: part for part in question[name]}
    return {**question, name: [parts[each] for each in order]}
