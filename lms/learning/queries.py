"""What the companion's screens show. Columns, not entities: these are the hottest pages of the house.

Statements are built once. A lesson costs two of them beside the person's own, and a third the first time that a
process is asked for its text: revisions never change, so texts are kept.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import undefer

from lms.extensions import db
from lms.kernel import clock, errors
from lms.kernel.documents import COUNTED, ITEMS, DocumentKind
from lms.kernel.questions import QuestionKind
from lms.models import ballots, clocks, closing, content, marks
from lms.models.cohorts import Cohort, CohortCourse, CohortMember
from lms.models.content import Document, Media, Requirement, Revision
from lms.models.facts import Answer, Attempt, Completion, Play
from lms.models.people import Person
from lms.models.summaries import ItemProgress
from lms.rules import attempts, learning_hours, marking, simulations, surveys
from lms.rules import glossary as glossary_rules

TEXTS_KEPT = 256
"""How many texts a process keeps: about 20 kB each."""


@dataclass(frozen=True)
class Gate:
    """Why a module is closed for someone: it opens later, or another module comes first."""

    opens_at: datetime | None = None
    required_title: str = ""
    required_course: str = ""
    required_code: str = ""


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


@dataclass(frozen=True, eq=False)
class Text:
    """What a revision says to its readers, without questions; one and the same object as long as it is kept."""

    title: str
    meta: Mapping[str, Any]
    body_html: str
    toc: Sequence[Any]


@dataclass(frozen=True)
class Item:
    """A published lesson, quiz, simulation or survey as its reader sees it."""

    id: int
    code: str
    kind: DocumentKind
    revision_id: int
    module_code: str
    text: Text

    @property
    def title(self) -> str:
        """The title of the published revision."""
        return self.text.title

    @property
    def meta(self) -> Mapping[str, Any]:
        """Its front matter."""
        return self.text.meta


class Stop(NamedTuple):
    """One lesson, quiz or simulation on the way through a course, with what the person has reached there."""

    id: int
    code: str
    kind: DocumentKind
    title: str
    revision_id: int
    module: str
    module_id: int
    is_done: bool
    percent: int | None
    course_id: int
    course_title: str


@dataclass(frozen=True)
class Page:
    """An item on its way: what stands before and after it, and whether it is open."""

    item: Item
    course: str
    course_title: str
    gate: Gate | None
    """Why it is closed, if it is."""
    step: Stop
    number: int
    """Its place among the steps of its kind in its module, from 1."""
    total: int
    """How many of them there are."""
    previous: Stop | None
    following: Stop | None


@dataclass(frozen=True)
class AttemptView:
    """One attempt with its questions arranged as shown and the answers saved so far."""

    id: int
    uid: str
    number: int
    revision_id: int
    started_at: datetime
    clock: closing.Clock
    submitted_at: datetime | None
    earned: int
    maximum: int
    percent: int
    passed: bool
    marks: Mapping[str, Any]
    questions: Sequence[Mapping[str, Any]]
    answers: Mapping[str, Any]
    saved_at: datetime | None
    checked: Collection[str]
    """Questions whose answer is frozen, because its mark has been shown."""
    meta: Mapping[str, Any]
    key: Mapping[str, Any]
    """Of the questions whose right answer may be shown: none before that moment, not even to a template."""
    feedback_at: datetime | None
    """From when reasons are shown, if that is later than now."""
    attempt: Attempt
    """What an action changes."""

    @property
    def deadline_at(self) -> datetime | None:
        """When time runs out, with what the fair clock gives; grace not included."""
        return self.clock.deadline_at

    @property
    def is_late(self) -> bool:
        """Whether time and grace are over."""
        grace_s = attempts.terms(self.meta).grace_s
        return attempts.is_late(deadline_at=self.deadline_at, grace_s=grace_s, at=clock.now())

    @property
    def is_silent(self) -> bool:
        """Whether this quiz never shows right answers."""
        return self.feedback_at == attempts.NEVER

    def may_check(self, question: Mapping[str, Any]) -> bool:
        """Whether this answer may be marked before handing in: an essay waits, and a scale has nothing to tell."""
        is_open = self.meta.get("feedback") == "after-question" and self.submitted_at is None
        return is_open and question["kind"] not in (QuestionKind.ESSAY, QuestionKind.SCALE)


@dataclass(frozen=True)
class Taken:
    """One step that was taken in a simulation: the scene, the choice, and what the mentor said to it."""

    scene: str
    choice: str
    title_html: str
    choice_html: str
    reply_html: str
    value: int
    counts: bool
    """Whether it counts: a scene to which one came back was decided anew."""


@dataclass(frozen=True)
class PlayView:
    """One play: the scene in which it stands, and what was said to the choices made so far; nothing of the others."""

    uid: str
    revision_id: int
    started_at: datetime
    finished_at: datetime | None
    earned: int
    best: int
    scene: Mapping[str, Any]
    taken: Sequence[Taken]

    @property
    def percent(self) -> int:
        """Whole per cent of the best possible."""
        return simulations.share(self.earned, self.best)


@dataclass(frozen=True)
class SurveyView:
    """A survey with its questions, and what someone has said to it."""

    questions: Sequence[Mapping[str, Any]]
    version: int
    """The number of its revision: what was answered to another one is not taken for an answer to this."""
    refusal: attempts.Refusal | None
    """Why it cannot be answered now, if it cannot."""
    answered_at: datetime | None
    uid: str
    """Of the form that answered it."""
    answers: Mapping[str, Any]
    """Empty before, and in an anonymous survey for ever."""


# Tables, not entities: rows of these statements become dataclasses, and the mapper would only cost time.
_documents: Any = Document.__table__
_document, _course, _required, _required_course = (
    _documents.alias(name).c for name in ("item", "course", "required", "required_course")
)
_revision: Any = Revision.__table__.c
_progress: Any = ItemProgress.__table__.c
_requirement: Any = Requirement.__table__.c
_completion: Any = Completion.__table__.c
_member: Any = CohortMember.__table__.c
_taken: Any = CohortCourse.__table__.c
_cohort: Any = Cohort.__table__.c


def _published(document: Any) -> Any:
    return and_(document.published_id.is_not(None), document.withdrawn_at.is_(None))


def _of(column: Any) -> Any:
    """The table (or alias) that a column stands in."""
    return column.table


def _is_one_of(column: Any, *values: Any) -> Any:
    """As `in_`, whose list would be written anew for each execution."""
    return or_(*(column == value for value in values))


_OUTLINE = (
    select(
        _document.id, _document.code, _document.kind, _document.parent_id, _document.course_id, _document.title,
        _document.minutes, _document.jp, _document.is_core, _document.published_id, _progress.opened_at,
        _progress.done_at, _progress.last_at, _progress.percent, _progress.attempts, _revision.meta,
    )
    .select_from(_of(_document.id))
    .outerjoin(
        _of(_revision.id), and_(_document.kind == DocumentKind.SURVEY, _revision.id == _document.published_id)
    )
    .outerjoin(
        _of(_progress.person_id),
        and_(_progress.document_id == _document.id, _progress.person_id == bindparam("person_id")),
    )
    .where(
        _published(_document), _is_one_of(_document.kind, DocumentKind.COURSE, DocumentKind.MODULE, *ITEMS)
    )
    .order_by(_document.position, _document.id)
)  # fmt: skip
_OUTLINE_OF_COURSE = _OUTLINE.where(
    _document.course_id == select(_course.id).where(_course.code == bindparam("course")).scalar_subquery()
)

_module = _documents.alias("module").c
_PATH = (
    select(
        _document.id, _document.code, _document.kind, _document.title, _document.published_id, _module.code,
        _module.id, _progress.done_at.is_not(None), _progress.percent, _course.id, _course.title,
    )
    .select_from(_of(_course.id))
    .join(_of(_document.id), _document.course_id == _course.id)
    .join(_of(_module.id), _module.id == _document.parent_id)
    .outerjoin(
        _of(_progress.person_id),
        and_(_progress.document_id == _document.id, _progress.person_id == bindparam("person_id")),
    )
    .where(
        _course.code == bindparam("course"), _published(_course), _published(_module), _published(_document),
        _is_one_of(_document.kind, *ITEMS),
    )
    .order_by(_module.position, _module.id, _document.position, _document.id)
)  # fmt: skip

_GATES = (
    select(
        _requirement.document_id, _required.title, _required_course.code, _required.code, _taken.course_id,
        _taken.opens_at, _taken.due_at, _cohort.name,
    )
    .select_from(_of(_document.id))
    .outerjoin(_of(_requirement.document_id), _requirement.document_id == _document.id)
    .outerjoin(
        _of(_completion.id),
        and_(_completion.document_id == _requirement.required_id, _completion.person_id == bindparam("person_id")),
    )
    .outerjoin(_of(_required.id), and_(_required.id == _requirement.required_id, _published(_required)))
    .outerjoin(_of(_required_course.id), _required_course.id == _required.course_id)
    .outerjoin(
        _of(_member.person_id),
        and_(_member.person_id == bindparam("person_id"), _document.kind == DocumentKind.COURSE),
    )
    .outerjoin(
        _of(_taken.course_id), and_(_taken.cohort_id == _member.cohort_id, _taken.course_id == _document.id)
    )
    .outerjoin(_of(_cohort.id), _cohort.id == _taken.cohort_id)
    .where(
        _is_one_of(_document.kind, DocumentKind.COURSE, DocumentKind.MODULE),
        _completion.id.is_(None),
        (_required.id.is_not(None)) | (_taken.course_id.is_not(None)),
    )
    .order_by(_document.id, _requirement.required_id, _taken.cohort_id)
)  # fmt: skip
_GATES_OF_COURSE = _GATES.where(_document.course_id == bindparam("course_id"))
_attempt: Any = Attempt.__table__.c
_ATTEMPT = (
    select(Attempt, _document.published_id)
    .join(_of(_document.id), _document.id == _attempt.document_id)
    .join(_of(_module.id), _module.id == _document.parent_id)
    .join(_of(_course.id), _course.id == _document.course_id)
    .where(
        _attempt.uid == bindparam("uid"), _attempt.person_id == bindparam("person_id"),
        _document.code == bindparam("code"), _course.code == bindparam("course"),
        _published(_document), _published(_module), _published(_course),
    )
)  # fmt: skip
_answer: Any = Answer.__table__.c
_ANSWERS = select(_answer.question_id, _answer.response, _answer.saved_at, _answer.checked_at).where(
    _answer.attempt_id == bindparam("attempt_id")
)
_TEXT = select(_revision.title, _revision.meta, _revision.body_html, _revision.toc).where(
    _revision.id == bindparam("revision_id")
)


def page_for_reader(actor: Person, *, course: str, code: str, now: datetime) -> Page:
    """Return an item in its course. Raises NotFound unless item, module and course are published."""
    path = db.session.execute(_PATH, {"person_id": actor.id, "course": course}).all()
    here = next((index for index, row in enumerate(path) if row[1] == code), None)
    if here is None:
        raise errors.NotFound("no_such_item", code=code)
    step = Stop(*path[here])
    gates = db.session.execute(_GATES_OF_COURSE, {"person_id": actor.id, "course_id": step.course_id}).all()
    alike = [row[1] for row in path if row[6] == step.module_id and row[2] is step.kind]
    return Page(
        item=Item(step.id, code, step.kind, step.revision_id, step.module, _text(db.engine, step.revision_id)),
        course=course,
        course_title=step.course_title,
        gate=_closed(step.course_id, gates, now) or _required_first(gates).get(step.module_id),
        step=step,
        number=alike.index(code) + 1,
        total=len(alike),
        previous=Stop(*path[here - 1]) if here else None,
        following=Stop(*path[here + 1]) if here + 1 < len(path) else None,
    )


@lru_cache(maxsize=TEXTS_KEPT)
def _text(_database: Engine | Connection, revision_id: int) -> Text:
    """Return the text of a revision, which never changes; the database tells numbers of several apart."""
    return Text(*db.session.execute(_TEXT, {"revision_id": revision_id}).one())


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
        .join(_of(_course.id), _course.id == Document.course_id)
        .where(_course.code == course, Document.kind == DocumentKind.MODULE)
    )
    return dict(rows.all())


def allowances_of(actor: Person, document_id: int) -> list[clocks.Allowance]:
    """Return what the person is allowed at a quiz on top of its rules."""
    return clocks.allowances_for(actor.id, document_id)


def terms_for(item: Item, allowed: Sequence[clocks.Allowance]) -> attempts.Terms:
    """Return what holds at a quiz for someone with these allowances."""
    return attempts.terms(
        item.meta,
        extra_minutes=sum(each.minutes for each in allowed),
        extra_attempts=sum(each.attempts for each in allowed),
    )


def attempts_at(actor: Person, document_id: int) -> list[Attempt]:
    """Return the person's attempts at a quiz, first to last."""
    return list(
        db.session.scalars(
            select(Attempt)
            .where(Attempt.person_id == actor.id, Attempt.document_id == document_id)
            .order_by(Attempt.number)
        )
    )


