"""The question bank: found, asked by other quizzes, kept in versions; references in, out and through the real forms."""

import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from lms.authoring import bank, regrades
from lms.authoring.actions import drafts, interchange, packs, publishing
from lms.extensions import db
from lms.kernel import errors
from lms.kernel.documents import Severity
from lms.learning import actions
from lms.models import bank as index
from lms.models.bank import BankQuestion
from lms.models.content import Document, Draft, Revision
from lms.models.facts import Attempt
from lms.models.people import Person
from lms.models.session import work
from lms.rules import lint
from lms.rules.interchange import Format
from tests import builders
from tests.builders import PASSWORD, QUESTIONS, lesson_md, module_md, quiz_md
from tests.cast import Cast
from tests.conftest import NOON
from tests.page_client import PageClient

OWN = """## Berapa kali setahun? {#lanjut-q1 points=1 problems="LUT"}

= 12

> Setiap bulan.
"""
HOME, BORROWER = "uji-1-kuis", "uji-2-kuis"
PATH = "dukungan/2-lanjut/kuis.md"


def borrowing(*lines: str, own: str = OWN) -> str:
    """A quiz of one question with references after it."""
    return quiz_md(BORROWER, body=own + "".join(f"\n{line}\n" for line in lines))


def pack(*lines: str, home: str = QUESTIONS) -> dict[str, bytes]:
    """The small pack with a second quiz that asks questions of the first."""
    return {
        **builders.small_pack(),
        "dukungan/1-awal/kuis.md": quiz_md(body=home).encode(),
        "dukungan/2-lanjut/module.md": module_md("uji-2", "Dukungan lanjut", position=2).encode(),
        PATH: borrowing(*lines).encode(),
    }


def published(code: str) -> Revision:
    return db.session.scalars(
        select(Revision).join(Document, Document.published_id == Revision.id).where(Document.code == code)
    ).one()


def publish(cast: Cast, code: str, source: str) -> Revision:
    version = db.session.scalars(select(Draft.version).join(Document).where(Document.code == code)).one_or_none()
    return publishing.publish(actor=cast.tara, code=code, source=source, version=version or 0, note="")


def codes_of(files: dict[str, bytes]) -> set[tuple[str, int, str]]:
    found = lint.lint_pack(files)
    return {(path, each.line, each.code) for path, each in found if each.severity is Severity.ERROR}


def stored() -> list[tuple[Any, ...]]:
    columns = [getattr(BankQuestion, column.name) for column in BankQuestion.__table__.columns]
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(columns[0], BankQuestion.place))]


@pytest.fixture
def tara(client: PageClient, cast: Cast) -> PageClient:
    client.sign_in("tara@contoh.example", PASSWORD)
    return client


@pytest.fixture
def lent(cast: Cast) -> Cast:
    """A second quiz that asks two questions of the first."""
    builders.add_content(pack("## @uji-q1", "## @uji-q2 {points=5 pool=dasar}"))
    return cast


def test_what_is_asked_is_what_its_home_shows_and_marks(lent: Cast) -> None:
    home, borrower = published(HOME), published(BORROWER)
    assert [part["id"] for part in borrower.paper or ()] == ["lanjut-q1", "uji-q1", "uji-q2"]
    one, two = (borrower.paper or [])[1:]
    assert {**one, "from": None} == {**(home.paper or [])[0], "from": None}
    assert (one["from"]["quiz"], one["pool"], two["points"], two["pool"]) == (HOME, "", 5, "dasar")
    assert (borrower.key or {})["uji-q1"] == (home.key or {})["uji-q1"]
    assert (borrower.key or {})["uji-q2"] == {**(home.key or {})["uji-q2"], "points": 5}
    assert "## @uji-q1" in borrower.source_md
    assert "Menyuruh" not in borrower.source_md


def answer_rightly(person: Person, code: str) -> str:
    """Hand in an attempt with the right answer to the first question of the first quiz; returns its uid."""
    part = next(each for each in published(code).paper or () if each["id"] == "uji-q1")
    right = next(each["id"] for each in part["choices"] if "Melihat" in each["html"])
    uid = actions.start_attempt(actor=person, course="uji", code=code, uid=str(uuid4()))
    held = actions.hold_attempt(actor=person, course="uji", code=code, uid=uid)
    actions.submit_attempt(actor=person, held=held, responses={"uji-q1": right})
    return uid


