"""The glossary: one page for everyone, found by typing, without script."""

import pytest
from sqlalchemy import select

from lms.authoring.actions import packs, publishing
from lms.extensions import db
from lms.kernel.documents import DocumentKind
from lms.models.content import Document, Revision
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


LESSON = "dukungan/1-awal/1-lihat.md"


def lesson_html(code: str = "uji-1-1") -> str:
    published = select(Revision.body_html).join(Document, Document.published_id == Revision.id)
    return db.session.scalars(published.where(Document.code == code)).one()


def test_a_lesson_points_at_the_first_occurrence_and_explains_it(cleo: PageClient) -> None:
    text = builders.lesson_md(body="Panggil Tagana. Tagana datang. Élan itu perlu.\n")
    builders.add_content({**builders.small_pack(), LESSON: text.encode()})
    page = cleo.get("/belajar/uji/uji-1-1", max_statements=4)
    assert [each.get("href") for each in page.all("a", class_="term")] == ["/glosarium#tagana"]
    assert "Istilah di halaman ini" in page.text
    assert "Relawan terlatih dari warga." in page.text
    assert cleo.click("Tagana").h1 == "Glosarium"


def test_a_better_explanation_reaches_lessons_with_the_next_import(cast: Cast) -> None:
    pack = {**builders.small_pack(), "glosarium.md": builders.glossary_md().encode()}
    pack[LESSON] = builders.lesson_md(body="Panggil Tagana.\n").encode()
    builders.add_content(pack)
    assert "Relawan terlatih" in lesson_html()
    pack["glosarium.md"] = pack["glosarium.md"].replace(b"Relawan terlatih", b"Relawan siaga")
    assert packs.import_pack(actor=None, files=pack).updated == ["glosarium", "uji-1-1"]
    assert "Relawan siaga" in lesson_html()
    assert packs.import_pack(actor=None, files=pack).updated == []


def test_a_preview_and_a_publication_in_the_browser_point_at_terms(cleo: PageClient, cast: Cast) -> None:
    text = builders.lesson_md(body="Panggil Tagana.\n")
    made = publishing.render(code="uji-1-1", source=text)
    assert 'href="/glosarium#tagana"' in made.html
    publishing.publish(actor=cast.tara, code="uji-1-1", source=text, version=0, note="")
    assert lesson_html() == made.html
