"""Derives every summary from the facts: one path for one person after a click and for everyone after a disaster.

Called inside the transaction that appended the fact. Source: docs/decisions/0004-facts-and-summaries.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select

from lms.extensions import db
from lms.kernel import clock
from lms.kernel.documents import DocumentKind
from lms.models import upsert
from lms.models.cohorts import CohortMember
from lms.models.content import Document, Revision
from lms.models.facts import Attempt, Completion, Opening, Reading
from lms.models.people import Person, Role
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

_Facts = dict[int, dict[int, completion.ItemFacts]]
"""person id → document id → facts"""


def published_modules() -> list[completion.Module]:
    """Return every published module with its published lessons and quizzes, in two statements."""
    course = select(Document.id, Document.code).where(Document.kind == DocumentKind.COURSE).subquery()
    modules = db.session.execute(
        select(Document.id, Document.code, course.c.code.label("course"), Document.is_core, Document.jp)
        .join(course, course.c.id == Document.parent_id)
        .where(Document.kind == DocumentKind.MODULE, *_is_published())
        .order_by(Document.id)
    ).all()
    items = _published_items()
    return [
        completion.Module(module_id, code, course_code, is_core, jp, tuple(items.get(module_id, ())))
        for module_id, code, course_code, is_core, jp in modules
    ]


def refresh(person_ids: Collection[int]) -> None:
    """Derive the summaries of these people anew and keep the tallies equal to them."""
    modules = published_modules()
    ids = sorted(person_ids)
    for start in range(0, len(ids), BATCH_PEOPLE):
        batch = ids[start : start + BATCH_PEOPLE]
        with recounted(batch):
            _refresh_batch(batch, modules)


def rebuild() -> int:
    """Throw every summary away and derive all of them from the facts; return how many people have any."""
    for summary in (Tally, UnitProgress, ItemProgress):
        db.session.execute(delete(summary))
    with_facts = select(Opening.person_id).union(
        select(Reading.person_id), select(Attempt.person_id), select(Completion.person_id)
    )
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
    after = _counts(person_ids)
    rows = [
        {**cell._asdict(), "started": started, "completed": completed}
        for cell in sorted(before.keys() | after.keys())
        for started, completed in [_difference(after.get(cell), before.get(cell))]
        if started or completed
    ]
    upsert.add(Tally, rows)
    if rows and before:
        db.session.execute(delete(Tally).where(Tally.started == 0, Tally.completed == 0))


def people_touching(module_id: int) -> list[int]:
    """Return the ids of people with a fact at any item of the module: those whom a change of its items concerns."""
    items = select(Document.id).where(Document.parent_id == module_id)
    touched = select(ItemProgress.person_id).where(ItemProgress.document_id.in_(items)).distinct()
    return list(db.session.scalars(touched))


def _is_published() -> tuple[Any, Any]:
    return Document.published_id.is_not(None), Document.withdrawn_at.is_(None)


def _published_items() -> dict[int, list[completion.Item]]:
    rows = db.session.execute(
        select(Document.parent_id, Document.id, Document.kind, Revision.meta)
        .outerjoin(Revision, (Revision.id == Document.published_id) & (Document.kind == DocumentKind.QUIZ))
        .where(Document.kind.in_([DocumentKind.LESSON, DocumentKind.QUIZ]), *_is_published())
        .order_by(Document.position, Document.id)
    )
    items: dict[int, list[completion.Item]] = defaultdict(list)
    for module_id, item_id, kind, meta in rows:
        is_quiz = kind is DocumentKind.QUIZ
        items[module_id].append(completion.Item(item_id, is_quiz, str((meta or {}).get("score", "best"))))
    return items


def _refresh_batch(ids: Collection[int], modules: Collection[completion.Module]) -> None:
    facts, granted = _facts(ids), _granted(ids)
    rules = {item.id: item for module in modules for item in module.items}
    item_rows, unit_rows, new = [], [], []
    for person_id in ids:
        states = {
            document_id: completion.item_state(rules.get(document_id, completion.Item(document_id)), each)
            for document_id, each in facts.get(person_id, {}).items()
        }
        had = granted.setdefault(person_id, {})
        new += _grant(person_id, modules, states, had)
        units = completion.unit_states(modules, states, had)
        item_rows += [{"person_id": person_id, "document_id": key, **asdict(state)} for key, state in states.items()]
        unit_rows += [{"person_id": person_id, **asdict(state)} for state in units]
    upsert.absorb(Completion, new)
    _write(ItemProgress, ids, item_rows, ("person_id", "document_id"))
    _write(UnitProgress, ids, unit_rows, ("person_id", "unit"))


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


def _facts(ids: Collection[int]) -> _Facts:
    opened = _instants(Opening, ids)
    read = _instants(Reading, ids)
    tries = _tries(ids)
    facts: _Facts = defaultdict(dict)
    for person_id, document_id in opened.keys() | read.keys() | tries.keys():
        key = (person_id, document_id)
        facts[person_id][document_id] = completion.ItemFacts(
            opened.get(key, ()), read.get(key, ()), tuple(tries.get(key, ()))
        )
    return facts


def _instants(
    fact: type[Opening] | type[Reading], ids: Collection[int]
) -> dict[tuple[int, int], tuple[datetime, datetime]]:
    """(person, document) → the first and the last instant of the fact."""
    rows = db.session.execute(
        select(fact.person_id, fact.document_id, func.min(fact.occurred_at), func.max(fact.occurred_at))
        .where(fact.person_id.in_(ids))
        .group_by(fact.person_id, fact.document_id)
    )
    return {(person_id, document_id): (first, last) for person_id, document_id, first, last in rows}


def _tries(ids: Collection[int]) -> dict[tuple[int, int], list[completion.Try]]:
    rows = db.session.execute(
        select(Attempt.person_id, Attempt.document_id, Attempt.submitted_at, Attempt.percent, Attempt.passed)
        .where(Attempt.person_id.in_(ids), Attempt.submitted_at.is_not(None))
        .order_by(Attempt.number)
    )
    tries: dict[tuple[int, int], list[completion.Try]] = defaultdict(list)
    for person_id, document_id, submitted_at, percent, passed in rows:
        if submitted_at is not None:
            tries[person_id, document_id].append(completion.Try(submitted_at, percent, passed))
    return tries


def _granted(ids: Collection[int]) -> dict[int, dict[int, datetime]]:
    rows = db.session.execute(
        select(Completion.person_id, Completion.document_id, Completion.completed_at).where(
            Completion.person_id.in_(ids)
        )
    )
    granted: dict[int, dict[int, datetime]] = defaultdict(dict)
    for person_id, document_id, at in rows:
        granted[person_id][document_id] = at
    return granted


def _write(model: Any, ids: Collection[int], rows: list[dict[str, Any]], keys: tuple[str, str]) -> None:
    """Write what changed, remove what is gone."""
    table = model.__table__
    old = {
        (row[keys[0]], row[keys[1]]): dict(row)
        for row in db.session.execute(select(table).where(table.c.person_id.in_(ids))).mappings()
    }
    new = {(row[keys[0]], row[keys[1]]): row for row in rows}
    upsert.replace(model, [row for key, row in new.items() if old.get(key) != row])
    for person_id, second in old.keys() - new.keys():
        db.session.execute(delete(model).where(table.c[keys[0]] == person_id, table.c[keys[1]] == second))


def _counts(ids: Collection[int]) -> _Counts:
    """What these people contribute to the tallies as their rows stand now."""
    rows = db.session.execute(
        select(Person.id, Person.province_iso, UnitProgress.unit, UnitProgress.started_at, UnitProgress.completed_at)
        .join(UnitProgress, UnitProgress.person_id == Person.id)
        .where(Person.id.in_(ids), Person.role == Role.COMPANION, Person.deactivated_at.is_(None))
    ).all()
    cohorts = _cohorts(ids)
    counts: _Counts = defaultdict(lambda: [0, 0])
    for person_id, province_iso, unit, started_at, completed_at in rows:
        for cohort_id in (EVERYONE, *cohorts.get(person_id, ())):
            for column, at in enumerate((started_at, completed_at)):
                if at is not None:
                    counts[_Cell(unit, cohort_id, province_iso or "", clock.report_day(at))][column] += 1
    return dict(counts)


def _cohorts(ids: Collection[int]) -> dict[int, list[int]]:
    rows = db.session.execute(
        select(CohortMember.person_id, CohortMember.cohort_id).where(CohortMember.person_id.in_(ids))
    )
    cohorts: dict[int, list[int]] = defaultdict(list)
    for person_id, cohort_id in rows:
        cohorts[person_id].append(cohort_id)
    return cohorts


def _difference(after: list[int] | None, before: list[int] | None) -> tuple[int, int]:
    (a, b), (c, d) = after or (0, 0), before or (0, 0)
    return a - c, b - d
