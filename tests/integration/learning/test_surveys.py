"""A survey through its real form: sent once, nothing typed lost, and no record that joins who and what."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, select, text

from lms.app import create_app
from lms.authoring.actions import publishing
from lms.config import Settings
from lms.extensions import db
from lms.kernel import clock, errors
from lms.learning import actions
from lms.learning import queries as screens
from lms.models import ballots, derive
from lms.models.audit import AuditEntry
from lms.models.ballots import BallotCount, Participation, Remark
from lms.models.content import Document, Revision
from lms.models.people import Person
from lms.models.session import work
from lms.models.summaries import ItemProgress, UnitProgress
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.conftest import NOON, empty_database
from tests.page_client import Page, PageClient

SURVEY = "/belajar/uji/uji-1-angket"
PATH = "dukungan/1-awal/angket.md"


def publish(body: str = builders.ASKED, **front: Any) -> None:
    """Import the small pack with a survey."""
    builders.add_content(builders.small_pack() | {PATH: builders.survey_md(body=body, **front).encode()})


def options(page: Page, name: str) -> dict[str, str]:
    """Words of an option → its value."""
    return {
        "".join(label.itertext()).strip(): next(label.iter("input")).get("value", "")
        for label in page.all("label", class_="option")
        if next(label.iter("input")).get("name") == name
    }


def filled(page: Page) -> dict[str, Any]:
    """An answer to everything."""
    return {
        "a-uji-a1": "4", "a-uji-a2": options(page, "a-uji-a2")["bersama"],
        "a-uji-a3": list(options(page, "a-uji-a3").values())[:2], "a-uji-a4": "Meulaboh",
        "a-uji-a5": "Lebih banyak contoh,\ntolong.",
    }  # fmt: skip


def send(client: PageClient, button: str = "Kirim jawaban", **changes: Any) -> Page:
    page = client.get(SURVEY)
    return client.submit(page.form("Kirim jawaban"), button, **{**filled(page), **changes})


def counts(circle: str = ballots.EVERYONE) -> dict[tuple[str, str], int]:
    rows = db.session.execute(
        select(BallotCount.question_id, BallotCount.value, BallotCount.number).where(BallotCount.circle == circle)
    )
    return {(question_id, value): number for question_id, value, number in rows if number}


def test_an_anonymous_survey_from_the_outline_to_thanks(cleo: PageClient) -> None:
    publish(anonymous="true")
    assert "angket" in cleo.get("/belajar/uji").text
    page = cleo.click("Angket uji")
    assert "Pertanyaan 1 dari 5" in page.text
    assert "Soal 1" not in page.text
    assert "Tanpa nama Anda" in page.text
    thanks = cleo.follow(send(cleo))
    assert "Anda sudah mengisi angket ini" in thanks.text
    assert "Meulaboh" not in thanks.source
    assert counts()["uji-a1", "4"] == counts()["", ""] == counts("ID-AC")["", ""] == counts("angkatan-uji")["", ""] == 1
    assert sorted(db.session.scalars(select(Remark.body))) == ["Lebih banyak contoh,\ntolong.", "Meulaboh"]
    assert db.session.scalars(select(Participation.named_answers)).one() is None


def test_a_named_survey_keeps_the_person_and_shows_her_what_she_said(cleo: PageClient, cast: Cast) -> None:
    publish()
    page = cleo.get(SURVEY)
    assert "Nama Anda disimpan bersama jawaban" in page.text
    told = cleo.follow(send(cleo))
    for words in ("Meulaboh", "bersama", "formulir", "Lebih banyak contoh"):
        assert words in told.text
    fact = db.session.scalars(select(Participation)).one()
    assert (fact.person_id, fact.named_answers["uji-a4"]) == (cast.cleo.id, "Meulaboh")  # type: ignore[index]
    assert db.session.scalars(select(Remark)).all() == []
    assert counts()["uji-a1", "4"] == 1


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the database holds it."""
    found = {}
    for table in inspect(db.session.connection()).get_table_names():
        found[table] = [dict(row) for row in db.session.execute(text(f'SELECT * FROM "{table}"')).mappings()]
    return found


