"""What was answered to surveys: sums, and what was typed. Whose may be shown: docs/decisions/0015-surveys.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import aliased

from lms.extensions import db
from lms.kernel import provinces
from lms.kernel.documents import DocumentKind
from lms.models import ballots, slices
from lms.models.ballots import EVERYONE, BallotCount, Participation, Remark
from lms.models.content import Document, Revision
from lms.models.people import Person
from lms.models.slices import Slice
from lms.reporting import queries
from lms.rules import surveys

PAGE_ROWS = 25


@dataclass(frozen=True)
class Survey:
    """A survey that is or was published."""

    id: int
    code: str
    title: str
    module: str
    is_anonymous: bool
    is_required: bool


@dataclass(frozen=True)
class Report:
    """What a reader may see of a survey: `sent` are all answers of the group, `shown` those behind the figures."""

    sent: int
    shown: int
    figures: Sequence[surveys.Figure]
    has_remarks: bool
    """Whether what was typed may be read: without names only from everyone together."""


def published() -> list[Survey]:
    """Return the surveys in the order of the curriculum, in one statement."""
    module, course = aliased(Document), aliased(Document)
    rows = db.session.execute(
        select(Document.id, Document.code, Document.title, module.title, Revision.meta)
        .join(Revision, Revision.id == Document.published_id)
        .join(module, module.id == Document.parent_id)
        .join(course, course.id == Document.course_id)
        .where(Document.kind == DocumentKind.SURVEY)
        .order_by(course.position, course.id, module.position, module.id, Document.position, Document.id)
    )
    return [
        Survey(document_id, code, title, above, bool(meta.get("anonymous")), bool(meta.get("required")))
        for document_id, code, title, above, meta in rows
    ]


def report(actor: Person, survey: Survey, *, group: str) -> Report:
    """Return what was answered by a group (a province or cohort), or by everyone within the actor's provinces.

    Four statements, however many people answered.
    """
    sizes = _sizes(survey)
    wanted = [group] if group else actor.scope or [EVERYONE]
    open_to_all = _open(survey, sizes[EVERYONE]) if survey.is_anonymous and EVERYONE in sizes else set(sizes)
    shown = [
        circle
        for circle in wanted
        if circle in sizes and circle in open_to_all and (not actor.scope or circle in actor.scope)
    ]
    papers = select(Revision.paper).where(Revision.document_id == survey.id).order_by(Revision.number.desc())
    return Report(
        sent=sum(sizes.get(circle, 0) for circle in wanted),
        shown=sum(sizes[circle] for circle in shown),
        figures=surveys.figures([paper or [] for paper in db.session.scalars(papers)], _counts(survey, shown)),
        has_remarks=bool(shown) and (not survey.is_anonymous or shown == [EVERYONE]),
    )


def remarks(actor: Person, survey: Survey, question: str, *, group: str, page: int | None) -> Slice:
    """Return one page of what was typed to a question, `page` none for all of it; in two statements.

    Its rows are (text, name), the name empty in an anonymous survey. The caller has asked the report whether they may
    be read.
    """
    statement = _unnamed(survey, question) if survey.is_anonymous else _named(actor, survey, question, group)
    return slices.cut(statement, page, per_page=PAGE_ROWS)


def _sizes(survey: Survey) -> dict[str, int]:
    rows = db.session.execute(
        select(BallotCount.circle, BallotCount.number).where(
            BallotCount.document_id == survey.id, BallotCount.question_id == "", BallotCount.value == ""
        )
    )
    return dict(rows.all())


def _open(survey: Survey, everyone: int) -> set[str]:
    """The circles of an anonymous survey whose numbers may be shown."""
    return {EVERYONE, *surveys.may_show(ballots.crowds(survey.id))} if everyone >= surveys.FEWEST else set()


def _counts(survey: Survey, circles: Sequence[str]) -> dict[surveys.Cell, int]:
    rows = db.session.execute(
        select(BallotCount.question_id, BallotCount.value, func.sum(BallotCount.number))
        .where(BallotCount.document_id == survey.id, BallotCount.circle.in_(circles))
        .group_by(BallotCount.question_id, BallotCount.value)
    )
    return {(question_id, value): int(number) for question_id, value, number in rows}


def _unnamed(survey: Survey, question: str) -> Select[*tuple[Any, ...]]:
    statement = select(Remark.body, literal("")).where(Remark.document_id == survey.id, Remark.question_id == question)
    return statement.order_by(Remark.uid)


def _named(actor: Person, survey: Survey, question: str, group: str) -> Select[*tuple[Any, ...]]:
    body = Participation.named_answers[question].as_string()
    is_place = group in provinces.PROVINCES
    return (
        select(body.label("body"), Person.name)
        .join(Person, Person.id == Participation.person_id)
        .where(
            Participation.document_id == survey.id, body.is_not(None), Person.in_scope(actor),
            Person.province_iso == group if is_place else queries.in_cohort(group),
        )
        .order_by(Participation.answered_at.desc(), Participation.id.desc())
    )  # fmt: skip