def attempt_for_reader(actor: Person, *, course: str, code: str, uid: str, unreached_s: int = 0) -> AttemptView:
    """Return one's own attempt, with the key only as far as it may be shown. Raises NotFound for anyone else's.

    unreached_s: for how many seconds saves have failed until now, as the device says.
    """
    found = {"uid": uid, "person_id": actor.id, "course": course, "code": code}
    row = db.session.execute(_ATTEMPT, found).one_or_none()
    if row is None:
        raise errors.NotFound("no_such_attempt", uid=uid)
    attempt, published_id = row
    return _view(attempt, published_id, unreached_s)


def _view(attempt: Attempt, published_id: int, unreached_s: int) -> AttemptView:
    sheet, is_open = content.sheet(attempt.revision_id), attempt.submitted_at is None
    answers = db.session.execute(_ANSWERS, {"attempt_id": attempt.id}).all()
    saved_at = max((each.saved_at for each in answers), default=None)
    responses = {each.question_id: each.response for each in answers}
    checked = {each.question_id for each in answers if each.checked_at}
    feedback_at = None if is_open else _feedback_at(attempt, sheet.meta, content.sheet(published_id).meta)
    shown = checked if is_open else set() if feedback_at else {each["id"] for each in attempt.drawn}
    key = {question_id: sheet.key[question_id] for question_id in shown}
    return AttemptView(
        id=attempt.id, uid=attempt.uid, number=attempt.number, revision_id=attempt.revision_id,
        started_at=attempt.started_at, submitted_at=attempt.submitted_at,
        clock=closing.clock_of(attempt, sheet.meta, contact_at=saved_at or attempt.started_at, unreached_s=unreached_s),
        earned=attempt.earned, maximum=attempt.maximum, percent=attempt.percent, passed=attempt.passed,
        marks=marking.mark(key, responses).as_dict() if is_open else attempt.marks,
        questions=attempts.arranged(sheet.paper, attempt.drawn), answers=responses, saved_at=saved_at,
        checked=checked, meta=sheet.meta, key=key, feedback_at=feedback_at, attempt=attempt,
    )  # fmt: skip


