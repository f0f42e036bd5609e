"""Completion as the directorate sees it: sums over tallies, and the people behind a number.

What is counted: docs/decisions/0006-completion-report.md. The number of statements does not depend on data.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select, true
from sqlalchemy.orm import aliased

from lms.extensions import db
from lms.kernel import clock, provinces
from lms.kernel.documents import COUNTED, DocumentKind
from lms.models import slices
from lms.models.cohorts import Cohort, CohortCourse, CohortMember
from lms.models.content import Document, is_published
from lms.models.people import Person, Role
from lms.models.slices import Slice
from lms.models.summaries import EVERYONE, Tally, UnitProgress
from lms.rules import completion

PAGE_ROWS = 50


class State(StrEnum):
    """Where someone stands at a unit."""

    DONE = "selesai"
    STARTED = "berjalan"
    NOT_STARTED = "belum"
    OVERDUE = "lewat"
    """Not done although its date has passed."""


class Sort(StrEnum):
    """How the people behind a number are sorted."""

    NAME = "nama"
    PROVINCE = "provinsi"
    STATE = "keadaan"
    ACTIVITY = "aktivitas"


@dataclass(frozen=True)
class Wanted:
    """The filters of the report; empty values do not filter."""

    cohort: str = ""
    course: str = ""
    is_core: bool = True
    since: date | None = None
    until: date | None = None

    @property
    def unit(self) -> str:
        """The unit of the headline: the package or a course, its core or the whole."""
        return f"{self.course or completion.PACKAGE}:{'core' if self.is_core else 'all'}"


@dataclass(frozen=True)
class Column:
    """One module of the table."""

    code: str
    title: str
    is_core: bool


@dataclass(frozen=True)
class Row:
    """One province: its companions, those who completed the whole, and those who completed each module."""

    province: provinces.Province
    people: int
    done: int
    started: int
    by_module: Mapping[str, int]


@dataclass(frozen=True)
class Week:
    """A week of the time line: Monday, completions in it and since the beginning."""

    starts_on: date
    done: int
    total: int


@dataclass(frozen=True)
class Report:
    """Everything on the completion page."""

    wanted: Wanted
    columns: Sequence[Column]
    rows: Sequence[Row]
    weeks: Sequence[Week]
    overdue: int
    unit: str

    @property
    def people(self) -> int:
        """All companions counted."""
        return sum(row.people for row in self.rows)

    @property
    def done(self) -> int:
        """Those who completed the whole."""
        return sum(row.done for row in self.rows)

    @property
    def started(self) -> int:
        """Those who began and have not completed it."""
        return sum(row.started for row in self.rows)

    @property
    def by_module(self) -> Mapping[str, int]:
        """Module → completions over all rows."""
        return {column.code: sum(row.by_module[column.code] for row in self.rows) for column in self.columns}

    @property
    def done_last_week(self) -> int:
        """Those who had completed the whole a week ago."""
        return self.weeks[-2].total if len(self.weeks) > 1 else 0


@dataclass(frozen=True)
class Stand:
    """One person behind a number."""

    uid: str
    name: str
    nip: str | None
    province: provinces.Province | None
    regency: str
    email: str
    whatsapp: str
    state: State
    done: int
    total: int
    completed_at: datetime | None
    last_at: datetime | None
    due_at: datetime | None


def cohort_choices() -> list[tuple[str, str]]:
    """Return (code, name) of every cohort in order."""
    rows = db.session.execute(select(Cohort.code, Cohort.name).order_by(Cohort.position, Cohort.id))
    return [(code, name) for code, name in rows]


def course_choices() -> list[tuple[str, str]]:
    """Return (code, title) of every published course in order."""
    rows = db.session.execute(
        select(Document.code, Document.title)
        .where(Document.kind == DocumentKind.COURSE, is_published(Document))
        .order_by(Document.position, Document.id)
    )
    return [(code, title) for code, title in rows]


def report(actor: Person, wanted: Wanted, *, now: datetime) -> Report:
    """Return the completion report within the actor's provinces."""
    columns = columns_of(wanted)
    people = _headcounts(actor, wanted)
    done, started = _sums(actor, wanted, [wanted.unit, *(column.code for column in columns)])
    rows = [
        Row(
            province=province,
            people=people.get(iso, 0),
            done=done[wanted.unit, iso],
            started=started[wanted.unit, iso],
            by_module={column.code: done[column.code, iso] for column in columns},
        )
        for iso, province in provinces.PROVINCES.items()
        if (not actor.scope or iso in actor.scope) and people.get(iso)
    ]
    return Report(wanted, columns, rows, _weeks(actor, wanted, now), overdue_count(actor, wanted, now), wanted.unit)


