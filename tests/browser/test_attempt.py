"""An attempt in Chromium at its edges: time runs out, a session ends elsewhere, each answer is checked at once."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from lms.app import create_app
from lms.config import Settings
from lms.demo.people import PASSWORD
from lms.extensions import db
from lms.kernel import clock, ids, passwords
from lms.models.facts import Answer, Attempt
from lms.models.people import Person
from lms.models.session import work
from tests import builders
from tests.browser.conftest import Open, sign_in
from tests.serving import ROOT, start_server

pytestmark = pytest.mark.browser

SECRET = "b" * 40
TIMED, CHECKED, LONG = "uji-1-kuis", "uji-1-cek", "uji-1-panjang"
BODY = "".join(
    f"## Soal ke-{n}? {{#{{code}}-q{n}}}\n\n- [ ] salah {n}\n    Keliru {n}.\n- [x] tepat {n}\n    Alasan {n}.\n\n> Umpan {n}.\n\n"
    for n in (1, 2, 3)
)
OPEN = """## Nama? {#l-q1}

= Tagana

> Tagana.

## Urutkan. {#l-q2}

1. lihat
2. dengar
3. hubungkan

> Urut.

## Ceritakan. {#l-q3}

___

- rubrik: jelas (1)

> Jelas.
"""
SECRETS = ("Alasan", "Keliru", "Umpan")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The application on its own database with two quizzes and a companion, and the address where it is served."""
    folder = tmp_path_factory.mktemp("attempt")
    pack = builders.small_pack()
    timed = builders.quiz_md(TIMED, body=BODY.replace("{code}", "w"), minutes=30)
    checked = builders.quiz_md(CHECKED, body=BODY.replace("{code}", "c"), feedback="after-question")
    more = {"kuis": timed, "cek": checked, "panjang": builders.quiz_md(LONG, body=OPEN), "angket": builders.survey_md()}
    pack |= {f"dukungan/1-awal/{name}.md": text.encode() for name, text in more.items()}
    url = f"sqlite:///{folder / 'pandu.sqlite3'}"
    app = create_app(Settings(secret_key=SECRET, data_dir=folder, database_url=url, testing=True))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        with work():
            for name in ("Wati", "Wawan", "Wisnu", "Wulan", "Wahyu"):
                builders.make_person(name, province="ID-AC", password_hash=passwords.hashed(PASSWORD))
        builders.add_content(pack)
    process, address = start_server(
        folder, PANDU_DEMO="0", PANDU_SECRET_KEY=SECRET, PANDU_DATABASE_URL=url, PANDU_CONTENT_DIR="none"
    )
    try:
        yield app, address
    finally:
        process.terminate()
        process.wait(timeout=20)
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def server(world: tuple[Flask, str]) -> str:
    """In place of the demo."""
    return world[1]


def start(page: Page, code: str) -> str:
    """Start the quiz; returns the attempt's uid."""
    page.goto(f"/belajar/uji/{code}")
    page.get_by_role("button", name="Mulai kuis").click()
    expect(page.locator(".strip")).to_be_visible()
    return page.url.rpartition("/")[2]


def stored(app: Flask, uid: str) -> set[str]:
    """The questions with a saved answer."""
    with app.app_context():
        return set(
            db.session.scalars(
                select(Answer.question_id).join(Attempt, Attempt.id == Answer.attempt_id).where(Attempt.uid == uid)
            )
        )


def test_when_time_is_up_the_page_hands_in_by_itself_with_the_last_answers(
    world: tuple[Flask, str], open_page: Open
) -> None:
    page = open_page("wati", may_be_refused=True)
    uid = start(page, TIMED)
    page.get_by_label("tepat 1").check()
    expect(page.locator("[data-part=saved]")).to_contain_text("Tersimpan")
    with world[0].app_context(), work():
        db.session.execute(
            update(Attempt).where(Attempt.uid == uid).values(deadline_at=clock.now() + timedelta(seconds=6))
        )
    page.reload()
    expect(page.locator("#soal-2")).to_be_visible()
    expect(page.get_by_role("timer")).to_contain_text("0:01", timeout=10_000)
    page.get_by_label("tepat 2").check()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("2 dari 3 benar"))
    assert page.url.endswith(uid)
    assert stored(world[0], uid) == {"w-q1", "w-q2"}


