"""How a quiz and its questions fare: figures without names, over the attempts that the filters choose.

Attempts stream through `rules/item_statistics.py` and are never held together; what people chose is grouped by the
database. Figures are kept by the facts they were computed from (`outside/memory.py`), so they are never stale.
"""

import json
import math
import time
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Subquery, Text, cast, func, select

from lms.authoring import digests, options
from lms.authoring.options import Chosen
from lms.extensions import db
from lms.kernel.documents import DocumentKind
from lms.kernel.questions import QuestionKind
from lms.models.content import Document, Revision, is_published
from lms.models.facts import Answer, Attempt
from lms.models.marks import Marking, Regrade
from lms.outside import memory
from lms.rules import advice, item_statistics
from lms.rules.item_statistics import Item, Summary

BATCH_ROWS = 1_000
MOST_ANSWERS = 2_000
"""Different typed answers that are told apart in one question; what comes after is counted as one."""


class Which(StrEnum):
    """The attempts of a person that count."""

    FIRST = "pertama"
    LAST = "terakhir"
    BEST = "terbaik"
    ALL = "semua"


@dataclass(frozen=True)
class Wanted:
    """The filters. The first attempt is not coloured by what an earlier one has taught: Moodle's default, and ours."""

    which: Which = Which.FIRST
    current_only: bool = False
    """Only attempts at the published revision."""


@dataclass(frozen=True)
class Figures:
    """Everything that is computed from attempts, as it is kept."""

    people: int
    passed: int
    """People with an attempt that passed, among those counted."""
    summary: Summary
    items: Mapping[str, Item]
    chosen: Mapping[str, Chosen]
    """Question → (part, value, how many chose it, their mean score in per cent), most chosen first."""


@dataclass(frozen=True)
class Row:
    """One question with its figures and what to look at."""

    question: Mapping[str, Any]
    item: Item
    guess: float | None
    options: Sequence[options.Option]
    advice: Sequence[advice.Advice]


@dataclass(frozen=True)
class Report:
    """What the results page shows."""

    figures: Figures
    rows: Sequence[Row]
    advice: Sequence[advice.Advice]
    pair: str
    """The code of the test it is paired with as pre-test or post-test; empty if none."""


_Questions = Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]
"""Question id → (paper, key)."""


def report(document_id: int, wanted: Wanted, folder: Path) -> Report:
    """Return the figures of a quiz; `folder` is where they are kept. Three statements, three more after new facts."""
    questions, meta, revision = _questions(document_id, wanted)
    fingerprint = _fingerprint(document_id, revision)
    found = _figures(document_id, wanted, questions, fingerprint, folder)
    rows = [_row(*questions[key], item, found.chosen.get(key, ())) for key, item in found.items.items()]
    if wanted == Wanted():
        digests.keep(folder, document_id, fingerprint, {row.item.id: _digest(row) for row in rows})
    pair = str(meta.get("pre_of") or meta.get("post_of") or "")
    return Report(found, rows, advice.on_quiz(found.summary), pair)


def keep_all(folder: Path, *, seconds: float = math.inf) -> tuple[int, int]:
    """Bring the figures that the question bank shows up to date, those that are oldest first.

    Returns how many quizzes were seen to, and how many are left when the seconds are over. Begins none after that.
    """
    ids = list(
        db.session.scalars(select(Document.id).where(Document.kind == DocumentKind.QUIZ, is_published(Document)))
    )
    kept, until = digests.read(folder, ids), time.monotonic() + seconds
    waiting = deque(sorted(ids, key=lambda each: kept[each].at.timestamp() if each in kept else 0))
    while waiting and time.monotonic() < until:
        report(waiting.popleft(), Wanted(), folder)
    return len(ids) - len(waiting), len(waiting)


def _figures(document_id: int, wanted: Wanted, questions: _Questions, fingerprint: str, folder: Path) -> Figures:
    name = f"quiz-{document_id}-{wanted.which.value}-{'current' if wanted.current_only else 'every'}"
    kept = memory.recall(folder, name, fingerprint)
    if kept is None:
        kept = json.loads(json.dumps(asdict(_computed(document_id, wanted, questions))))
        memory.keep(folder, name, fingerprint, kept)
    return _revived(kept)


def _fingerprint(document_id: int, revision: int) -> str:
    """What the figures stand on: the newest revision, number, points and newest instant of attempts, changes of marks.

    A regrade may give to one what it takes from another, and a marker 0 points: sums of points alone would not tell.
    """
    marked = (
        select(func.count())
        .select_from(Marking)
        .join(Attempt, Attempt.id == Marking.attempt_id)
        .where(Attempt.document_id == document_id)
        .scalar_subquery()
    )
    regraded = (
        select(each).where(Regrade.document_id == document_id).scalar_subquery()
        for each in (func.count(Regrade.undone_at), func.sum(Regrade.changed), func.sum(Regrade.cursor))
    )
    facts = db.session.execute(
        select(func.count(), func.max(Attempt.submitted_at), func.sum(Attempt.earned), marked, *regraded).where(
            Attempt.document_id == document_id, Attempt.submitted_at.is_not(None)
        )
    ).one()
    form = [each.name for kind in (Figures, Summary, Item) for each in fields(kind)]
    return json.dumps([revision, *facts, *form], default=str)


