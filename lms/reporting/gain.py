"""What people know after a training that they did not know before: two tests of the same people, side by side.

A person's score before is that of her first attempt at the pre-test, her score after that of the last attempt at the
post-test, or of the best one where the post-test says `score: best`. Whose score still waits for a trainer is counted
as waiting and left out of all figures until then. Rules: `rules/learning_gain.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import aliased

from lms.extensions import db
from lms.kernel import provinces
from lms.kernel.documents import DocumentKind
from lms.models.cohorts import Cohort, CohortMember
from lms.models.content import Document, Revision
from lms.models.facts import Attempt
from lms.models.people import Person
from lms.reporting import queries
from lms.rules import learning_gain
from lms.rules.learning_gain import Gain, Pair, Turnout

BATCH_ROWS = 1_000


@dataclass(frozen=True)
class Tests:
    """A pre-test and the post-test that belongs to it."""

    before_id: int
    before_code: str
    before_title: str
    after_id: int
    after_code: str
    after_title: str
    module: str
    best_counts: bool
    """Whether the post-test counts the best attempt; the last one otherwise."""


@dataclass(frozen=True)
class Group:
    """People who took the tests, or did not, and what they gained; no gain for fewer than three who took both."""

    name: str
    turnout: Turnout
    gain: Gain | None


@dataclass(frozen=True)
class Question:
    """What was earned at the same question before and after, per cent of its points."""

    before_html: str
    after_html: str
    before: float
    after: float


@dataclass(frozen=True)
class Report:
    """What the page shows."""

    everyone: Group
    cohorts: Sequence[Group]
    provinces: Sequence[Group]
    questions: Sequence[Question]


@dataclass(frozen=True)
class _Stand:
    """One companion: scores in per cent, none for a test she did not take."""

    person_id: int
    province_iso: str
    before: float | None
    after: float | None
    waits: bool


def tests() -> list[Tests]:
    """Return the published pairs of tests in the order of the curriculum, in one statement.

    Either test may name the other (`pre_of`, `post_of`); a pair whose other half is not published is none.
    """
    module, course = aliased(Document), aliased(Document)
    rows = db.session.execute(
        select(Document.id, Document.code, Document.title, Revision.meta, module.title.label("module"))
        .join(Revision, Revision.id == Document.published_id)
        .join(module, module.id == Document.parent_id)
        .join(course, course.id == Document.course_id)
        .where(Document.kind == DocumentKind.QUIZ, Document.withdrawn_at.is_(None))
        .order_by(course.position, course.id, module.position, module.id, Document.position, Document.id)
    ).all()
    by_code = {row.code: row for row in rows}
    named = [(row.code, row.meta.get("pre_of")) for row in rows]
    named += [(row.meta.get("post_of"), row.code) for row in rows]
    wanted = dict.fromkeys((one, other) for one, other in named if one in by_code and other in by_code)
    return [_tests(by_code[one], by_code[other]) for one, other in wanted]


def report(actor: Person, pair: Tests, *, cohort: str, province: str) -> Report:
    """Return what companions within the actor's provinces gained; four statements, however many people there are."""
    before, after = _attempts(pair)
    chosen = (*queries.companions(actor), queries.in_cohort(cohort))
    if province:
        chosen = (*chosen, Person.province_iso == province)
    stands = _stands(chosen, before, after)
    everyone = _group("", stands)
    return Report(
        everyone=everyone,
        cohorts=_by_cohort(stands),
        provinces=_by_province(stands),
        questions=_questions(pair, chosen, before, after) if everyone.gain else [],
    )


def _tests(before: Any, after: Any) -> Tests:
    return Tests(
        before.id, before.code, before.title, after.id, after.code, after.title, before.module,
        after.meta.get("score", "best") == "best",
    )  # fmt: skip


def _attempts(pair: Tests) -> tuple[Subquery, Subquery]:
    """The attempt that counts of each person at each of the two tests."""
    last = (Attempt.number.desc(),)
    best = (Attempt.percent.desc(), Attempt.earned.desc(), Attempt.number)
    return _one_each(pair.before_id, Attempt.number), _one_each(pair.after_id, *(best if pair.best_counts else last))


def _one_each(document_id: int, *order: Any) -> Subquery:
    place = func.row_number().over(partition_by=Attempt.person_id, order_by=order).label("place")
    ranked = (
        select(Attempt.id, Attempt.person_id, Attempt.earned, Attempt.maximum, Attempt.waiting, place)
        .where(Attempt.document_id == document_id, Attempt.submitted_at.is_not(None), Attempt.maximum > 0)
        .subquery()
    )
    return select(ranked).where(ranked.c.place == 1).subquery()