def test_no_row_joins_who_and_what(cleo: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    before = everything()
    assert send(cleo).status == 303
    grown = {table for table, rows in everything().items() if len(rows) > len(before[table])}
    assert grown == {"participations", "ballot_counts", "remarks", "item_progress"}
    columns = {table: {each["name"] for each in inspect(db.session.connection()).get_columns(table)} for table in grown}
    assert columns["ballot_counts"] == {"document_id", "circle", "question_id", "value", "number"}
    assert columns["remarks"] == {"uid", "document_id", "question_id", "body"}
    fact = everything()["participations"][0]
    assert fact["person_id"] == cast.cleo.id
    assert fact["named_answers"] is None
    answers = json.dumps([everything()["ballot_counts"], everything()["remarks"]], default=str)
    for trace in (fact["uid"], cast.cleo.uid, cast.cleo.email, cast.cleo.nip, NOON.isoformat()[:10]):
        assert str(trace) not in answers
    assert not db.session.scalars(select(AuditEntry).where(AuditEntry.subject_key == "uji-1-angket")).all()
    told = cleo.send("GET", "/saya/data.json")
    assert told.json["surveys"][0]["answers"] is None  # type: ignore[index]
    assert "Meulaboh" not in told.text


def answered_by(number: int, *, words: str = "") -> None:
    """Answers of many people, one transaction each."""
    survey = db.session.scalars(select(Document).where(Document.code == "uji-1-angket")).one()
    for each in range(number):
        person = builders.make_person(f"Warga {words}{each}", province="ID-BA")
        actions.answer_survey(
            actor=person, course="uji", code=survey.code, uid=str(uuid4()), version=1,
            answers={"uji-a1": str(each % 5 + 1), "uji-a5": f"Saran {each}"},
        )  # fmt: skip


def test_neither_place_nor_order_tells_who_came_last(cleo: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    answered_by(12)
    physical = list(db.session.scalars(text("SELECT body FROM remarks")))
    assert sorted(physical) == sorted(f"Saran {each}" for each in range(12))
    assert physical != [f"Saran {each}" for each in range(12)]
    if db.session.get_bind().dialect.name == "sqlite":
        for table in ("remarks", "ballot_counts"):
            made = db.session.scalars(text(f"SELECT sql FROM sqlite_master WHERE name = '{table}'")).one()
            assert "WITHOUT ROWID" in made


def test_each_answer_touches_all_counts_of_its_circles(cleo: PageClient, cast: Cast, queries: Any) -> None:
    publish(anonymous="true")
    send(cleo)
    before = db.session.execute(select(BallotCount.circle, BallotCount.question_id, BallotCount.value)).all()
    answered_by(1)
    new = db.session.execute(select(BallotCount.circle, BallotCount.question_id, BallotCount.value)).all()
    assert {row.circle for row in set(new) - set(before)} == {"ID-BA"}
    assert len(new) * 3 == len(before) * 4


def test_twice_from_one_form_is_once(cleo: PageClient) -> None:
    publish(anonymous="true")
    page = cleo.get(SURVEY)
    form, values = page.form("Kirim jawaban"), filled(page)
    assert cleo.submit(form, **values).status == 303
    assert cleo.submit(form, **values).status == 303
    assert counts()["", ""] == 1


def test_from_another_form_it_is_refused_and_what_was_typed_stays_on_the_page(cleo: PageClient) -> None:
    publish(anonymous="true")
    page = cleo.get(SURVEY)
    cleo.follow(send(cleo))
    again = cleo.submit(page.form("Kirim jawaban"), **{**filled(page), "a-uji-a5": "Yang kedua."})
    assert (again.status, counts()["", ""]) == (409, 1)
    assert "sudah mengisi angket ini pada Sel, 24 Nov 2026" in again.text
    assert "Yang kedua." in again.text
    assert "Kirim jawaban" not in again.text


def test_blanks_are_asked_about_and_then_taken(cleo: PageClient) -> None:
    publish(anonymous="true")
    page = cleo.get(SURVEY)
    asked = cleo.submit(page.form("Kirim jawaban"), **{"a-uji-a5": "Hanya ini."})
    assert asked.status == 422
    assert "4 pertanyaan masih kosong" in asked.text
    assert "Hanya ini." in asked.text
    assert cleo.submit(asked.form("Kirim dengan yang kosong"), "Kirim dengan yang kosong").status == 303
    assert counts() == {("", ""): 1, ("uji-a5", ""): 1}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"a-uji-a1": "9"}, "bukan bagian"),
        ({"a-uji-a2": "p0000"}, "bukan bagian"),
        ({"a-uji-a3": ["x", "y"]}, "bukan bagian"),
        ({"a-uji-a5": "x" * 10_001}, "terlalu panjang"),
        ({"a-uji-a4": "x" * 2_001}, "terlalu panjang"),
        ({"a-uji-a4": "1171011505900001"}, "seperti NIK"),
    ],
)
def test_what_cannot_be_taken_comes_back_whole(cleo: PageClient, changes: dict[str, Any], words: str) -> None:
    publish(anonymous="true")
    page = send(cleo, **changes)
    assert page.status == 422
    values = page.form("Kirim jawaban").values
    typed = {"a-uji-a5": "Lebih banyak contoh,\ntolong.", "a-uji-a4": "Meulaboh", "a-uji-a1": "4"} | changes
    assert values["a-uji-a5"] == typed["a-uji-a5"]
    assert values["a-uji-a4"] == typed["a-uji-a4"]
    assert words in page.text
    assert db.session.scalars(select(Participation)).all() == []
    assert counts() == {}


