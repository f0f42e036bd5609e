"""When an attempt may begin and end, what stops its clock, and when reasons are shown: through the real forms."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from lms.extensions import db
from lms.kernel import clock
from lms.learning import actions
from lms.models import clocks
from lms.models.facts import Answer, Attempt
from tests import builders
from tests.builders import PASSWORD
from tests.conftest import NOON
from tests.integration.learning.papers import QUIZ, option, start
from tests.page_client import Page, PageClient

SECRETS = (
    "Tepat, keselamatan", "Memaksa memperberat", "Lihat dahulu.", "Jangan menjanjikan", "Tiga jenis bencana",
    "Tiga langkah", "verdict-right", "verdict-wrong",
)  # fmt: skip
"""What only the key knows, and what would tell right from wrong."""


def minute(number: float) -> timedelta:
    return timedelta(minutes=number)


def publish(**front: object) -> None:
    pack = builders.small_pack()
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(**front).encode()
    builders.add_content(pack)


def can_start(page: Page) -> bool:
    return any((form.get("action") or "").endswith("/percobaan") for form in page.all("form"))


def test_between_two_attempts_one_waits(cleo: PageClient) -> None:
    publish(wait=30)
    cleo.post(f"{start(cleo).url}/penyerahan", {"kosong": "1"})
    with clock.frozen(NOON + minute(29)):
        front = cleo.get(QUIZ)
        assert "12.30 WIB" in front.text
        assert not can_start(front)
        refused = cleo.follow(cleo.post(f"{QUIZ}/percobaan", {"uid": str(uuid4())}))
        assert "12.30 WIB" in refused.text
        assert len(db.session.scalars(select(Attempt)).all()) == 1
    with clock.frozen(NOON + minute(30)):
        assert start(cleo).url.count("/percobaan/") == 1


@pytest.mark.parametrize(
    ("front", "words"),
    [({"opens": "2026-11-25"}, "dibuka"), ({"closes": "2026-11-24 11:59"}, "ditutup")],
)
def test_before_the_opening_and_after_the_closing_nothing_begins(
    cleo: PageClient, front: dict[str, str], words: str
) -> None:
    publish(**front)
    page = cleo.get(QUIZ)
    assert words in page.text
    assert not can_start(page)
    refused = cleo.follow(cleo.post(f"{QUIZ}/percobaan", {"uid": str(uuid4())}))
    assert words in refused.text
    assert not db.session.scalars(select(Attempt)).all()


def test_the_closing_ends_an_attempt_that_began_before(cleo: PageClient) -> None:
    publish(closes="2026-11-24 12:10", minutes=60)
    page = start(cleo)
    assert db.session.scalars(select(Attempt.deadline_at)).one() == NOON + minute(10)
    with clock.frozen(NOON + minute(11)):
        assert cleo.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Melihat")}).status == 409


def test_a_uid_that_someone_else_used_begins_an_attempt_of_ones_own(cleo: PageClient, app: Flask) -> None:
    taken = start(cleo).url.rpartition("/")[2]
    colin = PageClient(app)
    colin.sign_in("colin@contoh.example", PASSWORD)
    begun = colin.follow(colin.post(f"{QUIZ}/percobaan", {"uid": taken}))
    assert begun.status == 200
    assert taken not in begun.url


def test_looking_at_an_attempt_whose_time_is_over_writes_nothing_and_the_next_press_marks_it(cleo: PageClient) -> None:
    publish(minutes=10)
    page = start(cleo)
    cleo.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Melihat")})
    with clock.frozen(NOON + minute(11)):
        seen = cleo.get(page.url)
        assert "Waktu habis" in seen.text
        told = cleo.follow(cleo.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Menyuruh"), "simpan": "1"}))
        assert told.text.count("Waktu habis") == 1
        assert not [secret for secret in SECRETS if secret in seen.source]
        result = cleo.follow(cleo.submit(cleo.get(QUIZ).form(action="/percobaan")))
    assert "tersimpan tepat waktu" in result.text
    attempt = db.session.scalars(select(Attempt)).one()
    assert (attempt.earned, attempt.submitted_at) == (100, NOON + minute(10))


def test_the_command_closes_what_no_save_can_reach_any_more(cleo: PageClient) -> None:
    publish(minutes=10, grace=30, credit=5)
    page = start(cleo)
    cleo.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Melihat")})
    with clock.frozen(NOON + minute(15)):
        assert actions.close_overdue() == 0
    with clock.frozen(NOON + minute(16)):
        assert actions.close_overdue() == 1
        assert actions.close_overdue() == 0
        assert "14" in cleo.get(page.url).h1 or "1 dari 4" in cleo.get(page.url).h1
        late = cleo.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Menyuruh")})
    assert late.status == 409
    attempt = db.session.scalars(select(Attempt)).one()
    assert (attempt.earned, attempt.submitted_at) == (100, NOON + minute(10))


def test_saves_that_could_not_arrive_are_credited_and_the_page_says_why(cleo: PageClient) -> None:
    publish(minutes=10)
    page = start(cleo)
    data = {"a-uji-q1": option(page, "Menyuruh")}
    with clock.frozen(NOON + minute(5)):
        cleo.post(f"{page.url}/jawaban", data)
    with clock.frozen(NOON + minute(12)):
        data = {"a-uji-q1": option(page, "Melihat"), "unreached": str(5 * 60)}
        saved = cleo.post(f"{page.url}/jawaban", data).response.get_json()
        assert saved["left_s"] == 3 * 60
        assert saved["until"] == "12.15 WIB"
        assert "5 menit" in saved["credits"][0]
        assert "12.07–12.12 WIB" in saved["credits"][0]
        cleo.post(f"{page.url}/jawaban", data)
    with clock.frozen(NOON + minute(14)):
        assert "12.07–12.12 WIB" in cleo.get(page.url).text
        result = cleo.follow(cleo.post(f"{page.url}/penyerahan", {"kosong": "1"}))
    assert "12.07–12.12 WIB" in result.text
    credit = db.session.scalars(select(clocks.Credit)).one()
    assert (credit.seconds, credit.cause, credit.recorded_at) == (300, "connection", NOON + minute(12))
    assert db.session.scalars(select(Attempt.earned)).one() == 100


@pytest.mark.parametrize("claim", ["999999", "9999999", "-60", "1e9", "60.5", "NaN", ""])
def test_a_claim_is_worth_what_the_server_can_believe(cleo: PageClient, claim: str) -> None:
    publish(minutes=10, credit=2)
    page = start(cleo)
    with clock.frozen(NOON + minute(9)):
        assert cleo.post(f"{page.url}/jawaban", {"unreached": claim, "occurred_at": "2031-01-01T00:00Z"}).status == 200
    expected = minute(12) if claim == "999999" else minute(10)
    assert db.session.scalars(select(Attempt.deadline_at)).one() == NOON + expected


def test_time_in_which_the_server_was_down_is_given_back_even_without_script(cleo: PageClient) -> None:
    publish(minutes=10)
    clocks.beat()
    page = start(cleo)
    with clock.frozen(NOON + minute(12)):
        assert "Waktu habis" in cleo.get(page.url).text
        clocks.beat()
        seen = cleo.get(page.url)
        assert "12.00–12.12 WIB" in seen.text
        assert "Waktu habis" not in seen.text
        answers = {"a-uji-q1": option(page, "Melihat"), "kosong": "1"}
        cleo.post(f"{page.url}/penyerahan", answers)
    credit = db.session.scalars(select(clocks.Credit)).one()
    assert (credit.cause, credit.seconds) == ("server", 600)
    assert db.session.scalars(select(Attempt.earned)).one() == 100


def test_a_beat_that_comes_in_time_is_no_outage(app: Flask) -> None:
    for number in range(5):
        with clock.frozen(NOON + timedelta(seconds=20 * number)):
            clocks.beat()
    assert not db.session.scalars(select(clocks.Outage)).all()


def test_after_each_question_one_may_check_it_and_it_is_frozen(cleo: PageClient) -> None:
    publish(feedback="after-question")
    page = start(cleo)
    assert not [secret for secret in SECRETS if secret in page.source]
    form = page.form("Periksa")
    wrong, right = option(page, "Menyuruh"), option(page, "Melihat")
    check = f"{page.url}/pemeriksaan/uji-q1"
    empty = cleo.post(check, {})
    assert empty.status == 422
    assert "Jawablah" in empty.text
    checked = cleo.follow(cleo.post(check, {**form.values.to_dict(), "a-uji-q1": wrong}))
    assert "Memaksa memperberat" in checked.source
    assert "Lihat dahulu." in checked.source
    assert not [
        secret for secret in ("Jangan menjanjikan", "Tiga jenis bencana", "Tiga langkah") if secret in checked.source
    ]
    assert "a-uji-q1" not in checked.form(action="/penyerahan").names
    for path in ("jawaban", "penyerahan"):
        cleo.post(f"{page.url}/{path}", {"a-uji-q1": right, "kosong": "1"})
    assert db.session.scalars(select(Answer.response).where(Answer.question_id == "uji-q1")).one() == wrong
    assert db.session.scalars(select(Attempt.earned)).one() == 0


def test_nothing_is_checked_in_a_quiz_that_tells_only_at_the_end(cleo: PageClient) -> None:
    page = start(cleo)
    answers = {"a-uji-q1": option(page, "Melihat")}
    for question in ("uji-q1", "tidak-ada"):
        assert cleo.post(f"{page.url}/pemeriksaan/{question}", answers).status == 404
    assert not [secret for secret in SECRETS if secret in cleo.get(page.url).source]
    assert not db.session.scalars(select(Answer.checked_at).where(Answer.checked_at.is_not(None))).all()


def test_until_the_closing_there_is_only_the_score(cleo: PageClient, app: Flask) -> None:
    publish(feedback="after-close", closes="2026-11-24 13:00", credit=0)
    page = start(cleo)
    answers = {"a-uji-q1": option(page, "Melihat"), "kosong": "1"}
    result = cleo.follow(cleo.post(f"{page.url}/penyerahan", answers))
    assert "Nilai 14" in result.h1
    assert "13.00 WIB" in result.text
    for shown in (result, cleo.get(QUIZ), cleo.get("/beranda")):
        assert not [secret for secret in SECRETS if secret in shown.source]
    with clock.frozen(NOON + minute(61)):
        opened = cleo.get(page.url)
    assert not [secret for secret in SECRETS if secret not in opened.source]


def test_a_blank_says_so_only_where_the_question_was_shown(cleo: PageClient) -> None:
    page = start(cleo)
    cleo.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Melihat"), "a-uji-q2": option(page, "Selimut")})
    cleo.post(f"{page.url}/jawaban", {"s[]": "uji-q2"})
    kept = dict(db.session.execute(select(Answer.question_id, Answer.response)).all())
    assert kept == {"uji-q1": option(page, "Melihat"), "uji-q2": []}


def test_two_devices_do_not_undo_each_other(cleo: PageClient, app: Flask) -> None:
    page = start(cleo)
    phone = PageClient(app)
    phone.sign_in("cleo@contoh.example", PASSWORD)
    phone.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Melihat"), "s[]": "uji-q1"})
    cleo.post(f"{page.url}/jawaban", {"a-uji-q2": option(page, "Selimut"), "s[]": "uji-q2"})
    resumed = phone.get(page.url).form(action="/penyerahan").values
    assert resumed["a-uji-q1"] == option(page, "Melihat")
    assert resumed["a-uji-q2"] == option(page, "Selimut")
    assert phone.post(f"{page.url}/penyerahan", {"kosong": "1"}).status == 303
    second = cleo.follow(cleo.post(f"{page.url}/penyerahan", {"a-uji-q1": option(page, "Menyuruh"), "kosong": "1"}))
    assert "sudah dikumpulkan" in second.text or second.status == 200
    assert db.session.scalars(select(Attempt.marks)).one()["uji-q1"]["state"] == "right"


def test_before_it_began_there_is_nothing_to_hand_in(cleo: PageClient) -> None:
    path = f"{QUIZ}/percobaan/{uuid4()}"
    assert cleo.post(f"{path}/penyerahan", {"kosong": "1"}).status == 404
    assert cleo.post(f"{path}/jawaban", {"a-uji-q1": "x"}).status == 404
    assert not db.session.scalars(select(Attempt)).all()
