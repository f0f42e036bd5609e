"""Essays from handing in to the mark that their writer sees: the line, the rubric, two markers, a second look."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from lms.extensions import db
from lms.learning import actions
from lms.models.audit import AuditEntry
from lms.models.facts import Attempt
from lms.models.marks import Claim, Marking, SavedComment
from lms.models.people import Person
from lms.models.summaries import ItemProgress
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import Page, PageClient

LINE = "/susun/penilaian"
NEXT = "Simpan dan lanjut"
OPEN = """## Ceritakan satu kunjungan rumah. {#e1 points=4}

___

- rubrik: menyebut keadaan keluarga (2)
- rubrik: menyebut langkah berikutnya (8)

## Berapa luas minimal? {#e3 points=4}

= 3,5
"""


def quiz(code: str = "uji-1-kuis", **front: str) -> None:
    pack = builders.small_pack()
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(code, body=OPEN, **front).encode()
    builders.add_content(pack)


def hand_in(person: Person, text: str, *, number: str = "3,5") -> str:
    uid = actions.start_attempt(actor=person, course="uji", code="uji-1-kuis", uid=str(uuid4()))
    held = actions.hold_attempt(actor=person, course="uji", code="uji-1-kuis", uid=uid)
    actions.submit_attempt(actor=person, held=held, responses={"e1": text, "e3": number})
    return uid


def sign_in(client: PageClient, name: str) -> PageClient:
    browser = PageClient(client.app)
    browser.sign_in(f"{name}@contoh.example", PASSWORD)
    return browser


def give(browser: PageClient, page: Page, first: str, second: str, comment: str = "", button: str = NEXT) -> Page:
    return browser.submit(page.form(NEXT), button, line_0=first, line_1=second, comment=comment)


def attempt(uid: str) -> Attempt:
    return db.session.scalars(select(Attempt).where(Attempt.uid == uid)).one()


def test_from_the_line_to_the_writer(client: PageClient, cast: Cast) -> None:
    quiz()
    uid = hand_in(cast.cleo, "Keluarga di huntara. <script>alert(1)</script>")
    waiting = attempt(uid)
    assert (waiting.waiting, waiting.percent, waiting.passed) == (1, 50, False)
    cleo = sign_in(client, "cleo")
    assert "Menunggu penilaian" in cleo.get("/beranda").text
    assert "menunggu dinilai" in cleo.get("/belajar/uji/uji-1-kuis").text

    tara = sign_in(client, "tara")
    assert "Penilaian (1)" in tara.get("/susun").text
    line = tara.get(LINE, max_statements=8)
    assert "Cleo" in line.text
    page = tara.follow(tara.submit(line.form("Mulai menilai")))
    assert page.url.startswith(f"{LINE}/{uid}/e1")
    assert "<script>alert" not in page.source
    assert "Keluarga di huntara." in page.text
    end = tara.follow(give(tara, page, "1", "8", "Bagus, lengkapi\nkeadaan keluarga."))
    assert "ujung antrean" in end.source
    assert "Tidak ada yang menunggu" in end.text

    marked = attempt(uid)
    assert marked.marks["e1"] == {"earned": 360, "maximum": 400, "state": "partly"}
    assert (marked.waiting, marked.percent, marked.passed) == (0, 95, True)
    progress = db.session.scalars(select(ItemProgress).where(ItemProgress.person_id == cast.cleo.id)).one()
    assert (progress.percent, progress.done_at) == (95, marked.submitted_at)
    assert db.session.scalars(select(Claim)).all() == []
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "answer.marked")).one()
    assert (entry.actor_id, entry.subject_key, entry.changes["points"]) == (cast.tara.id, "uji-1-kuis", [None, 3.6])
    result = cleo.get(f"/belajar/uji/uji-1-kuis/percobaan/{uid}").text
    assert "menyebut keadaan keluarga: 1 dari 2" in result
    assert "Bagus, lengkapi keadaan keluarga." in result
    assert "Menunggu penilaian" not in cleo.get("/beranda").text


def test_what_is_missing_or_too_much_is_said_and_nothing_is_lost(client: PageClient, cast: Cast) -> None:
    quiz()
    uid = hand_in(cast.cleo, "Isi.")
    tara = sign_in(client, "tara")
    page = tara.get(f"{LINE}/{uid}/e1")
    for first, second in (("", "3"), ("3", "3"), ("1", "9"), ("1", "-1"), ("1", "x"), ("1", "")):
        wrong = tara.post(page.url, {"line_0": first, "line_1": second, "comment": "Sudah ditulis.", "based_on": "0"})
        assert wrong.status == 422
        assert "Sudah ditulis." in wrong.source
    assert tara.post(page.url, {"line_0": "1", "line_1": "1", "comment": "x" * 1_001}).status == 422
    assert tara.post(page.url, {"line_0": "1", "line_1": "1", "comment": "\x00"}).status == 422
    assert db.session.scalars(select(Marking)).all() == []
    assert tara.get(f"{LINE}/{uid}/e3").status == 404
    assert tara.get(f"{LINE}/tidak-ada/e1").status == 404


def test_two_markers_lose_nothing(client: PageClient, cast: Cast) -> None:
    quiz()
    uid = hand_in(cast.cleo, "Isi.")
    tara, ada = sign_in(client, "tara"), sign_in(client, "ada")
    mine, theirs = tara.get(f"{LINE}/{uid}/e1"), ada.get(f"{LINE}/{uid}/e1")
    assert give(ada, theirs, "2", "8", "Lengkap.").status == 303
    both = give(tara, mine, "0", "2", "Kurang lengkap.")
    assert both.status == 409
    assert "Lengkap." in both.text
    assert "Ada menyimpan penilaian" in both.text
    assert both.form("Simpan penilaian saya").values["comment"].strip() == "Kurang lengkap."
    assert attempt(uid).percent == 100
    assert tara.submit(both.form("Simpan penilaian saya"), "Simpan penilaian saya").status == 303
    assert (attempt(uid).percent, attempt(uid).marks["e1"]["earned"]) == (60, 80)
    numbers = db.session.execute(select(Marking.number, Marking.earned).order_by(Marking.number)).all()
    assert [tuple(each) for each in numbers] == [(1, 400), (2, 80)]
    again = tara.get(f"{LINE}/{uid}/e1")
    assert "Lengkap." in again.text
    assert "Kurang lengkap." in again.text


def test_the_same_marking_sent_twice_counts_once(client: PageClient, cast: Cast) -> None:
    quiz()
    uid = hand_in(cast.cleo, "Isi.")
    tara = sign_in(client, "tara")
    page = tara.get(f"{LINE}/{uid}/e1")
    assert [give(tara, page, "2", "8").status for _ in range(2)] == [303, 303]
    assert len(db.session.scalars(select(Marking)).all()) == 1


def test_a_completion_once_granted_stays_when_a_mark_falls(client: PageClient, cast: Cast) -> None:
    quiz()
    uid = hand_in(cast.cleo, "Isi.")
    tara = sign_in(client, "tara")
    for first, second, passed in (("2", "8", True), ("0", "0", False)):
        page = tara.get(f"{LINE}/{uid}/e1")
        give(tara, page, first, second)
        assert attempt(uid).passed is passed


def test_the_line_gives_each_marker_another_answer(client: PageClient, cast: Cast) -> None:
    quiz()
    first, second = hand_in(cast.cleo, "Satu."), hand_in(cast.colin, "Dua.")
    tara, ada = sign_in(client, "tara"), sign_in(client, "ada")
    mine = tara.follow(tara.submit(tara.get(LINE).form("Mulai menilai")))
    theirs = ada.follow(ada.submit(ada.get(LINE).form("Mulai menilai")))
    assert [mine.url.split("/")[3], theirs.url.split("/")[3]] == [first, second]
    assert "Tara sedang menilai" in ada.get(mine.url).text
    assert "sedang dinilai" in ada.get(LINE).text
    skipped = tara.follow(tara.submit(mine.form("Lewati")))
    assert "ujung antrean" in skipped.source
    assert ada.follow(give(ada, ada.get(theirs.url), "1", "1")).h1 == "Penilaian"
    assert ada.follow(ada.submit(ada.get(LINE).form("Mulai menilai"))).url.split("/")[3] == first


def test_a_blind_quiz_shows_no_name(client: PageClient, cast: Cast) -> None:
    quiz(blind="true")
    uid = hand_in(cast.cleo, "Isi.")
    tara = sign_in(client, "tara")
    for page in (tara.get(LINE), tara.get(f"{LINE}/{uid}/e1")):
        assert "tanpa nama" in page.text
        for secret in ("Cleo", "Aceh", cast.cleo.nip or "", cast.cleo.uid):
            assert secret not in page.source
    other = sign_in(client, "ada")
    give(other, other.get(f"{LINE}/{uid}/e1"), "1", "1")
    assert "Cleo" not in tara.get(LINE).source


def test_saved_comments_are_ones_own(client: PageClient, cast: Cast) -> None:
    quiz()
    uid = hand_in(cast.cleo, "Isi.")
    tara = sign_in(client, "tara")
    page = tara.get(f"{LINE}/{uid}/e1")
    kept = tara.submit(page.form(NEXT), line_0="2", comment="Sebut siapa melakukan apa.")
    assert kept.status == 422
    target = f"{page.url}/komentar"
    typed = {"line_0": "2", "line_1": "5", "comment": "Sebut siapa melakukan apa.", "simpan": "1"}
    for _ in range(2):
        assert tara.post(target, typed).status == 200
    saved = db.session.scalars(select(SavedComment)).one()
    inserted = tara.post(target, {"line_0": "2", "line_1": "5", "comment": "Baik.", "saved": saved.uid})
    values = inserted.form(NEXT).values
    assert values["comment"].strip() == "Baik.\nSebut siapa melakukan apa."
    assert (values["line_0"], values["line_1"]) == ("2", "5")
    ada = sign_in(client, "ada")
    assert "Sebut siapa" not in ada.get(page.url).source
    ada.post(f"{LINE}/komentar/{saved.uid}/penghapusan")
    assert len(db.session.scalars(select(SavedComment)).all()) == 1
    mine = tara.get(f"{LINE}/komentar")
    assert tara.submit(mine.form("Tambahkan"), comment="").status == 422
    tara.follow(tara.submit(mine.form("Hapus")))
    assert db.session.scalars(select(SavedComment)).all() == []


@pytest.mark.parametrize(("number", "passed"), [("3,5", True), ("9", False)])
def test_a_waiting_attempt_passes_only_without_the_essay(cast: Cast, number: str, passed: bool) -> None:
    quiz(**{"pass": "50"})
    assert attempt(hand_in(cast.cleo, "Isi.", number=number)).passed is passed


def test_many_answers_cost_no_more_statements(client: PageClient, cast: Cast) -> None:
    quiz(attempts="1000")
    for number in range(35):
        hand_in(cast.cleo, f"Isi {number}.")
    tara = sign_in(client, "tara")
    assert "35 jawaban" in tara.get(LINE, max_statements=8).text
    assert "Halaman 2 dari 2" in tara.get(f"{LINE}?kuis=uji-1-kuis&halaman=99", max_statements=8).text
    tara.get(f"{LINE}/{db.session.scalars(select(Attempt.uid).limit(1)).one()}/e1", max_statements=9)
    assert "0 jawaban" in tara.get(f"{LINE}?kuis=tidak-ada").text
