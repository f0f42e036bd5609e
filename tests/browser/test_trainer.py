"""The trainer in Chromium: write with autosave and preview, be corrected, publish."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Open

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("viewport", "code"), [(DESKTOP, "mrs-5-1"), (PHONE, "mrs-5-2")], ids=["desktop", "phone"])
def test_write_see_and_publish(open_page: Open, viewport: dict[str, int], code: str) -> None:
    page = open_page("pelatih", viewport=viewport)
    page.goto(f"/susun/{code}")
    source = page.get_by_role("textbox", name="Naskah", exact=True)
    text = source.input_value()

    source.fill(text + "\n![](media/tidak-ada.svg)\n")
    state = page.locator("[data-part=state]")
    expect(state).to_contain_text("Draf tersimpan")
    if viewport is PHONE:
        page.get_by_role("button", name="Tampilan").click()
    expect(page.locator(".findings")).to_contain_text("media/tidak-ada.svg")

    page.get_by_role("button", name="Terbitkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Belum diterbitkan")
    expect(source).to_have_value(re.compile("tidak-ada"))

    source.fill(text + '\n!!! tip "Dari lapangan"\n    Catat nomor posko.\n')
    expect(state).to_contain_text("Draf tersimpan")
    if viewport is PHONE:
        page.get_by_role("button", name="Tampilan").click()
    expect(page.locator("[data-part=proof]")).to_contain_text("Catat nomor posko.")
    page.get_by_role("button", name="Terbitkan").click()
    expect(page.get_by_text("Pembaca sudah melihatnya")).to_be_visible()

    page.get_by_role("link", name="Riwayat").click()
    expect(page.get_by_role("row").filter(has_text="Tara Wulandari").first).to_contain_text("Revisi")
    page.get_by_role("button", name="Bandingkan").click()
    expect(page.locator(".diff-new").filter(has_text="Catat nomor posko")).to_be_visible()
    page.goto(f"/susun/{code}/riwayat/1")
    page.get_by_role("button", name="Jadikan naskah ini draf").click()
    expect(source).not_to_have_value(re.compile("Catat nomor posko"))
    expect(page.locator("[data-part=state]")).to_contain_text("Draf tersimpan")


def test_the_toolbar_and_the_way_to_a_line(open_page: Open) -> None:
    page = open_page("pelatih", viewport=DESKTOP)
    page.goto("/susun/mrs-6-1")
    source = page.get_by_role("textbox", name="Naskah", exact=True)
    source.press("Control+End")
    page.get_by_role("button", name="Tebal").click()
    expect(source).to_have_value(re.compile(r"\*\*\*\*\s*$"))
    source.fill(source.input_value() + "\n\n## A\n\n#### B\n")
    finding = page.locator(".findings a").last
    expect(finding).to_contain_text("Baris")
    finding.click()
    expect(source).to_be_focused()
    assert page.evaluate(
        "() => { const e = document.activeElement; return e.value.slice(e.selectionStart, e.selectionEnd) }"
    )


def test_a_text_that_only_the_page_holds_is_called_unsaved_and_is_saved(open_page: Open) -> None:
    page = open_page("pelatih", viewport=DESKTOP)
    page.goto("/susun/mrs-6-2")
    source, state = page.get_by_role("textbox", name="Naskah", exact=True), page.locator("[data-part=state]")
    expect(state).to_have_text("Tanpa draf: inilah yang dilihat pembaca")
    source.fill(source.input_value() + "\nDitulis lalu langsung dipratinjau.\n")
    page.get_by_role("button", name="Pratinjau").click()
    page.wait_for_url("**/pratinjau")
    expect(state).not_to_have_text("Tanpa draf: inilah yang dilihat pembaca")
    expect(state).to_contain_text("Draf tersimpan")
    page.get_by_role("link", name="Riwayat").click()
    page.goto("/susun/mrs-6-2")
    expect(source).to_have_value(re.compile("langsung dipratinjau"))


def test_publishing_without_a_signal_keeps_the_text_and_says_so(open_page: Open) -> None:
    page = open_page("pelatih", viewport=DESKTOP, may_lose_network=True)
    page.goto("/susun/mrs-6-3")
    source = page.get_by_role("textbox", name="Naskah", exact=True)
    expect(page.get_by_role("button", name="Tebal")).to_be_visible()
    page.context.set_offline(True)
    source.fill(source.input_value() + "\nDitulis tanpa sinyal.\n")
    page.get_by_role("button", name="Terbitkan").click()
    expect(page.locator("[data-part=state]")).to_contain_text("Belum tersimpan: tidak ada sambungan")
    expect(source).to_have_value(re.compile("tanpa sinyal"))
    page.context.set_offline(False)
    expect(page.locator("[data-part=state]")).to_contain_text("Draf tersimpan")


def test_who_was_signed_out_is_not_told_that_the_connection_is_gone(open_page: Open) -> None:
    page = open_page("pelatih", viewport=DESKTOP, may_be_refused=True)
    page.goto("/susun/mrs-6-3")
    source = page.get_by_role("textbox", name="Naskah", exact=True)
    expect(page.get_by_role("button", name="Tebal")).to_be_visible()
    page.context.clear_cookies()
    source.fill(source.input_value() + "\nDitulis setelah keluar.\n")
    expect(page.locator("[data-part=state]")).to_contain_text("Belum tersimpan. Tekan “Simpan draf”")
    page.get_by_role("button", name="Simpan draf").click()
    expect(page.locator("textarea")).to_have_value(re.compile("setelah keluar"))


def test_a_text_kept_on_the_device_never_replaces_what_others_saved_meanwhile(open_page: Open) -> None:
    page = open_page("pelatih", viewport=DESKTOP, may_be_refused=True, may_lose_network=True)
    page.goto("/susun/mrs-5-3")
    source, state = page.get_by_role("textbox", name="Naskah", exact=True), page.locator("[data-part=state]")
    text = source.input_value()
    expect(page.get_by_role("button", name="Tebal")).to_be_visible()
    page.context.set_offline(True)
    source.fill(text + "\nDitulis di perjalanan.\n")
    expect(state).to_contain_text("Belum tersimpan")
    page.close()
    page.context.set_offline(False)

    other = open_page("admin", viewport=DESKTOP)
    other.goto("/susun/mrs-5-3")
    other.get_by_role("textbox", name="Naskah", exact=True).fill(text + "\nDitulis orang lain.\n")
    expect(other.locator("[data-part=state]")).to_contain_text("Draf tersimpan")
    page = page.context.new_page()
    page.goto("/susun/mrs-5-3")
    expect(page.locator("[data-part=state]")).to_contain_text("orang lain menyimpan")
    page.get_by_role("button", name="Simpan draf").click()
    expect(page.get_by_text("Ditulis di perjalanan.").first).to_be_visible()
    expect(page.get_by_text("Ditulis orang lain.").first).to_be_visible()
