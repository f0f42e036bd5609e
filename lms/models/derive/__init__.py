"""Derives every summary from the facts: one path for one person after a click and for everyone after a disaster.

Called inside the transaction that appended the fact. Source: docs/decisions/0004-facts-and-summaries.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from lms.extensions import db
from lms.kernel import clock
from lms.kernel.documents import DocumentKind
from lms.models import upsert
from lms.models.ballots import Participation
from lms.models.content import Document
from lms.models.derive import statements
from lms.models.facts import Attempt, Completion, Opening, Play, Reading
from lms.models.session import execute
from lms.models.summaries import EVERYONE, ItemProgress, Tally, UnitProgress
from lms.rules import completion

BATCH_PEOPLE = 300
"""People derived at once: bounds memory, not the result."""


class _Cell(NamedTuple):
    unit: str
    cohort_id: int
    province_iso: str
    day: date


_Counts = dict[_Cell, list[int]]
"""cell → [started, completed]"""

_Items = dict[int, dict[int, completion.ItemState]]
"""person id → document id → state"""

_Units = dict[int, dict[str, completion.UnitState]]
"""person id → unit → state"""

_Facts = dict[int, dict[int, completion.ItemFacts]]
"""person id → document id → facts"""

_Place = tuple[str, tuple[int, ...]]
"""province, and the cohorts (with EVERYONE) under which someone is counted"""


class _Scope(NamedTuple):
    """What is derived: all modules from all their facts, or after a click one module, from the facts at one item."""

    modules: Sequence[completion.Module]
    counted: Sequence[completion.Module | completion.Counted]
    item: int | None


def published_modules() -> list[completion.Module]:
    """Return every published module with its published items, in one statement."""
    return _modules(statements.MODULES, {})


def refresh(person_ids: Collection[int], *, item: int | None = None) -> None:
    """Derive the summaries of these people anew and keep the tallies equal to them.

    item: the one document at which they have new facts; what stands of the others is taken as it is, so that a click
    costs the same after a year as on the first day. None derives every item from its facts.
    """
    scope, ids = _scope(item), sorted(person_ids)
    for start in range(0, len(ids), BATCH_PEOPLE):
        _refresh_batch(ids[start : start + BATCH_PEOPLE], scope)


def rebuild() -> int:
    """Throw every summary away and derive all of them from the facts; return how many people have any."""
    for summary in (Tally, UnitProgress, ItemProgress):
        db.session.execute(delete(summary))
    first, *others = (select(fact.person_id) for fact in (Opening, Reading, Attempt, Play, Participation, Completion))
    with_facts = first.union(*others)
    ids = list(db.session.scalars(with_facts))
    refresh(ids)
    return len(ids)


@contextmanager
def recounted(person_ids: Collection[int]) -> Iterator[None]:
    """Keep the tallies right while something that they depend on changes for these people.

    Wrap changes of province, cohort membership and activity: what the people counted before is taken
    away, what they count after is added.
    """
    before = _counts(person_ids)
    yield
    db.session.flush()
    _move_tallies(before, _counts(person_ids))


def people_touching(module_id: int) -> list[int]:
    """Return the ids of people with a fact at any item of the module: those whom a change of its items concerns."""
    items = select(Document.id).where(Document.parent_id == module_id)
    touched = select(ItemProgress.person_id).where(ItemProgress.document_id.in_(items)).distinct()
    return list(db.session.scalars(touched))


def _modules(statement: Any, values: Mapping[str, Any]) -> list[completion.Module]:
    modules: dict[int, completion.Module] = {}
    items: dict[int, list[completion.Item]] = defaultdict(list)
    for module_id, code, course, is_core, jp, item_id, kind, score in execute(statement, values):
        modules.setdefault(module_id, completion.Module(module_id, code, course, is_core, jp, ()))
        if item_id is not None:
            items[module_id].append(completion.Item(item_id, kind is DocumentKind.QUIZ, score or "best"))
    return [module._replace(items=tuple(items[module.id])) for module in modules.values()]


def _scope(item: int | None) -> _Scope:
    """One item's module, as long as readers see it; everything otherwise."""
    if item is not None:
        modules = _modules(statements.MODULE_OF_ITEM, {"item": item})
        if modules:
            return _Scope(modules, [completion.Counted(*row) for row in execute(statements.COUNTED)], item)
    modules = published_modules()
    return _Scope(modules, [module for module in modules if completion.counts(module)], None)


