"""Courses with where the person stands: home, the tracks, a course, the record."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, select

from lms.extensions import db
from lms.kernel import errors
from lms.kernel.documents import COUNTED, ITEMS, DocumentKind
from lms.learning.queries.gates import GATES, GATES_OF_COURSE, Gate, closed, dates, required_first
from lms.learning.queries.tables import (
    COURSE,
    DOCUMENT,
    PROGRESS,
    REVISION,
    Rows,
    is_one_of,
    table_of,
)
from lms.models.content import Document, Revision, is_published
from lms.models.facts import Completion
from lms.models.people import Person
from lms.rules import learning_hours, surveys


class Step(NamedTuple):
    """One lesson, quiz, simulation or survey in an outline, with where the person stands."""

    code: str
    kind: DocumentKind
    title: str
    minutes: int
    opened_at: datetime | None
    done_at: datetime | None
    last_at: datetime | None
    percent: int | None
    attempts: int
    course: str
    module: str
    holds_back: bool = False
    """Whether it is a survey that a certificate waits for."""
    is_open: bool = True
    """Whether it can be done now: a survey opens and closes."""

    @property
    def is_done(self) -> bool:
        """Read, passed, played or answered."""
        return self.done_at is not None

    @property
    def is_counted(self) -> bool:
        """Whether progress counts it: surveys are asked, not learned."""
        return self.kind in COUNTED

    @property
    def is_next(self) -> bool:
        """Whether it is still to be done, and waited for: a survey that is required, but none that is only offered."""
        return not self.is_done and (self.is_counted or (self.holds_back and self.is_open))


@dataclass(frozen=True)
class ModuleOutline:
    """One module with its steps; `gate` says why it is closed, if it is."""

    code: str
    title: str
    is_core: bool
    jp: int
    steps: tuple[Step, ...]
    gate: Gate | None

    @property
    def total(self) -> int:
        """How many steps count."""
        return sum(step.is_counted for step in self.steps)

    @property
    def done(self) -> int:
        """How many of those are done."""
        return sum(step.is_done for step in self.steps if step.is_counted)

    @property
    def minutes(self) -> int:
        """Minutes of all its lessons."""
        return sum(step.minutes for step in self.steps)

    @property
    def is_complete(self) -> bool:
        """Whether every step that counts is done."""
        return 0 < self.total == self.done


@dataclass(frozen=True)
class CourseOutline:
    """One course with its modules, and the dates that hold for the person."""

    code: str
    title: str
    modules: tuple[ModuleOutline, ...]
    opens_at: datetime | None
    due_at: datetime | None
    cohort: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in reading order."""
        return tuple(step for module in self.modules for step in module.steps)

    @property
    def total(self) -> int:
        """How many steps count."""
        return sum(module.total for module in self.modules)

    @property
    def done(self) -> int:
        """How many of those are done."""
        return sum(module.done for module in self.modules)

    @property
    def is_complete(self) -> bool:
        """Whether every step that counts is done."""
        return 0 < self.total == self.done

    @property
    def holding_back(self) -> list[Step]:
        """The surveys that a certificate waits for."""
        return [step for step in self.steps if step.holds_back]

    @property
    def last_at(self) -> datetime | None:
        """When the person last learned something here; answering a survey is not learning."""
        learned = (step.last_at for step in self.steps if step.last_at and step.kind is not DocumentKind.SURVEY)
        return max(learned, default=None)

    def next_step(self) -> Step | None:
        """The first step that is still to be done in a module that is open."""
        open_modules = (module for module in self.modules if module.gate is None)
        return next((step for module in open_modules for step in module.steps if step.is_next), None)

    def module(self, code: str) -> ModuleOutline:
        """The module with this code; raises KeyError."""
        return {each.code: each for each in self.modules}[code]


_OUTLINE = (
    select(
        DOCUMENT.id, DOCUMENT.code, DOCUMENT.kind, DOCUMENT.parent_id, DOCUMENT.course_id, DOCUMENT.title,
        DOCUMENT.minutes, DOCUMENT.jp, DOCUMENT.is_core, DOCUMENT.published_id, PROGRESS.opened_at,
        PROGRESS.done_at, PROGRESS.last_at, PROGRESS.percent, PROGRESS.attempts, REVISION.meta,
    )
    .select_from(table_of(DOCUMENT.id))
    .outerjoin(
        table_of(REVISION.id), and_(DOCUMENT.kind == DocumentKind.SURVEY, REVISION.id == DOCUMENT.published_id)
    )
    .outerjoin(
        table_of(PROGRESS.person_id),
        and_(PROGRESS.document_id == DOCUMENT.id, PROGRESS.person_id == bindparam("person_id")),
    )
    .where(
        is_published(DOCUMENT), is_one_of(DOCUMENT.kind, DocumentKind.COURSE, DocumentKind.MODULE, *ITEMS)
    )
    .order_by(DOCUMENT.position, DOCUMENT.id)
)  # fmt: skip

_OUTLINE_OF_COURSE = _OUTLINE.where(
    DOCUMENT.course_id == select(COURSE.id).where(COURSE.code == bindparam("course")).scalar_subquery()
)


