"""The question bank: every question of published quizzes, where else it is asked, how it fares, and its versions."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from lms.authoring import digests
from lms.authoring.digests import Digest
from lms.extensions import db
from lms.kernel import documents, errors, questions
from lms.kernel.documents import DocumentKind
from lms.kernel.questions import Question, QuestionKind
from lms.models import slices
from lms.models.bank import BankQuestion
from lms.models.content import Document, Revision
from lms.models.people import Person
from lms.models.slices import Slice
from lms.rules import bank

PAGE_ROWS = 25

_MODULE, _COURSE = aliased(Document), aliased(Document)


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty values do not filter."""

    words: str = ""
    problem: str = ""
    kind: str = ""
    place: str = ""
    """The code of a course or module."""
    state: str = ""
    """`perlu` (advice asks for action), `belum` (figures not computed), `dipakai` (asked by several quizzes)."""
    low: int | None = None
    high: int | None = None
    """Facility, per cent."""
    order: str = ""
    """`mudah`, `sulit` (facility), `lemah` (discrimination), `sering` (uses); else that of the curriculum."""


@dataclass(frozen=True)
class Use:
    """A quiz that asks a question, with the question's figures there."""

    quiz: str
    title: str
    is_withdrawn: bool
    version: str
    computed_at: datetime | None
    digest: Digest | None


@dataclass(frozen=True)
class Row:
    """One question: its home first, then the other quizzes that ask it."""

    code: str
    kind: QuestionKind
    stem: str
    problems: tuple[str, ...]
    version: str
    module: str
    module_title: str
    home: Use
    uses: Sequence[Use]

    @property
    def behind(self) -> list[Use]:
        """The quizzes that ask an earlier version."""
        return [use for use in self.uses if use.version != self.version]


@dataclass(frozen=True)
class Version:
    """One version of a question: since which revision of its home, by whom, and how it is written."""

    number: int
    key: str
    revision: int
    created_at: datetime
    author: str | None
    note: str
    source: str


@dataclass(frozen=True)
class Sheet:
    """One question in full; `versions` newest first."""

    row: Row
    paper: bank.Part
    key: bank.Part
    versions: Sequence[Version]

    def number_of(self, version: str) -> int:
        """Return the number of a version, 0 for one that its home never had."""
        return next((each.number for each in self.versions if each.key == version), 0)


@dataclass(frozen=True)
class Behind:
    """A question that a quiz asks although its home has changed it, or no longer has it (`is_gone`)."""

    code: str
    stem: str
    is_gone: bool


def found(wanted: Wanted, *, page: int, folder: Path) -> Slice:
    """Return one page of the questions that match; `folder` holds the figures. Two statements."""
    rows = [row for row in _rows(_conditions(wanted), folder) if _fits(row, wanted)]
    if order := _ORDERS.get(wanted.order):
        rows.sort(key=order)
    number = slices.within(page, len(rows), PAGE_ROWS)
    return Slice(rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS], len(rows), number, PAGE_ROWS)


def sheet(code: str, *, folder: Path) -> Sheet:
    """Return one question in full. Raises NotFound. Three statements."""
    row = next(iter(_rows([BankQuestion.code == code], folder)), None)
    if row is None:
        raise errors.NotFound("no_such_question", question=code)
    revisions = db.session.execute(
        select(
            Revision.number, Revision.created_at, Person.name, Revision.note, Revision.source_md, Revision.paper,
            Revision.key,
        )
        .join(Document, Document.id == Revision.document_id)
        .outerjoin(Person, Person.id == Revision.author_id)
        .where(Document.code == row.home.quiz, Revision.id <= Document.published_id)
        .order_by(Revision.number)
    )  # fmt: skip
    versions: list[Version] = []
    loan = None
    for number, created_at, author, note, source, paper, key in revisions:
        loan = bank.loans(row.home.quiz, paper, key).get(code)
        version = bank.version(loan.paper, loan.key) if loan else ""
        if loan and (not versions or versions[-1].key != version):
            text = questions.written(source).get(code, "")
            versions.append(Version(len(versions) + 1, version, number, created_at, author, note, text))
    if loan is None:
        raise errors.NotFound("no_such_question", question=code)
    return Sheet(row, loan.paper, loan.key, versions[::-1])


def places() -> list[tuple[str, str]]:
    """Return code and title of each course, each followed by its modules, in reading order."""
    course = aliased(Document)
    rows = db.session.execute(
        select(Document.code, Document.title, Document.kind)
        .join(course, course.id == Document.course_id)
        .where(Document.kind.in_([DocumentKind.COURSE, DocumentKind.MODULE]))
        .order_by(course.position, course.id, Document.kind, Document.position, Document.id)
    )
    return [(code, title if kind is DocumentKind.COURSE else f"{code.upper()} {title}") for code, title, kind in rows]


def quizzes() -> list[tuple[str, str]]:
    """Return code and title of every quiz that a question may be added to, in reading order."""
    module, course = aliased(Document), aliased(Document)
    rows = db.session.execute(
        select(Document.code, Document.title)
        .join(module, module.id == Document.parent_id)
        .join(course, course.id == Document.course_id)
        .where(Document.kind == DocumentKind.QUIZ, Document.withdrawn_at.is_(None))
        .order_by(course.position, course.id, module.position, module.id, Document.position, Document.id)
    )
    return [(code, title) for code, title in rows]