def test_nothing_at_all_is_no_answer(cleo: PageClient) -> None:
    publish(anonymous="true")
    page = cleo.submit(cleo.get(SURVEY).form("Kirim jawaban"), **{"a-uji-a4": " ", "a-uji-a5": "\x00"})
    assert page.status == 422
    assert "paling sedikit satu" in page.text


def test_a_question_that_is_not_asked_is_refused(cleo: PageClient) -> None:
    publish(anonymous="true")
    assert cleo.post(f"{SURVEY}/angket", {"a-lain": "1", "versi": "1"}).status == 422


def test_before_it_opens_and_after_it_closes_the_text_comes_back(cleo: PageClient) -> None:
    publish(anonymous="true", opens="2026-11-24T08:00", closes="2026-11-24")
    page = cleo.get(SURVEY)
    form, values = page.form("Kirim jawaban"), filled(page)
    for at, words in ((-timedelta(hours=6), "dibuka pada"), (timedelta(hours=14), "ditutup pada")):
        with clock.frozen(NOON + at):
            late = cleo.submit(form, **values)
            assert late.status == 409
            assert words in late.text
            assert "Lebih banyak contoh" in late.text
            shown = cleo.get(SURVEY)
            assert words in shown.text
            assert "Kirim jawaban" not in shown.text
    assert counts() == {}
    assert cleo.submit(form, **values).status == 303


def test_a_form_of_an_older_revision_is_asked_again(cleo: PageClient) -> None:
    publish(anonymous="true")
    page = cleo.get(SURVEY)
    form, values = page.form("Kirim jawaban"), filled(page)
    publish(builders.ASKED.replace("Berguna?", "Mudah?"), anonymous="true")
    again = cleo.submit(form, **values)
    assert again.status == 409
    assert "baru saja diperbarui" in again.text
    assert again.form("Kirim jawaban").values["a-uji-a5"] == values["a-uji-a5"]
    assert cleo.submit(again.form("Kirim jawaban")).status == 303