def columns_of(wanted: Wanted) -> list[Column]:
    """Return the published modules that the filters choose, in the order of the curriculum."""
    course = (
        select(Document.id, Document.code, Document.position).where(Document.kind == DocumentKind.COURSE).subquery()
    )
    item = aliased(Document)
    has_items = (
        select(item.id)
        .where(
            item.parent_id == Document.id,
            item.kind.in_(COUNTED),
            is_published(item),
        )
        .exists()
    )
    statement = (
        select(Document.code, Document.title, Document.is_core)
        .join(course, course.c.id == Document.parent_id)
        .where(
            Document.kind == DocumentKind.MODULE,
            Document.jp > 0,
            is_published(Document),
            has_items,
        )
        .order_by(course.c.position, course.c.id, Document.position, Document.id)
    )
    if wanted.course:
        statement = statement.where(course.c.code == wanted.course)
    if wanted.is_core:
        statement = statement.where(Document.is_core)
    return [Column(*row) for row in db.session.execute(statement)]


def overdue_count(actor: Person, wanted: Wanted, now: datetime) -> int:
    """Return how many companions have an unfinished course whose date has passed, in one statement."""
    due = _unfinished_due(wanted.course, wanted)
    statement = (
        select(func.count())
        .select_from(Person)
        .join(due, due.c.person_id == Person.id)
        .where(*companions(actor), due.c.due_at < now)
    )
    return db.session.scalars(statement).one()


def people(
    actor: Person,
    wanted: Wanted,
    *,
    unit: str,
    province: str,
    state: State | None,
    sort: Sort,
    page: int | None,
    now: datetime,
) -> Slice:
    """Return the people behind a number, `page` none for all of them; in two statements.

    unit: a module, or a bundle such as `*:core`. province: ISO, or empty for all within the actor's provinces.
    Dates choose among those who are complete.
    """
    due = _unfinished_due(_course_of(unit), wanted)
    statement = _stands(actor, wanted, unit, due)
    if province:
        statement = statement.where(Person.province_iso == province)
    if state is not None:
        statement = statement.where(_is_in(state, wanted, due, now))
    statement = statement.order_by(*_order(sort), func.lower(Person.name), Person.id)
    return slices.cut(statement, page, per_page=PAGE_ROWS).each(lambda row: _stand(row, now))


def companions(actor: Person) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that choose the active companions of the actor's provinces."""
    return Person.role == Role.COMPANION, Person.deactivated_at.is_(None), Person.in_scope(actor)


def in_cohort(code: str) -> ColumnElement[bool]:
    """Return the condition that chooses the members of a cohort; everyone when no code is given."""
    if not code:
        return true()
    return Person.id.in_(select(CohortMember.person_id).join(Cohort).where(Cohort.code == code))


def _headcounts(actor: Person, wanted: Wanted) -> dict[str, int]:
    rows = db.session.execute(
        select(Person.province_iso, func.count())
        .where(*companions(actor), in_cohort(wanted.cohort))
        .group_by(Person.province_iso)
    )
    return {iso: number for iso, number in rows if iso}