def plays_at(actor: Person, document_id: int) -> list[Play]:
    """Return the person's plays of a simulation, first to last."""
    return list(
        db.session.scalars(
            select(Play).where(Play.person_id == actor.id, Play.document_id == document_id).order_by(Play.id)
        )
    )


def play_for_reader(actor: Person, *, simulation: int, uid: str) -> PlayView:
    """Return one's own play. Raises NotFound for anyone else's."""
    row = db.session.execute(
        select(Play, Revision.paper, Revision.key)
        .join(Revision, Revision.id == Play.revision_id)
        .where(Play.uid == uid, Play.person_id == actor.id, Play.document_id == simulation)
    ).one_or_none()
    if row is None:
        raise errors.NotFound("no_such_play", uid=uid)
    play, paper, key = row
    scenes = {scene["id"]: scene for scene in paper or ()}
    here = simulations.stands_at(next(iter(scenes)), key or {}, play.path)
    return PlayView(
        play.uid, play.revision_id, play.started_at, play.finished_at, play.earned, play.best, scenes[here],
        _taken_steps(play.path, scenes, key or {}),
    )  # fmt: skip


def survey_for_reader(actor: Person, page: Page) -> SurveyView:
    """Return a survey as the person may answer it, or as she has answered it. Raises NotFound for anything else."""
    item = page.item
    if item.kind is not DocumentKind.SURVEY:
        raise errors.NotFound("no_such_survey", code=item.code)
    asked = content.sheet(item.revision_id)
    told = ballots.participation(actor.id, item.id)
    return SurveyView(
        asked.paper, asked.number, surveys.refusal(item.meta, clock.now()), told.answered_at if told else None,
        told.uid if told else "", (told.named_answers if told else None) or {},
    )  # fmt: skip


