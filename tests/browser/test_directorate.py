"""The directorate in Chromium: filter, reach the people, take the file along."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Open

pytestmark = pytest.mark.browser


def test_from_the_map_to_the_people(open_page: Open) -> None:
    page = open_page("direktorat", viewport=DESKTOP)
    expect(page.locator(".tile")).to_have_count(38)
    expect(page.get_by_text(re.compile(r"dari \d+ pendamping tuntas"))).to_be_visible()
    page.get_by_label("Jalur").select_option(index=1)
    page.wait_for_url(re.compile("jalur="))
    page.locator(".tile a").filter(has_text="Jawa Timur").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jawa Timur")
    expect(page.locator("tbody tr")).to_have_count(50)
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh XLSX").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_a_filter_waits_for_whoever_walks_through_it_by_keyboard(open_page: Open) -> None:
    page = open_page("direktorat", viewport=DESKTOP)
    before = page.url
    cohort = page.get_by_label("Angkatan")
    cohort.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(cohort).to_be_focused()
    page.locator("[name=dari]").focus()
    page.keyboard.type("10012026")
    assert page.url == before
    page.get_by_role("button", name="Tampilkan").press("Enter")
    page.wait_for_url(re.compile("angkatan=angkatan-3.*dari=2026-10-01"))


def test_a_list_on_phones(open_page: Open) -> None:
    page = open_page("direktorat", viewport=PHONE)
    expect(page.locator(".tile").first).to_be_hidden()
    expect(page.locator(".bar-list li")).to_have_count(38)
    page.get_by_role("link", name=re.compile("Siapa saja")).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
