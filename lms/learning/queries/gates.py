"""What stands before a module: a course that opens later, or a module that comes first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select

from lms.kernel.documents import DocumentKind
from lms.learning.queries.tables import (
    COHORT,
    COMPLETION,
    DOCUMENT,
    MEMBER,
    REQUIRED,
    REQUIRED_COURSE,
    REQUIREMENT,
    TAKEN,
    Rows,
    is_one_of,
    table_of,
)
from lms.models.content import is_published


@dataclass(frozen=True)
class Gate:
    """Why a module is closed for someone: it opens later, or another module comes first."""

    opens_at: datetime | None = None
    required_title: str = ""
    required_course: str = ""
    required_code: str = ""


GATES = (
    select(
        REQUIREMENT.document_id, REQUIRED.title, REQUIRED_COURSE.code, REQUIRED.code, TAKEN.course_id,
        TAKEN.opens_at, TAKEN.due_at, COHORT.name,
    )
    .select_from(table_of(DOCUMENT.id))
    .outerjoin(table_of(REQUIREMENT.document_id), REQUIREMENT.document_id == DOCUMENT.id)
    .outerjoin(
        table_of(COMPLETION.id),
        and_(COMPLETION.document_id == REQUIREMENT.required_id, COMPLETION.person_id == bindparam("person_id")),
    )
    .outerjoin(table_of(REQUIRED.id), and_(REQUIRED.id == REQUIREMENT.required_id, is_published(REQUIRED)))
    .outerjoin(table_of(REQUIRED_COURSE.id), REQUIRED_COURSE.id == REQUIRED.course_id)
    .outerjoin(
        table_of(MEMBER.person_id),
        and_(MEMBER.person_id == bindparam("person_id"), DOCUMENT.kind == DocumentKind.COURSE),
    )
    .outerjoin(
        table_of(TAKEN.course_id), and_(TAKEN.cohort_id == MEMBER.cohort_id, TAKEN.course_id == DOCUMENT.id)
    )
    .outerjoin(table_of(COHORT.id), COHORT.id == TAKEN.cohort_id)
    .where(
        is_one_of(DOCUMENT.kind, DocumentKind.COURSE, DocumentKind.MODULE),
        COMPLETION.id.is_(None),
        (REQUIRED.id.is_not(None)) | (TAKEN.course_id.is_not(None)),
    )
    .order_by(DOCUMENT.id, REQUIREMENT.required_id, TAKEN.cohort_id)
)  # fmt: skip

GATES_OF_COURSE = GATES.where(DOCUMENT.course_id == bindparam("course_id"))


def closed(course_id: int, gates: Rows, now: datetime) -> Gate | None:
    """The gate before a course that opens later."""
    opens_at, _, _ = dates(course_id, gates)
    return Gate(opens_at=opens_at) if opens_at and opens_at > now else None


def required_first(gates: Rows) -> Mapping[int, Gate]:
    """Module → the gate of the module that must be complete before it."""
    return {row[0]: Gate(None, row[1], row[2], row[3]) for row in reversed(gates) if row[1] is not None}


def dates(course_id: int, gates: Rows) -> tuple[datetime | None, datetime | None, str]:
    """The earliest opening and the latest due date over the person's cohorts; none where a cohort sets none."""
    found = [(row.opens_at, row.due_at, row.name) for row in gates if row.course_id == course_id]
    opens = [opens_at for opens_at, _, _ in found]
    dues = [due_at for _, due_at, _ in found]
    return (
        min(opens) if opens and None not in opens else None,
        max(dues) if dues and None not in dues else None,
        found[0][2] if found else "",
    )
