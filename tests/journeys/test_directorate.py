"""The directorate's trip through real forms: the numbers, the people behind them, the same rows in other dress."""

import csv
import io

import python_calamine

from lms.learning import actions
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient


def finish_lessons(cast: Cast) -> None:
    for code in ("uji-1-1", "uji-1-2"):
        actions.record_reading(actor=cast.cleo, course="uji", code=code, uid=f"u-{code}", claimed_at=None)


def test_from_the_headline_to_the_people_and_their_file(client: PageClient, cast: Cast) -> None:
    finish_lessons(cast)
    page = client.sign_in("dora@contoh.example", PASSWORD)
    assert "Aceh" in page.text
    assert "Papua" in page.text
    people = client.get(page.link("Aceh, 1 "))
    assert "Cleo" in people.text
    assert "Colin" not in people.text
    assert "1990•••••••••••001" in people.text
    assert "199003142025992001" not in people.source

    rows = list(csv.reader(io.StringIO(client.send("GET", people.link("CSV")).get_data().decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["Cleo"]
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(client.send("GET", people.link("XLSX")).get_data())
    )
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert "Cleo" in cells


def test_a_coordinator_sees_her_provinces_only(client: PageClient, cast: Cast) -> None:
    page = client.sign_in("kiki@contoh.example", PASSWORD)
    assert "Aceh" in page.text
    assert "Papua" not in page.text
    assert client.get("/laporan/penuntasan/orang?provinsi=ID-PA").status == 404
    everyone = client.get("/laporan/penuntasan/orang")
    assert "Cleo" in everyone.text
    assert "Colin" not in everyone.text
    provinces = [each.get("value") for each in everyone.all("select", name="provinsi")[0].findall("option")]
    assert provinces == ["", "ID-AC"]


def test_filters_keep_and_nonsense_is_said(client: PageClient, cast: Cast) -> None:
    client.sign_in("dora@contoh.example", PASSWORD)
    page = client.get("/laporan/penuntasan?angkatan=angkatan-uji&paket=semua&dari=2026-11-01")
    values = page.form(action="/laporan/penuntasan").values
    assert (values["angkatan"], values["paket"], values["dari"]) == ("angkatan-uji", "semua", "2026-11-01")
    nonsense = client.get("/laporan/penuntasan?angkatan=tidak-ada&dari=kemarin&urut=%F0%9F%98%80")
    assert nonsense.status == 200
    assert nonsense.all("p", class_="error")
