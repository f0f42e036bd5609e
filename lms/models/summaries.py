"""Summaries of the facts, written in the same transaction: progress per person, tallies per province and cohort.

`models/derive` is the only writer; screens and reports read here.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base
from lms.models.columns import UtcInstant

EVERYONE = 0
"""The cohort id under which a tally counts people of all cohorts and of none, each once."""


class ItemProgress(Base):
    """One person at one lesson, quiz, simulation or survey."""

    __tablename__ = "item_progress"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    opened_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """Lesson: first said to be done. Quiz: first passed. Simulation: first ended. Survey: answered."""
    last_at: Mapped[datetime] = mapped_column(UtcInstant)
    attempts: Mapped[int] = mapped_column(default=0)
    """Submitted attempts."""
    percent: Mapped[int | None] = mapped_column()
    """The score that counts (best or last, as the quiz says); none without a submitted attempt."""


class UnitProgress(Base):
    """One person at one unit: a module (`mrs-4`), a course's core or whole (`mrs:core`, `mrs:all`), or the
    package over all courses (`*:core`, `*:all`). A module counts its items, the others their modules."""

    __tablename__ = "unit_progress"
    __table_args__ = (Index("ix_unit_progress_unit", "unit", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    completed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    last_at: Mapped[datetime] = mapped_column(UtcInstant)


class Tally(Base):
    """How many active companions of a province and cohort started or completed a unit on a day (Jakarta's)."""

    __tablename__ = "tallies"

    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    cohort_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """A cohort, or EVERYONE."""
    province_iso: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    started: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)
