"""Facts of learning: appended, never edited, counted once however often a device sends them.

A fact that a device makes carries the UUID it was given there, `occurred_at` (the device's claim, never later than
ours) and `recorded_at` (ours). Each maps to an xAPI statement: opening = experienced, reading = completed,
attempt = attempted/passed/failed, play = attempted/completed, completion = completed (module). That a survey was
answered is a fact too: models/ballots.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base
from lms.models.columns import UtcInstant


class Opening(Base):
    """Someone opened a lesson."""

    __tablename__ = "openings"
    __table_args__ = (Index("ix_openings_person_id_document_id", "person_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    occurred_at: Mapped[datetime] = mapped_column(UtcInstant)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)


class Reading(Base):
    """Someone said that a lesson is done."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_person_id_document_id", "person_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    occurred_at: Mapped[datetime] = mapped_column(UtcInstant)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)


_WAITING: dict[str, Any] = {"sqlite_where": text("waiting > 0"), "postgresql_where": text("waiting > 0")}
"""The queue of markers is short however many attempts there are: its index holds nothing else."""


class Attempt(Base):
    """One try at a quiz: it keeps the revision, the drawn questions and their order, and is marked against them.

    Open until `submitted_at`; from then on only its marks change, and only by a marker or a regrade (models/marks).
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("person_id", "document_id", "number"),
        Index("ix_attempts_queue", "submitted_at", "id", **_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    number: Mapped[int] = mapped_column()
    """1, 2, 3 … of this person at this quiz: the unique constraint keeps races from exceeding the limit."""
    drawn: Mapped[list[Any]] = mapped_column(JSON)
    """[{"id": question id, "order": [option ids as shown]}, …] in the order shown."""
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    deadline_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When time runs out, grace not included; none without a limit."""
    submitted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    recorded_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    earned: Mapped[int] = mapped_column(default=0)
    """Whole hundredths of a point."""
    maximum: Mapped[int] = mapped_column(default=0)
    """Whole hundredths of a point."""
    percent: Mapped[int] = mapped_column(default=0)
    passed: Mapped[bool] = mapped_column(default=False)
    marks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """question id → {"earned", "maximum" (hundredths), "state"}."""
    waiting: Mapped[int] = mapped_column(default=0, server_default="0")
    """Answers that a trainer still has to mark: until then the score is provisional."""


class Answer(Base):
    """The last saved answer to one question of one attempt; frozen with the attempt's submission."""

    __tablename__ = "answers"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(Text, primary_key=True)
    response: Mapped[Any] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)
    checked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When its reader was told how it was marked: from then on it is frozen."""


class Play(Base):
    """One way through a simulation: it keeps the revision it began with, and every choice in turn.

    Open until `finished_at`; from then on nothing in it changes.
    """

    __tablename__ = "plays"
    __table_args__ = (
        Index("ix_plays_person_id_document_id", "person_id", "document_id"),
        Index("ix_plays_document_id_finished_at", "document_id", "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    path: Mapped[list[Any]] = mapped_column(JSON)
    """[[scene, choice], …] in the order taken."""
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    earned: Mapped[int] = mapped_column(default=0)
    """Points of the steps that count; 0 while it is open."""
    best: Mapped[int] = mapped_column()
    """The most that any path of this revision can earn."""


class Completion(Base):
    """A module became complete under the content of that day: granted once, never taken away by a later edit."""

    __tablename__ = "completions"
    __table_args__ = (UniqueConstraint("person_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    jp: Mapped[int] = mapped_column()
    """What the module gave on that day."""
    completed_at: Mapped[datetime] = mapped_column(UtcInstant)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
