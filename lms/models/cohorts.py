"""Cohorts (angkatan): who learns together, which courses, from when until when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base
from lms.models.columns import UtcInstant


class Cohort(Base):
    """A group of companions that goes through the training together."""

    __tablename__ = "cohorts"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    """What URLs show."""
    name: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)


class CohortMember(Base):
    """One person in one cohort."""

    __tablename__ = "cohort_members"
    __table_args__ = (Index("ix_cohort_members_person_id", "person_id"),)

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    joined_at: Mapped[datetime] = mapped_column(UtcInstant)


class CohortCourse(Base):
    """One course of a cohort, with the instants at which it opens and is due (both optional)."""

    __tablename__ = "cohort_courses"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    opens_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
