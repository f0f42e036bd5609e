"""The admin in Chromium: someone new, and someone who lost her way in."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open

pytestmark = pytest.mark.browser

NAME = "Ni Luh Putu Ayu Dewi Kusumawardhani"


def choose(page: Page, password: str) -> None:
    """Choose a password on the page that a one-time link opens."""
    page.get_by_label("Kata sandi baru", exact=True).fill(password)
    page.get_by_label("Ulangi kata sandi baru").fill(password)
    page.get_by_role("button", name=re.compile("Simpan kata sandi")).click()


@pytest.mark.parametrize(("viewport", "number"), [(PHONE, 998), (DESKTOP, 999)], ids=["phone", "desktop"])
def test_add_someone_and_reset_her_access(open_page: Open, viewport: dict[str, int], number: int) -> None:
    page = open_page("admin", viewport=viewport)
    page.get_by_role("link", name="Tambah orang").click()
    page.get_by_label("Nama lengkap").fill(NAME)
    page.get_by_label("NIP / NI PPPK").fill(f"19900314 2025 99 2 {number}")
    page.get_by_label("Surel dinas").fill(f"ayu.{number}@pendamping.example")
    page.get_by_label("Provinsi", exact=True).select_option(label="Bali")
    page.get_by_role("button", name="Tambahkan").click()

    guest = open_page(viewport=viewport)
    guest.goto(page.locator(".copy code").inner_text())
    choose(guest, "kopi laut bambu senja")
    expect(guest.get_by_role("heading", level=1)).to_contain_text(NAME)

    page.get_by_role("link", name=f"Ke data {NAME}").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Atur ulang akses").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    guest.goto("/beranda")
    expect(guest).to_have_url(re.compile("/masuk"))
    guest.goto(page.locator(".copy code").inner_text())
    choose(guest, "layang payung cermin hujan")
    expect(guest.get_by_role("heading", level=1)).to_contain_text(NAME)
