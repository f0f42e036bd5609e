"""Signing in, passwords, one-time links."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select

from lms.extensions import db
from lms.kernel import clock, errors, ids, passwords
from lms.models import audit
from lms.models.people import OneTimeLink, Person, SignInFailure
from lms.models.session import unit_of_work
from lms.rules import civil_service, throttle

LINK_LIFE = timedelta(minutes=60)


@dataclass(frozen=True)
class Guess:
    """What was typed at the door, and from where; `secret` keys the hash under which failures are counted."""

    identifier: str
    address: str
    secret: str

    @property
    def account_key(self) -> str:
        """A keyed hash of the identifier: guesses are counted, accounts are not listed."""
        return hmac.new(self.secret.encode(), _plain(self.identifier).encode(), hashlib.sha256).hexdigest()


def sign_in(*, guess: Guess, password: str) -> Person:
    """Return the person who may come in.

    Raises TooMany while the account or the address must wait, Refused("sign_in_wrong") alike for an unknown account,
    a wrong password and a deactivated person. Each refusal is counted, and counted even though it is refused.
    """
    refuse_while_waiting(guess)
    person = _find(guess.identifier)
    right = passwords.matches(person.password_hash if person else "", password)
    if person is None or not right or not person.is_active:
        count_failure(guess)
        raise errors.Refused("sign_in_wrong")
    _welcome(person, guess, password)
    return person


@unit_of_work
def refuse_while_waiting(guess: Guess) -> None:
    """Raise TooMany with the seconds to wait while there were too many failures."""
    now = clock.now()
    rows = db.session.execute(
        select(SignInFailure.account_key, SignInFailure.address, SignInFailure.failed_at).where(
            or_(SignInFailure.account_key == guess.account_key, SignInFailure.address == guess.address),
            SignInFailure.failed_at > now - throttle.WINDOW,
        )
    ).all()
    account = [failed_at for key, _, failed_at in rows if key == guess.account_key]
    address = [failed_at for _, address, failed_at in rows if address == guess.address]
    wait = max(
        throttle.wait_s(account, free=throttle.ACCOUNT_FREE, now=now),
        throttle.wait_s(address, free=throttle.ADDRESS_FREE, now=now),
    )
    if wait:
        raise errors.TooMany("sign_in_too_often", wait_s=wait)


@unit_of_work
def count_failure(guess: Guess) -> None:
    """Append a failure and sweep those that no longer count."""
    now = clock.now()
    db.session.execute(delete(SignInFailure).where(SignInFailure.failed_at <= now - throttle.WINDOW))
    db.session.add(SignInFailure(account_key=guess.account_key, address=guess.address, failed_at=now))


@unit_of_work
def change_password(*, actor: Person, current: str, new: str) -> None:
    """Change one's own password; every other session ends. Raises Refused for a wrong or a weak one."""
    if not passwords.matches(actor.password_hash, current):
        raise errors.Refused("password_wrong", field="current_password")
    if current == new:
        raise errors.Refused("password_same", field="new_password")
    _set_password(actor, new)


@unit_of_work
def request_link(*, guess: Guess) -> tuple[Person, str] | None:
    """Make a one-time link for a forgotten password; returns the person and the secret, none for unknown accounts.

    Counts like a failed sign-in, so that nobody can be flooded with mail. Raises TooMany.
    """
    refuse_while_waiting(guess)
    count_failure(guess)
    person = _by_identifier(guess.identifier)
    if person is None or not person.is_active:
        return None
    return person, issue_link(person)


def issue_link(person: Person) -> str:
    """Append a link for the person and return its secret, which is kept nowhere."""
    secret, now = ids.secret(), clock.now()
    db.session.add(
        OneTimeLink(secret_hash=_hash(secret), person_id=person.id, created_at=now, expires_at=now + LINK_LIFE)
    )
    return secret


def person_of_link(secret: str) -> Person:
    """Return whose link this is. Raises NotFound once it is used, too old or unknown; looking does not use it."""
    person = db.session.scalars(
        select(Person)
        .join(OneTimeLink, OneTimeLink.person_id == Person.id)
        .where(
            OneTimeLink.secret_hash == _hash(secret),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
            Person.deactivated_at.is_(None),
        )
    ).one_or_none()
    if person is None:
        raise errors.NotFound("link_spent")
    return person


@unit_of_work
def use_link(*, secret: str, new: str) -> Person:
    """Set a new password through a link: every link is spent, every session ends. Raises NotFound, Refused."""
    person = person_of_link(secret)
    _set_password(person, new)
    now = clock.now()
    for link in db.session.scalars(
        select(OneTimeLink).where(OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None))
    ):
        link.used_at = now
    return person


def set_initial_password(person: Person, password: str) -> None:
    """Set a password that someone else chose: it must be changed at the next sign-in."""
    _set_password(person, password)
    person.must_change_since = clock.now()


def _set_password(person: Person, new: str) -> None:
    weakness = passwords.weakness(new, personal=(person.nip or "", person.email_key, person.name))
    if weakness:
        raise errors.Refused(weakness, field="new_password")
    person.password_hash = passwords.hashed(new)
    person.session_stamp = ids.short()
    person.must_change_since = None
    audit.record(actor_id=person.id, action="password.changed", subject_kind="person", subject_key=person.uid)


@unit_of_work
def _welcome(person: Person, guess: Guess, password: str) -> None:
    db.session.execute(delete(SignInFailure).where(SignInFailure.account_key == guess.account_key))
    if passwords.needs_rehash(person.password_hash):
        person.password_hash = passwords.hashed(password)


@unit_of_work
def _find(identifier: str) -> Person | None:
    """Look the person up in a transaction of its own: no lock is held while the password is hashed."""
    return _by_identifier(identifier)


def _by_identifier(identifier: str) -> Person | None:
    plain = _plain(identifier)
    column = Person.email_key if "@" in plain else Person.nip
    return db.session.scalars(select(Person).where(column == plain)).one_or_none()


def _plain(identifier: str) -> str:
    plain = identifier.strip().casefold()
    return plain if "@" in plain else civil_service.normalised(plain)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
