"""The clocks of attempts: what was allowed on top, when the server was down, what was credited and why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, bindparam, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base, db
from lms.kernel import clock
from lms.models import upsert
from lms.models.cohorts import CohortMember
from lms.models.columns import Choice, UtcInstant, one_of
from lms.models.session import unit_of_work
from lms.rules import clocks
from lms.rules.clocks import Cause


class Allowance(Base):
    """More time or attempts at a quiz for one person or cohort, with the reason; added, withdrawn, never edited."""

    __tablename__ = "allowances"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (cohort_id IS NULL)", name="one_holder"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))
    minutes: Mapped[int] = mapped_column(default=0)
    """On top of the limit of each attempt."""
    attempts: Mapped[int] = mapped_column(default=0)
    """On top of the number of attempts."""
    reason: Mapped[str] = mapped_column(Text)
    """In the author's words; whom it concerns reads it."""
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Credit(Base):
    """A fact: seconds that an attempt got back, for which stop of its clock. Its deadline was moved with it."""

    __tablename__ = "credits"
    __table_args__ = (one_of("cause", Cause),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    seconds: Mapped[int] = mapped_column()
    cause: Mapped[Cause] = mapped_column(Choice(Cause))
    from_at: Mapped[datetime] = mapped_column(UtcInstant)
    to_at: Mapped[datetime] = mapped_column(UtcInstant)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)


class Outage(Base):
    """A fact: the server was down, as the silence between two of its beats proves."""

    __tablename__ = "outages"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_at: Mapped[datetime] = mapped_column(UtcInstant)
    to_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)


class Beat(Base):
    """One row: when the server last said that it is there."""

    __tablename__ = "beats"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcInstant)


_OUTAGES = select(Outage.from_at, Outage.to_at).where(Outage.to_at > bindparam("started_at"))
_CREDITS = (
    select(Credit.seconds, Credit.cause, Credit.from_at, Credit.to_at)
    .where(Credit.attempt_id == bindparam("attempt_id"))
    .order_by(Credit.from_at, Credit.id)
)


@unit_of_work
def beat() -> None:
    """Say that the server is there; a silence before it becomes an outage. Any number of processes may beat."""
    now = clock.now()
    upsert.absorb(Beat, [{"id": 1, "at": now}])
    last = db.session.scalars(select(Beat).with_for_update()).one()
    if span := clocks.outage(last.at, now):
        db.session.add(Outage(from_at=span[0], to_at=span[1]))
    last.at = max(last.at, now)


def outages_since(started_at: datetime) -> list[clocks.Span]:
    """Return the spans since an instant in which the server was down."""
    return [(from_at, to_at) for from_at, to_at in db.session.execute(_OUTAGES, {"started_at": started_at})]


def credits_of(attempt_id: int) -> list[clocks.Credit]:
    """Return what an attempt was credited, first to last."""
    return [clocks.Credit(*row) for row in db.session.execute(_CREDITS, {"attempt_id": attempt_id})]


def give(attempt_id: int, given: Sequence[clocks.Credit]) -> None:
    """Append credits; the caller moves the deadline in the same transaction."""
    now = clock.now()
    db.session.add_all(
        Credit(
            attempt_id=attempt_id, seconds=each.seconds, cause=each.cause, from_at=each.from_at, to_at=each.to_at,
            recorded_at=now,
        )
        for each in given
    )  # fmt: skip


def allowances_for(person_id: int, document_id: int) -> list[Allowance]:
    """Return what one person is allowed at a quiz on top of its rules, by herself or through a cohort."""
    cohorts = select(CohortMember.cohort_id).where(CohortMember.person_id == person_id)
    return list(
        db.session.scalars(
            select(Allowance)
            .where(
                Allowance.document_id == document_id,
                Allowance.withdrawn_at.is_(None),
                or_(Allowance.person_id == person_id, Allowance.cohort_id.in_(cohorts)),
            )
            .order_by(Allowance.id)
        )
    )
