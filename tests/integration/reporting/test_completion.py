"""The directorate's numbers against slow references; the same rows in every dress; what a reader may see."""

import csv
import io
import random
import re
from datetime import date, timedelta

import pytest
import python_calamine
from sqlalchemy import select, update

from lms.extensions import db
from lms.models import derive
from lms.models.cohorts import CohortCourse, CohortMember
from lms.models.content import Document
from lms.models.facts import Completion
from lms.models.people import Person
from lms.reporting import queries
from tests import awkward, builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.conftest import NOON
from tests.integration.models.test_derive import add_fact, finish
from tests.page_client import PageClient


@pytest.fixture
def dora(client: PageClient, cast: Cast) -> PageClient:
    client.sign_in("dora@contoh.example", PASSWORD)
    return client


def crowd(seed: int = 1, size: int = 40) -> list[Person]:
    """People in three provinces with different progress, some in the cohort."""
    dice = random.Random(seed)
    cohort_id = db.session.scalars(select(CohortMember.cohort_id)).first()
    people = []
    for number in range(size):
        person = builders.make_person(f"Warga {number:02d}", province=dice.choice(["ID-AC", "ID-BA", "ID-PA"]))
        if dice.random() < 0.5:
            db.session.add(CohortMember(cohort_id=cohort_id, person_id=person.id, joined_at=NOON))
        if dice.random() < 0.7:
            finish(person, days_ago=dice.uniform(0, 40))
            if dice.random() < 0.5:
                add_fact(person, "uji-2-1", "reading", dice.uniform(0, 5))
        elif dice.random() < 0.5:
            add_fact(person, "uji-1-1", "opening", 3)
        people.append(person)
    db.session.flush()
    derive.refresh([person.id for person in people])
    return people


def test_table_and_headline_equal_a_slow_count(cast: Cast) -> None:
    crowd()
    report = queries.report(cast.dora, queries.Wanted(), now=NOON)
    modules = dict(
        db.session.execute(select(Document.code, Document.id).where(Document.code.in_(["uji-1", "uji-2"]))).all()
    )
    done: dict[int, set[int]] = {
        key: set(db.session.scalars(select(Completion.person_id).where(Completion.document_id == key)))
        for key in modules.values()
    }
    for row in report.rows:
        there = {
            each.id
            for each in db.session.scalars(
                select(Person).where(Person.province_iso == row.province.iso, Person.role == "companion")
            )
        }
        assert row.people == len(there)
        assert row.by_module == {code: len(there & done[key]) for code, key in modules.items()}
        assert row.done == len(there & done[modules["uji-1"]] & done[modules["uji-2"]])
    assert report.people == sum(row.people for row in report.rows) == 42
    assert report.weeks[-1].total == report.done


def test_a_cohort_and_dates_narrow_the_same_way(cast: Cast) -> None:
    crowd()
    since = (NOON - timedelta(days=10)).date()
    wanted = queries.Wanted(cohort="angkatan-uji", since=since)
    report = queries.report(cast.dora, wanted, now=NOON)
    members = set(db.session.scalars(select(CohortMember.person_id)))
    rows = db.session.execute(
        select(Completion.person_id, Completion.completed_at)
        .join(Document, Document.id == Completion.document_id)
        .where(Document.code == "uji-1")
    )
    expected = sum(1 for person_id, at in rows if person_id in members and (at + timedelta(hours=7)).date() >= since)
    assert report.by_module["uji-1"] == expected
    assert report.people == len(members)


def test_who_is_past_the_date_is_the_same_number_on_every_page(dora: PageClient, cast: Cast) -> None:
    crowd()
    db.session.execute(update(CohortCourse).values(due_at=NOON - timedelta(days=1)))
    report = queries.report(cast.dora, queries.Wanted(), now=NOON)
    people = queries.people(
        cast.dora,
        queries.Wanted(),
        unit="*:core",
        province="",
        state=queries.State.OVERDUE,
        sort=queries.Sort.NAME,
        page=None,
        now=NOON,
    )
    assert report.overdue == people.total == len(people.rows) > 0
    page = dora.get("/laporan/penuntasan")
    assert re.search(rf"{report.overdue}\s*lewat batas", page.text)
    assert "Siapa saja" in page.text


def test_a_cell_leads_to_exactly_its_people(dora: PageClient, cast: Cast) -> None:
    crowd()
    report = queries.report(cast.dora, queries.Wanted(), now=NOON)
    row = next(row for row in report.rows if row.province.iso == "ID-BA")
    page = dora.get("/laporan/penuntasan/orang?provinsi=ID-BA&satuan=uji-1&keadaan=selesai")
    assert len(page.all("tbody")[0].findall("tr")) == row.by_module["uji-1"]


