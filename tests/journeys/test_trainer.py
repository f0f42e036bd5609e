"""The trainer's trip through real forms: write, preview, be corrected, publish, look back, bring back, withdraw."""

from flask import Flask
from sqlalchemy import select

from lms.extensions import db
from lms.models.audit import AuditEntry
from lms.models.content import Document, Draft, Revision
from tests.builders import PASSWORD, lesson_md
from tests.cast import Cast
from tests.page_client import Form, PageClient


def revisions(code: str) -> list[str]:
    return list(
        db.session.scalars(
            select(Revision.source_md)
            .join(Document, Document.id == Revision.document_id)
            .where(Document.code == code)
            .order_by(Revision.number)
        )
    )


def test_write_preview_publish_compare_and_bring_back(client: PageClient, cast: Cast) -> None:
    shelf = client.sign_in("tara@contoh.example", PASSWORD)
    editor = client.get(shelf.link("Lihat dan dengar"))
    old = editor.form(action="/terbitan").values["source"]
    new = old + "\n## Hubungkan\n\nBantu hal yang mendesak lebih dulu.\n"

    saved = client.follow(
        client.post(editor.form(action="/terbitan").action.replace("terbitan", "draf"), {"source": new, "version": "0"})
    )
    assert db.session.scalars(select(Draft)).one().author_id == cast.tara.id
    preview = client.post("/susun/uji-1-1/pratinjau", {"source": new, "version": "1"})
    assert "Bantu hal yang mendesak" in preview.source

    published = client.submit(saved.form(action="/terbitan"), note="Menambah langkah ketiga")
    assert published.status == 303
    assert len(revisions("uji-1-1")) == 2
    assert db.session.scalars(select(Draft)).all() == []
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "content.published")).one()
    assert (entry.actor_id, entry.changes) == (cast.tara.id, {"revision": [1, 2]})

    history = client.get("/susun/uji-1-1/riwayat")
    assert "Menambah langkah ketiga" in history.text
    compared = client.submit(history.form(action="/banding"))
    assert "Bantu hal yang mendesak lebih dulu." in compared.text

    first = client.get("/susun/uji-1-1/riwayat/1")
    back = client.follow(client.submit(first.form(action="/pemulihan")))
    assert back.form(action="/terbitan").values["source"] == old


def test_what_is_wrong_is_said_beside_the_text_and_nothing_is_lost(client: PageClient, cast: Cast) -> None:
    client.sign_in("tara@contoh.example", PASSWORD)
    bad = lesson_md(body="Isi.\n\n![](media/tidak-ada.svg)\n\n<script>alert(1)</script>\n")
    page = client.post("/susun/uji-1-1/terbitan", {"source": bad, "version": "0"})
    assert page.status == 422
    assert page.form(action="/terbitan").values["source"] == bad
    assert "media/tidak-ada.svg" in page.text
    assert "<script>alert" not in page.source
    assert len(revisions("uji-1-1")) == 1


def test_two_at_once_lose_nothing(client: PageClient, cast: Cast) -> None:
    client.sign_in("tara@contoh.example", PASSWORD)
    client.post("/susun/uji-1-1/draf", {"source": lesson_md(body="Dari Tara.\n"), "version": "0"})
    other = PageClient(client.app)
    other.sign_in("ada@contoh.example", PASSWORD)
    both = other.post("/susun/uji-1-1/draf", {"source": lesson_md(body="Dari Ada.\n"), "version": "0"})
    assert both.status == 409
    assert "Dari Tara." in both.source
    assert "Dari Ada." in both.source
    settled = other.submit(both.form(action="/draf"))
    assert settled.status == 303
    assert "Dari Ada." in db.session.scalars(select(Draft.source_md)).one()


def editor(app: Flask, email: str) -> tuple[PageClient, Form]:
    """A trainer's browser with the lesson open, and the form found there."""
    client = PageClient(app)
    client.sign_in(email, PASSWORD)
    return client, client.get("/susun/uji-1-1").form("Terbitkan")