@pytest.mark.parametrize(("who", "here"), [("wawan", True), ("wisnu", False)], ids=["in this browser", "elsewhere"])
def test_a_session_that_ended_is_said_and_nothing_is_lost(
    world: tuple[Flask, str], open_page: Open, who: str, here: bool
) -> None:
    page = open_page(who, may_be_refused=True)
    saved = page.locator("[data-part=saved]")
    uid = start(page, TIMED)
    page.get_by_label("tepat 1").check()
    expect(saved).to_contain_text("Tersimpan")
    other = page.context.new_page()
    if here:
        other.goto("/saya")
        other.locator("details.me summary").click()
        other.get_by_role("button", name="Keluar").click()
        other.wait_for_url(re.compile("/masuk"))
    else:
        with world[0].app_context(), work():
            db.session.execute(update(Person).where(Person.name == who.capitalize()).values(session_stamp=ids.short()))
    page.get_by_role("button", name="Berikutnya").click()
    page.get_by_label("tepat 2").check()
    expect(saved).to_contain_text("Anda sudah keluar")
    assert stored(world[0], uid) == {"w-q1"}
    if here:
        page.locator(".strip button").last.click()
        with page.expect_response(re.compile("/penyerahan$")):
            page.get_by_role("button", name="Kumpulkan jawaban").click()
        expect(saved).to_contain_text("Anda sudah keluar")
        assert page.url.endswith(uid)

    sign_in(other, who)
    other.close()
    expect(saved).to_contain_text("Tersimpan", timeout=20_000)
    assert stored(world[0], uid) == {"w-q1", "w-q2"}


def test_an_answer_is_checked_at_once_and_no_key_is_there_before(world: tuple[Flask, str], open_page: Open) -> None:
    page = open_page("wati")
    uid = start(page, CHECKED)
    assert not [each for each in SECRETS if each in page.content()]
    page.get_by_label("salah 1").check()
    expect(page.locator("[data-part=saved]")).to_contain_text("Tersimpan")
    assert not [each for each in SECRETS if each in page.content()]
    page.get_by_role("button", name="Periksa jawaban soal 1").click()
    expect(page.get_by_text("Alasan 1.")).to_be_visible()
    expect(page.get_by_text("Keliru 1.")).to_be_visible()
    expect(page.locator("#soal-1").get_by_role("radio")).to_have_count(0)
    assert not [each for each in SECRETS for n in (2, 3) if f"{each} {n}" in page.content()]
    page.get_by_role("button", name="Berikutnya").click()
    page.get_by_label("tepat 2").check()
    page.get_by_role("button", name="Berikutnya").click()
    page.get_by_label("tepat 3").check()
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("2 dari 3 benar"))
    assert stored(world[0], uid) == {"c-q1", "c-q2", "c-q3"}


def test_enter_in_an_answer_saves_and_neither_checks_another_question_nor_hands_in(
    world: tuple[Flask, str], open_page: Open
) -> None:
    page = open_page("wawan")
    uid = start(page, CHECKED)
    page.get_by_label("tepat 1").check()
    page.get_by_role("button", name="Berikutnya").click()
    page.get_by_label("tepat 2").check()
    page.get_by_label("tepat 2").press("Enter")
    expect(page.locator("[data-part=saved]")).to_contain_text("Tersimpan")
    page.reload()
    expect(page.locator("#soal-3")).to_be_visible()
    expect(page.locator("[data-checked]")).to_have_count(0)
    assert stored(world[0], uid) == {"c-q1", "c-q2"}


def test_the_warning_of_blanks_is_reached_leads_to_them_and_offers_the_end_at_once(open_page: Open) -> None:
    page = open_page("wisnu", may_be_refused=True)
    start(page, CHECKED)
    page.locator(".strip button").last.click()
    page.get_by_label("tepat 3").check()
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    warning = page.locator("#kosong")
    expect(warning).to_be_focused()
    expect(page.locator("#soal-1")).to_be_visible()
    expect(page.get_by_role("button", name="Kumpulkan dengan yang kosong")).to_be_visible()
    for number in ("2", "1", "2"):
        warning.get_by_role("link", name=number).click()
        expect(page.locator(f"#stem-{number}")).to_be_focused()
    page.get_by_role("button", name="Kumpulkan dengan yang kosong").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("1 dari 3 benar"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("1 dari 3 benar"))


def test_handing_in_without_a_signal_keeps_the_page_and_works_when_it_is_back(open_page: Open) -> None:
    page = open_page("wulan", may_lose_network=True)
    uid = start(page, TIMED)
    page.context.set_offline(True)
    for number in (1, 2, 3):
        page.locator(".strip button").nth(number - 1).click()
        page.get_by_label(f"tepat {number}").check()
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    expect(page.locator("[data-part=saved]")).to_contain_text("Belum terkirim")
    assert page.url.endswith(uid)
    page.context.set_offline(False)
    expect(page.locator("[data-part=saved]")).to_contain_text("Tersimpan")
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("3 dari 3 benar"))


def test_handing_in_where_nothing_answers_keeps_the_page_says_so_and_works_later(
    world: tuple[Flask, str], open_page: Open
) -> None:
    """The phone believes that it is online; Chromium would show its own error page."""
    page = open_page("wulan", may_lose_network=True)
    uid = start(page, CHECKED)
    for number in (1, 2):
        page.locator(".strip button").nth(number - 1).click()
        page.get_by_label(f"tepat {number}").check()
    expect(page.locator("[data-part=saved]")).to_contain_text("Tersimpan")
    page.route("**/percobaan/**", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="Periksa jawaban soal 2").click()
    expect(page.locator("[data-part=saved]")).to_contain_text("Belum terkirim")
    page.locator(".strip button").last.click()
    page.get_by_label("tepat 3").check()
    hand_in = page.get_by_role("button", name="Kumpulkan jawaban")
    hand_in.click()
    expect(page.locator("[data-part=saved]")).to_contain_text("Belum terkirim")
    assert page.url.endswith(uid)
    assert stored(world[0], uid) == {"c-q1", "c-q2"}
    page.unroute("**/percobaan/**")
    hand_in.dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("3 dari 3 benar"))
    expect(page.get_by_text("sudah dikumpulkan")).to_have_count(0)
    assert stored(world[0], uid) == {"c-q1", "c-q2", "c-q3"}


