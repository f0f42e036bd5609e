"""Ends attempts: marks them against their own revision, once, whether the person hands in or the clock does.

Called inside a transaction that holds the person's row; the caller derives the summaries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from lms.extensions import db
from lms.kernel import clock
from lms.models import clocks, content, derive, marks
from lms.models.content import Revision
from lms.models.facts import Answer, Attempt
from lms.models.people import Person
from lms.models.session import execute
from lms.rules import attempts, marking
from lms.rules import clocks as fair

BATCH_ATTEMPTS = 100
"""Attempts closed in one transaction."""


_attempts: Any = Attempt.__table__
_CLOSE = update(_attempts).where(_attempts.c.id == bindparam("attempt_id"))
"""Sent as a statement, without the entity: this is what everyone waits for when a test ends."""


@dataclass(frozen=True)
class Clock:
    """An attempt's clock as it stands now: `credits` are all it was or is to be given, `due` those not recorded yet."""

    deadline_at: datetime | None
    credits: Sequence[fair.Credit] = ()
    due: Sequence[fair.Credit] = ()


def hand_in(attempt: Attempt, responses: Mapping[str, Any], *, at: datetime) -> None:
    """Mark an open attempt and close it, as of `at`."""
    sheet = content.sheet(attempt.revision_id)
    marked = marking.mark({each["id"]: sheet.key[each["id"]] for each in attempt.drawn}, responses)
    values = {
        "submitted_at": at, "recorded_at": clock.now(), **marks.settled(marked, limit=int(sheet.meta.get("pass", 0))),
    }  # fmt: skip
    db.session.flush()
    execute(_CLOSE, {"attempt_id": attempt.id, **values})
    db.session.expire(attempt)


def answers_of(attempt_id: int) -> dict[str, Any]:
    """Return question id → the last saved response."""
    rows = db.session.execute(select(Answer.question_id, Answer.response).where(Answer.attempt_id == attempt_id))
    return dict(rows.all())


def clock_of(attempt: Attempt, meta: Mapping[str, Any], *, contact_at: datetime, unreached_s: int = 0) -> Clock:
    """Return how the clock of an attempt stands, with what the fair clock has to give by now.

    contact_at: when it was last saved. unreached_s: for how long saves have failed until now, as the device says.
    """
    if attempt.deadline_at is None:
        return Clock(None)
    given = clocks.credits_of(attempt.id)
    if attempt.submitted_at is not None:
        return Clock(attempt.deadline_at, given)
    due = fair.credits(
        fair.Course(attempt.started_at, attempt.deadline_at, contact_at, given),
        now=clock.now(),
        unreached_s=unreached_s,
        outages=clocks.outages_since(attempt.started_at),
        bound_s=attempts.terms(meta).credit_s,
    )
    return Clock(fair.moved(attempt.deadline_at, due), (*given, *due), due)


def overdue(document_id: int) -> int:
    """Return how many open attempts at a quiz have passed their deadline."""
    statement = select(func.count()).where(*_is_overdue(), Attempt.document_id == document_id)
    return db.session.scalars(statement).one()


def close_overdue(document_id: int | None = None) -> int:
    """Close and mark up to BATCH_ATTEMPTS open attempts that no save can reach any more; return how many.

    People who are writing at this moment are passed over: they close their own.
    """
    statement = select(Attempt.id).where(*_is_overdue()).order_by(Attempt.deadline_at, Attempt.id)
    if document_id is not None:
        statement = statement.where(Attempt.document_id == document_id)
    ids = db.session.scalars(statement.limit(BATCH_ATTEMPTS)).all()
    closed = [person_id for attempt_id in ids if (person_id := _close(attempt_id))]
    if closed:
        derive.refresh(set(closed))
    return len(closed)


def _is_overdue() -> tuple[Any, Any]:
    return Attempt.submitted_at.is_(None), Attempt.deadline_at < clock.now()


def _close(attempt_id: int) -> int | None:
    """Close one attempt; returns whose it was, none when it is not over for good or someone holds it."""
    holder = select(Attempt.person_id).where(Attempt.id == attempt_id).scalar_subquery()
    free = select(Person.id).where(Person.id == holder).with_for_update(skip_locked=True)
    person_id = db.session.scalars(free).one_or_none()
    row = db.session.execute(
        select(Attempt, Revision.meta, func.max(Answer.saved_at).over())
        .join(Revision, Revision.id == Attempt.revision_id)
        .outerjoin(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.id == attempt_id, Attempt.submitted_at.is_(None))
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if person_id is None or row is None:
        return None
    attempt, meta, saved_at = row
    now = clock_of(attempt, meta, contact_at=saved_at or attempt.started_at)
    keep(attempt, now)
    terms = attempts.terms(meta)
    left = terms.credit_s - sum(each.seconds for each in now.credits)
    if attempt.deadline_at is None or not fair.is_over_for_good(
        deadline_at=attempt.deadline_at, grace_s=terms.grace_s, may_still_get_s=left, at=clock.now()
    ):
        return None
    hand_in(attempt, answers_of(attempt.id), at=attempt.deadline_at)
    return person_id


def keep(attempt: Attempt, now: Clock) -> None:
    """Record the credits that are due, and move the deadline by them."""
    if now.due:
        clocks.give(attempt.id, now.due)
        attempt.deadline_at = now.deadline_at