def test_what_was_published_meanwhile_is_never_replaced_unseen(app: Flask, cast: Cast) -> None:
    tara, hers = editor(app, "tara@contoh.example")
    ada, theirs = editor(app, "ada@contoh.example")
    assert tara.submit(hers, source=lesson_md(body="Dari Tara.\n")).status == 303
    assert tara.submit(hers, source=lesson_md(body="Dari Tara.\n")).status == 303  # pressed twice
    both = ada.submit(theirs, source=lesson_md(body="Dari Ada.\n"))
    assert both.status == 409
    assert "Dari Tara." in both.source
    assert len(revisions("uji-1-1")) == 2
    assert ada.post("/susun/uji-1-1/draf", {**theirs.values, "source": lesson_md(body="Dari Ada.\n")}).status == 409


def test_a_draft_of_someone_else_is_never_written_over_because_numbers_begin_anew(app: Flask, cast: Cast) -> None:
    tara, hers = editor(app, "tara@contoh.example")
    ada, theirs = editor(app, "ada@contoh.example")
    saved = {**hers.values, "source": lesson_md(body="Dari Tara.\n")}
    assert tara.post("/susun/uji-1-1/draf", saved).status == 303
    ada, theirs = editor(app, "ada@contoh.example")
    assert ada.submit(theirs, source=lesson_md(body="Dari Ada.\n")).status == 303
    ada, theirs = editor(app, "ada@contoh.example")
    assert ada.post("/susun/uji-1-1/draf", {**theirs.values, "source": lesson_md(body="Lagi.\n")}).status == 303
    assert (
        tara.post("/susun/uji-1-1/draf", {**saved, "version": "1", "source": lesson_md(body="Tara lagi.\n")}).status
        == 409
    )


def test_a_draft_that_grew_meanwhile_is_not_discarded(client: PageClient, cast: Cast) -> None:
    client.sign_in("tara@contoh.example", PASSWORD)
    client.post("/susun/uji-1-1/draf", {"source": lesson_md(body="Satu.\n"), "version": "0"})
    form = client.get("/susun/uji-1-1").form("Buang draf")
    client.post("/susun/uji-1-1/draf", {"source": lesson_md(body="Dua.\n"), "version": "1"})
    page = client.follow(client.submit(form))
    assert "Tidak ada yang dibuang" in page.text
    assert "Dua." in page.source


def test_a_withdrawn_lesson_is_gone_for_readers_and_comes_back(client: PageClient, cast: Cast) -> None:
    client.sign_in("tara@contoh.example", PASSWORD)
    editor = client.get("/susun/uji-1-1")
    client.follow(client.submit(editor.form(action="/penarikan")))
    reader = PageClient(client.app)
    reader.sign_in("cleo@contoh.example", PASSWORD)
    assert reader.get("/belajar/uji/uji-1-1").status == 404
    client.follow(client.submit(client.get("/susun/uji-1-1").form(action="/penerbitan-ulang")))
    assert reader.get("/belajar/uji/uji-1-1").status == 200


def test_a_new_quiz_begins_with_the_shape_of_the_format(client: PageClient, cast: Cast) -> None:
    client.sign_in("tara@contoh.example", PASSWORD)
    form = client.get("/susun/uji-2/baru").form(action="/baru")
    editor = client.follow(client.submit(form, title='Kuis "lanjut": ulangan', kind="quiz"))
    source = editor.form(action="/terbitan").values["source"]
    untouched = client.submit(editor.form(action="/terbitan"))
    assert untouched.status == 422
    assert "Baris ini masih berisi petunjuk." in untouched.text
    source = source.replace("Tulis soal di sini", "Apa langkah pertama?")
    published = client.submit(untouched.form(action="/terbitan"), source=source)
    assert published.status == 303, published.text
    assert "uji-2-kuis" in source
    assert (
        db.session.scalars(select(Document.title).where(Document.code == "uji-2-kuis")).one()
        == 'Kuis "lanjut": ulangan'
    )
