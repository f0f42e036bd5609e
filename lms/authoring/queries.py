"""What the trainer's screens show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.authoring.actions import drafts
from lms.extensions import db
from lms.kernel import errors
from lms.kernel.documents import DocumentKind
from lms.models import closing
from lms.models.clocks import Allowance, Credit
from lms.models.cohorts import Cohort
from lms.models.content import Document, Draft, Media, Revision
from lms.models.facts import Attempt
from lms.models.people import Person

MOST_SHOWN = 100


@dataclass(frozen=True)
class Entry:
    """One document on the shelf."""

    code: str
    kind: DocumentKind
    title: str
    is_published: bool
    is_withdrawn: bool
    number: int | None
    published_at: datetime | None
    published_by: str | None
    draft_at: datetime | None
    draft_by: str | None
    children: Sequence["Entry"]


@dataclass(frozen=True)
class Desk:
    """What the editor needs of a document."""

    id: int
    code: str
    kind: DocumentKind
    title: str
    course_code: str
    module_code: str
    module_title: str
    is_published: bool
    is_withdrawn: bool
    number: int
    sheet: drafts.Sheet
    saved_at: datetime | None
    saved_by: str | None


@dataclass(frozen=True)
class Version:
    """One revision in the history."""

    number: int
    title: str
    words: int
    created_at: datetime
    author: str | None
    note: str
    is_current: bool


@dataclass(frozen=True)
class AllowanceRow:
    """What a person or cohort was given on top, by whom and why."""

    number: int
    holder: str
    minutes: int
    attempts: int
    reason: str
    author: str
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class CreditRow:
    """What the fair clock gave an attempt back."""

    name: str
    number: int
    seconds: int
    cause: str
    from_at: datetime
    to_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class QuizClocks:
    """The clocks of a quiz: at most MOST_SHOWN allowances and credits, and how many attempts are past their time."""

    allowances: Sequence[AllowanceRow]
    credits: Sequence[CreditRow]
    overdue: int


def shelf() -> list[Entry]:
    """Return courses with their modules with their items, in three levels, in one statement."""
    author, writer = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(
            Document, Revision.number, Revision.title, Revision.created_at, author.name.label("author"), Draft.saved_at,
            writer.name.label("writer"),
        )
        .outerjoin(Revision, Revision.id == Document.published_id)
        .outerjoin(author, author.id == Revision.author_id)
        .outerjoin(Draft, Draft.document_id == Document.id)
        .outerjoin(writer, writer.id == Draft.author_id)
        .order_by(Document.position, Document.id)
    ).all()  # fmt: skip
    below: dict[int | None, list[Any]] = defaultdict(list)
    for row in rows:
        below[row[0].parent_id].append(row)
    return _entries(below, None)


def desk(code: str) -> Desk:
    """Return what the editor needs. Raises NotFound."""
    module, course, writer = aliased(Document), aliased(Document), aliased(Person)
    row = db.session.execute(
        select(
            Document, Revision.number, Revision.source_md, Draft, writer.name, module.code, module.title, course.code
        )
        .outerjoin(Revision, Revision.id == Document.published_id)
        .outerjoin(Draft, Draft.document_id == Document.id)
        .outerjoin(writer, writer.id == Draft.author_id)
        .outerjoin(module, module.id == Document.parent_id)
        .outerjoin(course, course.id == Document.course_id)
        .where(Document.code == code)
    ).one_or_none()
    if row is None:
        raise errors.NotFound("no_such_document", code=code)
    document, number, published, draft, saved_by, module_code, module_title, course_code = row
    sheet = drafts.Sheet(
        draft.source_md if draft else published or "",
        draft.version if draft else 0,
        draft.based_on if draft else number or 0,
    )
    return Desk(
        document.id, document.code, document.kind, document.title, course_code or "", module_code or "",
        module_title or "", document.is_published, document.withdrawn_at is not None, number or 0, sheet,
        draft.saved_at if draft else None, saved_by,
    )  # fmt: skip


def history(document_id: int) -> list[Version]:
    """Return every revision, newest first."""
    rows = db.session.execute(
        select(
            Revision.number, Revision.title, Revision.words, Revision.created_at, Person.name, Revision.note,
            Document.published_id == Revision.id,
        )
        .join(Document, Document.id == Revision.document_id)
        .outerjoin(Person, Person.id == Revision.author_id)
        .where(Revision.document_id == document_id)
        .order_by(Revision.number.desc())
    )  # fmt: skip
    return [Version(*row) for row in rows]


def revision(document_id: int, number: int) -> Revision:
    """Return one revision. Raises NotFound."""
    found = db.session.scalars(
        select(Revision).where(Revision.document_id == document_id, Revision.number == number)
    ).one_or_none()
    if found is None:
        raise errors.NotFound("no_such_revision", number=number)
    return found


def images_of(module: str) -> list[Media]:
    """Return the newest version of each image of a module, by name. Raises NotFound."""
    module_id = db.session.scalars(
        select(Document.id).where(Document.code == module, Document.kind == DocumentKind.MODULE)
    ).one_or_none()
    if module_id is None:
        raise errors.NotFound("no_such_module", code=module)
    newest = select(func.max(Media.id)).where(Media.document_id == module_id).group_by(Media.name)
    return list(db.session.scalars(select(Media).where(Media.id.in_(newest)).order_by(Media.name)))


def cohort_names() -> list[tuple[str, str]]:
    """Return the code and name of every cohort, in their order."""
    rows = db.session.execute(select(Cohort.code, Cohort.name).order_by(Cohort.position, Cohort.id))
    return [(code, name) for code, name in rows]


def quiz_clocks(document_id: int) -> QuizClocks:
    """Return the allowances of a quiz and the latest credits, newest first, in three statements."""
    author = aliased(Person)
    given = db.session.execute(
        select(
            Allowance.id, func.coalesce(Person.name, Cohort.name), Allowance.minutes, Allowance.attempts,
            Allowance.reason, author.name, Allowance.recorded_at, Allowance.withdrawn_at,
        )
        .outerjoin(Person, Person.id == Allowance.person_id)
        .outerjoin(Cohort, Cohort.id == Allowance.cohort_id)
        .join(author, author.id == Allowance.author_id)
        .where(Allowance.document_id == document_id)
        .order_by(Allowance.id.desc())
        .limit(MOST_SHOWN)
    )  # fmt: skip
    credited = db.session.execute(
        select(
            Person.name, Attempt.number, Credit.seconds, Credit.cause, Credit.from_at, Credit.to_at, Credit.recorded_at
        )
        .join(Attempt, Attempt.id == Credit.attempt_id)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.document_id == document_id)
        .order_by(Credit.id.desc())
        .limit(MOST_SHOWN)
    )
    return QuizClocks(
        [AllowanceRow(*row) for row in given], [CreditRow(*row) for row in credited], closing.overdue(document_id)
    )


def readers_of(document_id: int) -> int:
    """Return how many people have tried or finished something that stands on this document."""
    statement = select(func.count(func.distinct(Attempt.person_id))).where(Attempt.document_id == document_id)
    return db.session.scalars(statement).one()


def _entries(below: Mapping[int | None, Sequence[Any]], parent_id: int | None) -> list[Entry]:
    return [
        Entry(
            document.code, document.kind, title or document.title, document.is_published,
            document.withdrawn_at is not None, number, published_at, author, draft_at, writer,
            _entries(below, document.id),
        )
        for document, number, title, published_at, author, draft_at, writer in below.get(parent_id, ())
    ]  # fmt: skip