def test_a_companion_answers_a_taken_question_and_is_marked(client: PageClient, lent: Cast) -> None:
    uid = answer_rightly(lent.cleo, BORROWER)
    marks = db.session.scalars(select(Attempt.marks).where(Attempt.uid == uid)).one()
    assert marks["uji-q1"]["state"] == "right"
    publish(lent, HOME, quiz_md(body=QUESTIONS.replace("Melihat keselamatan", "Melihat sekitar")))
    client.sign_in("cleo@contoh.example", PASSWORD)
    assert "Melihat keselamatan" in client.get(f"/belajar/uji/{BORROWER}/percobaan/{uid}").text


def test_a_regrade_takes_the_new_key_of_a_taken_question(lent: Cast) -> None:
    answer_rightly(lent.cleo, BORROWER)
    flipped = QUESTIONS.replace("- [ ] Menyuruh", "- [x] Menyuruh").replace("- [x] Melihat", "- [ ] Melihat")
    publish(lent, HOME, quiz_md(body=flipped))
    assert list(regrades.plan(BORROWER, None).questions) == []
    publish(lent, BORROWER, published(BORROWER).source_md)
    assert list(regrades.plan(BORROWER, None).questions) == ["uji-q1"]
    assert list(regrades.plan(HOME, None).questions) == []


def test_packs_go_in_and_out_whatever_the_order_and_twice_is_once(lent: Cast) -> None:
    files = pack("## @uji-q1", "## @uji-q2 {points=5 pool=dasar}")
    assert packs.export_pack() == files
    count = db.session.scalars(select(func.count()).select_from(Revision)).one()
    again = packs.import_pack(actor=None, files=dict(reversed(files.items())))
    assert (again.created, again.updated, again.kept) == ([], [], [])
    assert db.session.scalars(select(func.count()).select_from(Revision)).one() == count


def test_two_quizzes_may_lend_to_each_other_on_an_empty_shelf(cast: Cast) -> None:
    files = pack("## @uji-q1", home=QUESTIONS + "\n## @lanjut-q1\n")
    assert codes_of(files) == set()
    builders.add_content(files)
    assert [part["id"] for part in published(HOME).paper or ()][-1] == "lanjut-q1"
    assert [part["id"] for part in published(BORROWER).paper or ()] == ["lanjut-q1", "uji-q1"]
    assert packs.import_pack(actor=None, files=files).updated == []
    homes = {row.code: row.document_id for row in db.session.scalars(BankQuestion.homes())}
    assert homes["lanjut-q1"] != homes["uji-q1"]


def test_an_import_takes_in_what_changed_in_the_home_and_says_so(lent: Cast) -> None:
    files = pack("## @uji-q1", "## @uji-q2", home=QUESTIONS.replace("Melihat keselamatan", "Melihat sekitar"))
    assert packs.import_pack(actor=None, files=files).updated == [HOME, BORROWER]
    assert "Melihat sekitar" in str(published(BORROWER).paper)
    assert packs.import_pack(actor=None, files=files).updated == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["## @tidak-ada"], "reference_unknown"),
        (["## @uji-1-kuis"], "reference_unknown"),
        (["## @uji-q1", "## @uji-q1"], "id_doubled"),
        (["## @lanjut-q1"], "id_doubled"),
        (["## @uji-q1\n\nTambahan."], "reference_with_text"),
        (["## @uji-q1 {points=0}"], "points_wrong"),
        (["## @uji-q1 {.kasus}"], "attribute_unknown"),
    ],
)
def test_the_lint_says_what_is_wrong_with_a_reference(lines: list[str], code: str) -> None:
    found = [(path, line) for path, line, each in codes_of(pack(*lines)) if each == code]
    wanted = {"id_doubled": lines[-1], "reference_with_text": "Tambahan."}.get(code, lines[0])
    text = borrowing(*lines).split("\n")
    assert found == [(PATH, len(text) - text[::-1].index(wanted))]


