"""The answers that wait for a marker, oldest first, and what the page of one of them shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.extensions import db
from lms.kernel import clock, errors, provinces
from lms.kernel.questions import QuestionKind
from lms.models import marks
from lms.models.content import Document, Revision
from lms.models.facts import Answer, Attempt
from lms.models.marks import Claim, Marking, SavedComment
from lms.models.people import Person
from lms.rules import marking

PAGE_ATTEMPTS = 30
"""Attempts on one page of the line: an attempt rarely has more than one essay."""
RECENT = 10
"""Markings shown below the line, to be looked at again."""


class Place(NamedTuple):
    """One answer: its attempt and its question. Neither says whose it is."""

    uid: str
    question: str


@dataclass(frozen=True)
class Waiting:
    """One answer in the line; `name` and `province` are empty where the quiz is marked blind."""

    attempt_id: int
    uid: str
    question_id: str
    stem_html: str
    quiz: str
    quiz_title: str
    submitted_at: datetime
    name: str
    province: str
    claimed_by: int | None
    """Who is marking it at this moment."""


@dataclass(frozen=True)
class Quiz:
    """A quiz with answers in the line."""

    code: str
    title: str
    answers: int


@dataclass(frozen=True)
class Line:
    """One page of the line; `quizzes` counts all of it."""

    rows: Sequence[Waiting]
    quizzes: Sequence[Quiz]
    total: int
    """Answers, under the filter."""
    number: int
    pages: int
    recent: Sequence["Marked"]


@dataclass(frozen=True)
class Marked:
    """A marking made a while ago."""

    uid: str
    question_id: str
    quiz_title: str
    stem_html: str
    marker: str
    marked_at: datetime
    earned: int


@dataclass(frozen=True)
class Sheet:
    """One answer with everything that a marker needs."""

    place: Place
    question: Mapping[str, Any]
    rubric: Sequence[tuple[str, int]]
    explanation_html: str
    answer: str
    quiz: str
    quiz_title: str
    submitted_at: datetime
    number: int
    name: str
    province: str
    is_blind: bool
    mark: Mapping[str, Any]
    history: Sequence[tuple[Marking, str]]
    """Newest first, with the markers' names."""
    claimed_by: str
    """The name of someone else who is marking it at this moment; empty if nobody is."""
    comments: Sequence[SavedComment]
    waiting: int
    """Answers in the line, of all quizzes."""

    @property
    def based_on(self) -> int:
        """The number of the marking that counts, 0 for none."""
        return self.history[0][0].number if self.history else 0


def is_essay_of(marks_: Mapping[str, Any], paper: Sequence[Mapping[str, Any]] | None, question_id: str) -> bool:
    """Say whether an attempt was asked this essay and gave an answer to it."""
    mark = marks_.get(question_id)
    kinds = {each["id"]: each["kind"] for each in paper or ()}
    return mark is not None and mark["state"] != "blank" and kinds.get(question_id) == QuestionKind.ESSAY


def waiting() -> int:
    """Return how many answers wait for a marker."""
    return int(db.session.scalars(select(func.coalesce(func.sum(Attempt.waiting), 0)).where(*_waits())).one())