def test_the_promise_can_no_longer_be_changed(cleo: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    publish(anonymous="false")
    publish(anonymous="true")
    cleo.follow(send(cleo))
    with pytest.raises(errors.Refused) as refused:
        publish(anonymous="false")
    assert refused.value.values["findings"][0][1].code == "anonymity_fixed"  # type: ignore[index]
    source = builders.survey_md()
    with pytest.raises(errors.Refused) as refused:
        publishing.publish(actor=cast.tara, code="uji-1-angket", source=source, version=0, note="")
    assert [each.code for each in refused.value.values["made"].problems] == ["anonymity_fixed"]  # type: ignore[attr-defined]


def progress(unit: str = "uji-1") -> tuple[int, int]:
    return tuple(
        db.session.execute(select(UnitProgress.done, UnitProgress.total).where(UnitProgress.unit == unit)).one()
    )  # type: ignore[return-value]


def test_a_survey_is_done_but_never_counted(cleo: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    cleo.post("/belajar/uji/uji-1-1/selesai")
    before = progress()
    assert before == (1, 3)
    cleo.follow(send(cleo))
    assert progress() == before
    outline = cleo.get("/belajar/uji")
    assert "1 dari 4 langkah selesai" in outline.text
    survey = db.session.scalars(select(Document.id).where(Document.code == "uji-1-angket")).one()
    done = select(ItemProgress.done_at).where(ItemProgress.document_id == survey)
    assert db.session.scalars(done).one() == NOON
    with work():
        derive.rebuild()
    assert (db.session.scalars(done).one(), progress()) == (NOON, before)


def test_an_answered_survey_is_not_where_one_continues(cleo: PageClient, cast: Cast) -> None:
    publish()
    send(cleo)
    (outline,) = screens.outlines(cast.cleo, now=clock.now())
    assert outline.last_at is None


def test_one_that_is_required_is_said_and_comes_next(cleo: PageClient) -> None:
    publish(anonymous="true", required="true")
    for code in ("uji-1-1", "uji-1-2"):
        cleo.post(f"/belajar/uji/{code}/selesai")
    assert "masih ada 1 angket yang wajib diisi: Angket uji" in cleo.get("/belajar/uji").text
    assert "wajib diisi sebelum sertifikat" in cleo.get("/belajar/uji").text
    assert "Wajib diisi sebelum sertifikat “Dukungan bencana”" in cleo.get(SURVEY).text
    cleo.follow(send(cleo))
    assert "wajib diisi" not in cleo.get("/belajar/uji").text


def test_home_leads_to_a_required_survey_and_never_to_an_offered_one(cleo: PageClient) -> None:
    only = {path: text for path, text in builders.small_pack().items() if "kuis" not in path and "2-lanjut" not in path}
    builders.add_content(only | {PATH: builders.survey_md(required="true").encode()})
    quiz = db.session.scalars(select(Document).where(Document.code.in_(["uji-1-kuis", "uji-2"]))).all()
    for each in quiz:
        each.withdrawn_at = NOON
    for code in ("uji-1-1", "uji-1-2"):
        cleo.post(f"/belajar/uji/{code}/selesai")
    home = cleo.get("/beranda")
    assert "Buka angket" in home.text
    assert "wajib diisi sebelum sertifikat" in home.text
    builders.add_content(only | {PATH: builders.survey_md().encode()})
    assert "Buka angket" not in cleo.get("/beranda").text


def test_others_read_the_survey_and_cannot_answer(client: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    client.sign_in("tara@contoh.example", PASSWORD)
    page = client.get(SURVEY)
    assert "Hanya pendamping yang mengisinya" in page.text
    assert page.all("fieldset", disabled="")
    assert "Kirim jawaban" not in page.text


def test_signed_out_meanwhile_the_text_is_shown_again(cleo: PageClient) -> None:
    publish(anonymous="true")
    page = cleo.get(SURVEY)
    form, values = page.form("Kirim jawaban"), filled(page)
    cleo.post("/keluar")
    kept = cleo.submit(form, **values)
    assert kept.status == 400
    assert "Lebih banyak contoh" in kept.source
    assert "Anda sudah keluar" in kept.text
    resend = kept.form("Kirim lagi")
    cleo.sign_in("cleo@contoh.example", PASSWORD)
    fresh = cleo.submit(resend)
    assert "Lebih banyak contoh" in fresh.source
    assert cleo.submit(fresh.form("Kirim lagi")).status == 303
    assert counts()["", ""] == 1


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Flask]:
    """An application whose transactions really commit, on a database of its own."""
    with empty_database(tmp_path, "ballots") as url:
        app = create_app(Settings(secret_key="r" * 40, data_dir=tmp_path, database_url=url, testing=True))
        with app.app_context():
            upgrade(directory=str(Path(__file__).parents[3] / "migrations"))
            with work():
                for number in range(20):
                    builders.make_person(f"Rina {number}", province="ID-AC")
                publish(anonymous="true")
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def race(app: Flask, people: list[str]) -> Counter[str]:
    """Everyone in the list answers at once, each from a form of her own; returns the outcomes."""
    outcomes: Counter[str] = Counter()

    def go(name: str) -> None:
        with app.app_context():
            person = db.session.scalars(select(Person).where(Person.name == name)).one()
            db.session.rollback()
            try:
                actions.answer_survey(
                    actor=person, course="uji", code="uji-1-angket", uid=str(uuid4()), version=1,
                    answers={"uji-a1": "5", "uji-a5": f"Dari {name}"},
                )  # fmt: skip
                outcomes["done"] += 1
            except errors.Conflict as error:
                outcomes[error.code] += 1

    threads = [threading.Thread(target=go, args=(name,)) for name in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_twenty_at_once_of_one_person_are_one_answer(real: Flask) -> None:
    assert race(real, ["Rina 0"] * 20) == {"done": 1, "already_answered": 19}
    with real.app_context():
        assert len(db.session.scalars(select(Participation)).all()) == 1
        assert counts()["uji-a1", "5"] == counts()["", ""] == 1
        assert len(db.session.scalars(select(Remark)).all()) == 1


def test_twenty_people_at_once_are_twenty_answers(real: Flask) -> None:
    assert race(real, [f"Rina {number}" for number in range(20)]) == {"done": 20}
    with real.app_context():
        assert counts()["uji-a1", "5"] == counts("ID-AC")["uji-a1", "5"] == counts()["", ""] == 20
        assert len(db.session.scalars(select(Participation)).all()) == 20
        assert len(set(db.session.scalars(select(Remark.body)))) == 20


def test_the_transaction_that_wrote_them_joins_nothing(real: Flask) -> None:
    """PostgreSQL knows of each row which transaction wrote it; the participation names a person in the same one."""
    with real.app_context():
        if db.engine.dialect.name != "postgresql":
            return
    for number in range(12):
        race(real, [f"Rina {number}"])
    with real.app_context():
        joined = db.session.execute(
            text("SELECT p.person_id, count(*) FROM participations p JOIN remarks r ON r.xmin = p.xmin GROUP BY 1")
        ).all()
        assert [number for _, number in joined] == [12]
        quiet = db.session.scalars(select(Person).where(Person.name == "Rina 12")).one()
        actions.answer_survey(
            actor=quiet, course="uji", code="uji-1-angket", uid=str(uuid4()), version=1, answers={"uji-a1": "1"}
        )
        whose = text("SELECT DISTINCT p.person_id FROM participations p JOIN remarks r ON r.xmin = p.xmin")
        assert db.session.scalars(whose).all() == [quiet.id]
        assert len(set(db.session.scalars(text("SELECT xmin::text FROM ballot_counts WHERE circle = '*'")))) == 1


def test_a_constraint_stands_beneath_the_lock(cleo: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    survey = db.session.scalars(select(Document).where(Document.code == "uji-1-angket")).one()
    paper = db.session.scalars(select(Revision.paper).where(Revision.id == survey.published_id)).one() or []
    sent = ballots.Sent(cast.cleo.id, "x", {"uji-a1": "1"}, NOON)
    ballots.keep(survey.id, paper, [sent], is_anonymous=True)
    with pytest.raises(Exception, match="participations") as refused, db.session.begin_nested():
        ballots.keep(survey.id, paper, [sent], is_anonymous=True)
    assert "uji-a1" not in str(refused.value)
    assert counts()["", ""] == 1
