"""Writing a survey in the browser: begun, previewed, published, and its promise kept."""

import pytest
from sqlalchemy import select

from lms.extensions import db
from lms.models.content import Document
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient


@pytest.fixture
def tara(client: PageClient, cast: Cast) -> PageClient:
    client.sign_in("tara@contoh.example", PASSWORD)
    return client


def test_a_survey_is_begun_and_published_in_the_browser(tara: PageClient) -> None:
    form = tara.get("/susun/uji-1/baru").form("Mulai menulis")
    editor = tara.follow(tara.submit(form, title="Angket: modul", kind="survey"))
    assert editor.url == "/susun/uji-1-angket"
    assert editor.text.count("Baris ini masih berisi petunjuk.") == 4
    source = editor.form("Terbitkan").values["source"].replace("di sini", "pada hari ini").replace("…", "Satu menit.")
    assert tara.submit(editor.form("Terbitkan"), "Terbitkan", source=source).status == 303
    document = db.session.scalars(select(Document).where(Document.code == "uji-1-angket")).one()
    assert (document.is_published, document.slug, document.title) == (True, "uji-1-angket", "Angket: modul")


def test_the_preview_shows_what_is_asked_and_nothing_as_right(tara: PageClient) -> None:
    builders.add_content(builders.small_pack() | {"dukungan/1-awal/angket.md": builders.survey_md().encode()})
    page = tara.get("/susun/uji-1-angket")
    assert "1 … 5" in page.text
    assert "formulir" in page.text
    assert "✓" not in page.text


def test_the_preview_of_a_quiz_shows_the_answers_that_are_accepted(tara: PageClient) -> None:
    body = "## Ibu kota Aceh? {#t1}\n\n= Banda Aceh\n\n> Ya.\n\n## Berapa? {#t2}\n\n= 40..50\n\n> Ya.\n"
    builders.add_content(builders.small_pack() | {"dukungan/1-awal/kuis.md": builders.quiz_md(body=body).encode()})
    page = tara.get("/susun/uji-1-kuis")
    assert "= Banda Aceh" in page.text
    assert "= 40..50" in page.text