def behind(document_id: int) -> list[Behind]:
    """Return the questions whose home has another version than this quiz, as published, asks."""
    home = aliased(BankQuestion)
    rows = db.session.execute(
        select(BankQuestion.code, BankQuestion.stem, func.max(home.version))
        .outerjoin(home, (home.code == BankQuestion.code) & home.is_own)
        .where(
            BankQuestion.document_id == document_id, ~BankQuestion.is_own,
            or_(home.version.is_(None), home.version != BankQuestion.version),
        )
        .group_by(BankQuestion.code, BankQuestion.stem, BankQuestion.place)
        .order_by(BankQuestion.place)
    )  # fmt: skip
    return [Behind(code, stem, version is None) for code, stem, version in rows]


def taken(paper: Sequence[bank.Part] | None) -> dict[str, tuple[Question, int | None]]:
    """Return the questions that a paper took from other quizzes, as they were written then, each with its module."""
    sources = {part["id"]: source for part in paper or () if (source := bank.origin(part))}
    found: dict[str, tuple[Question, int | None]] = {}
    for quiz, module_id, source, held, key in db.session.execute(
        select(Document.code, Document.parent_id, Revision.source_md, Revision.paper, Revision.key)
        .join(Revision, Revision.document_id == Document.id)
        .where(Document.code.in_({source["quiz"] for source in sources.values()}))
        .order_by(Revision.number.desc())
    ):
        lent = {code: each for code, each in bank.loans(quiz, held, key).items() if code in sources}
        wanted = {code for code, each in lent.items() if sources[code]["version"] == bank.version(each.paper, each.key)}
        found |= {each.id: (each, module_id) for each in _written(source) if each.id in wanted - found.keys()}
    return found


def _written(source: str) -> list[Question]:
    document, _ = documents.parse(source)
    return questions.parse(document.body, document.body_line)[0] if document else []


_ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "mudah": lambda row: (row.home.digest is None, -row.home.digest.facility if row.home.digest else 0),
    "sulit": lambda row: (row.home.digest is None, row.home.digest.facility if row.home.digest else 0),
    "lemah": lambda row: (_discrimination(row) is None, _discrimination(row) or 0),
    "sering": lambda row: -len(row.uses),
}


def _discrimination(row: Row) -> float | None:
    return row.home.digest.discrimination if row.home.digest else None


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        BankQuestion.words.contains(word, autoescape=True) for word in wanted.words.casefold().split()
    ]
    if wanted.problem:
        found.append(BankQuestion.problems.contains(f" {wanted.problem} ", autoescape=True))
    if wanted.kind:
        found.append(BankQuestion.kind == wanted.kind)
    if wanted.place:
        found.append(or_(_MODULE.code == wanted.place, _COURSE.code == wanted.place))
    return found


def _rows(conditions: Sequence[ColumnElement[bool]], folder: Path) -> list[Row]:
    """The questions in the order of the curriculum, each in its home."""
    homes = db.session.execute(
        select(
            BankQuestion.code, BankQuestion.kind, BankQuestion.stem, BankQuestion.problems, BankQuestion.version,
            BankQuestion.document_id, Document.code.label("quiz"), Document.title, Document.withdrawn_at,
            _MODULE.code.label("module"), _MODULE.title.label("module_title"),
        )
        .join(Document, Document.id == BankQuestion.document_id)
        .join(_MODULE, _MODULE.id == Document.parent_id)
        .join(_COURSE, _COURSE.id == Document.course_id)
        .where(BankQuestion.is_own, *conditions)
        .order_by(
            _COURSE.position, _COURSE.id, _MODULE.position, _MODULE.id, Document.position, Document.id,
            BankQuestion.place,
        )
    ).all()  # fmt: skip
    others = db.session.execute(
        select(
            BankQuestion.code, BankQuestion.version, BankQuestion.document_id, Document.code.label("quiz"),
            Document.title, Document.withdrawn_at,
        )
        .join(Document, Document.id == BankQuestion.document_id)
        .where(~BankQuestion.is_own)
        .order_by(Document.title, Document.id)
    ).all()  # fmt: skip
    kept = digests.read(folder, [each.document_id for each in (*homes, *others)])
    uses: dict[str, list[Use]] = defaultdict(list)
    for each in others:
        uses[each.code].append(_use(each, kept))
    return [
        Row(
            each.code, each.kind, each.stem, tuple(each.problems.split()), each.version, each.module,
            each.module_title, _use(each, kept), uses[each.code],
        )
        for each in homes
    ]  # fmt: skip


def _use(each: Any, kept: Mapping[int, digests.Kept]) -> Use:
    of_quiz = kept.get(each.document_id)
    return Use(
        each.quiz, each.title, each.withdrawn_at is not None, each.version, of_quiz.at if of_quiz else None,
        of_quiz.questions.get(each.code) if of_quiz else None,
    )  # fmt: skip


def _fits(row: Row, wanted: Wanted) -> bool:
    """What the database cannot say: figures lie in files."""
    every = [row.home, *row.uses]
    states = {
        "perlu": any(use.digest and use.digest.is_urgent for use in every),
        "belum": row.home.computed_at is None,
        "dipakai": bool(row.uses),
    }
    if not states.get(wanted.state, True):
        return False
    if wanted.low is None and wanted.high is None:
        return True
    facility = row.home.digest.facility if row.home.digest else -1.0
    low, high = wanted.low or 0, 100 if wanted.high is None else wanted.high
    return low <= facility <= high
