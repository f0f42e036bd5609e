"""Regrades: confirmed once, done in batches that hold nobody up for long, and taken back if they were wrong.

Each batch is a transaction of its own that holds the people it concerns, reads their attempts afresh and derives their
summaries; one that is cut off goes on where it stopped.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from lms.access import table
from lms.access.permissions import Permission
from lms.authoring import regrades
from lms.authoring.actions import drafts
from lms.extensions import db
from lms.kernel import clock, errors, ids
from lms.models import audit, derive, marks
from lms.models.content import Document, Revision
from lms.models.facts import Attempt
from lms.models.marks import Regrade, RegradedAttempt
from lms.models.people import Person
from lms.models.session import unit_of_work
from lms.rules import regrading

BATCH_ATTEMPTS = 200
"""Attempts regraded in one transaction."""
AT_ONCE = timedelta(seconds=10)
"""How long one request works; what is left is done by the next."""


def apply(*, actor: Person, code: str, numbers: Collection[int], reason: str) -> str:
    """Regrade the attempts at these revisions by the published key; returns the regrade's uid.

    Raises NotFound, Refused("nothing_to_regrade") without a revision or a changed question, Conflict when another
    regrade of the quiz is not finished.
    """
    table.require(actor, Permission.MARK)
    uid = _begin(actor, code, numbers, reason)
    resume(actor=actor, uid=uid)
    return uid


def resume(*, actor: Person, uid: str) -> bool:
    """Work on a regrade for a while; says whether it is finished. Raises NotFound."""
    table.require(actor, Permission.MARK)
    began = clock.now()
    while not (is_done := _batch(uid)) and clock.now() - began < AT_ONCE:
        pass
    return is_done


def undo(*, actor: Person, uid: str) -> bool:
    """Give back the marks that a regrade changed; says whether all are back. Completions that were granted stay.

    Marks given since then stay. Raises NotFound. Twice is once.
    """
    table.require(actor, Permission.MARK)
    _begin_undo(actor, uid)
    began = clock.now()
    while not (is_done := _batch_back(uid)) and clock.now() - began < AT_ONCE:
        pass
    return is_done


@unit_of_work
def _begin(actor: Person, code: str, numbers: Collection[int], reason: str) -> str:
    drafts.locked(code)
    plan = regrades.plan(code, numbers)
    if not plan.chosen or not plan.questions:
        raise errors.Refused("nothing_to_regrade")
    unfinished = select(Regrade.id).where(
        Regrade.document_id == plan.document_id, Regrade.finished_at.is_(None), Regrade.undone_at.is_(None)
    )
    if db.session.scalars(unfinished).first() is not None:
        raise errors.Conflict("regrade_unfinished", code=code)
    made = Regrade(
        uid=ids.short(), document_id=plan.document_id, revision_id=plan.revision.id,
        sources=[each.number for each in plan.chosen], questions=list(plan.questions), reason=reason,
        author_id=actor.id, started_at=clock.now(), cursor=0, changed=0, gained=0, lost=0,
    )  # fmt: skip
    db.session.add(made)
    audit.record(
        actor_id=actor.id, action="attempts.regraded", subject_kind="document", subject_key=code,
        changes={
            "revision": [", ".join(map(str, made.sources)), plan.revision.number],
            "questions": [None, ", ".join(plan.questions)], "reason": [None, reason],
        },
    )  # fmt: skip
    return made.uid


@unit_of_work
def _batch(uid: str) -> bool:
    """Regrade the next attempts; says whether none is left."""
    regrade = _held(uid)
    if regrade.finished_at is not None or regrade.undone_at is not None:
        return True
    revision = db.session.get_one(Revision, regrade.revision_id)
    sources = regrades.sources_of(regrade, revision)
    candidates = db.session.execute(
        select(Attempt.id, Attempt.person_id)
        .where(
            Attempt.revision_id.in_([each.id for each in sources]), Attempt.submitted_at.is_not(None),
            Attempt.id > regrade.cursor,
        )
        .order_by(Attempt.id)
        .limit(BATCH_ATTEMPTS)
    ).all()  # fmt: skip
    if not candidates:
        regrade.finished_at = clock.now()
        return True
    _hold({person_id for _, person_id in candidates})
    wanted = [attempt_id for attempt_id, _ in candidates]
    limits = {each.id: each.limit for each in sources}
    found = {
        row.id: outcome
        for row, _, outcome in list(regrades.outcomes(revision, sources, regrade.questions, only=wanted))
        if outcome.differs(row.marks, row.passed)
    }
    for attempt in _attempts(found):
        _regrade(regrade, attempt, found[attempt.id], limits[attempt.revision_id])
    _derive(regrade, {person_id for attempt_id, person_id in candidates if attempt_id in found})
    regrade.cursor = wanted[-1]
    return False


def _regrade(regrade: Regrade, attempt: Attempt, outcome: regrading.Outcome, limit: int) -> None:
    was = attempt.passed
    db.session.add(
        RegradedAttempt(
            regrade_id=regrade.id, attempt_id=attempt.id, marks_before=dict(attempt.marks),
            marks_after=outcome.marking.as_dict(), is_undone=False,
        )
    )  # fmt: skip
    marks.settle(attempt, outcome.marking, limit=limit)
    regrade.changed += 1
    regrade.gained += attempt.passed and not was
    regrade.lost += was and not attempt.passed


@unit_of_work
def _begin_undo(actor: Person, uid: str) -> None:
    regrade = _held(uid)
    if regrade.undone_at is not None:
        return
    regrade.undone_at, regrade.undone_by_id, regrade.cursor = clock.now(), actor.id, 0
    code = db.session.scalars(select(Document.code).where(Document.id == regrade.document_id)).one()
    audit.record(
        actor_id=actor.id, action="regrade.undone", subject_kind="document", subject_key=code,
        changes={"reason": [regrade.reason, None]},
    )  # fmt: skip


@unit_of_work
def _batch_back(uid: str) -> bool:
    regrade = _held(uid)
    rows = db.session.execute(
        select(RegradedAttempt, Attempt.person_id, Revision.meta)
        .join(Attempt, Attempt.id == RegradedAttempt.attempt_id)
        .join(Revision, Revision.id == Attempt.revision_id)
        .where(RegradedAttempt.regrade_id == regrade.id, RegradedAttempt.is_undone.is_(False))
        .order_by(RegradedAttempt.attempt_id)
        .limit(BATCH_ATTEMPTS)
    ).all()
    people = {person_id for _, person_id, _ in rows}
    _hold(people)
    kept: Mapping[int, tuple[RegradedAttempt, int]] = {
        each.attempt_id: (each, int(meta.get("pass", 0))) for each, _, meta in rows
    }
    for attempt in _attempts(kept):
        each, limit = kept[attempt.id]
        back = regrading.undo(attempt.marks, before=each.marks_before, after=each.marks_after, limit=limit)
        marks.settle(attempt, back.marking, limit=limit)
    db.session.execute(
        update(RegradedAttempt)
        .where(RegradedAttempt.regrade_id == regrade.id, RegradedAttempt.attempt_id.in_(kept))
        .values(is_undone=True)
    )
    _derive(regrade, people)
    regrade.cursor = max(kept, default=regrade.cursor)
    return not rows


def _held(uid: str) -> Regrade:
    """The regrade, held: two who work on it take turns."""
    found = db.session.scalars(
        select(Regrade).where(Regrade.uid == uid).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise errors.NotFound("no_such_regrade", uid=uid)
    return found


def _hold(people: Collection[int]) -> None:
    """Hold these people against their own clicks and against markers, always in the same order."""
    db.session.execute(select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update())


def _attempts(wanted: Collection[int] | Mapping[int, Any]) -> list[Attempt]:
    statement = select(Attempt).where(Attempt.id.in_(list(wanted))).execution_options(populate_existing=True)
    return list(db.session.scalars(statement))


def _derive(regrade: Regrade, people: Collection[int]) -> None:
    db.session.flush()
    derive.refresh(people, item=regrade.document_id)
