"""What the screens of accounts show: the roster, cohorts, my data, the audit trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import aliased

from lms.extensions import db
from lms.kernel.documents import DocumentKind
from lms.models import slices
from lms.models.audit import AuditEntry
from lms.models.ballots import Participation
from lms.models.cohorts import Cohort, CohortCourse, CohortMember
from lms.models.content import Document
from lms.models.facts import Attempt, Completion, Opening, Play, Reading
from lms.models.people import Person, Role
from lms.models.slices import Slice

PAGE_ROWS = 50


@dataclass(frozen=True)
class RosterFilter:
    """What the admin is looking for; empty values do not filter."""

    text: str = ""
    role: str = ""
    province: str = ""
    cohort: str = ""
    state: str = "active"
    """`active`, `inactive` or `all`."""


@dataclass(frozen=True)
class CohortRow:
    """One cohort in the list."""

    code: str
    name: str
    members: int
    courses: int
    next_due_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class CourseDates:
    """One course as a cohort may take it."""

    code: str
    title: str
    is_taken: bool
    opens_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True)
class AuditRow:
    """One line of the audit trail."""

    recorded_at: datetime
    actor_name: str | None
    action: str
    subject_kind: str
    subject_key: str
    subject_name: str
    changes: Mapping[str, Any]


def roster(actor: Person, wanted: RosterFilter, *, page: int) -> Slice:
    """Return one page of the people whom the actor may see, by name."""
    statement = _narrowed(Person.visible_to(actor), wanted)
    ordered = statement.order_by(func.lower(Person.name), Person.id)
    return slices.cut(ordered, page, per_page=PAGE_ROWS).each(lambda row: row.Person)


def cohort_choices() -> list[tuple[str, str]]:
    """Return (code, name) of every cohort in order."""
    rows = db.session.execute(select(Cohort.code, Cohort.name).order_by(Cohort.position, Cohort.id))
    return [(code, name) for code, name in rows]


def cohorts_of(person: Person) -> list[tuple[str, str]]:
    """Return (code, name) of a person's cohorts."""
    rows = db.session.execute(
        select(Cohort.code, Cohort.name)
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .where(CohortMember.person_id == person.id)
        .order_by(Cohort.position, Cohort.id)
    )
    return [(code, name) for code, name in rows]


def cohorts() -> list[CohortRow]:
    """Return every cohort with its counts, in one statement."""
    members = select(CohortMember.cohort_id, func.count().label("n")).group_by(CohortMember.cohort_id).subquery()
    courses = (
        select(CohortCourse.cohort_id, func.count().label("n"), func.max(CohortCourse.due_at).label("due_at"))
        .group_by(CohortCourse.cohort_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Cohort.code, Cohort.name, func.coalesce(members.c.n, 0), func.coalesce(courses.c.n, 0),
            courses.c.due_at, Cohort.closed_at,
        )
        .outerjoin(members, members.c.cohort_id == Cohort.id)
        .outerjoin(courses, courses.c.cohort_id == Cohort.id)
        .order_by(Cohort.position, Cohort.id)
    )  # fmt: skip
    return [CohortRow(*row) for row in rows]


def course_dates(cohort: Cohort) -> list[CourseDates]:
    """Return every published course with the dates that the cohort has for it."""
    rows = db.session.execute(
        select(Document.code, Document.title, CohortCourse.course_id, CohortCourse.opens_at, CohortCourse.due_at)
        .outerjoin(CohortCourse, (CohortCourse.course_id == Document.id) & (CohortCourse.cohort_id == cohort.id))
        .where(Document.kind == DocumentKind.COURSE, Document.published_id.is_not(None))
        .order_by(Document.position, Document.id)
    )
    return [CourseDates(code, title, course_id is not None, *dates) for code, title, course_id, *dates in rows]


def members(cohort: Cohort, *, page: int) -> Slice:
    """Return one page of a cohort's people, by name."""
    joined = (
        select(Person)
        .join(CohortMember, CohortMember.person_id == Person.id)
        .where(CohortMember.cohort_id == cohort.id)
    )
    ordered = joined.order_by(func.lower(Person.name), Person.id)
    return slices.cut(ordered, page, per_page=PAGE_ROWS).each(lambda row: row.Person)


def audit_trail(*, actions: Sequence[str], text: str, page: int) -> Slice:
    """Return one page of the audit trail, newest first.

    actions: how those wanted begin, none for all. text: part of a name or subject.
    """
    subject = aliased(Person)
    statement = (
        select(
            AuditEntry.recorded_at, Person.name, AuditEntry.action, AuditEntry.subject_kind, AuditEntry.subject_key,
            func.coalesce(subject.name, Cohort.name, Document.title, AuditEntry.subject_key), AuditEntry.changes,
        )
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .outerjoin(subject, (AuditEntry.subject_kind == "person") & (subject.uid == AuditEntry.subject_key))
        .outerjoin(Cohort, (AuditEntry.subject_kind == "cohort") & (Cohort.code == AuditEntry.subject_key))
        .outerjoin(Document, Document.code == AuditEntry.subject_key)
    )  # fmt: skip
    if actions:
        statement = statement.where(or_(*(AuditEntry.action.startswith(each, autoescape=True) for each in actions)))
    if text:
        named = (Person.name, subject.name, Cohort.name, Document.title, AuditEntry.subject_key)
        statement = statement.where(or_(*(_holds(column, text) for column in named)))
    ordered = statement.order_by(AuditEntry.recorded_at.desc(), AuditEntry.id.desc())
    return slices.cut(ordered, page, per_page=PAGE_ROWS).each(lambda row: AuditRow(*row))