def test_a_survey_takes_no_questions() -> None:
    survey = quiz_md("uji-2-angket", body="## @uji-q1\n").replace("kind: quiz", "kind: survey")
    assert "reference_outside_quiz" in {
        code for _, _, code in codes_of({**pack(), "dukungan/2-lanjut/a.md": survey.encode()})
    }


def test_a_reference_names_a_home_and_never_another_reference(cast: Cast) -> None:
    """The third quiz gets the question from its home, whoever else asks it: there is no chain to follow or to close."""
    third = quiz_md("uji-3-kuis", body="## @uji-q1\n").encode()
    builders.add_content({**pack("## @uji-q1"), "dukungan/2-lanjut/kuis-3.md": third})
    assert (published("uji-3-kuis").paper or [])[0]["from"]["quiz"] == HOME


def test_a_pack_may_use_what_another_pack_brought(cast: Cast) -> None:
    files = {path: text for path, text in pack("## @uji-q1").items() if not path.endswith("1-awal/kuis.md")}
    assert {code for _, _, code in codes_of(files)} == {"reference_unknown"}
    packs.import_pack(actor=None, files=files)
    assert (published(BORROWER).paper or [])[1]["from"]["quiz"] == HOME


def test_no_pack_brings_a_question_that_lives_elsewhere_and_moves_are_free(lent: Cast) -> None:
    files = {path: text for path, text in pack().items() if not path.endswith("1-awal/kuis.md")}
    files[PATH] = borrowing(own=OWN.replace("lanjut-q1", "uji-q1")).encode()
    with pytest.raises(errors.Refused) as refused:
        packs.import_pack(actor=None, files=files)
    findings = refused.value.values["findings"]
    wrong = [(path, each.line, each.code) for path, each in findings if each.severity is Severity.ERROR]  # type: ignore[attr-defined]
    assert wrong == [(PATH, 16, "id_taken")]
    first, rest = QUESTIONS[: QUESTIONS.index("## Pilih")], QUESTIONS[QUESTIONS.index("## Pilih") :]
    moved = pack(home=rest)
    moved[PATH] = borrowing("## @uji-q2", own=first).encode()
    assert packs.import_pack(actor=None, files=moved).updated == [HOME, BORROWER]
    assert index.homes() == {"uji-q1": BORROWER, "uji-q2": HOME, "uji-q3": HOME, "uji-q4": HOME}


def test_an_unreadable_file_beside_a_reference_is_named(cast: Cast) -> None:
    with pytest.raises(errors.Refused) as refused:
        packs.import_pack(actor=None, files={**pack("## @uji-q1"), "dukungan/1-awal/1-lihat.md": b"\xff"})
    assert "text_undecodable" in [each.code for _, each in refused.value.values["findings"]]  # type: ignore[attr-defined]


def test_the_index_is_what_publishing_derived(lent: Cast) -> None:
    before = stored()
    with work():
        assert index.refresh() == len(before) == 7
    assert stored() == before
    publish(lent, HOME, quiz_md(body=QUESTIONS.replace("Jodohkan.", "Pasangkan.")))
    after = stored()
    with work():
        index.refresh()
    assert stored() == after != before


def test_nothing_changes_before_the_borrower_is_published_again(tara: PageClient, lent: Cast) -> None:
    was = published(BORROWER).id
    publish(lent, HOME, quiz_md(body=QUESTIONS.replace("Melihat keselamatan", "Melihat sekitar")))
    assert published(BORROWER).id == was
    assert "Versi baru tersedia" in tara.get(f"/susun/{BORROWER}").text
    assert "versi baru tersedia" in tara.get("/susun/soal?cari=uji-q1").text
    page = tara.get("/susun/soal/uji-q1")
    assert re.search(r"Kuis uji asal 2 .*Kuis uji 1 versi baru tersedia", page.text)
    tara.submit(tara.get(f"/susun/{BORROWER}").form("Terbitkan"))
    assert "Melihat sekitar" in str(published(BORROWER).paper)
    assert "Versi baru tersedia" not in tara.get(f"/susun/{BORROWER}").text


