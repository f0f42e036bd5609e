"""What is done, and what is complete: pure functions from facts and published content to summaries.

Source: docs/decisions/0004-facts-and-summaries.md. A lesson is done when its reader says so; a quiz when an attempt
passed; a simulation when it was played to an ending. A module is complete when all its published items of these kinds
are done (surveys are never counted, see 0015), and stays complete when content changes later. A course's core (or
whole) is complete when all its published core (or all) modules are; the package likewise over all courses.
"""

from collections import defaultdict
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


class Counted(NamedTuple):
    """A module that counts, without its items: enough for the units above it."""

    code: str
    course: str
    is_core: bool


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

    def add(self, module: UnitState) -> None:
        self.done += module.completed_at is not None
        self.starts += [module.started_at] if module.started_at else []
        self.ends += [module.completed_at] if module.completed_at else []
        self.lasts.append(module.last_at)

    def state(self, unit: str) -> UnitState:
        completed_at = max(self.ends) if self.ends and self.done == self.total else None
        return UnitState(unit, self.done, self.total, min(self.starts, default=None), completed_at, max(self.lasts))


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
    modules: Sequence[Module],
    states: Mapping[int, ItemState],
    completions: Mapping[int, datetime],
    *,
    counted: Iterable[Module | Counted] | None = None,
    standing: Mapping[str, UnitState] | None = None,
) -> dict[str, UnitState]:
    """Summarise one person over all units that the person has touched: unit → state.

    states: item id → state. completions: module id → instant at which it was granted. Where `modules` are only some,
    counted: every module that counts, and standing: unit → state, as the others were derived before.
    """
    counting = [module for module in modules if counts(module)]
    touched = {**(standing or {}), **_module_states(counting, states, completions)}
    return {**touched, **_bundle_states(counting if counted is None else counted, touched)}


def counts(module: Module) -> bool:
    """Say whether a module counts: one without published items is announced, one without JP is reference."""
    return bool(module.items and module.jp)


def _module_states(
    modules: Iterable[Module], states: Mapping[int, ItemState], completions: Mapping[int, datetime]
) -> dict[str, UnitState]:
    found = {module.code: _module_state(module, states, completions.get(module.id)) for module in modules}
    return {code: state for code, state in found.items() if state is not None}


def _bundle_states(counted: Iterable[Module | Counted], touched: Mapping[str, UnitState]) -> dict[str, UnitState]:
    """The units above the modules: each course's core and whole, and the package's."""
    sums: dict[str, _Sum] = defaultdict(_Sum)
    for module in counted:
        for unit in bundles_of(module):
            sums[unit].total += 1
            if module.code in touched:
                sums[unit].add(touched[module.code])
    return {unit: each.state(unit) for unit, each in sums.items() if each.lasts}


def bundles_of(module: Module | Counted) -> tuple[str, ...]:
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