def _tallies(actor: Person, wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    cohort: Any = EVERYONE
    if wanted.cohort:
        cohort = select(Cohort.id).where(Cohort.code == wanted.cohort).scalar_subquery()
    return Tally.cohort_id == cohort, Tally.province_iso.in_(actor.scope) if actor.scope else true()


def _sums(
    actor: Person, wanted: Wanted, units: Sequence[str]
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """(unit, province) → completed within the dates; (unit, province) → started up to the end and not completed."""
    within = and_(
        Tally.day >= wanted.since if wanted.since else true(), Tally.day <= wanted.until if wanted.until else true()
    )
    until = Tally.day <= wanted.until if wanted.until else true()
    rows = db.session.execute(
        select(
            Tally.unit,
            Tally.province_iso,
            func.sum(case((within, Tally.completed), else_=0)),
            func.sum(case((until, Tally.started - Tally.completed), else_=0)),
        )
        .where(*_tallies(actor, wanted), Tally.unit.in_(units))
        .group_by(Tally.unit, Tally.province_iso)
    )
    done: dict[tuple[str, str], int] = defaultdict(int)
    started: dict[tuple[str, str], int] = defaultdict(int)
    for unit, iso, completed, going in rows:
        done[unit, iso], started[unit, iso] = completed, going
    return done, started


def _weeks(actor: Person, wanted: Wanted, now: datetime) -> list[Week]:
    """Weeks from the first completion (or `since`) to the last day asked for, without gaps."""
    rows = db.session.execute(
        select(Tally.day, func.sum(Tally.completed))
        .where(*_tallies(actor, wanted), Tally.unit == wanted.unit, Tally.completed > 0)
        .group_by(Tally.day)
        .order_by(Tally.day)
    ).all()
    last = min(wanted.until or clock.report_day(now), clock.report_day(now))
    by_week: dict[date, int] = defaultdict(int)
    for day, number in rows:
        if day <= last and (wanted.since is None or day >= wanted.since):
            by_week[clock.week_start(day)] += number
    return _without_gaps(by_week, clock.week_start(last))


def _without_gaps(by_week: Mapping[date, int], last: date) -> list[Week]:
    if not by_week:
        return []
    weeks, total, monday = [], 0, min(by_week)
    while monday <= last:
        total += by_week.get(monday, 0)
        weeks.append(Week(monday, by_week.get(monday, 0), total))
        monday += timedelta(days=7)
    return weeks


def _course_of(unit: str) -> str:
    """The course of a unit (`mrs-4`, `mrs:core`), empty for the package."""
    course = unit.split(":")[0] if ":" in unit else unit.rsplit("-", 1)[0]
    return "" if course == completion.PACKAGE else course


def _unfinished_due(course: str, wanted: Wanted) -> Subquery:
    """Person → the earliest date of a course (or of any course) that she has not finished."""
    progress = aliased(UnitProgress)
    suffix = ":core" if wanted.is_core else ":all"
    statement = (
        select(CohortMember.person_id, func.min(CohortCourse.due_at).label("due_at"))
        .join(CohortCourse, CohortCourse.cohort_id == CohortMember.cohort_id)
        .join(Document, Document.id == CohortCourse.course_id)
        .outerjoin(
            progress,
            and_(progress.person_id == CohortMember.person_id, progress.unit == Document.code.concat(suffix)),
        )
        .where(progress.completed_at.is_(None), CohortCourse.due_at.is_not(None))
        .group_by(CohortMember.person_id)
    )
    if course:
        statement = statement.where(Document.code == course)
    if wanted.cohort:
        cohort = select(Cohort.id).where(Cohort.code == wanted.cohort).scalar_subquery()
        statement = statement.where(CohortMember.cohort_id == cohort)
    return statement.subquery()


def _stands(actor: Person, wanted: Wanted, unit: str, due: Subquery) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Person.uid, Person.name, Person.nip, Person.province_iso, Person.regency, Person.email, Person.whatsapp,
            UnitProgress.done, UnitProgress.total, UnitProgress.started_at, UnitProgress.completed_at,
            UnitProgress.last_at, due.c.due_at,
        )
        .outerjoin(UnitProgress, and_(UnitProgress.person_id == Person.id, UnitProgress.unit == unit))
        .outerjoin(due, due.c.person_id == Person.id)
        .where(*companions(actor), in_cohort(wanted.cohort))
    )  # fmt: skip


def _is_in(state: State, wanted: Wanted, due: Subquery, now: datetime) -> ColumnElement[bool]:
    done = UnitProgress.completed_at.is_not(None)
    match state:
        case State.DONE:
            return and_(done, *_within(wanted))
        case State.STARTED:
            return and_(~done, UnitProgress.started_at.is_not(None))
        case State.NOT_STARTED:
            return UnitProgress.started_at.is_(None)
        case State.OVERDUE:
            return and_(UnitProgress.completed_at.is_(None), due.c.due_at < now)


def _within(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.since:
        yield UnitProgress.completed_at >= clock.day_start(wanted.since)
    if wanted.until:
        yield UnitProgress.completed_at < clock.day_start(wanted.until + timedelta(days=1))


def _order(sort: Sort) -> tuple[Any, ...]:
    match sort:
        case Sort.PROVINCE:
            return (Person.province_iso,)
        case Sort.STATE:
            return UnitProgress.completed_at.is_(None), func.coalesce(UnitProgress.done, -1).desc()
        case Sort.ACTIVITY:
            return UnitProgress.last_at.is_(None), UnitProgress.last_at.desc()
        case Sort.NAME:
            return ()


def _stand(row: Any, now: datetime) -> Stand:
    if row.completed_at:
        state = State.DONE
    elif row.due_at and row.due_at < now:
        state = State.OVERDUE
    else:
        state = State.STARTED if row.started_at else State.NOT_STARTED
    return Stand(
        row.uid, row.name, row.nip, provinces.PROVINCES.get(row.province_iso or ""), row.regency, row.email,
        row.whatsapp, state, row.done or 0, row.total or 0, row.completed_at, row.last_at, row.due_at,
    )  # fmt: skip
