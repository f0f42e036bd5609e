"""Results of surveys: sums per group, nothing that a small group would give away, in every dress the same."""

import csv
import io
from uuid import uuid4
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from lms.extensions import db
from lms.learning import actions
from lms.models import ballots
from lms.models.content import Document
from lms.models.people import Person
from lms.reporting import surveys
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient
from tests.queries import Queries

CODE = "uji-1-angket"
PAGE = f"/laporan/angket?angket={CODE}"


def publish(**front: str) -> surveys.Survey:
    """Import the small pack with a survey."""
    pack = builders.small_pack() | {"dukungan/1-awal/angket.md": builders.survey_md(**front).encode()}
    builders.add_content(pack)
    (found,) = surveys.published()
    return found


def answer(person: Person, step: int, text: str = "") -> None:
    answers = {"uji-a1": str(step)} | ({"uji-a5": text} if text else {})
    actions.answer_survey(actor=person, course="uji", code=CODE, uid=str(uuid4()), version=1, answers=answers)


def crowd(province: str, number: int, *, step: int = 4, cohort: str = "") -> list[Person]:
    """People of a province who have answered, each with a remark."""
    people = [builders.make_person(f"Warga {province} {each}".lower(), province=province) for each in range(number)]
    if cohort:
        builders.make_cohort(cohort, people)
    for each in people:
        answer(each, step, f"Dari {each.name}")
    return people


def scale(report: surveys.Report) -> list[int]:
    return [number for _, _, number in report.figures[0].rows]


def test_everyone_a_province_and_a_cohort(cast: Cast) -> None:
    survey = publish(anonymous="true")
    crowd("ID-BA", 6, step=5, cohort="gelombang")
    crowd("ID-AC", 5, step=2)
    everyone = surveys.report(cast.dora, survey, group="")
    assert (everyone.sent, everyone.shown, scale(everyone)) == (11, 11, [0, 5, 0, 0, 6])
    assert everyone.figures[0].mean == pytest.approx(40 / 11)
    bali = surveys.report(cast.dora, survey, group="ID-BA")
    assert (bali.sent, bali.shown, scale(bali), bali.has_remarks) == (6, 6, [0, 0, 0, 0, 6], False)
    assert scale(surveys.report(cast.dora, survey, group="gelombang")) == [0, 0, 0, 0, 6]


def test_fewer_than_five_are_never_shown(cast: Cast) -> None:
    survey = publish(anonymous="true")
    crowd("ID-BA", 4)
    report = surveys.report(cast.dora, survey, group="")
    assert (report.sent, report.shown, report.has_remarks, sum(scale(report))) == (4, 0, False, 0)


def test_a_group_is_hidden_when_the_rest_could_be_had_by_subtraction(cast: Cast) -> None:
    survey = publish(anonymous="true")
    crowd("ID-BA", 9)
    crowd("ID-AC", 6)
    crowd("ID-PA", 2)
    shown = {iso: surveys.report(cast.dora, survey, group=iso).shown for iso in ("ID-BA", "ID-AC", "ID-PA")}
    assert shown == {"ID-BA": 9, "ID-AC": 0, "ID-PA": 0}


def test_a_cohort_does_not_give_away_its_smallest_province(cast: Cast) -> None:
    survey = publish(anonymous="true")
    posts = ["ID-PA"] * 7 + ["ID-PT"] * 6 + ["ID-PS"] * 2
    papua = [builders.make_person(f"Warga {number}", province=iso) for number, iso in enumerate(posts)]
    builders.make_cohort("papua", papua)
    for each in papua:
        answer(each, 3)
    crowd("ID-BA", 9)
    crowd("ID-AC", 4)
    shown = {group: surveys.report(cast.dora, survey, group=group).shown for group in ("papua", "ID-PA", "ID-PT")}
    assert shown == {"papua": 15, "ID-PA": 7, "ID-PT": 0}


def test_a_coordinator_sees_her_provinces_only(cast: Cast) -> None:
    survey = publish(anonymous="true")
    crowd("ID-BA", 6)
    crowd("ID-AC", 5, step=1)
    own = surveys.report(cast.kiki, survey, group="")
    assert (own.shown, scale(own), own.has_remarks) == (5, [5, 0, 0, 0, 0], False)
    assert surveys.report(cast.kiki, survey, group="ID-BA").shown == 0
    assert surveys.report(cast.kiki, survey, group=ballots.EVERYONE).shown == 0