def _refresh_batch(ids: Collection[int], scope: _Scope) -> None:
    had_items, had_units = _items_as_they_stand(ids, scope.item), _units_as_they_stand(ids)
    granted = _granted(ids) if scope.item is None else _granted_as_it_stands(had_units, scope.modules)
    items, units, new = _states(_facts(ids, scope), scope.modules), _Units(), list[dict[str, Any]]()
    for person_id in ids:
        if scope.item is not None:
            items[person_id] = {**had_items[person_id], **items[person_id]}
        new += _grant(person_id, scope.modules, items[person_id], granted[person_id])
        standing = None if scope.item is None else had_units[person_id]
        units[person_id] = completion.unit_states(
            scope.modules, items[person_id], granted[person_id], counted=scope.counted, standing=standing
        )
    upsert.absorb(Completion, new)
    _write(ItemProgress, had_items, items)
    _write(UnitProgress, had_units, units)
    before, after = _moved(had_units, units), _moved(units, had_units)
    if before or after:
        places = _places(before.keys() | after.keys())
        _move_tallies(_counted(before, places), _counted(after, places))


def _moved(units: _Units, others: _Units) -> _Units:
    """Those units of which the tallies count something else than of the others."""
    moved: _Units = {}
    for person_id, states in units.items():
        for unit, state in states.items():
            other = others[person_id].get(unit)
            if other is None or (state.started_at, state.completed_at) != (other.started_at, other.completed_at):
                moved.setdefault(person_id, {})[unit] = state
    return moved


def _states(facts: _Facts, modules: Collection[completion.Module]) -> _Items:
    """The state of every document with facts."""
    rules = {item.id: item for module in modules for item in module.items}
    states: _Items = defaultdict(dict)
    for person_id, documents in facts.items():
        for document_id, each in documents.items():
            rule = rules.get(document_id, completion.Item(document_id))
            states[person_id][document_id] = completion.item_state(rule, each)
    return states


def _grant(
    person_id: int,
    modules: Collection[completion.Module],
    states: Mapping[int, completion.ItemState],
    had: dict[int, datetime],
) -> list[dict[str, Any]]:
    """Grant the modules that have become complete; adds them to `had` and returns the facts to append."""
    new = []
    for module in modules:
        at = None if module.id in had else completion.completed_at(module, states)
        if at is not None:
            had[module.id] = at
            new.append({"person_id": person_id, "document_id": module.id, "jp": module.jp, "completed_at": at})
    return [{**row, "recorded_at": clock.now()} for row in new]


def _facts(ids: Collection[int], scope: _Scope) -> _Facts:
    """Person → document → facts; after a click of its item only, and of a quiz nothing but the attempts."""
    is_quiz = any(item.id == scope.item and item.is_quiz for module in scope.modules for item in module.items)
    opened, read = ({}, {}) if is_quiz else _instants(ids, scope.item)
    tries = _tries(ids, scope.item)
    facts: _Facts = defaultdict(dict)
    for person_id, document_id in opened.keys() | read.keys() | tries.keys():
        key = (person_id, document_id)
        facts[person_id][document_id] = completion.ItemFacts(
            opened.get(key, ()), read.get(key, ()), tuple(tries.get(key, ()))
        )
    return facts


_Instants = dict[tuple[int, int], tuple[datetime, ...]]
"""(person, document) → instants of which the first and the last are among them"""


def _instants(ids: Collection[int], item: int | None) -> tuple[_Instants, _Instants]:
    """When items were opened and when they were finished, in one statement."""
    statement = statements.INSTANTS if item is None else statements.INSTANTS_AT_ITEM
    found: tuple[_Instants, _Instants] = ({}, {})
    for moment, person_id, document_id, earliest, latest in _read(statement, ids, item):
        key = (person_id, document_id)
        found[moment][key] = (*found[moment].get(key, ()), earliest, latest)
    return found


def _tries(ids: Collection[int], item: int | None) -> dict[tuple[int, int], list[completion.Try]]:
    statement = statements.TRIES if item is None else statements.TRIES_AT_ITEM
    tries: dict[tuple[int, int], list[completion.Try]] = defaultdict(list)
    for person_id, document_id, submitted_at, percent, passed in _read(statement, ids, item):
        tries[person_id, document_id].append(completion.Try(submitted_at, percent, passed))
    return tries