def test_versions_stand_side_by_side(tara: PageClient, lent: Cast) -> None:
    publish(lent, HOME, quiz_md(body=QUESTIONS.replace("Jodohkan.", "Pasangkan.")))
    publish(lent, HOME, quiz_md(body=QUESTIONS.replace("Melihat keselamatan", "Melihat sekitar")))
    sheet = bank.sheet("uji-q1", folder=tara.app.config["SETTINGS"].data_dir)
    assert [(each.number, each.revision, each.author) for each in sheet.versions] == [(2, 3, "Tara"), (1, 1, None)]
    page = tara.submit(tara.get("/susun/soal/uji-q1").form("Bandingkan"))
    assert "Melihat keselamatan" in page.text
    assert "Melihat sekitar" in page.text
    assert "Jodohkan" not in page.text
    assert tara.get("/susun/soal/uji-q1/banding?lama=1&baru=9").status == 422


def test_a_withdrawn_home_still_lends(tara: PageClient, lent: Cast) -> None:
    publishing.withdraw(actor=lent.tara, code=HOME)
    publish(lent, BORROWER, borrowing("## @uji-q2"))
    assert (published(BORROWER).paper or [])[1]["from"]["quiz"] == HOME
    assert "ditarik" in tara.get("/susun/soal/uji-q2").text


def test_a_home_keeps_what_others_ask_and_an_id_has_one_home(lent: Cast) -> None:
    with pytest.raises(errors.Refused) as refused:
        publish(lent, HOME, quiz_md(body=QUESTIONS[QUESTIONS.index("## Pilih") :]))
    problems = refused.value.values["made"].problems  # type: ignore[attr-defined]
    assert [(each.code, each.values) for each in problems if each.severity == "error"] == [
        ("question_in_use", {"id": "uji-q1", "quizzes": BORROWER})
    ]
    with pytest.raises(errors.Refused) as refused:
        publish(lent, BORROWER, borrowing(own=OWN.replace("lanjut-q1", "uji-q3")))
    problems = refused.value.values["made"].problems  # type: ignore[attr-defined]
    assert [(each.line, each.code) for each in problems if each.severity == "error"] == [(16, "id_taken")]


def test_a_question_that_is_gone_from_its_home_is_named(tara: PageClient, lent: Cast) -> None:
    home = QUESTIONS[QUESTIONS.index("## Pilih") :]
    files = {path: text for path, text in pack(home=home).items() if path != PATH}
    packs.import_pack(actor=None, files=files)
    assert "tidak ada lagi di kuis asalnya" in tara.get(f"/susun/{BORROWER}").text
    assert "reference_unknown" in {
        each.code for each in publishing.render(code=BORROWER, source=borrowing("## @uji-q1")).problems
    }


def test_from_the_bank_into_a_draft(tara: PageClient, cast: Cast) -> None:
    builders.add_content(pack())
    page = tara.get(f"/susun/{BORROWER}")
    tara.page = page
    tara.click("Bank soal")
    form = tara.click("Apa langkah pertama?").form("Tambahkan")
    assert form.values["quiz"] == BORROWER
    editor = tara.follow(tara.submit(form))
    assert "Menyuruh bercerita" in editor.text
    draft = db.session.scalars(select(Draft.source_md).join(Document).where(Document.code == BORROWER)).one()
    assert draft == borrowing() + "\n## @uji-q1\n"
    again = tara.submit(form)
    assert (again.status, "sudah" in again.text) == (422, True)
    assert tara.submit(form, quiz="").status == 422
    assert tara.submit(form, quiz=HOME).status == 422
    assert db.session.scalars(select(Draft.version)).one() == 1
    tara.submit(editor.form("Terbitkan"))
    assert [part["id"] for part in published(BORROWER).paper or ()] == ["lanjut-q1", "uji-q1"]


