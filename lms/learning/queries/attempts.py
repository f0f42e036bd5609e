"""Attempts at a quiz as the person may see them: the key only as far as it may be shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from lms.extensions import db
from lms.kernel import clock, errors
from lms.kernel.questions import QuestionKind
from lms.learning.queries.items import Item
from lms.learning.queries.tables import ANSWER, ATTEMPT, COURSE, DOCUMENT, MODULE, table_of
from lms.models import clocks, closing, content, marks
from lms.models.content import Document, is_published
from lms.models.facts import Attempt
from lms.models.people import Person
from lms.models.session import execute
from lms.rules import attempts, marking


@dataclass(frozen=True)
class AttemptView:
    """One attempt with its questions arranged as shown and the answers saved so far."""

    id: int
    uid: str
    number: int
    revision_id: int
    started_at: datetime
    clock: closing.Clock
    submitted_at: datetime | None
    earned: int
    maximum: int
    percent: int
    passed: bool
    marks: Mapping[str, Any]
    questions: Sequence[Mapping[str, Any]]
    answers: Mapping[str, Any]
    saved_at: datetime | None
    checked: Collection[str]
    """Questions whose answer is frozen, because its mark has been shown."""
    meta: Mapping[str, Any]
    key: Mapping[str, Any]
    """Of the questions whose right answer may be shown: none before that moment, not even to a template."""
    feedback_at: datetime | None
    """From when reasons are shown, if that is later than now."""
    attempt: Attempt
    """What an action changes."""

    @property
    def deadline_at(self) -> datetime | None:
        """When time runs out, with what the fair clock gives; grace not included."""
        return self.clock.deadline_at

    @property
    def is_late(self) -> bool:
        """Whether time and grace are over."""
        grace_s = attempts.terms(self.meta).grace_s
        return attempts.is_late(deadline_at=self.deadline_at, grace_s=grace_s, at=clock.now())

    @property
    def is_silent(self) -> bool:
        """Whether this quiz never shows right answers."""
        return self.feedback_at == attempts.NEVER

    def may_check(self, question: Mapping[str, Any]) -> bool:
        """Whether this answer may be marked before handing in: an essay waits, and a scale has nothing to tell."""
        is_open = self.meta.get("feedback") == "after-question" and self.submitted_at is None
        return is_open and question["kind"] not in (QuestionKind.ESSAY, QuestionKind.SCALE)


_ATTEMPT = (
    select(Attempt, DOCUMENT.published_id)
    .join(table_of(DOCUMENT.id), DOCUMENT.id == ATTEMPT.document_id)
    .join(table_of(MODULE.id), MODULE.id == DOCUMENT.parent_id)
    .join(table_of(COURSE.id), COURSE.id == DOCUMENT.course_id)
    .where(
        ATTEMPT.uid == bindparam("uid"), ATTEMPT.person_id == bindparam("person_id"),
        DOCUMENT.code == bindparam("code"), COURSE.code == bindparam("course"),
        is_published(DOCUMENT), is_published(MODULE), is_published(COURSE),
    )
)  # fmt: skip

_ANSWERS = select(ANSWER.question_id, ANSWER.response, ANSWER.saved_at, ANSWER.checked_at).where(
    ANSWER.attempt_id == bindparam("attempt_id")
)


def allowances_of(actor: Person, document_id: int) -> list[clocks.Allowance]:
    """Return what the person is allowed at a quiz on top of its rules."""
    return clocks.allowances_for(actor.id, document_id)


def terms_for(item: Item, allowed: Sequence[clocks.Allowance]) -> attempts.Terms:
    """Return what holds at a quiz for someone with these allowances."""
    return attempts.terms(
        item.meta,
        extra_minutes=sum(each.minutes for each in allowed),
        extra_attempts=sum(each.attempts for each in allowed),
    )


def attempts_at(actor: Person, document_id: int) -> list[Attempt]:
    """Return the person's attempts at a quiz, first to last."""
    return list(
        db.session.scalars(
            select(Attempt)
            .where(Attempt.person_id == actor.id, Attempt.document_id == document_id)
            .order_by(Attempt.number)
        )
    )