def line(*, quiz: str, page: int) -> Line:
    """Return one page of the line. quiz: only this one; empty for all."""
    rows = db.session.execute(
        select(Document.code, Document.title, func.sum(Attempt.waiting), func.count())
        .join(Document, Document.id == Attempt.document_id)
        .where(*_waits())
        .group_by(Document.code, Document.title)
        .order_by(Document.title)
    ).all()
    chosen = [row for row in rows if quiz in ("", row.code)]
    pages = max(1, -(-sum(int(row[3]) for row in chosen) // PAGE_ATTEMPTS))
    number = min(page, pages)
    found = _rows(_statement(quiz).limit(PAGE_ATTEMPTS).offset((number - 1) * PAGE_ATTEMPTS))
    return Line(
        found, [Quiz(code, title, int(answers)) for code, title, answers, _ in rows],
        sum(int(row[2]) for row in chosen), number, pages, _recent(),
    )  # fmt: skip


def in_line(*, quiz: str, after: Place | None) -> Iterator[Waiting]:
    """Yield the answers in line, from behind the given one on, a few attempts at a time."""
    statement = _statement(quiz)
    seen = 0
    if after is not None:
        behind = aliased(Attempt)
        statement = statement.join(behind, behind.uid == after.uid).where(
            or_(
                Attempt.submitted_at > behind.submitted_at,
                and_(Attempt.submitted_at == behind.submitted_at, Attempt.id >= behind.id),
            )
        )
    while found := db.session.execute(statement.limit(PAGE_ATTEMPTS).offset(seen)).all():
        seen += len(found)
        for each in _expanded(found):
            if after is None or each.uid != after.uid or each.question_id > after.question:
                yield each


def sheet(actor: Person, place: Place) -> Sheet:
    """Return one answer to mark, or to mark again. Raises NotFound."""
    newest = aliased(Revision)
    row = db.session.execute(
        select(Attempt, Revision.paper, Revision.key, Revision.meta, newest.meta, Document, Person)
        .join(Revision, Revision.id == Attempt.revision_id)
        .join(Document, Document.id == Attempt.document_id)
        .join(Person, Person.id == Attempt.person_id)
        .outerjoin(newest, newest.id == Document.published_id)
        .where(Attempt.uid == place.uid, Attempt.submitted_at.is_not(None))
    ).one_or_none()
    if row is None or not is_essay_of(row[0].marks, row[1], place.question):
        raise errors.NotFound("no_such_answer", question=place.question)
    attempt, paper, key, meta, today, document, person = row
    question = next(each for each in paper if each["id"] == place.question)
    is_blind = _is_blind(meta, today)
    return Sheet(
        place, question, marking.rubric_of(question), (key or {}).get(place.question, {}).get("explanation_html", ""),
        _response(attempt.id, place.question), document.code, document.title, attempt.submitted_at, attempt.number,
        "" if is_blind else person.full_name, "" if is_blind or not person.province else person.province.name,
        is_blind, attempt.marks[place.question], marks.history(attempt.id, place.question),
        _claimed_by(actor, attempt.id, place.question), comments_of(actor), waiting(),
    )  # fmt: skip


def comments_of(actor: Person) -> list[SavedComment]:
    """Return a marker's saved comments, in the order of the alphabet."""
    found = db.session.scalars(select(SavedComment).where(SavedComment.person_id == actor.id))
    return sorted(found, key=lambda each: each.body.casefold())


def _waits() -> tuple[Any, Any]:
    return Attempt.waiting > 0, Attempt.submitted_at.is_not(None)


def _statement(quiz: str) -> Any:
    """Attempts with answers in line, oldest first, with what a row shows."""
    revision, newest = aliased(Revision), aliased(Revision)
    statement = (
        select(
            Attempt.id, Attempt.uid, Attempt.marks, Attempt.submitted_at, Attempt.revision_id, Document.code,
            Document.title, Person.name, Person.province_iso, revision.meta["blind"].as_boolean().label("blind"),
            newest.meta["blind"].as_boolean().label("blind_today"),
        )
        .join(Document, Document.id == Attempt.document_id)
        .join(Person, Person.id == Attempt.person_id)
        .join(revision, revision.id == Attempt.revision_id)
        .outerjoin(newest, newest.id == Document.published_id)
        .where(*_waits())
        .order_by(Attempt.submitted_at, Attempt.id)
    )  # fmt: skip
    return statement.where(Document.code == quiz) if quiz else statement


def _rows(statement: Any) -> list[Waiting]:
    return _expanded(db.session.execute(statement).all())


def _expanded(rows: Sequence[Any]) -> list[Waiting]:
    """One entry for each answer of the attempts; within an attempt in the order of the questions' ids."""
    stems = _stems({row.revision_id for row in rows})
    claims = _claims([row.id for row in rows])
    found = []
    for row in rows:
        is_blind = row.blind or row.blind_today
        place = provinces.PROVINCES.get(row.province_iso or "")
        found += [
            Waiting(
                row.id, row.uid, question_id, stems.get((row.revision_id, question_id), ""), row.code, row.title,
                row.submitted_at, "" if is_blind else row.name, "" if is_blind or place is None else place.name,
                claims.get((row.id, question_id)),
            )
            for question_id, mark in sorted(row.marks.items())
            if mark["state"] == marking.State.WAITING
        ]  # fmt: skip
    return found


def _stems(revision_ids: set[int]) -> dict[tuple[int, str], str]:
    rows = db.session.execute(select(Revision.id, Revision.paper).where(Revision.id.in_(revision_ids)))
    return {(revision_id, each["id"]): each["stem_html"] for revision_id, paper in rows for each in paper or ()}


def _claims(attempt_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    rows = db.session.scalars(select(Claim).where(Claim.attempt_id.in_(attempt_ids), Claim.until_at > clock.now()))
    return {(each.attempt_id, each.question_id): each.person_id for each in rows}


def _claimed_by(actor: Person, attempt_id: int, question_id: str) -> str:
    found = db.session.scalars(
        select(Person.name)
        .join(Claim, Claim.person_id == Person.id)
        .where(
            Claim.attempt_id == attempt_id, Claim.question_id == question_id, Claim.until_at > clock.now(),
            Claim.person_id != actor.id,
        )
    ).one_or_none()  # fmt: skip
    return found or ""


def _response(attempt_id: int, question_id: str) -> str:
    found = db.session.scalars(
        select(Answer.response).where(Answer.attempt_id == attempt_id, Answer.question_id == question_id)
    ).one_or_none()
    return found if isinstance(found, str) else ""


def _recent() -> list[Marked]:
    rows = db.session.execute(
        select(
            Attempt.uid, Marking.question_id, Document.title, Attempt.revision_id, Person.name, Marking.marked_at,
            Marking.earned,
        )
        .join(Attempt, Attempt.id == Marking.attempt_id)
        .join(Document, Document.id == Attempt.document_id)
        .join(Person, Person.id == Marking.marker_id)
        .order_by(Marking.id.desc())
        .limit(RECENT)
    ).all()  # fmt: skip
    stems = _stems({row.revision_id for row in rows})
    newest = {(row.uid, row.question_id): row for row in reversed(rows)}
    return [
        Marked(uid, question_id, row.title, stems.get((row.revision_id, question_id), ""), row.name, row.marked_at,
               row.earned)
        for (uid, question_id), row in reversed(newest.items())
    ]  # fmt: skip


def _is_blind(*metas: Mapping[str, Any] | None) -> bool:
    """Blind if the quiz says so now, or said so when the answer was written."""
    return any((meta or {}).get("blind") for meta in metas)
