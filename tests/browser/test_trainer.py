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