def attempt_for_reader(actor: Person, *, course: str, code: str, uid: str, unreached_s: int = 0) -> AttemptView:
    """Return one's own attempt, with the key only as far as it may be shown. Raises NotFound for anyone else's.

    unreached_s: for how many seconds saves have failed until now, as the device says.
    """
    found = {"uid": uid, "person_id": actor.id, "course": course, "code": code}
    row = db.session.execute(_ATTEMPT, found).one_or_none()
    if row is None:
        raise errors.NotFound("no_such_attempt", uid=uid)
    attempt, published_id = row
    return _view(attempt, published_id, unreached_s)


def markings_of(view: AttemptView) -> Mapping[str, marks.Marking]:
    """Return question id → what a trainer gave, of the essays that were marked."""
    has_essay = any(question["kind"] == QuestionKind.ESSAY for question in view.questions)
    return marks.newest(view.id) if has_essay else {}


def waiting_of(actor: Person) -> list[tuple[str, str, str]]:
    """Return (course, quiz, title) of the quizzes in which answers of the person wait for a marker."""
    rows = db.session.execute(
        select(COURSE.code, Document.code, Document.title)
        .join(Attempt, Attempt.document_id == Document.id)
        .join(table_of(COURSE.code), COURSE.id == Document.course_id)
        .where(Attempt.person_id == actor.id, Attempt.waiting > 0, is_published(Document))
        .distinct()
        .order_by(Document.title)
    )
    return [(course, code, title) for course, code, title in rows]


def _view(attempt: Attempt, published_id: int, unreached_s: int) -> AttemptView:
    sheet, is_open = content.sheet(attempt.revision_id), attempt.submitted_at is None
    answers = execute(_ANSWERS, {"attempt_id": attempt.id}).all()
    saved_at = max((each.saved_at for each in answers), default=None)
    responses = {each.question_id: each.response for each in answers}
    checked = {each.question_id for each in answers if each.checked_at}
    feedback_at = None if is_open else _feedback_at(attempt, sheet.meta, content.sheet(published_id).meta)
    shown = checked if is_open else set() if feedback_at else {each["id"] for each in attempt.drawn}
    key = {question_id: sheet.key[question_id] for question_id in shown}
    return AttemptView(
        id=attempt.id, uid=attempt.uid, number=attempt.number, revision_id=attempt.revision_id,
        started_at=attempt.started_at, submitted_at=attempt.submitted_at,
        clock=closing.clock_of(attempt, sheet.meta, contact_at=saved_at or attempt.started_at, unreached_s=unreached_s),
        earned=attempt.earned, maximum=attempt.maximum, percent=attempt.percent, passed=attempt.passed,
        marks=marking.mark(key, responses).as_dict() if is_open else attempt.marks,
        questions=attempts.arranged(sheet.paper, attempt.drawn), answers=responses, saved_at=saved_at,
        checked=checked, meta=sheet.meta, key=key, feedback_at=feedback_at, attempt=attempt,
    )  # fmt: skip


def _feedback_at(attempt: Attempt, *metas: Mapping[str, Any]) -> datetime | None:
    """From when reasons are shown by the attempt's own rules and by today's, if that is still to come."""
    if not any(meta.get("feedback") == "after-close" for meta in metas):
        return None
    last = db.session.scalars(
        select(func.max(Attempt.deadline_at)).where(
            Attempt.document_id == attempt.document_id, Attempt.submitted_at.is_(None)
        )
    ).one()
    found = [attempts.feedback_from(meta, last_deadline_at=last) for meta in metas]
    latest = max((at for at in found if at), default=None)
    return latest if latest and latest > clock.now() else None
