"""Cohorts: their name, members, courses and dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError

from lms.access import table
from lms.access.permissions import Permission
from lms.accounts.actions import people
from lms.extensions import db
from lms.kernel import clock, errors
from lms.kernel.documents import DocumentKind
from lms.models import audit, derive
from lms.models.cohorts import Cohort, CohortCourse, CohortMember
from lms.models.content import Document
from lms.models.people import Person, Role
from lms.models.session import unit_of_work
from lms.rules import civil_service


@dataclass(frozen=True)
class Dates:
    """When a course opens for a cohort and until when it is due; both optional."""

    opens_at: datetime | None
    due_at: datetime | None


@unit_of_work
def create(*, actor: Person | None, code: str, name: str) -> Cohort:
    """Add a cohort. Raises Refused when the code is taken."""
    _require(actor)
    position = (db.session.scalars(select(func.max(Cohort.position))).one() or 0) + 1
    cohort = Cohort(code=code, name=name, position=position, created_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(cohort)
    except IntegrityError as error:
        raise errors.Refused("cohort_code_taken", field="code") from error
    _audit(actor, "cohort.created", cohort, {"name": [None, name]})
    return cohort


@unit_of_work
def edit(*, actor: Person, code: str, name: str, dates: Mapping[str, Dates]) -> Cohort:
    """Change a cohort's name and its courses; dates: course code → dates, courses not named are taken out.

    Raises NotFound, Refused when a course is due before it opens.
    """
    _require(actor)
    cohort = by_code(code)
    for course, each in dates.items():
        if each.opens_at and each.due_at and each.due_at <= each.opens_at:
            raise errors.Refused("due_before_opening", field=f"{course}-due_at")
    before = {"name": cohort.name, **_dates_text(_current(cohort))}
    cohort.name = name
    set_courses(cohort, dates)
    after = {"name": name, **_dates_text(dates)}
    changes: dict[str, Any] = {
        key: [before.get(key), after.get(key)] for key in before | after if before.get(key) != after.get(key)
    }
    if changes:
        _audit(actor, "cohort.edited", cohort, changes)
    return cohort


def set_courses(cohort: Cohort, dates: Mapping[str, Dates]) -> None:
    """Replace the courses of a cohort; unknown course codes raise NotFound."""
    found = select(Document.code, Document.id).where(Document.kind == DocumentKind.COURSE, Document.code.in_(dates))
    known = dict(db.session.execute(found).all())
    if missing := dates.keys() - known.keys():
        raise errors.NotFound("no_such_course", course=min(missing))
    db.session.execute(delete(CohortCourse).where(CohortCourse.cohort_id == cohort.id))
    for course, each in dates.items():
        db.session.add(
            CohortCourse(cohort_id=cohort.id, course_id=known[course], opens_at=each.opens_at, due_at=each.due_at)
        )


@unit_of_work
def add_members(*, actor: Person | None, code: str, identifiers: Iterable[str]) -> tuple[int, list[str]]:
    """Add companions by NIP or e-mail, all or none; returns how many are new and the lines that name nobody."""
    _require(actor)
    cohort = by_code(code)
    wanted = [each.strip() for each in identifiers if each.strip()]
    found = _companions(wanted)
    unknown = [each for each in wanted if _key(each) not in found]
    if unknown:
        return 0, unknown
    return _join(actor, cohort, {found[_key(each)] for each in wanted}), []


@unit_of_work
def add_province(*, actor: Person, code: str, province_iso: str) -> int:
    """Add all active companions of a province; returns how many are new."""
    _require(actor)
    people = select(Person.id).where(
        Person.role == Role.COMPANION, Person.province_iso == province_iso, Person.deactivated_at.is_(None)
    )
    return _join(actor, by_code(code), set(db.session.scalars(people)))


@unit_of_work
def remove_member(*, actor: Person, code: str, uid: str) -> Person:
    """Take a person out of a cohort; what she learned stays. Twice is once. Raises NotFound."""
    _require(actor)
    cohort, person = by_code(code), people.by_uid(uid)
    with derive.recounted([person.id]):
        left = db.session.scalars(
            delete(CohortMember)
            .where(CohortMember.cohort_id == cohort.id, CohortMember.person_id == person.id)
            .returning(CohortMember.person_id)
        ).all()
    if left:
        _audit(actor, "cohort.member_removed", cohort, {"person": [f"{person.name}, {person.email}", None]})
    return person


@unit_of_work
def close(*, actor: Person, code: str, is_closed: bool) -> Cohort:
    """Close a cohort to new members, or open it again. Twice is once."""
    _require(actor)
    cohort = by_code(code)
    if (cohort.closed_at is not None) is not is_closed:
        cohort.closed_at = clock.now() if is_closed else None
        _audit(actor, "cohort.closed" if is_closed else "cohort.reopened", cohort)
    return cohort


def by_code(code: str) -> Cohort:
    """Return a cohort. Raises NotFound."""
    cohort = db.session.scalars(select(Cohort).where(Cohort.code == code)).one_or_none()
    if cohort is None:
        raise errors.NotFound("no_such_cohort", code=code)
    return cohort


def _require(actor: Person | None) -> None:
    if actor is not None:
        table.require(actor, Permission.COHORT_EDIT)


def _join(actor: Person | None, cohort: Cohort, person_ids: set[int]) -> int:
    if cohort.closed_at is not None:
        raise errors.Conflict("cohort_closed", code=cohort.code)
    there = select(CohortMember.person_id).where(CohortMember.cohort_id == cohort.id)
    new = person_ids - set(db.session.scalars(there))
    with derive.recounted(new):
        now = clock.now()
        db.session.add_all(
            CohortMember(cohort_id=cohort.id, person_id=person_id, joined_at=now) for person_id in sorted(new)
        )
    if new:
        _audit(actor, "cohort.members_added", cohort, {"members": [None, len(new)]})
    return len(new)


def _companions(identifiers: Iterable[str]) -> dict[str, int]:
    keys = {_key(each) for each in identifiers}
    rows = db.session.execute(
        select(Person.id, Person.nip, Person.email_key).where(
            Person.role == Role.COMPANION, or_(Person.nip.in_(keys), Person.email_key.in_(keys))
        )
    )
    return {key: person_id for person_id, nip, email in rows for key in (nip, email) if key}


def _key(identifier: str) -> str:
    return identifier.casefold() if "@" in identifier else civil_service.normalised(identifier)


def _current(cohort: Cohort) -> dict[str, Dates]:
    rows = db.session.execute(
        select(Document.code, CohortCourse.opens_at, CohortCourse.due_at)
        .join(Document, Document.id == CohortCourse.course_id)
        .where(CohortCourse.cohort_id == cohort.id)
    )
    return {code: Dates(opens_at, due_at) for code, opens_at, due_at in rows}


def _dates_text(dates: Mapping[str, Dates]) -> dict[str, str]:
    return {course: f"{_iso(each.opens_at)} – {_iso(each.due_at)}" for course, each in dates.items()}


def _iso(at: datetime | None) -> str:
    return at.astimezone(clock.JAKARTA).isoformat(timespec="minutes") if at else "…"


def _audit(actor: Person | None, action: str, cohort: Cohort, changes: dict[str, Any] | None = None) -> None:
    audit.record(
        actor_id=actor.id if actor else None, action=action, subject_kind="cohort", subject_key=cohort.code,
        changes=changes,
    )  # fmt: skip
