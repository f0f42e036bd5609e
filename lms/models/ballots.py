"""Answers to surveys. Who answered stands in one table, what was answered in others that know no person and no time.

What links the two elsewhere is left out on purpose: docs/decisions/0015-surveys.md says why each column is missing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base, db
from lms.kernel import ids
from lms.models import upsert
from lms.models.cohorts import Cohort, CohortMember
from lms.models.columns import UtcInstant
from lms.models.content import Document
from lms.models.people import Person
from lms.rules import surveys

EVERYONE = "*"
"""The circle that every answer is counted in."""
MIXED = 200
"""Remarks that are written anew with each answer, so that the newest cannot be told from them."""


class Participation(Base):
    """Someone answered a survey: a fact, once for each person and survey."""

    __tablename__ = "participations"
    __table_args__ = (UniqueConstraint("person_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text)
    """Of the form that was sent: a second press is the same answer, another form is not."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    answered_at: Mapped[datetime] = mapped_column(UtcInstant)
    named_answers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Question → answer, in a survey that keeps names; none in an anonymous one."""


class BallotCount(Base):
    """How many answers of a circle fell into a cell (`rules/surveys.Cell`): a sum, never one person's row."""

    __tablename__ = "ballot_counts"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - the type that SQLAlchemy declares

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    circle: Mapped[str] = mapped_column(Text, primary_key=True)
    """EVERYONE, a province (`ID-AC`) or a cohort (`angkatan-1`); never both at once, which would be few people."""
    question_id: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class Remark(Base):
    """A text that someone typed in an anonymous survey: by itself, beside no other answer and in no order."""

    __tablename__ = "remarks"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - the type that SQLAlchemy declares

    uid: Mapped[str] = mapped_column(Text, primary_key=True)
    """Random, and changed whenever it is mixed."""
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    question_id: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


class Sent(NamedTuple):
    """One person's answers to a survey, with the form's uid."""

    person_id: int
    uid: str
    answers: Mapping[str, Any]
    at: datetime


def hold(code: str) -> None:
    """Keep others from answering, mixing or publishing a survey until the transaction ends; for SQLite that is so."""
    db.session.execute(select(Document.id).where(Document.code == code).with_for_update(key_share=True))


def keep(document_id: int, paper: Sequence[Mapping[str, Any]], sent: Collection[Sent], *, is_anonymous: bool) -> None:
    """Write answers: who answered, and apart from that what was answered. One path for one answer and for many.

    The caller holds the survey. Raises IntegrityError when someone has answered before: then nothing of it is kept.
    """
    db.session.execute(
        insert(Participation),
        [
            {
                "uid": each.uid, "person_id": each.person_id, "document_id": document_id, "answered_at": each.at,
                "named_answers": None if is_anonymous else dict(each.answers),
            }
            for each in sent
        ],
    )  # fmt: skip
    circles = circles_of([each.person_id for each in sent])
    counts: Counter[tuple[str, str, str]] = Counter()
    for each in sent:
        cells = surveys.counted(paper, each.answers)
        for circle in circles[each.person_id]:
            for (question_id, value), number in cells.items():
                counts[circle, question_id, value] += number
    upsert.add(
        BallotCount,
        [
            {"document_id": document_id, "circle": circle, "question_id": question_id, "value": value, "number": number}
            for (circle, question_id, value), number in sorted(counts.items())
        ],
    )
    if is_anonymous:
        _mix(document_id, [text for each in sent for text in surveys.remarks(paper, each.answers)])


def circles_of(person_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return person → the circles that her answers are counted in, in one statement."""
    rows = db.session.execute(
        select(Person.id, Person.province_iso, Cohort.code)
        .outerjoin(CohortMember, CohortMember.person_id == Person.id)
        .outerjoin(Cohort, Cohort.id == CohortMember.cohort_id)
        .where(Person.id.in_(person_ids))
    )
    found: dict[int, set[str]] = defaultdict(lambda: {EVERYONE})
    for person_id, province, cohort in rows:
        found[person_id].update(circle for circle in (province, cohort) if circle)
    return {person_id: tuple(sorted(circles)) for person_id, circles in found.items()}


def crowds(document_id: int) -> Counter[frozenset[str]]:
    """Return the circles that people are in beside EVERYONE → how many who answered are in just these; one statement.

    As they stand today: who moved since is counted where she was.
    """
    rows = db.session.execute(
        select(Participation.person_id, Person.province_iso, Cohort.code)
        .join(Person, Person.id == Participation.person_id)
        .outerjoin(CohortMember, CohortMember.person_id == Person.id)
        .outerjoin(Cohort, Cohort.id == CohortMember.cohort_id)
        .where(Participation.document_id == document_id)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for person_id, *circles in rows:
        found[person_id].update(filter(None, circles))
    return Counter(map(frozenset, found.values()))


def participation(person_id: int, document_id: int) -> Participation | None:
    """Return the fact that a person answered a survey, if she did."""
    statement = select(Participation).where(
        Participation.person_id == person_id, Participation.document_id == document_id
    )
    return db.session.scalars(statement).one_or_none()


def promised(document_id: int) -> bool | None:
    """Return whether those who answered were promised anonymity; none while nobody has answered."""
    statement = select(Participation.named_answers.is_(None)).where(Participation.document_id == document_id).limit(1)
    return db.session.scalars(statement).first()


def _mix(document_id: int, texts: Iterable[tuple[str, str]]) -> None:
    """Add remarks among others that are written anew, in random order; without any of her own as well.

    A database knows more of a row than its columns: where it lies, and in PostgreSQL which transaction wrote it
    (`xmin`), which is the one that wrote the participation. Afterwards that holds for MIXED others as well, and no
    longer for the one whose remark was the last.
    """
    chosen = select(Remark.uid, Remark.question_id, Remark.body).where(Remark.document_id == document_id)
    others = db.session.execute(chosen.order_by(func.random()).limit(MIXED)).all()
    db.session.execute(delete(Remark).where(Remark.uid.in_([each.uid for each in others])))
    rows = [
        {"uid": ids.fact(), "document_id": document_id, "question_id": question_id, "body": body}
        for question_id, body in (*((each.question_id, each.body) for each in others), *texts)
    ]
    if rows:
        db.session.execute(insert(Remark), sorted(rows, key=lambda row: row["uid"]))
