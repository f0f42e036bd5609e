"""The tables of the hottest statements, and their conditions. Tables, not entities: rows become dataclasses."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, or_

from lms.models.cohorts import Cohort, CohortCourse, CohortMember
from lms.models.content import Document, Requirement, Revision
from lms.models.facts import Answer, Attempt, Completion
from lms.models.summaries import ItemProgress

_DOCUMENTS: Any = Document.__table__
DOCUMENT, MODULE, COURSE, REQUIRED, REQUIRED_COURSE = (
    _DOCUMENTS.alias(name).c for name in ("item", "module", "course", "required", "required_course")
)
REVISION: Any = Revision.__table__.c
PROGRESS: Any = ItemProgress.__table__.c
REQUIREMENT: Any = Requirement.__table__.c
COMPLETION: Any = Completion.__table__.c
MEMBER: Any = CohortMember.__table__.c
TAKEN: Any = CohortCourse.__table__.c
COHORT: Any = Cohort.__table__.c
ATTEMPT: Any = Attempt.__table__.c
ANSWER: Any = Answer.__table__.c


Rows = Sequence[Row[*tuple[Any, ...]]]


def table_of(column: Any) -> Any:
    """The table (or alias) that a column stands in."""
    return column.table


def is_one_of(column: Any, *values: Any) -> Any:
    """As `in_`, whose list would be written anew for each execution."""
    return or_(*(column == value for value in values))