def _revived(kept: Mapping[str, Any]) -> Figures:
    items = {key: Item(**values) for key, values in kept["items"].items()}
    return Figures(kept["people"], kept["passed"], Summary(**kept["summary"]), items, kept["chosen"])


def _computed(document_id: int, wanted: Wanted, questions: _Questions) -> Figures:
    counted = _counted(document_id, wanted)
    tally = item_statistics.Tally({key: place for place, key in enumerate(questions)})
    marks = select(cast(Attempt.marks, Text)).join(counted, counted.c.id == Attempt.id)
    for each in db.session.scalars(marks.execution_options(yield_per=BATCH_ROWS)):
        tally.add(json.loads(each))
    person = func.distinct(counted.c.person_id)
    people, passed = db.session.execute(
        select(func.count(person), func.count(person).filter(counted.c.passed)).select_from(counted)
    ).one()
    items = {item.id: item for item in tally.items() if item.id in questions}
    return Figures(people, passed, tally.summary(), items, _chosen(counted, questions))


def _counted(document_id: int, wanted: Wanted) -> Subquery:
    """The attempts that count: of this quiz, handed in, and of each person those that were asked for."""
    orders: dict[Which, tuple[Any, ...]] = {
        Which.FIRST: (Attempt.number,),
        Which.LAST: (Attempt.number.desc(),),
        Which.BEST: (Attempt.percent.desc(), Attempt.earned.desc(), Attempt.number),
    }
    columns = (Attempt.id, Attempt.person_id, Attempt.earned, Attempt.maximum, Attempt.passed)
    chosen = select(*columns).where(Attempt.document_id == document_id, Attempt.submitted_at.is_not(None))
    if wanted.current_only:
        chosen = chosen.join(Document, Document.published_id == Attempt.revision_id)
    if wanted.which is Which.ALL:
        return chosen.subquery()
    place = func.row_number().over(partition_by=Attempt.person_id, order_by=orders[wanted.which]).label("place")
    ranked = chosen.add_columns(place).subquery()
    return select(ranked).where(ranked.c.place == 1).subquery()


def _chosen(counted: Subquery, questions: _Questions) -> dict[str, Chosen]:
    """What was answered, grouped by equal responses in the database, then taken apart; no two essays are equal."""
    kinds = {key: paper["kind"] for key, (paper, _) in questions.items()}
    essays = [key for key, kind in kinds.items() if kind == QuestionKind.ESSAY]
    response = cast(Answer.response, Text)
    grouped = (
        select(Answer.question_id, response, func.count(), func.sum(counted.c.earned), func.sum(counted.c.maximum))
        .join(counted, counted.c.id == Answer.attempt_id)
        .where(Answer.question_id.not_in(essays))
        .group_by(Answer.question_id, response)
    )
    sums: dict[str, dict[tuple[str, str], list[int]]] = defaultdict(dict)
    for question_id, text, number, earned, maximum in db.session.execute(
        grouped.execution_options(yield_per=BATCH_ROWS)
    ):
        if question_id in kinds:
            given = item_statistics.chosen(kinds[question_id], json.loads(text))
            _count(sums[question_id], given, number, earned, maximum)
    return {key: _most_chosen_first(each) for key, each in sums.items()}


def _most_chosen_first(sums: Mapping[tuple[str, str], Sequence[int]]) -> Chosen:
    rows = [
        (part, value, number, 100 * earned / maximum if maximum else 0.0)
        for (part, value), (number, earned, maximum) in sums.items()
    ]
    return sorted(rows, key=lambda row: (row[0], -row[2], row[1]))


def _count(
    sums: dict[tuple[str, str], list[int]], pairs: Sequence[tuple[str, str]], number: int, earned: int, maximum: int
) -> None:
    for part, value in pairs:
        kept = (part, value) if (part, value) in sums or len(sums) < MOST_ANSWERS else (part, "…")
        one = sums.setdefault(kept, [0, 0, 0])
        one[0], one[1], one[2] = one[0] + number, one[1] + int(earned), one[2] + int(maximum)


def _questions(document_id: int, wanted: Wanted) -> tuple[_Questions, Mapping[str, Any], int]:
    """The newest form of every question that was ever asked, the front matter and the number of the newest revision.

    Only the published revision when only its attempts count; nothing for a quiz that was never published.
    """
    statement = select(Revision.paper, Revision.key, Revision.meta, Revision.number).where(
        Revision.document_id == document_id
    )
    if wanted.current_only:
        statement = statement.join(Document, Document.published_id == Revision.id)
    rows = db.session.execute(statement.order_by(Revision.number.desc())).all()
    newest: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
    for paper, key, _meta, _number in rows:
        for question in paper or ():
            newest.setdefault(question["id"], (question, (key or {}).get(question["id"], {})))
    return newest, rows[0].meta if rows else {}, rows[0].number if rows else 0


def _row(
    question: Mapping[str, Any],
    key: Mapping[str, Any],
    item: Item,
    chosen: Chosen,
) -> Row:
    guess = item_statistics.guess_score(question)
    answers = options.of(question, key, chosen, item.shown)
    choices = [advice.Choice(each.letter, each.is_right, each.count, each.mean) for each in answers if each.letter]
    found = advice.on_question(item, choices, guess=guess, is_single=question["kind"] == "single")
    return Row(question, item, guess, answers, found)


def _digest(row: Row) -> digests.Digest:
    item = row.item
    return digests.Digest(item.n, item.facility, item.discrimination, any(each.is_urgent for each in row.advice))