def _stands(chosen: Sequence[ColumnElement[bool]], before: Subquery, after: Subquery) -> list[_Stand]:
    rows = db.session.execute(
        select(
            Person.id, Person.province_iso, before.c.earned, before.c.maximum, after.c.earned, after.c.maximum,
            func.coalesce(before.c.waiting, 0) + func.coalesce(after.c.waiting, 0),
        )
        .outerjoin(before, before.c.person_id == Person.id)
        .outerjoin(after, after.c.person_id == Person.id)
        .where(*chosen)
    )  # fmt: skip
    return [
        _Stand(person_id, iso or "", _share(earned, maximum), _share(earned_after, maximum_after), waiting > 0)
        for person_id, iso, earned, maximum, earned_after, maximum_after, waiting in rows
    ]


def _share(earned: int | None, maximum: int | None) -> float | None:
    return None if earned is None or not maximum else 100 * earned / maximum


def _group(name: str, stands: Iterable[_Stand]) -> Group:
    both, only_before, only_after, neither, waiting = [], 0, 0, 0, 0
    for each in stands:
        if each.waits:
            waiting += 1
        elif each.before is not None and each.after is not None:
            both.append(Pair(each.before, each.after))
        elif each.before is not None:
            only_before += 1
        elif each.after is not None:
            only_after += 1
        else:
            neither += 1
    return Group(name, Turnout(len(both), only_before, only_after, neither, waiting), learning_gain.gain(both))


def _by_cohort(stands: Sequence[_Stand]) -> list[Group]:
    """Each cohort with its people among these; who is in two counts in both."""
    rows = db.session.execute(
        select(Cohort.name, CohortMember.person_id)
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .order_by(Cohort.position, Cohort.id)
    )
    known = {each.person_id: each for each in stands}
    members: dict[str, list[_Stand]] = defaultdict(list)
    for name, person_id in rows:
        if person_id in known:
            members[name].append(known[person_id])
    return [_group(name, each) for name, each in members.items()]


def _by_province(stands: Iterable[_Stand]) -> list[Group]:
    there: dict[str, list[_Stand]] = defaultdict(list)
    for each in stands:
        there[each.province_iso].append(each)
    return [_group(province.name, there[iso]) for iso, province in provinces.PROVINCES.items() if iso in there]


def _questions(pair: Tests, chosen: Sequence[ColumnElement[bool]], before: Subquery, after: Subquery) -> list[Question]:
    """Pairs of questions over those who took both tests, marked to the end, and were asked both questions.

    A pair that fewer than FEWEST were asked is left out: it would be their own score.
    """
    papers = _papers(pair)
    paired = learning_gain.question_pairs(list(papers[0].values()), list(papers[1].values()))
    asked: Counter[tuple[str, str]] = Counter()
    sums = {each: [0, 0, 0, 0] for each in paired}
    for marks_before, marks_after in _marks(chosen, before, after):
        for one, other in paired:
            if one in marks_before and other in marks_after:
                asked[one, other] += 1
                _add(sums[one, other], marks_before[one], marks_after[other])
    return [
        Question(
            papers[0][one]["stem_html"], papers[1][other]["stem_html"],
            100 * sums[one, other][0] / sums[one, other][1], 100 * sums[one, other][2] / sums[one, other][3],
        )
        for one, other in paired
        if asked[one, other] >= learning_gain.FEWEST and sums[one, other][1] and sums[one, other][3]
    ]  # fmt: skip


def _papers(pair: Tests) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
    """Question id → question of each published test."""
    rows = db.session.execute(
        select(Document.id, Revision.paper)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.id.in_((pair.before_id, pair.after_id)))
    )
    papers = {document_id: {each["id"]: each for each in paper or ()} for document_id, paper in rows}
    return papers[pair.before_id], papers[pair.after_id]


def _marks(chosen: Sequence[ColumnElement[bool]], before: Subquery, after: Subquery) -> Iterable[Any]:
    first, second = aliased(Attempt), aliased(Attempt)
    statement = (
        select(first.marks, second.marks)
        .select_from(Person)
        .join(before, before.c.person_id == Person.id)
        .join(after, after.c.person_id == Person.id)
        .join(first, first.id == before.c.id)
        .join(second, second.id == after.c.id)
        .where(*chosen, before.c.waiting == 0, after.c.waiting == 0)
    )
    return db.session.execute(statement.execution_options(yield_per=BATCH_ROWS))


def _add(sums: list[int], before: Mapping[str, int], after: Mapping[str, int]) -> None:
    sums[0] += before["earned"]
    sums[1] += before["maximum"]
    sums[2] += after["earned"]
    sums[3] += after["maximum"]