def test_dates_hold_for_the_people_behind_a_number_too(dora: PageClient, cast: Cast) -> None:
    crowd()
    days = {"dari": "2026-10-20", "sampai": "2026-11-10"}
    report = queries.report(cast.dora, queries.Wanted(since=date(2026, 10, 20), until=date(2026, 11, 10)), now=NOON)
    row = next(row for row in report.rows if row.province.iso == "ID-BA")
    assert 0 < row.by_module["uji-1"] < row.people
    dora.get("/laporan/penuntasan", query_string=days)
    cell = next(each for each in dora.page.all("a") if "UJI-1 di Bali" in each.get("aria-label", ""))  # type: ignore[union-attr]
    page = dora.get(cell.get("href", ""))
    assert len(page.all("tbody")[0].findall("tr")) == row.by_module["uji-1"]
    assert "Tuntas dari 20 Okt 2026 sampai 10 Nov 2026" in page.text
    everyone = page.form("Tampilkan").values.to_dict() | {"keadaan": ""}
    assert "Tuntas dari" not in dora.get("/laporan/penuntasan/orang", query_string=everyone).text


def test_the_filters_of_a_number_survive_those_of_its_people(dora: PageClient, cast: Cast) -> None:
    there = {
        "satuan": "*:all", "jalur": "uji", "paket": "semua", "dari": "2026-10-20", "sampai": "2026-11-10",
        "keadaan": "lewat", "urut": "aktivitas",
    }  # fmt: skip
    page = dora.get("/laporan/penuntasan/orang", query_string=there)
    values = page.form("Tampilkan").values
    assert {name: values.get(name) for name in there} == there
    assert "/laporan/penuntasan?jalur=uji&amp;paket=semua&amp;dari=2026-10-20" in page.source


def test_states_add_up(cast: Cast) -> None:
    crowd()
    counted = {
        state: queries.people(
            cast.dora,
            queries.Wanted(),
            unit="uji-1",
            province="",
            state=state,
            sort=queries.Sort.STATE,
            page=None,
            now=NOON,
        ).total
        for state in (queries.State.DONE, queries.State.STARTED, queries.State.NOT_STARTED)
    }
    assert sum(counted.values()) == 42


@pytest.mark.parametrize(
    "sort", ["provinsi", "-provinsi", "orang", "-orang", "uji-1", "-uji-1", "tuntas", "-tuntas", "'; --", ""]
)
def test_every_column_sorts(dora: PageClient, cast: Cast, sort: str) -> None:
    crowd(size=12)
    assert dora.get("/laporan/penuntasan", query_string={"urut": sort}).status == 200


def test_a_page_beyond_the_last_is_the_last(dora: PageClient, cast: Cast) -> None:
    crowd(size=60)
    page = dora.get("/laporan/penuntasan/orang?halaman=99")
    assert len(page.all("tbody")[0].findall("tr")) == 12
    assert "Halaman 2 dari 2" in page.text


def test_the_cost_does_not_depend_on_data(dora: PageClient, cast: Cast) -> None:
    dora.get("/laporan/penuntasan", max_statements=8)
    crowd(size=60)
    dora.get("/laporan/penuntasan", max_statements=8)
    dora.get("/laporan/penuntasan/orang", max_statements=7)


@pytest.mark.parametrize(
    "path", ["/laporan/penuntasan/orang?satuan=tidak-ada", "/laporan/penuntasan/orang?satuan=uji-1%00"]
)
def test_unknown_units_are_404(dora: PageClient, path: str) -> None:
    assert dora.get(path).status == 404


def test_awkward_names_survive_to_csv_and_xlsx(dora: PageClient, cast: Cast) -> None:
    names = awkward.strings()
    assert len(names) >= 515
    for number, name in enumerate(names):
        builders.make_person(f"sementara {number}", province="ID-BA").name = name
    rows = list(
        csv.reader(
            io.StringIO(
                dora.send("GET", "/laporan/penuntasan/orang.csv?provinsi=ID-BA").get_data().decode("utf-8-sig"),
                newline="",
            )
        )
    )
    assert sorted(row[0] for row in rows[1:]) == sorted(names)
    book = dora.send("GET", "/laporan/penuntasan/orang.xlsx?provinsi=ID-BA").get_data()
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    top = next(index for index, row in enumerate(sheet) if row[0] == "Nama")
    assert sorted(str(row[0]) for row in sheet[top + 1 :]) == sorted(names)


def test_files_carry_the_filters_and_the_totals(dora: PageClient, cast: Cast) -> None:
    finish(cast.cleo)
    derive.refresh([cast.cleo.id])
    rows = list(csv.reader(io.StringIO(dora.send("GET", "/laporan/penuntasan.csv").get_data().decode("utf-8-sig"))))
    assert rows[0][:3] == ["Provinsi", "Pendamping", "Tuntas seluruhnya"]
    assert rows[-1] == ["Semua", "2", "0", "1", "0"]
    book = dora.send("GET", "/laporan/penuntasan.xlsx").get_data()
    text = str(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python())
    assert "Modul inti" in text
    assert "24 Nov 2026, 12.00 WIB" in text


def test_nobody_at_all_is_a_sentence_not_an_error(dora: PageClient, cast: Cast) -> None:
    db.session.execute(update(Person).where(Person.role == "companion").values(deactivated_at=NOON))
    assert "Belum ada orang" in dora.get("/laporan/penuntasan").text