def test_a_device_clock_that_is_set_back_takes_no_fair_minute_and_shows_no_false_one(open_page: Open) -> None:
    page = open_page("wahyu", may_lose_network=True)
    page.add_init_script("const real = Date.now; window.setBack = 0; Date.now = () => real() - window.setBack;")
    start(page, TIMED)
    page.context.set_offline(True)
    page.get_by_label("tepat 1").check()
    expect(page.locator("[data-part=saved]")).to_contain_text("tidak ada sinyal")
    page.evaluate("window.setBack = 7_200_000")
    page.wait_for_timeout(6000)
    expect(page.get_by_role("timer")).to_contain_text(re.compile("29:[0-5]"))
    page.context.set_offline(False)
    expect(page.locator("[data-part=saved]")).to_contain_text("Tersimpan", timeout=15_000)
    expect(page.locator("[data-part=credits]")).to_contain_text("sambungan terputus")


def test_an_answer_after_the_other_device_handed_in_is_said_not_to_be_saved(
    world: tuple[Flask, str], open_page: Open
) -> None:
    here, there = (open_page("wahyu", may_be_refused=True) for _device in range(2))
    uid = start(here, CHECKED)
    there.goto(here.url)
    there.get_by_label("tepat 1").check()
    there.get_by_role("button", name="Berikutnya").click()
    there.get_by_role("button", name="Berikutnya").click()
    there.get_by_role("button", name="Kumpulkan jawaban").click()
    there.get_by_role("button", name="Kumpulkan dengan yang kosong").click()
    expect(there.get_by_role("heading", level=1)).to_have_text(re.compile("1 dari 3 benar"))
    here.get_by_label("salah 1").check()
    expect(here.locator("[data-part=saved]")).to_contain_text("Tidak tersimpan: percobaan ini sudah dikumpulkan")
    here.reload()
    expect(here.get_by_role("heading", level=1)).to_have_text(re.compile("1 dari 3 benar"))
    assert stored(world[0], uid) == {"c-q1"}


def test_an_answer_that_was_too_long_is_the_one_in_view(open_page: Open) -> None:
    page = open_page("wisnu", may_be_refused=True)
    start(page, LONG)
    page.locator(".strip button").last.click()
    essay = page.locator("#soal-3 textarea")
    essay.evaluate("field => { field.removeAttribute('maxlength'); }")
    essay.fill("x" * 10_001)
    expect(page.locator("[data-part=saved]")).to_contain_text("terlalu panjang")
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    expect(page.locator(".notice-brick")).to_contain_text("terlalu panjang")
    expect(page.locator("#soal-3")).to_be_visible()


def test_arrows_move_from_the_places_that_were_chosen(world: tuple[Flask, str], open_page: Open) -> None:
    page = open_page("wulan")
    uid = start(page, LONG)
    page.locator(".strip button").nth(1).click()
    order = page.locator("#soal-2 .ordering-item")
    names = order.locator("label").all_inner_texts()
    for at, place in enumerate("312"):
        order.nth(at).locator("select").select_option(place)
    page.get_by_role("button", name="Turunkan").nth(1).click()
    expect(order.locator("label")).to_have_text([names[2], names[1], names[0]])
    expect(page.locator("[data-part=saved]")).to_contain_text("Tersimpan")
    assert stored(world[0], uid) == {"l-q2"}


def test_enter_in_a_survey_sends_nothing(open_page: Open) -> None:
    page = open_page("wati")
    page.goto("/belajar/uji/uji-1-angket")
    for options in page.locator("fieldset.options").all():
        options.locator("input").first.check()
    page.locator("textarea").fill("Lebih banyak contoh.")
    typed = page.locator("input[type=text]")
    typed.fill("Meulaboh")
    typed.press("Enter")
    page.get_by_role("radio").first.press("Enter")
    expect(typed).to_have_value("Meulaboh")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", name="Anda sudah mengisi angket ini")).to_be_visible()


def test_a_survey_where_nothing_answers_keeps_the_page_says_so_and_goes_later(open_page: Open) -> None:
    page = open_page("wulan", may_lose_network=True, may_be_refused=True)
    page.goto("/belajar/uji/uji-1-angket")
    page.locator("textarea").fill("Lebih banyak contoh.")
    page.route("**/angket", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("status")).to_contain_text("Belum terkirim")
    expect(page.locator("textarea")).to_have_value("Lebih banyak contoh.")
    page.unroute("**/angket")
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_role("button", name="Kirim dengan yang kosong").dblclick()
    expect(page.get_by_text("Terima kasih. Jawaban Anda sudah dikirim.")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
