"""The roster: the admin creates, edits, deactivates people and resets their access; each keeps her own data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.access import table
from lms.access.permissions import Permission
from lms.accounts.actions import access
from lms.extensions import db
from lms.kernel import clock, errors, ids
from lms.models import audit, derive
from lms.models.cohorts import Cohort, CohortMember
from lms.models.people import Language, Person, Role
from lms.models.session import unit_of_work


@dataclass(frozen=True)
class Details:
    """Everything the admin may write about a person; already checked for form."""

    role: Role
    name: str
    title_before: str
    title_after: str
    nip: str | None
    province_iso: str | None
    regency: str
    unit: str
    position: str
    email: str
    whatsapp: str
    language: Language
    scope: tuple[str, ...]
    contract_began_on: date | None


@unit_of_work
def create(*, actor: Person | None, details: Details, cohorts: tuple[str, ...] = ()) -> tuple[Person, str]:
    """Add a person; returns her and the secret of a one-time link that sets the first password.

    `actor` none is the command line. Raises Refused for an e-mail or NIP that someone else has.
    """
    _require(actor)
    person = Person(uid=ids.short(), session_stamp=ids.short(), created_at=clock.now(), email_key="", email="")
    person.must_change_since = None
    _apply(person, details)
    db.session.add(person)
    _flush()
    with derive.recounted([person.id]):
        _set_cohorts(person, cohorts)
    _audit(actor, "person.created", person, {"name": [None, person.name], "role": [None, person.role.value]})
    return person, access.issue_link(person)


@unit_of_work
def edit(*, actor: Person, uid: str, details: Details, cohorts: tuple[str, ...]) -> Person:
    """Change a person's data and cohorts; the tallies move with her. Raises NotFound, Refused, Conflict for oneself."""
    _require(actor)
    person = by_uid(uid)
    if person.id == actor.id and details.role is not Role.ADMIN:
        raise errors.Refused("cannot_demote_oneself", field="role")
    before = _snapshot(person)
    with derive.recounted([person.id]):
        _apply(person, details)
        _flush()
        _set_cohorts(person, cohorts)
    changes = _changes(before, _snapshot(person))
    if changes:
        _audit(actor, "person.edited", person, changes)
    return person


@unit_of_work
def deactivate(*, actor: Person, uid: str) -> Person:
    """End a person's access at once, everywhere; her record stays. Raises Refused for oneself. Twice is once."""
    _require(actor)
    person = by_uid(uid)
    if person.id == actor.id:
        raise errors.Refused("cannot_deactivate_oneself")
    if person.is_active:
        with derive.recounted([person.id]):
            person.deactivated_at = clock.now()
            person.session_stamp = ids.short()
        _audit(actor, "person.deactivated", person)
    return person


@unit_of_work
def reactivate(*, actor: Person, uid: str) -> Person:
    """Give access back. Twice is once."""
    _require(actor)
    person = by_uid(uid)
    if not person.is_active:
        with derive.recounted([person.id]):
            person.deactivated_at = None
        _audit(actor, "person.reactivated", person)
    return person


@unit_of_work
def reset_access(*, actor: Person, uid: str) -> tuple[Person, str]:
    """End every session and make the old password useless; returns the person and the secret of a one-time link."""
    _require(actor)
    person = by_uid(uid)
    if not person.is_active:
        raise errors.Refused("person_deactivated")
    person.password_hash = ""
    person.session_stamp = ids.short()
    _audit(actor, "person.access_reset", person)
    return person, access.issue_link(person)


@unit_of_work
def edit_own(*, actor: Person, language: Language, whatsapp: str) -> None:
    """Change what everyone may change about herself."""
    table.require(actor, Permission.SELF_EDIT)
    actor.language = language
    actor.whatsapp = whatsapp


def by_uid(uid: str) -> Person:
    """Return a person. Raises NotFound."""
    person = db.session.scalars(select(Person).where(Person.uid == uid)).one_or_none()
    if person is None:
        raise errors.NotFound("no_such_person", uid=uid)
    return person


def _require(actor: Person | None) -> None:
    if actor is not None:
        table.require(actor, Permission.PERSON_EDIT)


def _apply(person: Person, details: Details) -> None:
    for name, value in asdict(details).items():
        setattr(person, name, list(value) if name == "scope" else value)
    person.email_key = details.email.casefold()


def _flush() -> None:
    """A race that the form could not see becomes the same refusal as the form's own."""
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        taken = "nip" if "nip" in str(error.orig) else "email"
        raise errors.Refused(f"{taken}_taken", field=taken) from error


def _set_cohorts(person: Person, codes: tuple[str, ...]) -> None:
    wanted = set(db.session.scalars(select(Cohort.id).where(Cohort.code.in_(codes)))) if codes else set()
    rows = {
        row.cohort_id: row
        for row in db.session.scalars(select(CohortMember).where(CohortMember.person_id == person.id))
    }
    for cohort_id in rows.keys() - wanted:
        db.session.delete(rows[cohort_id])
    for cohort_id in wanted - rows.keys():
        db.session.add(CohortMember(cohort_id=cohort_id, person_id=person.id, joined_at=clock.now()))


def _snapshot(person: Person) -> dict[str, Any]:
    names = Details.__dataclass_fields__
    return {name: _plain(getattr(person, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def _audit(actor: Person | None, action: str, person: Person, changes: dict[str, Any] | None = None) -> None:
    audit.record(
        actor_id=actor.id if actor else None,
        action=action,
        subject_kind="person",
        subject_key=person.uid,
        changes=changes,
    )
