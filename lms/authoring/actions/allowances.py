"""More time or more attempts for one person or one cohort, given with a reason that they read."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from lms.access import table
from lms.access.permissions import Permission
from lms.extensions import db
from lms.kernel import clock, errors
from lms.models import audit, closing
from lms.models.clocks import Allowance
from lms.models.cohorts import Cohort, CohortMember
from lms.models.content import Document
from lms.models.facts import Attempt
from lms.models.people import Person, Role
from lms.models.session import unit_of_work
from lms.rules import civil_service
from lms.rules.attempts import moved_by_minutes


@unit_of_work
def give(*, actor: Person, code: str, person: str, cohort: str, minutes: int, attempts: int, reason: str) -> Allowance:
    """Give one person (NIP or e-mail) or one cohort (its code) more; who is at the quiz now gets the minutes at once.

    Raises NotFound, Refused for both or neither of them, for nobody of that name, and for nothing given.
    """
    table.require(actor, Permission.ALLOWANCE_EDIT)
    document = _document(code)
    if bool(person) == bool(cohort):
        raise errors.Refused("one_holder", field="person")
    if not minutes and not attempts:
        raise errors.Refused("nothing_given", field="minutes")
    person_id, cohort_id = _person(person) if person else None, _cohort(cohort) if cohort else None
    allowance = Allowance(
        document_id=document.id, person_id=person_id, cohort_id=cohort_id, minutes=minutes, attempts=attempts,
        reason=reason, author_id=actor.id, recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(allowance)
    if minutes:
        _lengthen(document.id, _holders(allowance), minutes)
    _audit(actor, "allowance.given", code, allowance, before=False)
    return allowance


@unit_of_work
def withdraw(*, actor: Person, code: str, number: int) -> None:
    """Take an allowance back; attempts that run keep their time. Twice is once. Raises NotFound."""
    table.require(actor, Permission.ALLOWANCE_EDIT)
    document = _document(code)
    allowance = db.session.scalars(
        select(Allowance).where(Allowance.id == number, Allowance.document_id == document.id).with_for_update()
    ).one_or_none()
    if allowance is None:
        raise errors.NotFound("no_such_allowance", number=number)
    if allowance.withdrawn_at is None:
        allowance.withdrawn_at = clock.now()
        _audit(actor, "allowance.withdrawn", code, allowance, before=True)


@unit_of_work
def close_overdue(*, actor: Person, code: str) -> int:
    """Close and mark the open attempts at a quiz whose time is over for good; returns how many. Raises NotFound."""
    table.require(actor, Permission.ALLOWANCE_EDIT)
    number = closing.close_overdue(_document(code).id)
    if number:
        audit.record(
            actor_id=actor.id, action="attempts.closed", subject_kind="document", subject_key=code,
            changes={"attempts": [None, number]},
        )  # fmt: skip
    return number


def _document(code: str) -> Document:
    document = db.session.scalars(select(Document).where(Document.code == code)).one_or_none()
    if document is None:
        raise errors.NotFound("no_such_document", code=code)
    return document


def _person(identifier: str) -> int:
    key = identifier.casefold() if "@" in identifier else civil_service.normalised(identifier)
    found = select(Person.id).where(Person.role == Role.COMPANION, or_(Person.nip == key, Person.email_key == key))
    person_id = db.session.scalars(found).one_or_none()
    if person_id is None:
        raise errors.Refused("no_such_companion", field="person")
    return person_id


def _cohort(code: str) -> int:
    cohort_id = db.session.scalars(select(Cohort.id).where(Cohort.code == code)).one_or_none()
    if cohort_id is None:
        raise errors.Refused("no_such_cohort", field="cohort")
    return cohort_id


def _holders(allowance: Allowance) -> list[int]:
    if allowance.person_id is not None:
        return [allowance.person_id]
    members = select(CohortMember.person_id).where(CohortMember.cohort_id == allowance.cohort_id)
    return sorted(db.session.scalars(members))


def _holder(allowance: Allowance) -> str:
    """Who has it, in words: a cohort's name, or a person's with her address, for names are shared."""
    if allowance.person_id is None:
        return db.session.scalars(select(Cohort.name).where(Cohort.id == allowance.cohort_id)).one()
    person = db.session.get_one(Person, allowance.person_id)
    return f"{person.name}, {person.email}"


def _lengthen(document_id: int, holders: Iterable[int], minutes: int) -> None:
    """Move the deadlines of attempts that run; whoever is just starting or handing in comes before or after."""
    ids = list(holders)
    db.session.scalars(select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()).all()
    running = select(Attempt).where(
        Attempt.document_id == document_id,
        Attempt.person_id.in_(ids),
        Attempt.submitted_at.is_(None),
        Attempt.deadline_at.is_not(None),
    )
    for attempt in db.session.scalars(running.execution_options(populate_existing=True)):
        attempt.deadline_at = moved_by_minutes(attempt.deadline_at, minutes)


def _audit(actor: Person, action: str, code: str, allowance: Allowance, *, before: bool) -> None:
    values = {
        "holder": _holder(allowance),
        "minutes": allowance.minutes,
        "attempts": allowance.attempts,
        "reason": allowance.reason,
    }
    audit.record(
        actor_id=actor.id, action=action, subject_kind="document", subject_key=code,
        changes={name: [value, None] if before else [None, value] for name, value in values.items() if value},
    )  # fmt: skip
