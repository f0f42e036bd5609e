"""Packs: all or nothing, idempotent in, lossless out."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.authoring.actions import drafts, packs, publishing
from lms.extensions import db
from lms.kernel import errors
from lms.kernel.documents import Severity
from lms.models.content import Document, Media, Revision
from lms.outside import packs as folders
from lms.rules import lint
from tests import builders
from tests.cast import Cast

CONTENT = Path(__file__).parents[3] / "content"


def test_the_real_content_goes_in_and_out_byte_for_byte(app: Flask) -> None:
    files = folders.read_folder(CONTENT)
    done = packs.import_pack(actor=None, files=files)
    assert len(done.created) == sum(path.endswith(".md") for path in files)
    written = packs.export_pack()
    assert {path: content for path, content in written.items() if not path.startswith("dukungan/")} == files


def test_the_real_content_has_no_error_and_no_warning() -> None:
    assert lint.lint_pack(folders.read_folder(CONTENT)) == []


def test_a_second_import_changes_nothing(cast: Cast) -> None:
    before = db.session.scalars(select(func.count()).select_from(Revision)).one()
    done = packs.import_pack(actor=None, files=builders.small_pack())
    assert (done.created, done.updated, len(done.unchanged)) == ([], [], 7)
    assert db.session.scalars(select(func.count()).select_from(Revision)).one() == before


def test_one_error_anywhere_and_nothing_is_imported(cast: Cast) -> None:
    pack = builders.small_pack()
    pack["dukungan/1-awal/1-lihat.md"] = builders.lesson_md(body="Diubah.\n").encode()
    pack["dukungan/1-awal/2-hubungkan.md"] = b"---\nid: [\n---\n"
    pack["dukungan/2-lanjut/1-pulih.md"] = b"\xff\xfe bukan utf-8"
    with pytest.raises(errors.Refused) as refused:
        packs.import_pack(actor=None, files=pack)
    findings = [
        (path, problem.code) for path, problem in refused.value.values["findings"] if problem.severity is Severity.ERROR
    ]  # type: ignore[attr-defined]
    assert ("dukungan/1-awal/2-hubungkan.md", "front_unreadable") in findings
    assert ("dukungan/2-lanjut/1-pulih.md", "text_undecodable") in findings
    assert (
        "Diubah."
        not in db.session.scalars(
            select(Revision.source_md)
            .join(Document, Document.published_id == Revision.id)
            .where(Document.code == "uji-1-1")
        ).one()
    )


def test_line_ends_marks_and_forms_are_normalised_once(cast: Cast) -> None:
    pack = builders.small_pack()
    text = builders.lesson_md(body="Kafe\u0301 di balai.\n")
    pack["dukungan/1-awal/1-lihat.md"] = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() + b"\r\n\r\n"
    packs.import_pack(actor=None, files=pack)
    written = packs.export_pack()["dukungan/1-awal/1-lihat.md"].decode()
    assert "\r" not in written
    assert "Kafé" in written
    assert packs.import_pack(actor=None, files=pack).updated == []


def test_what_a_trainer_wrote_is_kept_unless_asked(cast: Cast) -> None:
    text = builders.lesson_md(body="Dari peramban.\n")
    publishing.publish(actor=cast.tara, code="uji-1-1", source=text, version=0, note="")
    assert packs.import_pack(actor=None, files=builders.small_pack()).kept == ["uji-1-1"]
    assert packs.import_pack(actor=None, files=builders.small_pack(), overwrite=True).updated == ["uji-1-1"]


def test_what_left_the_pack_is_reported_not_removed(cast: Cast) -> None:
    pack = builders.small_pack()
    del pack["dukungan/1-awal/2-hubungkan.md"]
    assert packs.import_pack(actor=None, files=pack).missing == ["uji-1-2"]


def test_a_new_version_of_an_image_reaches_the_lesson(cast: Cast) -> None:
    pack = builders.small_pack()
    pack["dukungan/1-awal/1-lihat.md"] = builders.lesson_md(body="Isi.\n\n![Alur](media/alur.svg)\n").encode()
    for size in (10, 20):
        pack["dukungan/1-awal/media/alur.svg"] = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} 10"/>'.encode()
        )
        packs.import_pack(actor=None, files=pack)
    media = list(db.session.scalars(select(Media).order_by(Media.id)))
    html = db.session.scalars(
        select(Revision.body_html)
        .join(Document, Document.published_id == Revision.id)
        .where(Document.code == "uji-1-1")
    ).one()
    assert [each.width for each in media] == [10, 20]
    assert media[1].sha256 in html


def test_a_text_may_point_at_everything_below_its_folder(cast: Cast) -> None:
    pack = builders.small_pack()
    body = "[{0}]({0}) "
    below = ["course.md", "1-awal/module.md", "1-awal/1-lihat.md#lihat", "2-lanjut/1-pulih.md"]
    pack["dukungan/course.md"] = (builders.course_md() + "".join(body.format(each) for each in below)).encode()
    beside = ["module.md", "1-lihat.md", "kuis.md"]
    pack["dukungan/1-awal/module.md"] = (builders.module_md() + "".join(body.format(each) for each in beside)).encode()
    packs.import_pack(actor=None, files=pack)
    html = dict(
        db.session.execute(
            select(Document.code, Revision.body_html).join(Revision, Revision.id == Document.published_id)
        ).all()
    )
    for target in ("/belajar/uji", "/belajar/uji#uji-1", "/belajar/uji/uji-1-1#lihat", "/belajar/uji/uji-2-1"):
        assert f'<a href="{target}">' in html["uji"]
    for target in ("/belajar/uji#uji-1", "/belajar/uji/uji-1-1", "/belajar/uji/uji-1-kuis"):
        assert f'<a href="{target}">' in html["uji-1"]


@pytest.mark.parametrize("target", ["../2-lanjut/1-pulih.md", "./1-lihat.md", "catatan.txt", "media/../1-lihat.md"])
def test_what_the_importer_would_not_find_is_refused(cast: Cast, target: str) -> None:
    pack = builders.small_pack() | {"dukungan/1-awal/catatan.txt": b"x"}
    pack["dukungan/1-awal/1-lihat.md"] = builders.lesson_md(body=f"[x]({target})\n").encode()
    with pytest.raises(errors.Refused) as refused:
        packs.import_pack(actor=None, files=pack)
    assert "link_broken" in {problem.code for _, problem in refused.value.values["findings"]}  # type: ignore[attr-defined]


def test_an_image_in_a_question_does_not_publish_it_again(cast: Cast) -> None:
    pack = builders.small_pack()
    pack["dukungan/1-awal/media/alur.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>'
    questions = builders.QUESTIONS.replace("- [ ] Menyuruh", "![Alur](media/alur.svg)\n\n- [ ] Menyuruh")
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(body=questions).encode()
    assert packs.import_pack(actor=None, files=pack).updated == ["uji-1-kuis"]
    assert packs.import_pack(actor=None, files=pack).updated == []


def test_an_empty_draft_is_refused(cast: Cast) -> None:
    with pytest.raises(errors.Refused):
        drafts.save(actor=cast.tara, code="uji-1-1", source=" \n", version=0)
