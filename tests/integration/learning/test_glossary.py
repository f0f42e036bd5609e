"""The glossary: one page for everyone, found by typing, without script."""

import pytest

from lms.authoring.actions import packs, publishing
from lms.extensions import db
from lms.kernel.documents import DocumentKind
from lms.models.content import Document
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import Page, PageClient


@pytest.fixture
def cleo(client: PageClient, cast: Cast) -> PageClient:
    builders.add_content({**builders.small_pack(), "glosarium.md": builders.glossary_md().encode()})
    client.sign_in("cleo@contoh.example", PASSWORD)
    return client


def terms(page: Page) -> list[str]:
    return [each.get("id", "") for each in page.all("div", class_="term-entry")]


def test_every_term_has_its_place_under_its_letter(cleo: PageClient) -> None:
    page = cleo.get("/glosarium", max_statements=2)
    assert terms(page) == ["elan", "tagana"]
    assert [each.get("href") for each in page.all("a") if "#huruf" in each.get("href", "")] == ["#huruf-e", "#huruf-t"]
    assert "Relawan terlatih dari warga." in page.text
    assert "Taruna Siaga Bencana" in page.text


def test_a_term_is_found_by_the_form(cleo: PageClient) -> None:
    page = cleo.get("/glosarium")
    found = cleo.submit(page.form(action="/glosarium"), cari="ELAN")
    assert terms(found) == ["elan"]
    assert "1 dari 2 istilah" in found.text
    assert terms(cleo.click("Tampilkan semua istilah")) == ["elan", "tagana"]


def test_what_is_not_found_is_said_and_shown_as_text(cleo: PageClient) -> None:
    page = cleo.get("/glosarium", query_string={"cari": "<b>zzz</b>"})
    assert terms(page) == []
    assert "0 dari 2 istilah" in page.text
    assert page.all("b") == []


def test_the_catalogue_and_a_lesson_lead_to_it_and_it_leads_back(cleo: PageClient) -> None:
    for path in ("/belajar", "/belajar/uji/uji-1-1"):
        cleo.get(path)
        assert cleo.click("Cari istilah di glosarium").h1 == "Glosarium"
    assert cleo.get("/glosarium").link("Belajar") == "/belajar"


def test_without_a_glossary_the_page_says_so(client: PageClient, cast: Cast) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    assert "Belum ada istilah" in client.get("/glosarium").text


def test_a_withdrawn_glossary_is_not_shown(cleo: PageClient, cast: Cast) -> None:
    publishing.withdraw(actor=cast.tara, code="glosarium")
    assert terms(cleo.get("/glosarium")) == []


def test_a_trainer_edits_it_like_any_text(client: PageClient, cast: Cast) -> None:
    builders.add_content({"glosarium.md": builders.glossary_md().encode()})
    client.sign_in("tara@contoh.example", PASSWORD)
    client.get("/susun")
    editor = client.click("Glosarium")
    text = builders.glossary_md(builders.TERMS + "\n## Posko {#posko}\n\nPos komando.\n")
    done = client.follow(client.submit(editor.form(action="/terbitan"), "Terbitkan", source=text))
    assert done.status == 200
    assert terms(client.get("/glosarium")) == ["elan", "posko", "tagana"]


def test_it_goes_in_and_out_byte_for_byte(cast: Cast) -> None:
    files = {**builders.small_pack(), "glosarium.md": builders.glossary_md().encode()}
    assert packs.import_pack(actor=None, files=files).created == ["glosarium"]
    assert packs.import_pack(actor=None, files=files).updated == []
    assert packs.export_pack() == files
    row = db.session.query(Document).filter_by(kind=DocumentKind.GLOSSARY).one()
    assert (row.parent_id, row.slug) == (None, "glosarium")
