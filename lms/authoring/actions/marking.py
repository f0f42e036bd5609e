"""Marking essays: claim the next in line, mark it, mark it again; the summaries follow in the same transaction."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from lms.access import table
from lms.access.permissions import Permission
from lms.authoring import queue
from lms.authoring.queue import Place
from lms.extensions import db
from lms.kernel import clock, errors, ids
from lms.models import audit, derive, marks, upsert
from lms.models.content import Document, Revision
from lms.models.facts import Attempt
from lms.models.marks import Claim, Marking, SavedComment
from lms.models.people import Person
from lms.models.session import unit_of_work
from lms.rules import marking

CLAIM = timedelta(minutes=20)
"""How long others are given another answer after someone opened this one from the line."""
MOST_COMMENTS = 100
"""Saved comments of one marker: a list that still fits a menu."""


@unit_of_work
def mark(
    *, actor: Person, place: Place, points: Sequence[int], comment: str, based_on: int, move_on: bool, quiz: str = ""
) -> Place | None:
    """Append a marking; with `move_on` claim the next answer in line and return it.

    points: whole, one for each line of the rubric. based_on: the number of the marking that the marker saw, 0 for
    none. Raises NotFound when there is no such essay, Refused for points that do not fit, Conflict("marked_meanwhile")
    when someone marked in between: nothing is written. The same marking again is counted once.
    """
    table.require(actor, Permission.MARK)
    attempt = _held(place.uid)
    question, limit, code = _question(attempt, place.question)
    seen = db.session.scalars(
        select(Marking)
        .where(Marking.attempt_id == attempt.id, Marking.question_id == place.question)
        .order_by(Marking.number.desc())
        .limit(1)
    ).one_or_none()
    if not _is_repeated(seen, actor, points, comment):
        if (seen.number if seen else 0) != based_on:
            raise errors.Conflict("marked_meanwhile")
        _append(actor, attempt, question, points, comment, based_on, limit, code)
    _release(actor, attempt.id, place.question)
    return _claim_next(actor, quiz, after=place) if move_on else None


@unit_of_work
def claim_next(*, actor: Person, quiz: str = "", after: Place | None = None) -> Place | None:
    """Claim the first answer in line (after the given one, which is let go) that nobody else is marking."""
    table.require(actor, Permission.MARK)
    if after is not None:
        attempt_id = db.session.scalars(select(Attempt.id).where(Attempt.uid == after.uid)).one_or_none()
        _release(actor, attempt_id or 0, after.question)
    return _claim_next(actor, quiz, after=after)


@unit_of_work
def keep_comment(*, actor: Person, body: str) -> None:
    """Keep a comment to use again; the same text is kept once. Raises Refused("comments_full")."""
    table.require(actor, Permission.MARK)
    db.session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())
    kept = db.session.scalars(select(SavedComment.body).where(SavedComment.person_id == actor.id)).all()
    if body in kept:
        return
    if len(kept) >= MOST_COMMENTS:
        raise errors.Refused("comments_full", field="comment", most=MOST_COMMENTS)
    db.session.add(SavedComment(uid=ids.short(), person_id=actor.id, body=body, created_at=clock.now()))
    audit.record(actor_id=actor.id, action="comment.kept", subject_kind="person", subject_key=actor.uid)


@unit_of_work
def drop_comment(*, actor: Person, uid: str) -> None:
    """Delete one's own saved comment; twice is once. Markings that used it keep its text."""
    table.require(actor, Permission.MARK)
    done = db.session.execute(
        delete(SavedComment)
        .where(SavedComment.uid == uid, SavedComment.person_id == actor.id)
        .returning(SavedComment.id)
    ).all()
    if done:
        audit.record(actor_id=actor.id, action="comment.dropped", subject_kind="person", subject_key=actor.uid)


def _held(uid: str) -> Attempt:
    """The attempt, its person held against other writers: a marking and a regrade never meet."""
    holder = select(Attempt.person_id).where(Attempt.uid == uid).scalar_subquery()
    db.session.execute(select(Person.id).where(Person.id == holder).with_for_update())
    found = db.session.scalars(
        select(Attempt)
        .where(Attempt.uid == uid, Attempt.submitted_at.is_not(None))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise errors.NotFound("no_such_attempt", uid=uid)
    return found


def _question(attempt: Attempt, question_id: str) -> tuple[dict[str, object], int, str]:
    """The question as it was asked, the per cent needed to pass, and the quiz's code."""
    paper, meta, code = db.session.execute(
        select(Revision.paper, Revision.meta, Document.code)
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id == attempt.revision_id)
    ).one()
    if not queue.is_essay_of(attempt.marks, paper, question_id):
        raise errors.NotFound("no_such_answer", question=question_id)
    question = next(each for each in paper or () if each["id"] == question_id)
    return question, int(meta.get("pass", 0)), code


def _is_repeated(seen: Marking | None, actor: Person, points: Sequence[int], comment: str) -> bool:
    return seen is not None and (seen.marker_id, seen.points, seen.comment) == (actor.id, list(points), comment)


def _append(
    actor: Person,
    attempt: Attempt,
    question: dict[str, object],
    points: Sequence[int],
    comment: str,
    based_on: int,
    limit: int,
    code: str,
) -> None:
    try:
        given = marking.essay(question, points)
    except ValueError as error:
        raise errors.Refused("points_wrong") from error
    question_id = str(question["id"])
    was = attempt.marks[question_id]
    db.session.add(
        Marking(
            attempt_id=attempt.id, question_id=question_id, number=based_on + 1, points=list(points), comment=comment,
            earned=given.earned, marker_id=actor.id, marked_at=clock.now(),
        )
    )  # fmt: skip
    marks.settle(attempt, marking.read(attempt.marks).replaced({question_id: given}), limit=limit)
    db.session.flush()
    derive.refresh([attempt.person_id], item=attempt.document_id)
    audit.record(
        actor_id=actor.id, action="answer.marked", subject_kind="document", subject_key=code,
        changes={
            "attempt": [None, attempt.uid], "question": [None, question_id],
            "points": [None if was["state"] == marking.State.WAITING else was["earned"] / 100, given.earned / 100],
        },
    )  # fmt: skip


def _claim_next(actor: Person, quiz: str, *, after: Place | None) -> Place | None:
    for each in queue.in_line(quiz=quiz, after=after):
        if each.claimed_by in (None, actor.id) and _claim(actor, each):
            return Place(each.uid, each.question_id)
    return None


def _claim(actor: Person, each: queue.Waiting) -> bool:
    """Claim the answer, unless someone was faster."""
    db.session.execute(select(Attempt.id).where(Attempt.id == each.attempt_id).with_for_update())
    held = db.session.get(Claim, (each.attempt_id, each.question_id), populate_existing=True)
    if held is not None and held.person_id != actor.id and held.until_at > clock.now():
        return False
    row = {"attempt_id": each.attempt_id, "question_id": each.question_id, "person_id": actor.id}
    upsert.replace(Claim, [{**row, "until_at": clock.now() + CLAIM}])
    return True


def _release(actor: Person, attempt_id: int, question_id: str) -> None:
    db.session.execute(
        delete(Claim).where(
            Claim.attempt_id == attempt_id, Claim.question_id == question_id, Claim.person_id == actor.id
        )
    )
