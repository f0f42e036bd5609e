"""Marks after handing in: what trainers gave essays, and regrades after a key was wrong. Appended, never edited.

Source: docs/decisions/0014-marks-by-people.md.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base, db
from lms.models.columns import UtcInstant
from lms.models.facts import Attempt
from lms.models.people import Person
from lms.rules import marking


class Marking(Base):
    """What one marker gave one essay; the highest number counts, the others are its history."""

    __tablename__ = "markings"
    __table_args__ = (UniqueConstraint("attempt_id", "question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    question_id: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column()
    """1, 2, 3 … of this answer: the unique constraint settles who was faster."""
    points: Mapped[list[Any]] = mapped_column(JSON)
    """Whole points, one for each line of the rubric."""
    comment: Mapped[str] = mapped_column(Text)
    earned: Mapped[int] = mapped_column()
    """Whole hundredths of a point."""
    marker_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    marked_at: Mapped[datetime] = mapped_column(UtcInstant)


class Claim(Base):
    """Someone is marking this answer until then: others are given the next one. It locks nothing."""

    __tablename__ = "marking_claims"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    until_at: Mapped[datetime] = mapped_column(UtcInstant)


class SavedComment(Base):
    """A marker's own comment, kept to be used again."""

    __tablename__ = "saved_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)


class Regrade(Base):
    """One explicit regrade of a quiz: who, when, why, from which revisions to which. Kept when it is taken back."""

    __tablename__ = "regrades"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text, unique=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    """Whose key counts now."""
    sources: Mapped[list[Any]] = mapped_column(JSON)
    """Numbers of the revisions whose attempts are concerned."""
    questions: Mapped[list[Any]] = mapped_column(JSON)
    """Ids of the questions that are marked anew."""
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    cursor: Mapped[int] = mapped_column(default=0)
    """The last attempt that was looked at, on the way there or back: the work is done in batches."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    changed: Mapped[int] = mapped_column(default=0)
    gained: Mapped[int] = mapped_column(default=0)
    """Attempts that have come to pass."""
    lost: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class RegradedAttempt(Base):
    """What a regrade changed in one attempt: the marks before and after, so that it can be taken back."""

    __tablename__ = "regraded_attempts"

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrades.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    marks_before: Mapped[dict[str, Any]] = mapped_column(JSON)
    marks_after: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_undone: Mapped[bool] = mapped_column(default=False)


def settled(marked: marking.Marking, *, limit: int) -> dict[str, Any]:
    """Return everything of an attempt that follows from a marking: column → value.

    limit: per cent needed to pass. With answers waiting the attempt passes only if it passes without them.
    """
    return {
        "earned": marked.earned, "maximum": marked.maximum, "percent": marked.percent, "marks": marked.as_dict(),
        "passed": marked.passed(limit), "waiting": marked.waiting,
    }  # fmt: skip


def settle(attempt: Attempt, marked: marking.Marking, *, limit: int) -> None:
    """Write a marking into an attempt; the caller derives the summaries."""
    for column, value in settled(marked, limit=limit).items():
        setattr(attempt, column, value)


def newest(attempt_id: int) -> dict[str, Marking]:
    """Return question id → the marking that counts."""
    found = db.session.scalars(select(Marking).where(Marking.attempt_id == attempt_id).order_by(Marking.number))
    return {each.question_id: each for each in found}


def history(attempt_id: int, question_id: str) -> list[tuple[Marking, str]]:
    """Return all markings of one answer with their markers' names, newest first."""
    rows = db.session.execute(
        select(Marking, Person.name)
        .join(Person, Person.id == Marking.marker_id)
        .where(Marking.attempt_id == attempt_id, Marking.question_id == question_id)
        .order_by(Marking.number.desc())
    )
    return [(each, name) for each, name in rows]
