"""What is done, and what is complete: pure functions from facts and published content to summaries.

Source: docs/decisions/0004-facts-and-summaries.md. A lesson is done when its reader says so; a quiz when an attempt
passed; a simulation when it was played to an ending. A module is complete when all its published items of these kinds
are done (surveys are never counted, see 0015), and stays complete when content changes later. A course's core (or
whole) is complete when all its published core (or all) modules are; the package likewise over all courses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

PACKAGE = "*"
"""The course part of a unit's key that means all courses together."""


class Item(NamedTuple):
    """A published lesson, quiz or simulation; `score` is `best` or `last` (quizzes only)."""

    id: int
    is_quiz: bool = False
    score: str = "best"


class Module(NamedTuple):
    """A published module with its published items."""

    id: int
    code: str
    course: str
    is_core: bool
    jp: int
    items: tuple[Item, ...]


class Try(NamedTuple):
    """One submitted attempt."""

    submitted_at: datetime
    percent: int
    passed: bool


class ItemFacts(NamedTuple):
    """Everything one person did at one item: `read` is also played or answered, `tries` stand in order."""

    opened: tuple[datetime, ...] = ()
    read: tuple[datetime, ...] = ()
    tries: tuple[Try, ...] = ()


class ItemState(NamedTuple):
    """The summary of one person at one item."""

    opened_at: datetime | None
    done_at: datetime | None
    last_at: datetime
    attempts: int
    percent: int | None


class UnitState(NamedTuple):
    """The summary of one person at one unit (module, course core, course whole, package core, package whole)."""

    unit: str
    done: int
    total: int
    started_at: datetime | None
    completed_at: datetime | None
    last_at: datetime


@dataclass
class _Sum:
    done: int = 0
    total: int = 0
    starts: list[datetime] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)
    lasts: list[datetime] = field(default_factory=list)


def item_state(item: Item, facts: ItemFacts) -> ItemState:
    """Summarise one person's facts at one item; `facts` must not be empty."""
    instants = (*facts.opened, *facts.read, *(each.submitted_at for each in facts.tries))
    done = [each.submitted_at for each in facts.tries if each.passed] if item.is_quiz else list(facts.read)
    return ItemState(
        opened_at=min(instants),
        done_at=min(done, default=None),
        last_at=max(instants),
        attempts=len(facts.tries),
        percent=counted_percent(item.score, [each.percent for each in facts.tries]),
    )


def counted_percent(score: str, percents: Sequence[int]) -> int | None:
    """Return the score that counts, `best` or `last`; none without a submitted attempt."""
    if not percents:
        return None
    return percents[-1] if score == "last" else max(percents)


def completed_at(module: Module, states: Mapping[int, ItemState]) -> datetime | None:
    """Return when the last item was done, or none while one is open. A module without items is never complete."""
    ends = [states[item.id].done_at if item.id in states else None for item in module.items]
    known = [end for end in ends if end is not None]
    return max(known) if ends and len(known) == len(ends) else None


def unit_states(
    modules: Iterable[Module], states: Mapping[int, ItemState], completions: Mapping[int, datetime]
) -> list[UnitState]:
    """Summarise one person over all units that the person has touched.

    states: item id → state. completions: module id → instant at which it was granted.
    A module without published items counts nowhere: it is announced, not offered. Neither does one that gives no JP:
    it is reference.
    """
    sums: dict[str, _Sum] = {}
    for module in modules:
        if not module.items or not module.jp:
            continue
        state = _module_state(module, states, completions.get(module.id))
        _add_module(sums, module, state)
        if state is not None:
            sums[module.code] = _Sum(state.done, state.total, *_lists(state))
    return [_unit(unit, each) for unit, each in sums.items() if each.lasts]


def bundles_of(module: Module) -> tuple[str, ...]:
    """Return the units above a module: the whole and, for a core module, the core, of its course and the package."""
    kinds = ("core", "all") if module.is_core else ("all",)
    return tuple(f"{course}:{kind}" for course in (module.course, PACKAGE) for kind in kinds)


def _module_state(module: Module, states: Mapping[int, ItemState], granted: datetime | None) -> UnitState | None:
    touched = [states[item.id] for item in module.items if item.id in states]
    if not touched and granted is None:
        return None
    done = sum(1 for state in touched if state.done_at)
    grants = [granted] if granted else []
    return UnitState(
        unit=module.code,
        done=done,
        total=len(module.items),
        started_at=min([state.opened_at for state in touched if state.opened_at] or grants),
        completed_at=granted,
        last_at=max([state.last_at for state in touched] or grants),
    )


def _add_module(sums: dict[str, _Sum], module: Module, state: UnitState | None) -> None:
    for unit in bundles_of(module):
        bundle = sums.setdefault(unit, _Sum())
        bundle.total += 1
        if state is not None:
            bundle.done += state.completed_at is not None
            starts, ends, lasts = _lists(state)
            bundle.starts += starts
            bundle.ends += ends
            bundle.lasts += lasts


def _lists(state: UnitState) -> tuple[list[datetime], list[datetime], list[datetime]]:
    return (
        [state.started_at] if state.started_at else [],
        [state.completed_at] if state.completed_at else [],
        [state.last_at],
    )


def _unit(unit: str, each: _Sum) -> UnitState:
    is_bundle = ":" in unit
    complete = each.done == each.total if is_bundle else bool(each.ends)
    return UnitState(
        unit=unit,
        done=each.done,
        total=each.total,
        started_at=min(each.starts, default=None),
        completed_at=max(each.ends) if complete and each.ends else None,
        last_at=max(each.lasts),
    )