def everything_about(person: Person) -> dict[str, Any]:
    """Return all that is kept about a person, ready for JSON: instants as ISO text in UTC, no secrets."""
    return {
        "person": _own_row(person),
        "cohorts": [name for _, name in cohorts_of(person)],
        "openings": _facts_of(person, Opening),
        "readings": _facts_of(person, Reading),
        "attempts": _attempts_of(person),
        "plays": _plays_of(person),
        "surveys": _surveys_of(person),
        "completions": _completions_of(person),
    }


def is_taken(column: Any, value: str, *, except_uid: str = "") -> bool:
    """Say whether another person already has this NIP or e-mail key."""
    statement = select(Person.id).where(column == value, Person.uid != except_uid)
    return db.session.scalars(statement.limit(1)).first() is not None


def _narrowed(statement: Select[Person], wanted: RosterFilter) -> Select[Person]:
    if wanted.text:
        statement = statement.where(
            or_(_holds(Person.name, wanted.text), _holds(Person.email_key, wanted.text), _starts(wanted.text))
        )
    if wanted.role:
        statement = statement.where(Person.role == Role(wanted.role))
    if wanted.province:
        statement = statement.where(Person.province_iso == wanted.province)
    if wanted.cohort:
        there = select(CohortMember.person_id).join(Cohort).where(Cohort.code == wanted.cohort)
        statement = statement.where(Person.id.in_(there))
    if wanted.state == "active":
        statement = statement.where(Person.deactivated_at.is_(None))
    if wanted.state == "inactive":
        statement = statement.where(Person.deactivated_at.is_not(None))
    return statement


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    return column.icontains(text, autoescape=True)


def _starts(text: str) -> ColumnElement[bool]:
    digits = "".join(each for each in text if each.isdigit())
    return Person.nip.startswith(digits) if digits else false()


def _own_row(person: Person) -> dict[str, Any]:
    names = (
        "role", "name", "title_before", "title_after", "nip", "province_iso", "regency", "unit", "position",
        "email", "whatsapp", "language", "scope", "contract_began_on", "created_at", "is_sample",
    )  # fmt: skip
    return {name: _json(getattr(person, name)) for name in names}


def _facts_of(person: Person, fact: type[Opening] | type[Reading]) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Document.code, fact.occurred_at, fact.recorded_at)
        .join(Document, Document.id == fact.document_id)
        .where(fact.person_id == person.id)
        .order_by(fact.id)
    )
    return [{"item": code, "occurred_at": _json(at), "recorded_at": _json(recorded)} for code, at, recorded in rows]


def _attempts_of(person: Person) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Document.code, Attempt.number, Attempt.started_at, Attempt.submitted_at, Attempt.percent, Attempt.passed)
        .join(Document, Document.id == Attempt.document_id)
        .where(Attempt.person_id == person.id)
        .order_by(Attempt.id)
    )
    names = ("quiz", "number", "started_at", "submitted_at", "percent", "passed")
    return [{name: _json(value) for name, value in zip(names, row, strict=True)} for row in rows]


def _plays_of(person: Person) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Document.code, Play.path, Play.started_at, Play.finished_at, Play.earned, Play.best)
        .join(Document, Document.id == Play.document_id)
        .where(Play.person_id == person.id)
        .order_by(Play.id)
    )
    names = ("simulation", "path", "started_at", "finished_at", "earned", "best")
    return [{name: _json(value) for name, value in zip(names, row, strict=True)} for row in rows]


def _surveys_of(person: Person) -> list[dict[str, Any]]:
    """Of an anonymous survey it is only known that it was answered."""
    rows = db.session.execute(
        select(Document.code, Participation.answered_at, Participation.named_answers)
        .join(Document, Document.id == Participation.document_id)
        .where(Participation.person_id == person.id)
        .order_by(Participation.id)
    )
    return [{"survey": code, "answered_at": _json(at), "answers": answers} for code, at, answers in rows]


def _completions_of(person: Person) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Document.code, Completion.completed_at, Completion.jp)
        .join(Document, Document.id == Completion.document_id)
        .where(Completion.person_id == person.id)
        .order_by(Completion.id)
    )
    return [{"module": code, "completed_at": _json(at), "jp": jp} for code, at, jp in rows]


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
