"""Learning gain against a slow count: who is counted, which attempt, in which provinces, in which dress."""

import csv
import io
import zipfile
from statistics import fmean

import pytest
from sqlalchemy import select

from lms.extensions import db
from lms.kernel import ids
from lms.models.content import Document
from lms.models.facts import Attempt
from lms.models.people import Person
from lms.reporting import gain
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.conftest import NOON
from tests.page_client import PageClient

BEFORE, AFTER = "uji-1-pra", "uji-1-pasca"


def asked(prefix: str) -> str:
    """Two questions of one point each; the second test asks them in the other order."""
    one = f"## Apa langkah pertama? {{#{prefix}-q1 points=1}}\n\n- [x] melihat\n- [ ] pulang\n\n> Lihat.\n"
    other = f"## Siapa didahulukan? {{#{prefix}-q2 points=1}}\n\n- [ ] yang kuat\n- [x] yang rentan\n\n> Rentan.\n"
    return f"{one}\n{other}" if prefix == "pra" else f"{other}\n{one}"


@pytest.fixture
def pair(cast: Cast) -> gain.Tests:
    """The two tests, published; the post-test counts the last attempt."""
    more = {
        "dukungan/1-awal/pra.md": builders.quiz_md(BEFORE, body=asked("pra"), pre_of=AFTER),
        "dukungan/1-awal/pasca.md": builders.quiz_md(AFTER, body=asked("pasca"), post_of=BEFORE, score="last"),
    }
    builders.add_content(builders.small_pack() | {path: text.encode() for path, text in more.items()})
    (found,) = gain.tests()
    return found


def took(person: Person, code: str, *right: bool, number: int = 1, waiting: int = 0) -> None:
    """One attempt handed in: which of its questions (q1, q2) were right; how many answers a trainer has yet to mark."""
    document = db.session.scalars(select(Document).where(Document.code == code)).one()
    prefix = code.removeprefix("uji-1-")
    marks = {
        f"{prefix}-q{place}": {"earned": 100 * is_right, "maximum": 100, "state": "right" if is_right else "wrong"}
        for place, is_right in enumerate(right, start=1)
    }
    earned = 100 * sum(right)
    db.session.add(
        Attempt(
            uid=ids.fact(), person_id=person.id, document_id=document.id, revision_id=document.published_id,
            number=number, drawn=[], started_at=NOON, submitted_at=NOON, recorded_at=NOON, earned=earned,
            maximum=100 * len(right), percent=earned // len(right), passed=False, marks=marks, waiting=waiting,
        )
    )  # fmt: skip
    db.session.flush()


def crowd(cast: Cast) -> list[Person]:
    """Three in Bali who took both, one who took the first only, one the second only; Cleo (Aceh) took both."""
    people = [builders.make_person(f"Warga {number}", province="ID-BA") for number in range(5)]
    for person in (*people[:3], cast.cleo):
        took(person, BEFORE, True, False)
        took(person, AFTER, True, True)
    took(people[3], BEFORE, False, False)
    took(people[4], AFTER, True, True)
    builders.make_cohort("gelombang", [*people[:4], cast.cleo])
    return people


def everyone(actor: Person, pair: gain.Tests, **filters: str) -> gain.Group:
    return gain.report(actor, pair, **{"cohort": "", "province": "", **filters}).everyone


def test_who_took_what_and_what_they_gained(cast: Cast, pair: gain.Tests) -> None:
    crowd(cast)
    report = gain.report(cast.dora, pair, cohort="", province="")
    turnout = report.everyone.turnout
    assert (turnout.both, turnout.only_before, turnout.only_after, turnout.neither) == (4, 1, 1, 1)
    found = report.everyone.gain
    assert found is not None
    assert (found.mean_before, found.mean_after, found.difference, found.normalised) == (50, 100, 50, 1)
    assert [(each.before, each.after) for each in report.questions] == [(100, 100), (0, 100)]
    assert {group.name: group.turnout.both for group in report.provinces} == {"Aceh": 1, "Bali": 3, "Papua": 0}
    assert {group.name: (group.gain is None) for group in report.provinces} == {
        "Aceh": True, "Bali": False, "Papua": True,
    }  # fmt: skip
    assert {group.name: group.turnout.people for group in report.cohorts} == {"Angkatan-uji": 2, "Gelombang": 5}


def test_a_question_that_few_were_asked_in_both_tests_is_not_shown(cast: Cast, pair: gain.Tests) -> None:
    people = [builders.make_person(f"Warga {number}", province="ID-BA") for number in range(4)]
    for number, person in enumerate(people):
        drawn = (True, True) if number < 2 else (True,)
        took(person, BEFORE, *drawn)
        took(person, AFTER, *drawn)
    report = gain.report(cast.dora, pair, cohort="", province="")
    assert report.everyone.turnout.both == 4
    assert ["pertama" in each.before_html for each in report.questions] == [True]


