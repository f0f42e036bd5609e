"""The companion in Chromium: a lesson, a quiz with the network going away, and the same without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open, sign_in

pytestmark = pytest.mark.browser

START = re.compile("Mulai kuis|Lanjutkan kuis|Coba lagi")
RESULT = re.compile(r"\d+ dari 10 benar")
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@SIZES
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_continue_where_i_was_and_go_on(open_page: Open, viewport: dict[str, int], script: bool) -> None:
    page = open_page("pendamping", viewport=viewport, java_script_enabled=script)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sri Rahayu")
    page.locator(".hero").get_by_role("link").click()
    page.wait_for_url(re.compile("/belajar/"))
    page.goto("/belajar/mrs/mrs-4-1")
    expect(page.get_by_text("Setelah pelajaran ini Anda dapat")).to_be_visible()
    page.get_by_role("button", name=re.compile("anjut ke")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lihat, dengar, hubungkan")


def answer(page: Page) -> None:
    """Give some answer to the question in view, whatever its kind."""
    question = page.locator(".question:not([hidden])")
    options = question.locator(".option input")
    if options.count():
        options.first.check()
    for select in question.locator("select").all():
        select.select_option(index=1)
    for text in question.locator("input[type=text], input:not([type])").all():
        text.fill("tiga")


@SIZES
def test_a_quiz_with_the_network_going_away(open_page: Open, viewport: dict[str, int]) -> None:
    page = open_page("pendamping", may_lose_network=True, viewport=viewport)
    page.goto("/belajar/mtk/mtk-6-kuis")
    page.get_by_role("button", name=START).click()
    saved = page.locator("[data-part=saved]")
    expect(page.locator(".question:visible")).to_have_count(1)

    answer(page)
    expect(saved).to_contain_text("Tersimpan")
    page.get_by_role("button", name="Berikutnya").click()
    expect(page.locator("#soal-2")).to_be_visible()

    page.context.set_offline(True)
    answer(page)
    expect(saved).to_contain_text("tidak ada sinyal")
    page.context.set_offline(False)
    expect(saved).to_contain_text("Tersimpan", timeout=15_000)

    page.reload()
    strip = page.locator(".strip button")
    expect(strip.nth(0)).to_have_attribute("data-state", re.compile("answered"))
    expect(strip.nth(1)).to_have_attribute("data-state", re.compile("answered"))
    for number in range(2, strip.count()):
        strip.nth(number).click()
        answer(page)
    expect(saved).to_contain_text("Tersimpan")
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    if page.get_by_role("button", name="Kumpulkan dengan yang kosong").is_visible():
        page.get_by_role("button", name="Kumpulkan dengan yang kosong").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(RESULT)


def test_an_answer_survives_a_closed_tab(open_page: Open) -> None:
    page = open_page("pendamping", may_lose_network=True)
    page.goto("/belajar/mtk/mtk-5-kuis")
    page.get_by_role("button", name=START).click()
    expect(page.locator(".strip")).to_be_visible()
    address = page.url
    page.context.set_offline(True)
    answer(page)
    expect(page.locator("[data-part=saved]")).to_contain_text("tidak ada sinyal")
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(address)
    expect(again.locator("[data-part=saved]")).to_contain_text("Tersimpan", timeout=15_000)
    expect(again.locator(".strip button").first).to_have_attribute("data-state", re.compile("answered"))


def test_a_quiz_without_script(open_page: Open) -> None:
    page = open_page("pendamping", java_script_enabled=False)
    page.goto("/belajar/mtk/mtk-4-kuis")
    page.get_by_role("button", name=START).click()
    expect(page.locator(".question")).to_have_count(10)
    for option in page.locator(".options .option:first-of-type input").all():
        option.check()
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    page.get_by_role("button", name="Kumpulkan dengan yang kosong").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(RESULT)


def test_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("pendamping", viewport=DESKTOP)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Lompat ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/belajar/"))
    page.locator("details.me summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keluar")).to_be_hidden()


def test_a_survey_keeps_what_was_typed_until_it_is_sent(open_page: Open) -> None:
    page = open_page("pendamping", may_be_refused=True)
    survey = "/belajar/alat/alat-2-survei-narasumber"
    page.goto(survey)
    page.locator("[name=a-svn-q01][value='4']").check()
    page.get_by_label("Jawaban Anda").first.fill("Contoh kunjungan rumah.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("lama terbuka")
    sign_in(page, "pendamping")
    page.goto(survey)
    expect(page.get_by_label("Jawaban Anda").first).to_have_value("Contoh kunjungan rumah.")
    expect(page.locator("[name=a-svn-q01][value='4']")).to_be_checked()
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("alert")).to_contain_text("11 pertanyaan masih kosong")
    page.get_by_role("button", name="Kirim dengan yang kosong").click()
    expect(page.get_by_role("heading", name="Anda sudah mengisi angket ini")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