def course_for_reader(actor: Person, *, course: str, now: datetime) -> tuple[CourseOutline, Revision]:
    """Return a course's outline and its published text. Raises NotFound unless it is published."""
    revision = db.session.scalars(
        select(Revision)
        .join(Document, Revision.id == Document.published_id)
        .where(Document.code == course, Document.kind == DocumentKind.COURSE, Document.withdrawn_at.is_(None))
    ).one_or_none()
    if revision is None:
        raise errors.NotFound("no_such_course", course=course)
    rows = db.session.execute(_OUTLINE_OF_COURSE, {"person_id": actor.id, "course": course}).all()
    return _course_outlines(actor, now, rows)[0], revision


def outlines(actor: Person, *, now: datetime) -> list[CourseOutline]:
    """Return every published course with where the person stands, in two statements."""
    return _course_outlines(actor, now, db.session.execute(_OUTLINE, {"person_id": actor.id}).all())


def course_summaries() -> dict[str, str]:
    """Return course code → its one-sentence summary."""
    rows = db.session.execute(
        select(Document.code, Revision.meta)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.kind == DocumentKind.COURSE)
    )
    return {code: str(meta.get("summary", "")) for code, meta in rows}


def module_summaries(course: str) -> dict[str, Mapping[str, Any]]:
    """Return module code → front matter (summary, objectives, problems) of a course's published modules."""
    rows = db.session.execute(
        select(Document.code, Revision.meta)
        .join(Revision, Revision.id == Document.published_id)
        .join(table_of(COURSE.id), COURSE.id == Document.course_id)
        .where(COURSE.code == course, Document.kind == DocumentKind.MODULE)
    )
    return dict(rows.all())


def course_to_continue(outlines: Sequence[CourseOutline]) -> CourseOutline | None:
    """Return the unfinished open course that was touched last, else the first one that has something to do."""
    able = [course for course in outlines if course.next_step() is not None]
    touched = [course for course in able if course.last_at is not None]
    if touched:
        return max(touched, key=lambda course: course.last_at or course.steps[0].last_at)  # type: ignore[arg-type,return-value]
    return able[0] if able else None


def due(outlines: Sequence[CourseOutline]) -> list[CourseOutline]:
    """Return the unfinished courses that have a date, the nearest first."""
    dated = [course for course in outlines if not course.is_complete and (course.due_at or course.opens_at)]
    return sorted(dated, key=lambda course: (course.due_at or course.opens_at, course.code))


def learning_hours_of(actor: Person) -> list[learning_hours.Entry]:
    """Return the modules that the person completed, oldest first."""
    zone = actor.province.tz if actor.province else None
    rows = db.session.execute(
        select(Document.code, Document.title, Completion.completed_at, Completion.jp)
        .join(Document, Document.id == Completion.document_id)
        .where(Completion.person_id == actor.id)
        .order_by(Completion.completed_at, Completion.id)
    )
    return [learning_hours.Entry(code, title, at.astimezone(zone).date(), jp) for code, title, at, jp in rows]


def _course_outlines(actor: Person, now: datetime, rows: Rows) -> list[CourseOutline]:
    """Put the rows of an outline together, with the gates that stand before the person."""
    courses = [row for row in rows if row.kind is DocumentKind.COURSE]
    if len(courses) == 1:
        gates = db.session.execute(GATES_OF_COURSE, {"person_id": actor.id, "course_id": courses[0].id}).all()
    else:
        gates = db.session.execute(GATES, {"person_id": actor.id}).all()
    steps = _steps(rows, now)
    return [_course_outline(course, rows, steps, gates, now) for course in courses]


def _course_outline(
    course: Row[*tuple[Any, ...]], rows: Rows, steps: Mapping[int, list[Step]], gates: Rows, now: datetime
) -> CourseOutline:
    opens_at, due_at, cohort = dates(course.id, gates)
    later, required = closed(course.id, gates, now), required_first(gates)
    modules = tuple(
        ModuleOutline(
            row.code, row.title, row.is_core, row.jp, tuple(steps.get(row.id, ())), later or required.get(row.id)
        )
        for row in rows
        if row.kind is DocumentKind.MODULE and row.parent_id == course.id
    )
    return CourseOutline(course.code, course.title, modules, opens_at, due_at, cohort)


def _steps(rows: Rows, now: datetime) -> Mapping[int, list[Step]]:
    """Module → its steps in order."""
    codes = {row.id: row.code for row in rows if row.kind in (DocumentKind.COURSE, DocumentKind.MODULE)}
    steps: dict[int, list[Step]] = defaultdict(list)
    for row in rows:
        (_id, code, kind, module, course, title, minutes, _jp, _is_core, _revision_id,
         opened_at, done_at, last_at, percent, attempts, survey) = row  # fmt: skip
        if kind in ITEMS and module in codes and course in codes:
            step = Step(
                code, kind, title, minutes, opened_at, done_at, last_at, percent, attempts or 0, codes[course],
                codes[module],
            )  # fmt: skip
            steps[module].append(step if survey is None else _with_terms(step, survey, now))
    return steps


def _with_terms(step: Step, meta: Mapping[str, Any], now: datetime) -> Step:
    """A survey as a step: whether it is open, and whether a certificate waits for it."""
    return step._replace(
        holds_back=surveys.holds_back(meta, is_answered=step.is_done, now=now),
        is_open=surveys.refusal(meta, now) is None,
    )