def test_whoever_has_the_draft_open_loses_nothing(tara: PageClient, cast: Cast) -> None:
    builders.add_content(pack())
    drafts.save(actor=cast.tara, code=BORROWER, source=borrowing(), version=0)
    editor = tara.get(f"/susun/{BORROWER}").form("Simpan draf")
    tara.submit(tara.get("/susun/soal/uji-q1").form("Tambahkan"), quiz=BORROWER)
    both = tara.post(f"/susun/{BORROWER}/draf", {**editor.values.to_dict(), "source": borrowing() + "\nTambahan.\n"})
    assert both.status == 409
    assert "@uji-q1" in both.source
    assert "Tambahan." in both.source


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["uji-q1", "uji-q2", "uji-q3", "uji-q4", "lanjut-q1"]),
        ("masalah=LUT", ["lanjut-q1"]),
        ("jenis=matching", ["uji-q3"]),
        ("modul=uji-2", ["lanjut-q1"]),
        ("modul=uji", ["uji-q1", "uji-q2", "uji-q3", "uji-q4", "lanjut-q1"]),
        ("cari=SELIMUT+minum", ["uji-q2"]),
        ("cari=setiap+bulan", ["lanjut-q1"]),
        ("cari=%25", []),
        ("keadaan=dipakai", ["uji-q1", "uji-q2"]),
        ("keadaan=perlu", []),
        ("keadaan=belum&jenis=ordering", ["uji-q4"]),
        ("urut=sering&jenis=multiple", ["uji-q2"]),
        ("masalah=ngawur&dari=seribu&halaman=-3&urut=x", ["uji-q1", "uji-q2", "uji-q3", "uji-q4", "lanjut-q1"]),
    ],
)
def test_filters(tara: PageClient, lent: Cast, query: str, found: list[str]) -> None:
    page = tara.get(f"/susun/soal?{query}")
    rows = [row for row in page.all("tr") if row.find("th") is not None and row.find("th").get("scope") == "row"]  # type: ignore[union-attr]
    assert [row.find("th/small").text for row in rows] == found  # type: ignore[union-attr]


def test_figures_are_those_last_computed_and_no_page_of_the_bank_computes(tara: PageClient, lent: Cast) -> None:
    answer_rightly(lent.cleo, HOME)
    assert "Kuis uji UJI-1 – Kuis uji belum dihitung" in tara.get("/susun/soal?cari=uji-q1").text
    tara.click("belum dihitung")
    assert "Kuis uji UJI-1 – Kuis uji 100 –" in tara.get("/susun/soal?cari=uji-q1").text
    assert "uji-q1" in tara.get("/susun/soal?dari=90").text
    assert "uji-q2" not in tara.get("/susun/soal?dari=90").text
    assert "uji-q2" in tara.get("/susun/soal?sampai=10").text
    order = re.findall(r"uji-q\d|lanjut-q\d", tara.get("/susun/soal?urut=sulit").text)
    assert (order[0], order[3], order[4]) == ("uji-q2", "uji-q1", "lanjut-q1")
    assert re.search(r"Kuis uji asal 1 Sel, 24 Nov 2026, 12.00 WIB 100", tara.get("/susun/soal/uji-q1").text)


def test_statements_do_not_grow_with_the_bank(tara: PageClient, cast: Cast) -> None:
    many = "\n".join(OWN.replace("lanjut-q1", f"lanjut-q{number}") for number in range(1, 61))
    files = pack()
    files[PATH] = quiz_md(BORROWER, body=many).encode()
    builders.add_content(files)
    page = tara.get("/susun/soal", max_statements=5)
    assert "64 soal" in page.text
    assert "Halaman 1 dari 3" in page.text
    assert "lanjut-q60" in tara.get("/susun/soal?halaman=3", max_statements=5).text
    assert tara.get("/susun/soal/lanjut-q7", max_statements=6).status == 200


def test_what_another_quiz_lent_goes_to_moodle_as_it_was_asked(lent: Cast) -> None:
    publish(lent, HOME, quiz_md(body=QUESTIONS.replace("Melihat keselamatan", "Melihat sekitar")))
    made = interchange.export(actor=lent.tara, code=BORROWER, form=Format.MOODLE_XML)
    assert (made.count, made.refusals) == (3, ())
    assert "Melihat keselamatan" in made.text
    assert "Melihat sekitar" not in made.text
    assert "<defaultgrade>5" in made.text
    assert "pool" in made.text


