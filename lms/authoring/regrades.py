"""What a regrade would change, before anyone confirms it: streamed, counted, and one page of it kept."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import and_, func, select

from lms.extensions import db
from lms.kernel import errors
from lms.kernel.documents import DocumentKind
from lms.models.content import Document, Revision
from lms.models.facts import Answer, Attempt
from lms.models.marks import Regrade
from lms.models.people import Person
from lms.rules import regrading

BATCH_ROWS = 500
PAGE_ROWS = 50


@dataclass(frozen=True)
class Source:
    """An earlier revision: how many attempts were handed in at it, and which of their questions changed."""

    id: int
    number: int
    attempts: int
    limit: int
    questions: Sequence[str]


@dataclass(frozen=True)
class Plan:
    """What a regrade of a quiz would go by."""

    document_id: int
    code: str
    title: str
    revision: Revision
    """The published one: its key counts."""
    sources: Sequence[Source]
    chosen: Sequence[Source]
    questions: Sequence[str]
    """Every question that is to be marked anew: changed between a chosen revision and this one, or regraded before."""

    def stem(self, question_id: str) -> str:
        """Return the text of a question (HTML)."""
        return next((each["stem_html"] for each in self.revision.paper or () if each["id"] == question_id), question_id)


@dataclass(frozen=True)
class Concerned:
    """One attempt whose mark would change."""

    name: str
    number: int
    percent: int
    passed: bool
    new_percent: int
    new_passed: bool


@dataclass
class Preview:
    """Counts over everyone concerned, and the rows of one page."""

    looked_at: int = 0
    changed: int = 0
    gained: int = 0
    lost: int = 0
    rows: Sequence[Concerned] = ()

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.changed // PAGE_ROWS))


@dataclass(frozen=True)
class Done:
    """A regrade in the history."""

    uid: str
    author: str
    reason: str
    started_at: datetime
    sources: Sequence[int]
    changed: int
    gained: int
    lost: int
    is_finished: bool
    undone_at: datetime | None


def plan(code: str, numbers: Collection[int] | None) -> Plan:
    """Return the plan for the chosen revision numbers; none chooses the newest one before that has attempts.

    Raises NotFound unless it is a published quiz.
    """
    row = db.session.execute(
        select(Document, Revision)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.code == code, Document.kind == DocumentKind.QUIZ)
    ).one_or_none()
    if row is None:
        raise errors.NotFound("no_such_quiz", code=code)
    document, revision = row
    sources = _sources(document.id, revision)
    default = [each.number for each in sources if each.questions][:1]
    chosen = [each for each in sources if each.number in (default if numbers is None else numbers)]
    changed = {question for each in chosen for question in each.questions} | _regraded(document.id)
    questions = [each for each in revision.key or {} if each in changed]
    return Plan(document.id, document.code, document.title, revision, sources, chosen, questions)


def preview(made: Plan, *, page: int) -> Preview:
    """Count what the plan would change, holding one page of rows: one statement, however many attempts there are."""
    found, rows = Preview(), []
    first = (page - 1) * PAGE_ROWS
    for attempt, name, outcome in outcomes(made.revision, made.chosen, made.questions):
        found.looked_at += 1
        if not outcome.differs(attempt.marks, attempt.passed):
            continue
        if first <= found.changed < first + PAGE_ROWS:
            rows.append(_concerned(attempt, name, outcome))
        found.changed += 1
        found.gained += outcome.passed and not attempt.passed
        found.lost += attempt.passed and not outcome.passed
    found.rows = rows
    return found


def outcomes(
    revision: Revision, sources: Sequence[Source], questions: Sequence[str], *, only: Collection[int] | None = None
) -> Iterator[tuple[Any, str, regrading.Outcome]]:
    """Yield each attempt concerned with its person's name and what it would become, by id.

    only: ids of attempts; none streams all of them.
    """
    limits = {each.id: each.limit for each in sources}
    answered = and_(Answer.attempt_id == Attempt.id, Answer.question_id.in_(questions))
    statement = (
        select(
            Attempt.id, Attempt.number, Attempt.marks, Attempt.percent, Attempt.passed, Attempt.revision_id,
            Person.name, Answer.question_id, Answer.response,
        )
        .join(Person, Person.id == Attempt.person_id)
        .outerjoin(Answer, answered)
        .where(Attempt.revision_id.in_(limits), Attempt.submitted_at.is_not(None))
        .order_by(Attempt.id)
    )  # fmt: skip
    if only is not None:
        statement = statement.where(Attempt.id.in_(only))
    rows = db.session.execute(statement.execution_options(yield_per=BATCH_ROWS))
    for _, group in groupby(rows, key=lambda row: row.id):
        answers = list(group)
        attempt = answers[0]
        outcome = regrading.regrade(
            attempt.marks, {row.question_id: row.response for row in answers}, paper=revision.paper or [],
            key=revision.key or {}, questions=questions, limit=limits[attempt.revision_id],
        )  # fmt: skip
        yield attempt, attempt.name, outcome


def history(document_id: int) -> list[Done]:
    """Return all regrades of a quiz, newest first."""
    rows = db.session.execute(
        select(Regrade, Person.name)
        .join(Person, Person.id == Regrade.author_id)
        .where(Regrade.document_id == document_id)
        .order_by(Regrade.id.desc())
    )
    return [
        Done(
            each.uid, name, each.reason, each.started_at, each.sources, each.changed, each.gained, each.lost,
            each.finished_at is not None, each.undone_at,
        )
        for each, name in rows
    ]  # fmt: skip


def is_due(revision: Revision) -> bool:
    """Whether a revision changed a key of the one before it, while there are attempts that earlier keys marked."""
    before = select(Revision.key).where(
        Revision.document_id == revision.document_id, Revision.number == revision.number - 1
    )
    changed = regrading.changed(db.session.scalars(before).one_or_none() or {}, revision.key or {})
    return bool(changed and _sources(revision.document_id, revision))


def sources_of(regrade: Regrade, revision: Revision) -> list[Source]:
    """Return the revisions that a regrade was confirmed for."""
    return [each for each in _sources(regrade.document_id, revision) if each.number in regrade.sources]


def _sources(document_id: int, revision: Revision) -> list[Source]:
    """Earlier revisions with attempts, newest first."""
    rows = db.session.execute(
        select(Revision.id, Revision.number, Revision.key, Revision.meta, func.count(Attempt.id))
        .join(Attempt, and_(Attempt.revision_id == Revision.id, Attempt.submitted_at.is_not(None)))
        .where(Revision.document_id == document_id, Revision.number < revision.number)
        .group_by(Revision.id, Revision.number)
        .order_by(Revision.number.desc())
    )
    return [
        Source(id_, number, attempts, _limit(meta), regrading.changed(key or {}, revision.key or {}))
        for id_, number, key, meta, attempts in rows
    ]


def _limit(meta: Mapping[str, Any]) -> int:
    return int(meta.get("pass", 0))


def _regraded(document_id: int) -> set[str]:
    """Questions that a regrade in force has marked anew: a key that was put back must find them."""
    rows = db.session.scalars(
        select(Regrade.questions).where(Regrade.document_id == document_id, Regrade.undone_at.is_(None))
    )
    return {question for questions in rows for question in questions}


def _concerned(attempt: Any, name: str, outcome: regrading.Outcome) -> Concerned:
    return Concerned(name, attempt.number, attempt.percent, attempt.passed, outcome.marking.percent, outcome.passed)