def _taken_steps(path: simulations.Path, scenes: Mapping[str, Any], key: simulations.Key) -> list[Taken]:
    last = {scene: place for place, (scene, _) in enumerate(path)}
    counting = {last[scene] for scene, _ in simulations.counted(path)}
    words = {(scene, each["id"]): each["html"] for scene in scenes for each in scenes[scene]["choices"]}
    return [
        Taken(
            scene, choice, scenes[scene]["title_html"], words[scene, choice], key[scene][choice]["reply_html"],
            key[scene][choice]["value"], place in counting,
        )
        for place, (scene, choice) in enumerate(path)
    ]  # fmt: skip


def markings_of(view: AttemptView) -> Mapping[str, marks.Marking]:
    """Return question id → what a trainer gave, of the essays that were marked."""
    has_essay = any(question["kind"] == QuestionKind.ESSAY for question in view.questions)
    return marks.newest(view.id) if has_essay else {}


def waiting_of(actor: Person) -> list[tuple[str, str, str]]:
    """Return (course, quiz, title) of the quizzes in which answers of the person wait for a marker."""
    rows = db.session.execute(
        select(_course.code, Document.code, Document.title)
        .join(Attempt, Attempt.document_id == Document.id)
        .join(_of(_course.code), _course.id == Document.course_id)
        .where(Attempt.person_id == actor.id, Attempt.waiting > 0, _published(Document))
        .distinct()
        .order_by(Document.title)
    )
    return [(course, code, title) for course, code, title in rows]


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