def test_names_stand_only_where_a_survey_keeps_them(client: PageClient, cast: Cast) -> None:
    survey = publish()
    crowd("ID-BA", 1)
    crowd("ID-AC", 1)
    report = surveys.report(cast.kiki, survey, group="")
    assert (report.shown, report.has_remarks) == (1, True)
    for actor, group, names in (
        (cast.kiki, "", ["warga id-ac 0"]),
        (cast.dora, "ID-BA", ["warga id-ba 0"]),
        (cast.dora, "angkatan-uji", []),
        (cast.dora, "", ["warga id-ac 0", "warga id-ba 0"]),
    ):
        found = surveys.remarks(actor, survey, "uji-a5", group=group, page=1)
        assert sorted(name for _, name in found.rows) == names
        assert found.total == len(names)
        assert surveys.remarks(actor, survey, "uji-a5", group=group, page=99).rows == found.rows
    client.sign_in("dora@contoh.example", PASSWORD)
    client.get(PAGE)
    assert "warga id-ac 0" in client.click("Baca jawabannya").text


def test_the_page_of_the_directorate(client: PageClient, cast: Cast) -> None:
    publish(anonymous="true", required="true")
    crowd("ID-BA", 30, step=4)
    client.sign_in("dora@contoh.example", PASSWORD)
    client.get("/laporan/penuntasan")
    page = client.click("Angket")
    assert "30 orang telah menjawab" in page.text
    assert "rata-rata 4,00" in page.text
    assert "wajib diisi sebelum sertifikat" in page.text
    texts = client.click("Baca jawabannya")
    assert "30 jawaban" in texts.text
    assert len(texts.all("p", class_="essay")) == 25
    assert len(client.click("Berikutnya").all("p", class_="essay")) == 5
    few = client.get(f"{PAGE}&kelompok=ID-AC")
    assert "Belum ada yang menjawab" in few.text
    assert client.get(f"/laporan/angket/{CODE}/jawaban/uji-a5?kelompok=ID-BA").status == 404
    assert client.get(f"/laporan/angket/{CODE}/jawaban/uji-a1").status == 404
    assert client.get("/laporan/angket/uji-1-kuis/jawaban/uji-a5").status == 404


def test_filters_that_make_no_sense_filter_nothing(client: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    crowd("ID-BA", 5)
    client.sign_in("kiki@contoh.example", PASSWORD)
    page = client.get("/laporan/angket?angket=zz&kelompok=ID-BA&halaman=x")
    assert "Terlalu sedikit" not in page.text
    assert "0 orang telah menjawab" in page.text
    assert "Bali" not in page.text


def test_a_trainer_finds_them_where_results_of_quizzes_are(client: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    client.sign_in("tara@contoh.example", PASSWORD)
    client.get(f"/susun/{CODE}")
    page = client.click("Hasil")
    assert page.status == 303
    assert client.follow(page).h1 == "Angket"


def test_csv_and_xlsx_are_the_rows_of_the_page(client: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    for each in crowd("ID-BA", 5):
        assert each.province_iso
    answer(builders.make_person("Terakhir", province="ID-BA"), 1, "=1+1")
    client.sign_in("dora@contoh.example", PASSWORD)
    told = client.send("GET", f"/laporan/angket.csv?angket={CODE}")
    rows = list(csv.reader(io.StringIO(told.data.decode("utf-8-sig"))))
    assert rows[0] == ["Pertanyaan", "Jawaban", "Jumlah", "Persen", "Rata-rata"]
    assert rows[1:6] == [["Berguna?", str(n), str(m), str(p), "3.5"] for n, m, p in
                         [(1, 1, 16.7), (2, 0, 0.0), (3, 0, 0.0), (4, 5, 83.3), (5, 0, 0.0)]]  # fmt: skip
    assert ["Saran Anda", "=1+1", "1", "", ""] in rows
    book = client.send("GET", f"/laporan/angket.xlsx?angket={CODE}")
    with ZipFile(io.BytesIO(book.data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    hidden = client.send("GET", f"/laporan/angket.csv?angket={CODE}&kelompok=ID-AC")
    assert len(hidden.data.decode("utf-8-sig").splitlines()) == 1


def test_statements_do_not_grow_with_answers(cast: Cast, queries: Queries) -> None:
    survey = publish(anonymous="true")
    spent = []
    for number in (5, 20):
        crowd("ID-BA" if number == 5 else "ID-JB", number)
        db.session.commit()
        with queries as seen:
            surveys.report(cast.dora, survey, group="")
            surveys.remarks(cast.dora, survey, "uji-a5", group="", page=1)
        spent.append(len(seen.statements))
    assert spent == [6, 6]


def test_a_withdrawn_survey_keeps_its_results(client: PageClient, cast: Cast) -> None:
    publish(anonymous="true")
    crowd("ID-BA", 5)
    document = db.session.scalars(select(Document).where(Document.code == CODE)).one()
    document.withdrawn_at = document.created_at
    client.sign_in("dora@contoh.example", PASSWORD)
    assert "5 orang telah menjawab" in client.get(PAGE).text


def test_before_the_first_survey_there_is_a_sentence(client: PageClient, cast: Cast) -> None:
    client.sign_in("dora@contoh.example", PASSWORD)
    assert "Belum ada angket" in client.get("/laporan/angket").text
