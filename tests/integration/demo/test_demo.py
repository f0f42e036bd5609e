"""The living demo: made once, from a fixed seed, by a bulk path whose result the product's own functions confirm."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from lms.app import create_app
from lms.authoring.actions import packs as pack_actions
from lms.config import Settings
from lms.demo import build, people
from lms.extensions import db
from lms.kernel import clock
from lms.kernel.documents import DocumentKind
from lms.models import derive
from lms.models.ballots import BallotCount, Participation, Remark
from lms.models.clocks import Allowance, Credit
from lms.models.cohorts import Cohort
from lms.models.content import Document, Revision
from lms.models.facts import Answer, Attempt, Play, Reading
from lms.models.people import Person, Role
from lms.models.session import work
from lms.outside import packs
from lms.rules import attempts, civil_service, marking, simulations, surveys
from tests.conftest import NOON, empty_database
from tests.integration.models.test_derive import snapshot

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with the demo built on the real content."""
    folder = tmp_path_factory.mktemp("demo")
    with empty_database(folder, "demo") as url, clock.frozen(NOON):
        app = create_app(Settings(secret_key="d" * 40, data_dir=folder, database_url=url, demo=True, testing=True))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            pack_actions.import_pack(actor=None, files=packs.read_folder(ROOT / "content"))
            assert build.build() == 635
            yield app
            db.session.remove()
            db.engine.dispose()


def count(model: type, *where: object) -> int:
    return db.session.scalars(select(func.count()).select_from(model).where(*where)).one()  # type: ignore[arg-type]


def test_who_is_there(demo: Flask) -> None:
    assert count(Person, Person.role == Role.COMPANION) == 635
    assert count(Cohort) == 5
    assert build.build() == 0
    assert {people.COMPANION, people.TRAINER, people.DIRECTORATE, people.ADMIN} <= set(
        db.session.scalars(select(Person.email))
    )


def test_everyone_is_valid_in_form_and_impossible_in_fact(demo: Flask) -> None:
    for person in db.session.scalars(select(Person).where(Person.role == Role.COMPANION)):
        assert civil_service.problem(person.nip or "", today=NOON.date()) is None
        assert (person.nip or "")[12:14] == "99"
        assert person.email.endswith(".example")
        assert person.whatsapp == "" or person.whatsapp.startswith("+6280000000")
        assert person.is_sample


def test_summaries_are_what_the_facts_say(demo: Flask) -> None:
    before = snapshot()
    with work():
        derive.rebuild()
    assert snapshot() == before
    with work():
        derive.refresh(db.session.scalars(select(Person.id)).all())
    assert snapshot() == before


def test_attempts_are_what_drawing_and_marking_say(demo: Flask) -> None:
    revisions = {each.id: each for each in db.session.scalars(select(Revision))}
    for attempt in db.session.scalars(select(Attempt).order_by(Attempt.id).limit(300)):
        revision = revisions[attempt.revision_id]
        meta = revision.meta
        drawn = attempts.draw(
            revision.paper or [], rule=meta.get("draw"), shuffle=bool(meta.get("shuffle")), seed=attempt.uid
        )
        assert drawn == attempt.drawn
        answers = dict(
            db.session.execute(select(Answer.question_id, Answer.response).where(Answer.attempt_id == attempt.id)).all()
        )
        marked = marking.mark({each["id"]: (revision.key or {})[each["id"]] for each in drawn}, answers)
        assert (marked.as_dict(), marked.percent, marked.passed(meta["pass"])) == (
            attempt.marks,
            attempt.percent,
            attempt.passed,
        )


def test_a_lost_connection_was_given_back(demo: Flask) -> None:
    credit = db.session.scalars(select(Credit)).one()
    assert (credit.seconds, credit.cause) == (180, "connection")
    allowed = db.session.scalars(select(Allowance)).one()
    assert (allowed.minutes, allowed.attempts) == (10, 1)


def test_plays_are_what_the_scenes_say(demo: Flask) -> None:
    revisions = {each.id: each for each in db.session.scalars(select(Revision))}
    assert count(Play) > 500
    for play in db.session.scalars(select(Play).order_by(Play.id).limit(300)):
        revision = revisions[play.revision_id]
        first, key = (revision.paper or [])[0]["id"], revision.key or {}
        assert simulations.is_ending(key, simulations.stands_at(first, key, play.path))
        assert (play.earned, play.best) == (
            simulations.earned(key, play.path),
            simulations.best_possible(key, first),
        )
        assert play.earned <= play.best


def test_answers_to_surveys_add_up(demo: Flask) -> None:
    places = dict(db.session.execute(select(Person.id, Person.province_iso)).all())
    sums = {
        (each.document_id, each.circle, each.question_id, each.value): each.number
        for each in db.session.scalars(select(BallotCount))
    }
    sent = Counter[tuple[int, str]]()
    for each in db.session.scalars(select(Participation)):
        assert each.named_answers is None
        sent[each.document_id, "*"] += 1
        sent[each.document_id, places[each.person_id] or ""] += 1
    assert all(sums[survey, circle, "", ""] == number for (survey, circle), number in sent.items())
    assert {number for (survey, circle), number in sent.items() if circle == "*"} <= set(range(100, 635))
    papers = select(Document.id, Revision.paper).join(Revision, Revision.id == Document.published_id)
    for survey, paper in db.session.execute(papers.where(Document.kind == DocumentKind.SURVEY)):
        for question in paper or ():
            number = sums[survey, "*", question["id"], ""]
            steps = [sums[survey, "*", question["id"], value] for value in surveys.values(question)]
            assert sum(steps) == number if steps else count(Remark, Remark.question_id == question["id"]) == number
            assert 2.5 < sum(step * n for step, n in enumerate(steps, 1)) / number < 4.9 or not steps


def test_nothing_happens_in_the_future(demo: Flask) -> None:
    assert db.session.scalars(select(func.max(Reading.occurred_at))).one() <= NOON
    assert db.session.scalars(select(func.max(Attempt.submitted_at))).one() <= NOON
    assert (db.session.scalars(select(func.max(Play.finished_at))).one() or NOON) <= NOON
    assert db.session.scalars(select(func.max(Participation.answered_at))).one() <= NOON
