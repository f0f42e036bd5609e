"""A wrong key is put right: seen before it is confirmed, applied to those concerned, taken back, never twice at once."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from lms.authoring.actions import regrading
from lms.extensions import db
from lms.kernel import errors
from lms.learning import actions
from lms.models.audit import AuditEntry
from lms.models.content import Document, Revision
from lms.models.facts import Attempt
from lms.models.marks import Regrade, RegradedAttempt
from lms.models.people import Person
from lms.models.summaries import ItemProgress
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient

PAGE = "/susun/uji-1-kuis/nilai-ulang"
WRONG = """## Apa langkah pertama? {#q1 points=2}

- [x] Menyuruh bercerita
    Satu.
- [ ] Melihat keselamatan
    Dua.

> Alasan.

## Berapa luas minimal? {#q2 points=2}

= 3,5

> Alasan.
"""
RIGHT = WRONG.replace("[x]", "[?]").replace("[ ]", "[x]").replace("[?]", "[ ]")


@pytest.fixture
def tara(client: PageClient, cast: Cast) -> PageClient:
    publish(WRONG)
    client.sign_in("tara@contoh.example", PASSWORD)
    return client


def hand_in(person: Person, words: str, number: str = "3,5") -> str:
    uid = actions.start_attempt(actor=person, course="uji", code="uji-1-kuis", uid=str(uuid4()))
    return finish(person, uid, words, number)


def finish(person: Person, uid: str, words: str, number: str = "3,5") -> str:
    paper = db.session.scalars(
        select(Revision.paper).join(Attempt, Revision.id == Attempt.revision_id).where(Attempt.uid == uid)
    ).one()
    choice = next((each["id"] for each in (paper or [])[0]["choices"] if words in each["html"]), "")
    held = actions.hold_attempt(actor=person, course="uji", code="uji-1-kuis", uid=uid)
    actions.submit_attempt(actor=person, held=held, responses={"q1": choice, "q2": number})
    return uid


def publish(body: str) -> None:
    pack = builders.small_pack()
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(body=body).encode()
    builders.add_content(pack)


def state(uid: str) -> tuple[int, bool]:
    attempt = db.session.scalars(select(Attempt).where(Attempt.uid == uid)).one()
    return attempt.percent, attempt.passed


def test_seen_confirmed_and_taken_back(tara: PageClient, cast: Cast) -> None:
    better, worse = hand_in(cast.cleo, "Melihat"), hand_in(cast.colin, "Menyuruh")
    assert "Belum ada percobaan" in tara.get(PAGE).text
    publish(RIGHT)
    page = tara.get(PAGE, max_statements=9)
    assert "1 percobaan menjadi lulus" in page.text
    assert "1 percobaan menjadi tidak lulus" in page.text
    assert "50 → 100" in page.text
    assert "100 → 50" in page.text
    assert (state(better), state(worse)) == ((50, False), (100, True))

    confirm = page.form("Nilai ulang")
    assert tara.submit(confirm).status == 422
    assert db.session.scalars(select(Regrade)).all() == []
    done = tara.follow(tara.submit(confirm, reason="Kunci soal 1 tertukar."))
    assert "2 percobaan berubah" in done.source
    assert (state(better), state(worse)) == ((100, True), (50, False))
    progress = db.session.scalars(select(ItemProgress).where(ItemProgress.person_id == cast.cleo.id)).one()
    assert (progress.percent, progress.done_at is not None) == (100, True)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "attempts.regraded")).one()
    assert entry.changes["reason"] == [None, "Kunci soal 1 tertukar."]
    assert "0 dari 2 percobaan" in done.text

    tara.follow(tara.submit(done.form("Tarik kembali")))
    assert (state(better), state(worse)) == ((50, False), (100, True))
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "regrade.undone")).one()
    regrading.undo(actor=cast.tara, uid=db.session.scalars(select(Regrade.uid)).one())
    assert state(better) == (50, False)


def test_other_revisions_are_left_alone_unless_asked(tara: PageClient, cast: Cast) -> None:
    oldest = hand_in(cast.cleo, "Melihat")
    publish(WRONG.replace("Alasan.", "Alasan lain."))
    newer = hand_in(cast.colin, "Melihat")
    publish(RIGHT)
    tara.follow(tara.submit(tara.get(PAGE).form("Nilai ulang"), reason="Kunci."))
    assert (state(oldest), state(newer)) == ((50, False), (100, True))
    both = tara.submit(tara.get(PAGE).form("Tampilkan"), revisi=["2", "3"])
    tara.follow(tara.submit(both.form("Nilai ulang"), reason="Juga yang lama."))
    assert state(oldest) == (100, True)


def test_a_key_put_back_is_found_again(tara: PageClient, cast: Cast) -> None:
    uid = hand_in(cast.cleo, "Menyuruh")
    publish(RIGHT)
    regrading.apply(actor=cast.tara, code="uji-1-kuis", numbers=[2], reason="Keliru.")
    assert state(uid) == (50, False)
    publish(WRONG)
    regrading.apply(actor=cast.tara, code="uji-1-kuis", numbers=[2], reason="Yang pertama benar.")
    assert state(uid) == (100, True)


@pytest.mark.parametrize(
    "body",
    [
        RIGHT.split("\n## Berapa")[1].join(["## Berapa", ""]),
        RIGHT.replace("Melihat keselamatan", "Melihat keselamatan dahulu"),
    ],
    ids=["question removed", "option changed"],
)
def test_what_the_new_key_cannot_judge_keeps_its_mark(tara: PageClient, cast: Cast, body: str) -> None:
    uid = hand_in(cast.cleo, "Melihat", "9")
    publish(body.replace("= 3,5", "= 9"))
    regrading.apply(actor=cast.tara, code="uji-1-kuis", numbers=[2], reason="Angka keliru.")
    marks = db.session.scalars(select(Attempt.marks).where(Attempt.uid == uid)).one()
    assert (marks["q1"]["earned"], marks["q2"]["earned"]) == (0, 200)


def test_people_who_hand_in_meanwhile_are_found_afterwards(
    tara: PageClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrading, "BATCH_ATTEMPTS", 1)
    first = hand_in(cast.cleo, "Melihat")
    going_on = actions.start_attempt(actor=cast.colin, course="uji", code="uji-1-kuis", uid=str(uuid4()))
    publish(RIGHT)
    regrading.apply(actor=cast.tara, code="uji-1-kuis", numbers=[2], reason="Kunci.")
    finish(cast.colin, going_on, "Melihat")
    assert (state(first), state(going_on)) == ((100, True), (50, False))
    page = tara.get(PAGE)
    assert "1 dari 2 percobaan" in page.text
    tara.follow(tara.submit(page.form("Nilai ulang"), reason="Yang menyusul."))
    assert state(going_on) == (100, True)


def test_one_that_was_cut_off_goes_on_and_holds_back_others(
    tara: PageClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    uids = [hand_in(person, "Melihat") for person in (cast.cleo, cast.colin)]
    publish(RIGHT)
    with monkeypatch.context() as patch:
        patch.setattr(regrading, "BATCH_ATTEMPTS", 1)
        patch.setattr(regrading, "AT_ONCE", -regrading.AT_ONCE)
        regrading.apply(actor=cast.tara, code="uji-1-kuis", numbers=[2], reason="Kunci.")
    assert [state(uid)[0] for uid in uids] == [100, 50]
    with pytest.raises(errors.Conflict):
        regrading.apply(actor=cast.tara, code="uji-1-kuis", numbers=[2], reason="Sekali lagi.")
    page = tara.get(PAGE)
    assert "belum selesai" in page.text
    tara.follow(tara.submit(page.form("Lanjutkan")))
    assert [state(uid)[0] for uid in uids] == [100, 100]
    assert len(db.session.scalars(select(RegradedAttempt)).all()) == 2


def test_only_a_published_quiz_has_the_page(tara: PageClient) -> None:
    assert tara.get("/susun/uji-1-1/nilai-ulang").status == 404
    assert db.session.scalars(select(Document.code).where(Document.code == "uji-1-kuis")).one()
    assert tara.post(PAGE, {"reason": "Tanpa revisi."}).status == 422


def test_who_publishes_another_key_is_led_to_the_regrade(tara: PageClient, cast: Cast) -> None:
    hand_in(cast.cleo, "Melihat")
    form = tara.get("/susun/uji-1-kuis").form("Terbitkan")
    page = tara.follow(tara.submit(form, source=builders.quiz_md(body=RIGHT)))
    assert "Kunci berubah." in page.text
    assert "1 percobaan menjadi lulus" in tara.click("Nilai ulang").text
    form = tara.get("/susun/uji-1-kuis").form("Terbitkan")
    page = tara.follow(tara.submit(form, source=builders.quiz_md(body=RIGHT.replace("Alasan.", "Alasan lain."))))
    assert "Kunci berubah." not in page.text
