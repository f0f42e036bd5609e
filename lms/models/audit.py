"""The audit trail: every write by trainer, directorate or admin appends one row, in the same transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base, db
from lms.kernel import clock
from lms.models.columns import UtcInstant


class AuditEntry(Base):
    """Who did what to which thing, when, and what changed. Appended, never edited."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject_kind", "subject_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Nobody when a command did it."""
    action: Mapped[str] = mapped_column(Text)
    """A code such as `lesson.published`, `person.deactivated`."""
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_key: Mapped[str] = mapped_column(Text)
    """The public id of the thing: a person's uid, a document's code, a cohort's code."""
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Field → [before, after], without secrets."""


def record(
    *, actor_id: int | None, action: str, subject_kind: str, subject_key: str, changes: dict[str, Any] | None = None
) -> None:
    """Append one audit row to the current transaction."""
    db.session.add(
        AuditEntry(
            recorded_at=clock.now(),
            actor_id=actor_id,
            action=action,
            subject_kind=subject_kind,
            subject_key=subject_key,
            changes=changes or {},
        )
    )
