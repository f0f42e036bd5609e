"""More time and attempts: given with a reason, seen by whom it concerns, counted at once, audited, taken back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.extensions import db
from lms.kernel import clock
from lms.models.audit import AuditEntry
from lms.models.clocks import Allowance
from lms.models.facts import Attempt
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.conftest import NOON
from tests.page_client import PageClient

QUIZ = "/belajar/uji/uji-1-kuis"
DESK = "/susun/uji-1-kuis/keringanan"
REASON = "Jaringan di posko sering padam"


@pytest.fixture
def tara(client: PageClient, cast: Cast) -> PageClient:
    pack = builders.small_pack()
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(minutes=10, attempts=1).encode()
    builders.add_content(pack)
    client.sign_in("tara@contoh.example", PASSWORD)
    return client


@pytest.fixture
def cleo(tara: PageClient, app: Flask) -> PageClient:
    cleo = PageClient(app)
    cleo.sign_in("cleo@contoh.example", PASSWORD)
    return cleo


def give(tara: PageClient, **values: str) -> None:
    page = tara.submit(tara.get(DESK).form("Berikan"), **{"reason": REASON, **values})
    assert page.status == 303, page.text
    assert REASON in tara.follow(page).text


def test_one_person_gets_more_and_reads_why(tara: PageClient, cleo: PageClient, app: Flask) -> None:
    give(tara, person="199003142025992001", minutes="5", attempts="1")
    front = cleo.get(QUIZ)
    assert f"Anda mendapat tambahan 5 menit + 1 percobaan. Alasannya: {REASON}" in front.text
    assert "15 menit" in front.text
    page = cleo.follow(cleo.submit(front.form(action="/percobaan")))
    assert db.session.scalars(select(Attempt.deadline_at)).one() == NOON + timedelta(minutes=15)
    cleo.post(f"{page.url}/penyerahan", {"kosong": "1"})
    assert cleo.get(QUIZ).form(action="/percobaan")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "allowance.given")).one()
    assert entry.changes["holder"] == [None, "Cleo, cleo@contoh.example"]
    colin = PageClient(app)
    colin.sign_in("colin@contoh.example", PASSWORD)
    assert REASON not in colin.get(QUIZ).text


def test_a_cohort_at_work_gets_the_minutes_at_once_and_keeps_them(tara: PageClient, cleo: PageClient) -> None:
    page = cleo.follow(cleo.submit(cleo.get(QUIZ).form(action="/percobaan")))
    give(tara, cohort="angkatan-uji", minutes="20")
    assert "12.30 WIB" in cleo.get(page.url).text
    tara.submit(tara.get(DESK).form("Tarik kembali"))
    assert "12.30 WIB" in cleo.get(page.url).text
    cleo.post(f"{page.url}/penyerahan", {"kosong": "1"})
    assert REASON not in cleo.get(QUIZ).text
    tara.post(f"{DESK}/{db.session.scalars(select(Allowance.id)).one()}/penarikan")
    entries = list(db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("allowance."))))
    actions = [each.action for each in entries]
    assert entries[0].changes["holder"] == [None, "Angkatan-uji"]
    assert actions == ["allowance.given", "allowance.withdrawn"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"minutes": "5"}, "Tuliskan satu orang atau pilih satu angkatan"),
        ({"person": "cleo@contoh.example", "cohort": "angkatan-uji", "minutes": "5"}, "jangan keduanya"),
        ({"person": "cleo@contoh.example"}, "menit, percobaan, atau keduanya"),
        ({"person": "tiada@contoh.example", "minutes": "5"}, "Tidak ada pendamping"),
        ({"person": "tara@contoh.example", "minutes": "5"}, "Tidak ada pendamping"),
        ({"person": "cleo@contoh.example", "minutes": "-5"}, "Bilangan bulat"),
        ({"person": "cleo@contoh.example", "minutes": "9999"}, "Bilangan bulat"),
        ({"person": "cleo@contoh.example", "minutes": "5", "reason": " "}, "Alasan"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_given(tara: PageClient, values: dict[str, str], words: str) -> None:
    refused = tara.submit(tara.get(DESK).form("Berikan"), **{"reason": REASON, **values})
    assert refused.status == 422
    assert words in refused.text
    assert not db.session.scalars(select(Allowance)).all()


def test_a_trainer_closes_what_is_past_its_time(tara: PageClient, cleo: PageClient) -> None:
    cleo.submit(cleo.get(QUIZ).form(action="/percobaan"))
    with clock.frozen(NOON + timedelta(minutes=30)):
        page = tara.get(DESK)
        assert "1 percobaan sudah lewat waktunya" in page.text
        closed = tara.follow(tara.submit(page.form("Tutup dan nilai")))
        assert "1 percobaan ditutup dan dinilai" in closed.text or closed.status == 200
        assert "sudah lewat waktunya" not in tara.get(DESK).text
    assert db.session.scalars(select(Attempt.submitted_at)).one() == NOON + timedelta(minutes=10)