def test_pictures_come_along_under_their_own_names(cast: Cast) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d 9"><path d="M0 0h9v9z"/></svg>'
    home = QUESTIONS.replace("- [ ] Menyuruh", "![peta](media/peta.svg)\n\n- [ ] Menyuruh", 1)
    files = pack("## @uji-q1", home=home)
    files[PATH] = borrowing("## @uji-q1", own=OWN.replace("= 12", "![peta](media/peta.svg)\n\n= 12")).encode()
    files |= {"dukungan/1-awal/media/peta.svg": drawing % 1, "dukungan/2-lanjut/media/peta.svg": drawing % 2}
    builders.add_content(files)
    shown = re.findall(r"/media/\w+/peta\.svg", str(published(BORROWER).paper))
    assert len(set(shown)) == 2
    assert packs.import_pack(actor=None, files=files).updated == []
    made = interchange.export(actor=cast.tara, code=BORROWER, form=Format.MOODLE_XML)
    assert made.refusals == ()
    assert len(set(re.findall(r'<file name="(peta[^"]*)"', made.text))) == 2
    files["dukungan/1-awal/media/peta.svg"] = drawing % 3
    assert packs.import_pack(actor=None, files=files).updated == [HOME, BORROWER]


def test_the_command_derives_the_bank(app: Flask, lent: Cast) -> None:
    assert app.test_cli_runner().invoke(args=["questions", "index"]).output == "7 questions\n"


def test_the_command_computes_figures_for_all_quizzes(app: Flask, lent: Cast) -> None:
    answer_rightly(lent.cleo, BORROWER)
    assert app.test_cli_runner().invoke(args=["questions", "measure"]).output == "2 quizzes\n"
    sheet = bank.sheet("uji-q1", folder=app.config["SETTINGS"].data_dir / "figures")
    assert (sheet.row.home.digest, sheet.row.home.computed_at) == (None, NOON)
    assert [(use.digest.n, use.digest.facility) for use in sheet.row.uses if use.digest] == [(1, 100)]


def test_an_import_fills_an_empty_index(lent: Cast) -> None:
    """As after the migration that brought the table, with the packs imported long before."""
    before = stored()
    with work():
        db.session.execute(delete(BankQuestion))
    files = pack("## @uji-q1", "## @uji-q2 {points=5 pool=dasar}")
    assert packs.import_pack(actor=None, files=files).updated == []
    assert stored() == before


def test_lessons_with_an_at_sign_stay_lessons(cast: Cast) -> None:
    body = "Teks.\n\n## @uji-q1\n\nBukan rujukan.\n"
    files = {**builders.small_pack(), "dukungan/1-awal/1-lihat.md": lesson_md(body=body).encode()}
    assert "Bukan rujukan" in (packs.import_pack(actor=None, files=files) and published("uji-1-1").body_html)


def test_the_figures_of_all_quizzes_are_brought_up_to_date_at_once(tara: PageClient, cast: Cast) -> None:
    page = tara.get("/susun/soal")
    assert "belum ada jawaban" not in page.text
    after = tara.follow(tara.submit(page.form(action="/angka")))
    assert "Angka semua kuis sudah mutakhir." in after.text
    assert "belum ada jawaban" in after.text


def test_bringing_figures_up_to_date_keeps_the_filters(tara: PageClient, cast: Cast) -> None:
    page = tara.get("/susun/soal?cari=langkah+pertama&urut=sulit&kuis=uji-1-kuis")
    after = tara.submit(page.form(action="/angka"))
    assert after.location == "/susun/soal?cari=langkah+pertama&urut=sulit&kuis=uji-1-kuis&halaman=1"


def test_no_name_in_the_address_breaks_the_pages_of_a_list(
    tara: PageClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank, "PAGE_ROWS", 1)
    page = tara.get("/susun/soal?endpoint=x&_method=PUT&_scheme=javascript")
    assert page.link("Berikutnya") == "/susun/soal?endpoint=x&_method=PUT&_scheme=javascript&halaman=2"


def test_who_has_no_patience_is_told_what_is_left(tara: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.authoring.routes.bank.PATIENCE_S", 0)
    after = tara.follow(tara.submit(tara.get("/susun/soal").form(action="/angka")))
    assert "Angka 0 kuis sudah mutakhir. Masih ada 1 lagi: tekan sekali lagi." in after.text
    assert "belum ada jawaban" not in after.text
