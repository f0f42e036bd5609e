"""Lessons and outlines: what they cost, what they record, what stays closed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.extensions import db
from lms.models.cohorts import CohortCourse
from lms.models.content import Document
from lms.models.facts import Opening, Reading
from lms.models.summaries import ItemProgress
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.conftest import NOON
from tests.page_client import PageClient


def count(model: type) -> int:
    return db.session.scalars(select(func.count()).select_from(model)).one()


def test_a_lesson_costs_four_statements_however_much_there_is(cleo: PageClient) -> None:
    pack = builders.small_pack()
    for number in range(3, 40):
        code = f"uji-{number}"
        pack[f"dukungan/{number}-lain/module.md"] = builders.module_md(
            code, f"Modul {number}", position=number
        ).encode()
        pack[f"dukungan/{number}-lain/1-isi.md"] = builders.lesson_md(f"{code}-1", f"Pelajaran {number}").encode()
    builders.add_content(pack)
    for number in range(50):
        builders.make_person(f"Orang {number}", province="ID-BA")
    assert cleo.get("/belajar/uji/uji-1-1", max_statements=4).h1 == "Lihat dan dengar"
    cleo.get("/belajar/uji", max_statements=6)
    cleo.get("/beranda", max_statements=6)
    cleo.get("/belajar/uji/uji-1-kuis", max_statements=6)


def test_a_text_is_read_once_and_yet_a_new_one_shows_at_once(cleo: PageClient) -> None:
    assert "Amankah tempat ini?" in cleo.get("/belajar/uji/uji-1-1").text
    assert "Amankah tempat ini?" in cleo.get("/belajar/uji/uji-1-1", max_statements=3).text
    pack = builders.small_pack()
    changed = builders.lesson_md(title="Dengar dahulu", body="## Dengar\n\nDuduk.\n").replace(
        "Pedoman uji", "Buku lain"
    )
    pack["dukungan/1-awal/1-lihat.md"] = changed.encode()
    builders.add_content(pack)
    page = cleo.get("/belajar/uji/uji-1-1")
    assert page.h1 == "Dengar dahulu"
    assert "Duduk." in page.text
    assert "Buku lain" in page.text
    assert "Amankah" not in page.text
    assert "Pedoman uji" not in page.text


def test_what_is_kept_of_a_page_is_nobodys_own(cleo: PageClient, cast: Cast) -> None:
    cleo.post("/belajar/uji/uji-1-1/selesai", {"uid": str(uuid4())})
    assert "Cleo" in cleo.get("/belajar/uji/uji-1-1").source
    colin = PageClient(cleo.app)
    colin.sign_in("colin@contoh.example", PASSWORD)
    page = colin.get("/belajar/uji/uji-1-1")
    assert "Cleo" not in page.source
    assert cleo.token() not in page.source
    assert not page.all("span", class_="badge-leaf")


def test_a_lesson_says_what_it_is(cleo: PageClient) -> None:
    page = cleo.get("/belajar/uji/uji-1-1")
    for words in (
        "Pelajaran 1 dari 2",
        "1 menit",
        "menyapa penyintas",
        "Pedoman uji",
        "31 Jan 2026",
        "menunggu telaah ahli",
    ):
        assert words in page.text


def test_an_opening_is_recorded_once_and_never_in_the_future(cleo: PageClient) -> None:
    uid = str(uuid4())
    for _ in range(2):
        answer = cleo.post("/belajar/uji/uji-1-1/pembukaan", {"uid": uid, "occurred_at": "2031-01-01T00:00:00+07:00"})
        assert answer.status == 204
    opening = db.session.scalars(select(Opening)).one()
    assert (opening.uid, opening.occurred_at) == (uid, NOON)


@pytest.mark.parametrize("claim", ["kemarin", "2026-11-24", "2020-01-01T00:00:00+07:00", ""])
def test_a_device_with_a_wrong_clock_gets_ours(cleo: PageClient, claim: str) -> None:
    cleo.post("/belajar/uji/uji-1-1/selesai", {"uid": "bukan uuid", "occurred_at": claim})
    assert db.session.scalars(select(Reading.occurred_at)).one() == NOON


def test_a_device_that_was_offline_is_believed(cleo: PageClient) -> None:
    cleo.post("/belajar/uji/uji-1-1/selesai", {"uid": str(uuid4()), "occurred_at": "2026-11-23T20:00:00+09:00"})
    reading = db.session.scalars(select(Reading)).one()
    assert (reading.occurred_at, reading.recorded_at) == (NOON - timedelta(hours=18), NOON)


def test_a_quiz_is_passed_not_read(cleo: PageClient) -> None:
    assert cleo.post("/belajar/uji/uji-1-kuis/selesai", {"uid": str(uuid4())}).status == 422
    assert count(Reading) == 0


@pytest.mark.parametrize(
    "path", ["/belajar/uji/tidak-ada", "/belajar/lain/uji-1-1", "/belajar/tidak-ada", "/belajar/uji/uji-1"]
)
def test_what_is_not_there_is_404(cleo: PageClient, path: str) -> None:
    assert cleo.get(path).status == 404


def test_withdrawing_the_course_closes_everything_below(cleo: PageClient) -> None:
    db.session.execute(update(Document).where(Document.code == "uji").values(withdrawn_at=NOON))
    assert cleo.get("/belajar/uji/uji-1-1").status == 404
    assert cleo.get("/belajar/uji").status == 404
    assert cleo.get("/beranda").status == 200


def test_a_course_that_opens_later_says_when_in_the_readers_zone(cleo: PageClient) -> None:
    db.session.execute(update(CohortCourse).values(opens_at=NOON + timedelta(days=6), due_at=NOON + timedelta(days=20)))
    page = cleo.get("/belajar/uji/uji-1-1")
    assert page.status == 403
    assert "30 Nov 2026, 12.00 WIB" in page.text
    papua = PageClient(cleo.app)
    papua.sign_in("colin@contoh.example", PASSWORD)
    assert "30 Nov 2026, 14.00 WIT" in papua.get("/belajar/uji/uji-1-1").text
    assert cleo.post("/belajar/uji/uji-1-1/selesai", {"uid": str(uuid4())}).status == 403


def test_a_date_is_shown_with_the_days_that_are_left(cleo: PageClient) -> None:
    db.session.execute(update(CohortCourse).values(due_at=NOON + timedelta(days=2)))
    page = cleo.get("/beranda")
    assert "2 hari lagi" in page.text
    assert "26 Nov 2026, 12.00 WIB" in page.text
    db.session.execute(update(CohortCourse).values(due_at=NOON - timedelta(days=2)))
    assert "lewat batas" in cleo.get("/beranda").text


def test_others_read_as_a_preview_and_leave_no_trace(client: PageClient, cast: Cast) -> None:
    client.sign_in("tara@contoh.example", PASSWORD)
    page = client.get("/belajar/uji/uji-1-1")
    assert not [form for form in page.all("form") if "/selesai" in (form.get("action") or "")]
    assert client.post("/belajar/uji/uji-1-1/selesai", {"uid": str(uuid4())}).status == 403
    assert count(ItemProgress) == 0


def test_someone_with_nothing_and_someone_with_everything(cleo: PageClient, cast: Cast, app: Flask) -> None:
    assert "Mulai" in cleo.get("/beranda").text
    assert "Belum ada modul yang tuntas" in cleo.get("/capaian").text
    db.session.execute(update(Document).values(withdrawn_at=NOON))
    assert "Belum ada pelatihan" in cleo.get("/beranda").text
    assert "Belum ada pelatihan" in cleo.get("/belajar").text


def test_an_image_is_served_in_a_sandbox_and_kept(cleo: PageClient) -> None:
    pack = builders.small_pack()
    pack["dukungan/1-awal/media/alur.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>'
    pack["dukungan/1-awal/1-lihat.md"] = builders.lesson_md(
        body='Isi.\n\n![Alur](media/alur.svg "Keterangan")\n'
    ).encode()
    builders.add_content(pack)
    page = cleo.get("/belajar/uji/uji-1-1")
    image = cleo.send("GET", page.all("img")[0].get("src", ""))
    assert image.mimetype == "image/svg+xml"
    assert "sandbox" in image.headers["Content-Security-Policy"]
    assert "immutable" in image.headers["Cache-Control"]
    assert "Keterangan" in page.text