def test_the_first_attempt_before_and_the_last_after(cast: Cast, pair: gain.Tests) -> None:
    crowd(cast)
    took(cast.cleo, BEFORE, True, True, number=2)
    took(cast.cleo, AFTER, False, True, number=2)
    found = everyone(cast.dora, pair).gain
    assert found is not None
    assert found.mean_before == 50
    assert found.mean_after == fmean([100, 100, 100, 50])


def test_where_the_best_counts_it_is_taken(cast: Cast, pair: gain.Tests) -> None:
    crowd(cast)
    took(cast.cleo, AFTER, False, True, number=2)
    best = gain.Tests(**{**vars(pair), "best_counts": True})
    found = everyone(cast.dora, best).gain
    assert found is not None
    assert found.mean_after == 100


def test_who_waits_for_a_marker_is_left_out_and_counted(client: PageClient, cast: Cast, pair: gain.Tests) -> None:
    people = crowd(cast)
    one, other = (builders.make_person(f"Menunggu {number}", province="ID-BA") for number in range(2))
    took(one, BEFORE, False, False, waiting=1)
    took(one, AFTER, True, False)
    took(other, AFTER, False, False, waiting=1)
    took(people[0], AFTER, False, False, number=2, waiting=2)
    report = gain.report(cast.dora, pair, cohort="", province="")
    turnout = report.everyone.turnout
    assert (turnout.both, turnout.only_before, turnout.only_after, turnout.neither, turnout.waiting) == (3, 1, 1, 1, 3)
    assert turnout.people == 9
    assert report.everyone.gain is not None
    assert (report.everyone.gain.n, report.everyone.gain.mean_before, report.everyone.gain.mean_after) == (3, 50, 100)
    assert [(each.before, each.after) for each in report.questions] == [(100, 100), (0, 100)]
    client.sign_in("dora@contoh.example", PASSWORD)
    assert "3 orang tidak ikut dihitung" in client.get("/laporan/peningkatan").text


def test_filters_and_the_provinces_of_a_coordinator(cast: Cast, pair: gain.Tests) -> None:
    crowd(cast)
    assert everyone(cast.dora, pair, cohort="gelombang").turnout.people == 5
    assert everyone(cast.dora, pair, province="ID-BA").turnout.people == 5
    aceh = everyone(cast.kiki, pair)
    assert (aceh.turnout.people, aceh.turnout.both, aceh.gain) == (1, 1, None)
    assert everyone(cast.kiki, pair, province="ID-BA").turnout.people == 0


@pytest.mark.parametrize("who", ["dora", "tara", "ada"])
def test_the_page(client: PageClient, cast: Cast, pair: gain.Tests, who: str) -> None:
    crowd(cast)
    client.sign_in(f"{who}@contoh.example", PASSWORD)
    page = client.get(f"/laporan/peningkatan?tes={AFTER}", max_statements=11)
    assert "+50" in page.text
    assert "Bali" in page.text
    shown = client.submit(page.form("Tampilkan"), provinsi="ID-AC")
    assert "Kurang dari 3 orang" in shown.text
    assert "+50" not in shown.text


def test_the_file_has_the_same_rows(client: PageClient, cast: Cast, pair: gain.Tests) -> None:
    crowd(cast)
    client.sign_in("dora@contoh.example", PASSWORD)
    response = client.send("GET", "/laporan/peningkatan.csv")
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    bali = next(row for row in rows if row[1] == "Bali")
    assert bali[2:8] == ["5", "3", "1", "1", "0", "50.0"]
    aceh = next(row for row in rows if row[1] == "Aceh")
    assert aceh[7:] == [""] * 10 + ["0"]
    questions = client.send("GET", "/laporan/peningkatan/soal.csv").get_data(as_text=True).lstrip("\ufeff")
    assert list(csv.reader(io.StringIO(questions)))[1:] == [
        ["Apa langkah pertama?", "Apa langkah pertama?", "100.0", "100.0", "0.0"],
        ["Siapa didahulukan?", "Siapa didahulukan?", "0.0", "100.0", "100.0"],
    ]
    with zipfile.ZipFile(io.BytesIO(client.send("GET", "/laporan/peningkatan.xlsx").data)) as book:
        assert "Siapa didahulukan?" in book.read("xl/worksheets/sheet2.xml").decode()
    aceh_only = client.send("GET", "/laporan/peningkatan/soal.csv?provinsi=ID-AC").get_data(as_text=True)
    assert "Siapa" not in aceh_only, "of fewer than three people: nothing"


def test_everyone_who_may_read_it_is_led_there(client: PageClient, cast: Cast, pair: gain.Tests) -> None:
    for who, start in (("ada", "/laporan/penuntasan"), ("dora", "/laporan/penuntasan"), ("tara", "/susun")):
        browser = PageClient(client.app)
        browser.sign_in(f"{who}@contoh.example", PASSWORD)
        browser.get(start)
        assert "Siapa yang menempuh tes" in browser.click("Peningkatan").text


def test_without_tests_the_page_says_how_to_make_one(client: PageClient, cast: Cast) -> None:
    client.sign_in("dora@contoh.example", PASSWORD)
    assert "Belum ada tes" in client.get("/laporan/peningkatan").text
