"""The roster and the cohorts through the admin's forms."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from lms.accounts.actions import people as actions
from lms.extensions import db
from lms.kernel import errors
from lms.models.audit import AuditEntry
from lms.models.cohorts import Cohort, CohortCourse, CohortMember
from lms.models.people import Person
from tests import awkward, builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.conftest import NOON
from tests.page_client import Form, PageClient

GOOD = {
    "name": "Sri Lestari", "role": "companion", "nip": "19850607 2025 99 2 123", "email": "sri.lestari@pendamping.example",
    "province_iso": "ID-JI", "language": "id",
}  # fmt: skip


@pytest.fixture
def admin(client: PageClient, cast: Cast) -> PageClient:
    client.sign_in("ada@contoh.example", PASSWORD)
    return client


def new_form(admin: PageClient) -> Form:
    return admin.get("/orang/baru").form("Tambahkan")


def person(email: str) -> Person | None:
    return db.session.scalars(select(Person).where(Person.email_key == email)).one_or_none()


def test_add_edit_deactivate_reactivate(admin: PageClient) -> None:
    page = admin.submit(new_form(admin), **GOOD)
    assert page.status == 200
    assert "/sandi-baru/" in page.text
    made = person("sri.lestari@pendamping.example")
    assert made is not None
    assert (made.nip, made.name) == ("198506072025992123", "Sri Lestari")

    editing = admin.get(f"/orang/{made.uid}").form("Simpan")
    assert admin.submit(editing, name="Sri Lestari Utami", cohorts=["angkatan-uji"]).status == 303
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "person.edited")).one()
    assert entry.changes == {"name": ["Sri Lestari", "Sri Lestari Utami"]}
    assert db.session.scalars(select(func.count()).where(CohortMember.person_id == made.id)).one() == 1

    admin.submit(admin.get(f"/orang/{made.uid}").form("Nonaktifkan"))
    assert not person("sri.lestari@pendamping.example").is_active  # type: ignore[union-attr]
    admin.submit(admin.get(f"/orang/{made.uid}").form("Aktifkan"))
    assert person("sri.lestari@pendamping.example").is_active  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Wajib"),
        ({"name": "x" * 121}, "120"),
        ({"nip": ""}, "NIP"),
        ({"nip": "123"}, "18 angka"),
        ({"nip": "199013142025992001"}, "tanggal lahir"),
        ({"nip": "199003142025992001"}, "sudah dipakai"),
        ({"email": "bukan surel"}, "alamat surel"),
        ({"email": "CLEO@contoh.example"}, "sudah dipakai"),
        ({"province_iso": ""}, "provinsi"),
        ({"unit": "NIK 3578014503900001"}, "NIK"),
        ({"whatsapp": "bukan nomor"}, "nomor telepon"),
        ({"contract_began_on": "kemarin"}, "Tulis tanggal seperti"),
        ({"contract_began_on": "0025-10-01"}, "empat angka"),
        ({"scope": ["ID-AC"]}, "direktorat"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    admin: PageClient, change: dict[str, str], words: str
) -> None:
    values = {**GOOD, **change}
    page = admin.submit(new_form(admin), **values)
    assert page.status == 422
    assert words in page.text
    kept = page.form("Tambahkan").values
    assert kept["name"] == values["name"]
    assert person("sri.lestari@pendamping.example") is None


def test_a_race_for_an_address_is_a_field_error(cast: Cast) -> None:
    details = actions.Details(
        role=cast.cleo.role, name="Lain", title_before="", title_after="", nip=None, province_iso="ID-AC", regency="", unit="",
        position="", email="cleo@contoh.example", whatsapp="", language=cast.cleo.language, scope=(), contract_began_on=None,
    )  # fmt: skip
    with pytest.raises(errors.Refused) as refused:
        actions.create(actor=cast.ada, details=details)
    assert (refused.value.code, refused.value.field) == ("email_taken", "email")


def test_awkward_names_survive_unchanged(admin: PageClient) -> None:
    names = awkward.strings()
    assert len(names) >= 515
    form = new_form(admin)
    for number, name in enumerate(names[::25]):
        email = f"aneh.{number}@pendamping.example"
        nip = f"19850607202599{1 + number % 2}{number:03d}"
        page = admin.submit(form, **{**GOOD, "name": name, "email": email, "nip": nip})
        assert page.status == 200, (name, page.text[:300])
        made = person(email)
        assert made is not None
        assert made.name == name


def test_the_admin_stays_admin(admin: PageClient, cast: Cast) -> None:
    page = admin.submit(admin.get(f"/orang/{cast.ada.uid}").form("Simpan"), role="trainer")
    assert page.status == 422
    admin.follow(admin.submit(admin.get(f"/orang/{cast.ada.uid}").form("Nonaktifkan")))
    assert db.session.get(Person, cast.ada.id).is_active  # type: ignore[union-attr]


def test_search_and_filter(admin: PageClient, cast: Cast) -> None:
    assert "Colin" not in admin.get("/orang", query_string={"cari": "cle"}).text
    assert "Cleo" in admin.get("/orang", query_string={"cari": "19900314"}).text
    assert "Cleo" not in admin.get("/orang", query_string={"provinsi": "ID-PA"}).text
    assert (
        "%" not in admin.get("/orang", query_string={"cari": "%"}).all("tbody").__repr__()
        and "Cleo" not in admin.get("/orang", query_string={"cari": "%"}).text
    )
    assert admin.get("/orang", query_string={"halaman": "minus", "peran": "raja"}).status == 200


def test_unknown_people_and_wrong_methods(admin: PageClient) -> None:
    assert admin.get("/orang/tidak-ada").status == 404
    assert admin.post("/orang/tidak-ada/penonaktifan").status == 404
    assert admin.get("/orang/tidak-ada/penonaktifan").status == 405


def test_the_roster_costs_the_same_for_many(admin: PageClient) -> None:
    for number in range(60):
        builders.make_person(f"Banyak {number}", province="ID-BA")
    admin.get("/orang", max_statements=5)
    assert "Halaman 1 dari 2" in admin.page.text  # type: ignore[union-attr]


def test_cohorts_dates_and_members(admin: PageClient, cast: Cast) -> None:
    made = admin.follow(admin.submit(admin.get("/angkatan/baru").form("Buat"), name="Angkatan II", code="angkatan-2"))
    form = made.form("Simpan")
    filled = {"uji-taken": "y", "uji-opens_at": "2026-12-01T08:00", "uji-due_at": "2026-12-31T23:59"}
    assert admin.submit(form, **filled).status == 303
    course = db.session.scalars(select(CohortCourse).join(Cohort).where(Cohort.code == "angkatan-2")).one()
    assert course.opens_at == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    wrong = admin.submit(
        admin.get("/angkatan/angkatan-2").form("Simpan"), **{**filled, "uji-due_at": "2026-11-01T00:00"}
    )
    assert wrong.status == 422
    assert "mendahului" in wrong.text
    two_digits = admin.submit(wrong.form("Simpan"), **{**filled, "uji-due_at": "0026-12-31T23:59"})
    assert two_digits.status == 422
    assert "empat angka" in two_digits.text
    assert two_digits.form("Simpan").values["uji-due_at"] == "0026-12-31T23:59"

    add = admin.get("/angkatan/angkatan-2").form("Tambahkan pendamping")
    unknown = admin.submit(add, identifiers="cleo@contoh.example\nsiapa@contoh.example\n")
    assert unknown.status == 422
    assert "siapa@contoh.example" in unknown.text
    assert "cleo@contoh.example" in unknown.form("Tambahkan pendamping").values["identifiers"]
    admin.submit(add, identifiers="cleo@contoh.example\n19880707 2025 99 1 002\n")
    members = select(func.count()).select_from(CohortMember).join(Cohort).where(Cohort.code == "angkatan-2")
    assert db.session.scalars(members).one() == 2
    left = admin.follow(admin.submit(admin.get("/angkatan/angkatan-2").form("Keluarkan")))
    assert "Cleo tidak lagi dalam angkatan ini" in left.text
    assert db.session.scalars(members).one() == 1
    admin.submit(admin.get("/angkatan/angkatan-2").form("Tambahkan semua"), province="ID-AC")
    assert db.session.scalars(members).one() >= 1
    assert "Angkatan ditutup" in admin.follow(admin.submit(admin.get("/angkatan/angkatan-2").form("Tutup"))).text
    assert admin.post("/angkatan/angkatan-2/provinsi", {"province": "ID-AC"}).status == 409


def test_dates_of_a_course_that_is_not_taken_are_not_dropped_in_silence(admin: PageClient) -> None:
    admin.submit(admin.get("/angkatan/baru").form("Buat"), name="Angkatan II", code="angkatan-2")
    form = admin.get("/angkatan/angkatan-2").form("Simpan")
    page = admin.submit(form, **{"uji-due_at": "2026-12-31T23:59"})
    assert page.status == 422
    assert "Centang pelatihan" in page.text
    assert admin.submit(page.form("Simpan"), **{"uji-taken": "y"}).status == 303
    taken = admin.get("/angkatan/angkatan-2").form("Simpan")
    del taken.values["uji-taken"]
    assert admin.submit(taken).status == 303
    assert admin.get("/angkatan/angkatan-2").form("Simpan").values["uji-due_at"] == ""


def test_a_cohort_can_be_reached_by_its_code(admin: PageClient) -> None:
    page = admin.submit(admin.get("/angkatan/baru").form("Buat"), name="Angkatan baru", code="baru")
    assert page.status == 422
    assert "kode lain" in page.text


def test_taking_someone_out_stays_on_the_page_of_the_list(admin: PageClient, cast: Cast) -> None:
    joined = [builders.make_person(f"Zaki {number:02d}", province="ID-BA") for number in range(60)]
    cohort_id = db.session.scalars(select(Cohort.id).where(Cohort.code == "angkatan-uji")).one()
    db.session.add_all(CohortMember(cohort_id=cohort_id, person_id=each.id, joined_at=NOON) for each in joined)
    db.session.flush()
    page = admin.follow(admin.submit(admin.get("/angkatan/angkatan-uji?halaman=2").form("Keluarkan")))
    assert "Halaman 2 dari 2" in page.text


def test_the_audit_trail_tells_it_in_words(admin: PageClient, cast: Cast) -> None:
    admin.submit(admin.get(f"/orang/{cast.cleo.uid}").form("Nonaktifkan"))
    page = admin.get("/jejak-audit")
    assert "Ada menonaktifkan Cleo" in page.text


def test_the_audit_trail_names_whom_and_what(admin: PageClient, cast: Cast) -> None:
    admin.submit(admin.get("/angkatan/angkatan-uji").form("Keluarkan"))
    admin.submit(new_form(admin), **GOOD)
    db.session.execute(update(Cohort).values(name="Gelombang I"))
    for search in ("gelombang", "angkatan-uji"):
        page = admin.get("/jejak-audit", query_string={"jenis": "cohort", "cari": search})
        assert "Ada mengeluarkan anggota dari angkatan Gelombang I" in page.text
        assert "orang: Cleo, cleo@contoh.example → –" in page.text
    assert "peran: – → Pendamping" in admin.get("/jejak-audit?jenis=person").text
    assert "Tidak ada yang ditemukan" in admin.get("/jejak-audit?jenis=marking").text