def _granted(ids: Collection[int]) -> dict[int, dict[int, datetime]]:
    granted: dict[int, dict[int, datetime]] = defaultdict(dict)
    for person_id, document_id, at in _read(statements.GRANTED, ids):
        granted[person_id][document_id] = at
    return granted


def _granted_as_it_stands(units: _Units, modules: Collection[completion.Module]) -> dict[int, dict[int, datetime]]:
    """What is granted, as the rows of these modules repeat it."""
    granted: dict[int, dict[int, datetime]] = defaultdict(dict)
    for person_id, states in units.items():
        for module in modules:
            state = states.get(module.code)
            if state is not None and state.completed_at is not None:
                granted[person_id][module.id] = state.completed_at
    return granted


def _items_as_they_stand(ids: Collection[int], item: int | None) -> _Items:
    """All items of these people, or after a click those of its module."""
    statement = statements.ITEMS if item is None else statements.ITEMS_BESIDE
    items: _Items = defaultdict(dict)
    for person_id, document_id, *state in _read(statement, ids, item):
        items[person_id][document_id] = completion.ItemState(*state)
    return items


def _units_as_they_stand(ids: Collection[int]) -> _Units:
    units: _Units = defaultdict(dict)
    for person_id, *state in _read(statements.UNITS, ids):
        units[person_id][state[0]] = completion.UnitState(*state)
    return units


def _read(statement: statements.About, ids: Collection[int], item: int | None = None) -> Any:
    """The rows of a statement about these people, and about one item if it is given."""
    one = len(ids) == 1
    values = {"people": next(iter(ids)) if one else list(ids), **({} if item is None else {"item": item})}
    return execute(statement.one if one else statement.many, values)


def _write(model: Any, old: Mapping[int, Mapping[Any, Any]], new: Mapping[int, Mapping[Any, Any]]) -> None:
    """Write what changed, remove what is gone; both are person → key → state."""
    first, second = model.__table__.primary_key
    rows = [
        {first.name: person_id, second.name: key, **state._asdict()}
        for person_id, states in new.items()
        for key, state in states.items()
        if state != old[person_id].get(key)
    ]
    upsert.replace(model, rows)
    for person_id, states in old.items():
        for key in states.keys() - new[person_id].keys():
            db.session.execute(delete(model).where(first == person_id, second == key))


def _counts(ids: Collection[int]) -> _Counts:
    """What these people contribute to the tallies as their rows stand now."""
    return _counted(_units_as_they_stand(ids), _places(ids))


def _counted(units: _Units, places: Mapping[int, _Place]) -> _Counts:
    counts: _Counts = defaultdict(lambda: [0, 0])
    for person_id, (province_iso, cohorts) in places.items():
        for unit, state in units.get(person_id, {}).items():
            for cohort_id in cohorts:
                for column, at in enumerate((state.started_at, state.completed_at)):
                    if at is not None:
                        counts[_Cell(unit, cohort_id, province_iso, clock.report_day(at))][column] += 1
    return dict(counts)


def _places(ids: Collection[int]) -> dict[int, _Place]:
    """Where the active companions among these people are counted: their province, and EVERYONE beside their cohorts."""
    places: dict[int, _Place] = {}
    for person_id, province_iso, cohort_id in _read(statements.PLACES, ids):
        _, cohorts = places.get(person_id, ("", (EVERYONE,)))
        places[person_id] = (province_iso or "", cohorts if cohort_id is None else (*cohorts, cohort_id))
    return places


def _move_tallies(before: _Counts, after: _Counts) -> None:
    """Take away what was counted before and add what counts after."""
    rows = [
        {**cell._asdict(), "started": started, "completed": completed}
        for cell in sorted(before.keys() | after.keys())
        for started, completed in [_difference(after.get(cell), before.get(cell))]
        if started or completed
    ]
    upsert.add(Tally, rows)
    if any(row["started"] < 0 or row["completed"] < 0 for row in rows):
        db.session.execute(delete(Tally).where(Tally.started == 0, Tally.completed == 0))


def _difference(after: list[int] | None, before: list[int] | None) -> tuple[int, int]:
    (a, b), (c, d) = after or (0, 0), before or (0, 0)
    return a - c, b - d
