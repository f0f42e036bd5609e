"""What a companion does: opening, reading, trying a quiz. Each appends a fact and derives the summaries with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from lms.access import table
from lms.access.permissions import Permission
from lms.extensions import db
from lms.kernel import clock, errors
from lms.kernel.documents import DocumentKind
from lms.learning import queries
from lms.models import derive, upsert
from lms.models.content import Revision
from lms.models.facts import Answer, Attempt, Opening, Reading
from lms.models.people import Person
from lms.models.session import unit_of_work
from lms.rules import attempts, marking

OLDEST_CLAIM = timedelta(days=60)
"""A device that claims an older instant has a wrong clock: ours is taken."""


@dataclass(frozen=True)
class Handed:
    """The outcome of handing in: `late` means that the answers saved in time were marked, not those sent now."""

    uid: str
    late: bool = False


@unit_of_work
def record_opening(*, actor: Person, course: str, code: str, uid: str, claimed_at: datetime | None) -> None:
    """Record that a lesson was opened; the same uid counts once. Raises NotFound, NotAllowed when it is closed."""
    table.require(actor, Permission.FACT_RECORD)
    _record(Opening, actor=actor, course=course, code=code, uid=uid, claimed_at=claimed_at)


@unit_of_work
def record_reading(*, actor: Person, course: str, code: str, uid: str, claimed_at: datetime | None) -> queries.Page:
    """Record that a lesson is done; the same uid counts once. Returns the page as it stood before.

    Raises NotFound, NotAllowed when the lesson is closed, Refused when it is a quiz: quizzes are passed, not read.
    """
    table.require(actor, Permission.FACT_RECORD)
    return _record(Reading, actor=actor, course=course, code=code, uid=uid, claimed_at=claimed_at)


@unit_of_work
def start_attempt(*, actor: Person, course: str, code: str, uid: str) -> str:
    """Start an attempt, or continue the open one; returns its uid.

    Raises NotFound, NotAllowed when the quiz is closed, Conflict when no attempt is left. Races are settled by the
    lock on the person and, beneath it, by the unique number of each attempt.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    _lock(actor)
    page = _open_page(actor, course, code)
    if page.item.kind is not DocumentKind.QUIZ:
        raise errors.NotFound("no_such_quiz", code=code)
    tried = queries.attempts_at(actor, page.item.id)
    going_on = next((each for each in tried if each.submitted_at is None or each.uid == uid), None)
    if going_on is not None:
        return going_on.uid
    if not attempts.may_start(used=len(tried), allowed=page.item.meta.get("attempts")):
        raise errors.Conflict("no_attempt_left", code=code)
    db.session.add(_new_attempt(actor, page.item, uid=uid, number=len(tried) + 1))
    return uid


@unit_of_work
def save_answers(*, actor: Person, quiz: int, uid: str, responses: Mapping[str, Any]) -> datetime:
    """Keep answers of an open attempt; returns when. Raises NotFound, Conflict after handing in or after time.

    responses: question id → response, already read by the form against the questions that were drawn.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    _lock(actor)
    view = queries.attempt_for_reader(actor, quiz=quiz, uid=uid)
    now = clock.now()
    if view.submitted_at is not None:
        raise errors.Conflict("already_handed_in", uid=uid)
    if _is_late(view, now):
        raise errors.Conflict("time_is_up", uid=uid)
    _keep(view.id, responses, now)
    return now


@unit_of_work
def submit_attempt(*, actor: Person, quiz: int, uid: str, responses: Mapping[str, Any]) -> Handed:
    """Hand in and mark, once and for ever; a second time changes nothing.

    Answers that come after time and grace are not taken: those saved before are marked. Raises NotFound.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    _lock(actor)
    view = queries.attempt_for_reader(actor, quiz=quiz, uid=uid)
    if view.submitted_at is not None:
        return Handed(uid)
    now = clock.now()
    late = _is_late(view, now)
    if not late:
        _keep(view.id, responses, now)
    _mark(view, {**view.answers, **({} if late else responses)}, at=_end(view, now) if late else now)
    derive.refresh([actor.id], item=quiz)
    return Handed(uid, late)


def _record(
    fact: type[Opening] | type[Reading],
    *,
    actor: Person,
    course: str,
    code: str,
    uid: str,
    claimed_at: datetime | None,
) -> queries.Page:
    _lock(actor)
    page = _open_page(actor, course, code)
    if page.item.kind is not DocumentKind.LESSON:
        raise errors.Refused("not_a_lesson", code=code)
    now = clock.now()
    row = {
        "uid": uid,
        "person_id": actor.id,
        "document_id": page.item.id,
        "revision_id": page.item.revision_id,
        "occurred_at": _occurred(claimed_at, now),
        "recorded_at": now,
    }
    upsert.absorb(fact, [row])
    derive.refresh([actor.id], item=page.item.id)
    return page


def _lock(actor: Person) -> None:
    """One writer per person at a time; on SQLite the whole transaction already is one."""
    db.session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())


def _open_page(actor: Person, course: str, code: str) -> queries.Page:
    page = queries.page_for_reader(actor, course=course, code=code, now=clock.now())
    if page.gate is not None:
        raise errors.NotAllowed("item_closed", code=code)
    return page


def _occurred(claimed_at: datetime | None, now: datetime) -> datetime:
    believable = claimed_at if claimed_at and now - claimed_at <= OLDEST_CLAIM else None
    return clock.not_later(believable, now)


def _new_attempt(actor: Person, item: queries.Item, *, uid: str, number: int) -> Attempt:
    paper = db.session.scalars(select(Revision.paper).where(Revision.id == item.revision_id)).one() or []
    now = clock.now()
    return Attempt(
        uid=uid,
        person_id=actor.id,
        document_id=item.id,
        revision_id=item.revision_id,
        number=number,
        drawn=attempts.draw(paper, rule=item.meta.get("draw"), shuffle=bool(item.meta.get("shuffle")), seed=uid),
        started_at=now,
        deadline_at=attempts.deadline(now, item.meta.get("minutes")),
    )


def _is_late(view: queries.AttemptView, at: datetime) -> bool:
    return attempts.is_late(deadline_at=view.deadline_at, grace_s=int(view.meta.get("grace") or 0), at=at)


def _end(view: queries.AttemptView, now: datetime) -> datetime:
    return min(view.deadline_at or now, now)


def _keep(attempt_id: int, responses: Mapping[str, Any], now: datetime) -> None:
    rows = [
        {"attempt_id": attempt_id, "question_id": question_id, "response": response, "saved_at": now}
        for question_id, response in sorted(responses.items())
    ]
    if rows:
        upsert.replace(Answer, rows)


def _mark(view: queries.AttemptView, responses: Mapping[str, Any], *, at: datetime) -> None:
    attempt = db.session.scalars(select(Attempt).where(Attempt.id == view.id)).one()
    key = db.session.scalars(select(Revision.key).where(Revision.id == view.revision_id)).one() or {}
    drawn = {each["id"]: key[each["id"]] for each in attempt.drawn}
    marked = marking.mark(drawn, responses)
    attempt.submitted_at = at
    attempt.recorded_at = clock.now()
    attempt.earned, attempt.maximum, attempt.percent = marked.earned, marked.maximum, marked.percent
    attempt.passed = marked.passed(int(view.meta.get("pass", 0)))
    attempt.marks = marked.as_dict()
    db.session.flush()


def attempts_used(actor: Person, document_id: int) -> int:
    """Return how many attempts the person has started at a quiz."""
    statement = select(func.count()).where(Attempt.person_id == actor.id, Attempt.document_id == document_id)
    return db.session.scalars(statement).one()