def glossary() -> list[glossary_rules.Entry]:
    """Return every term that is published."""
    return [entry for paper in db.session.scalars(Document.glossaries()) for entry in paper or ()]


def media(sha256: str, name: str) -> Media:
    """Return an image with its bytes. Raises NotFound."""
    statement = select(Media).where(Media.sha256 == sha256, Media.name == name).limit(1)
    found = db.session.scalars(statement.options(undefer(Media.content))).first()
    if found is None:
        raise errors.NotFound("no_such_image", name=name)
    return found


def _feedback_at(attempt: Attempt, *metas: Mapping[str, Any]) -> datetime | None:
    """From when reasons are shown by the attempt's own rules and by today's, if that is still to come."""
    if not any(meta.get("feedback") == "after-close" for meta in metas):
        return None
    last = db.session.scalars(
        select(func.max(Attempt.deadline_at)).where(
            Attempt.document_id == attempt.document_id, Attempt.submitted_at.is_(None)
        )
    ).one()
    found = [attempts.feedback_from(meta, last_deadline_at=last) for meta in metas]
    latest = max((at for at in found if at), default=None)
    return latest if latest and latest > clock.now() else None


_Rows = Sequence[Row[*tuple[Any, ...]]]


def _course_outlines(actor: Person, now: datetime, rows: _Rows) -> list[CourseOutline]:
    """Put the rows of an outline together, with the gates that stand before the person."""
    courses = [row for row in rows if row.kind is DocumentKind.COURSE]
    if len(courses) == 1:
        gates = db.session.execute(_GATES_OF_COURSE, {"person_id": actor.id, "course_id": courses[0].id}).all()
    else:
        gates = db.session.execute(_GATES, {"person_id": actor.id}).all()
    steps = _steps(rows, now)
    return [_course_outline(course, rows, steps, gates, now) for course in courses]


def _course_outline(
    course: Row[*tuple[Any, ...]], rows: _Rows, steps: Mapping[int, list[Step]], gates: _Rows, now: datetime
) -> CourseOutline:
    opens_at, due_at, cohort = _dates(course.id, gates)
    closed, required = _closed(course.id, gates, now), _required_first(gates)
    modules = tuple(
        ModuleOutline(
            row.code, row.title, row.is_core, row.jp, tuple(steps.get(row.id, ())), closed or required.get(row.id)
        )
        for row in rows
        if row.kind is DocumentKind.MODULE and row.parent_id == course.id
    )
    return CourseOutline(course.code, course.title, modules, opens_at, due_at, cohort)


def _closed(course_id: int, gates: _Rows, now: datetime) -> Gate | None:
    """The gate before a course that opens later."""
    opens_at, _, _ = _dates(course_id, gates)
    return Gate(opens_at=opens_at) if opens_at and opens_at > now else None


def _required_first(gates: _Rows) -> Mapping[int, Gate]:
    """Module → the gate of the module that must be complete before it."""
    return {row[0]: Gate(None, row[1], row[2], row[3]) for row in reversed(gates) if row[1] is not None}


def _dates(course_id: int, gates: _Rows) -> tuple[datetime | None, datetime | None, str]:
    """The earliest opening and the latest due date over the person's cohorts; none where a cohort sets none."""
    found = [(row.opens_at, row.due_at, row.name) for row in gates if row.course_id == course_id]
    opens = [opens_at for opens_at, _, _ in found]
    dues = [due_at for _, due_at, _ in found]
    return (
        min(opens) if opens and None not in opens else None,
        max(dues) if dues and None not in dues else None,
        found[0][2] if found else "",
    )


def _steps(rows: _Rows, now: datetime) -> Mapping[int, list[Step]]:
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
