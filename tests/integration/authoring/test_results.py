"""Results of a quiz against a case computed by hand, in every dress, and never stale."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from lms.authoring import statistics
from lms.authoring.actions import marking, regrading
from lms.authoring.queue import Place
from lms.authoring.statistics import Wanted, Which
from lms.extensions import db
from lms.learning import actions
from lms.models.content import Document, Revision
from lms.models.facts import Attempt
from lms.models.people import Person
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient

WRONG, RIGHT = "Menyuruh", "Melihat"


def hand_in(person: Person, first: str, **more: object) -> None:
    """One attempt that answers the first question with the option whose text contains the words, and `more`."""
    paper = db.session.scalars(
        select(Revision.paper).join(Document, Revision.id == Document.published_id).where(Document.code == "uji-1-kuis")
    ).one()
    choice = next(each["id"] for each in (paper or [])[0]["choices"] if first in each["html"])
    hand_in_responses(person, **{"uji-q1": choice, **more})


def hand_in_responses(person: Person, **responses: Any) -> str:
    """One attempt with these answers; returns its uid."""
    uid = actions.start_attempt(actor=person, course="uji", code="uji-1-kuis", uid=str(uuid4()))
    held = actions.hold_attempt(actor=person, course="uji", code="uji-1-kuis", uid=uid)
    actions.submit_attempt(actor=person, held=held, responses=responses)
    return uid


def publish(body: str) -> None:
    """A new revision of the quiz with these questions."""
    builders.add_content(builders.small_pack() | {"dukungan/1-awal/kuis.md": builders.quiz_md(body=body).encode()})


def quiz_id() -> int:
    return db.session.scalars(select(Document.id).where(Document.code == "uji-1-kuis")).one()


def firsts(report: statistics.Report) -> tuple[int, int, float]:
    """Attempts at the first question, right ones, facility."""
    item = report.rows[0].item
    return item.n, item.right, item.facility


@pytest.fixture
def tara(client: PageClient, cast: Cast) -> PageClient:
    client.sign_in("tara@contoh.example", PASSWORD)
    return client


def test_numbers_by_hand(tara: PageClient, cast: Cast, tmp_path: Path) -> None:
    hand_in(cast.cleo, RIGHT)
    hand_in(cast.cleo, WRONG)
    hand_in(cast.colin, WRONG)
    report = statistics.report(quiz_id(), Wanted(), tmp_path)
    assert (report.figures.summary.n, report.figures.people, report.figures.passed) == (2, 2, 0)
    assert report.figures.summary.mean == pytest.approx(100 / 7 / 2)
    assert firsts(report) == (2, 1, 50)
    wrong, right = report.rows[0].options
    assert (wrong.letter, wrong.is_right, wrong.count, wrong.share, wrong.mean) == ("A", False, 1, 50, 0)
    assert (right.letter, right.is_right, right.count, right.mean) == ("B", True, 1, pytest.approx(100 / 7))
    assert [each.code for each in report.rows[0].advice] == ["few"]
    page = tara.get("/susun/uji-1-kuis/hasil", max_statements=10)
    assert "Apa langkah pertama?" in page.text
    detail = tara.click("Apa langkah pertama?")
    assert "Menyuruh bercerita" in detail.text


@pytest.mark.parametrize(
    ("which", "expected"),
    [(Which.FIRST, (2, 1, 50)), (Which.LAST, (2, 0, 0)), (Which.BEST, (2, 1, 50)), (Which.ALL, (3, 1, 100 / 3))],
)
def test_which_attempts_count(cast: Cast, tmp_path: Path, which: Which, expected: tuple[float, ...]) -> None:
    hand_in(cast.cleo, RIGHT)
    hand_in(cast.cleo, WRONG)
    hand_in(cast.colin, WRONG)
    assert firsts(statistics.report(quiz_id(), Wanted(which), tmp_path)) == pytest.approx(expected)


def test_an_open_attempt_does_not_count(cast: Cast, tmp_path: Path) -> None:
    actions.start_attempt(actor=cast.cleo, course="uji", code="uji-1-kuis", uid=str(uuid4()))
    assert statistics.report(quiz_id(), Wanted(), tmp_path).figures.summary.n == 0


def test_only_the_published_revision(cast: Cast, tmp_path: Path) -> None:
    hand_in(cast.cleo, RIGHT)
    publish(builders.QUESTIONS.replace("pertama?", "awal?"))
    hand_in(cast.colin, WRONG)
    assert firsts(statistics.report(quiz_id(), Wanted(current_only=True), tmp_path)) == (1, 0, 0)
    both = statistics.report(quiz_id(), Wanted(), tmp_path)
    assert firsts(both) == (2, 1, 50)
    assert "awal?" in both.rows[0].question["stem_html"]


def test_every_kind_of_question_shows_what_was_answered(cast: Cast, tmp_path: Path) -> None:
    paper = db.session.scalars(
        select(Revision.paper).join(Document, Document.published_id == Revision.id).where(Document.id == quiz_id())
    ).one()
    multiple, matching, ordering = (paper or [])[1:4]
    lefts, rights = matching["lefts"], matching["rights"]
    hand_in(
        cast.cleo,
        RIGHT,
        **{
            "uji-q2": [multiple["choices"][0]["id"], multiple["choices"][2]["id"]],
            "uji-q3": {lefts[0]["id"]: rights[0]["id"]},
            "uji-q4": [each["id"] for each in ordering["items"]],
        },
    )
    rows = {row.question["id"]: row for row in statistics.report(quiz_id(), Wanted(), tmp_path).rows}
    assert [each.count for each in rows["uji-q2"].options] == [1, 0, 1]
    assert sum(each.count for each in rows["uji-q3"].options) == 1
    assert {each.part for each in rows["uji-q4"].options} == {"1", "2", "3"}
    assert sum(each.count for each in rows["uji-q4"].options) == 3


def test_figures_are_kept_and_never_stale(tara: PageClient, cast: Cast, tmp_path: Path) -> None:
    hand_in(cast.cleo, RIGHT)
    fresh = statistics.report(quiz_id(), Wanted(), tmp_path)
    assert list(tmp_path.iterdir())
    assert statistics.report(quiz_id(), Wanted(), tmp_path) == fresh, "as kept"
    hand_in(cast.colin, WRONG)
    assert firsts(statistics.report(quiz_id(), Wanted(), tmp_path)) == (2, 1, 50)
    db.session.execute(update(Attempt).where(Attempt.person_id == cast.cleo.id).values(earned=0))
    again = statistics.report(quiz_id(), Wanted(), tmp_path)
    assert again.rows[0].options[1].mean == 0, "points changed: computed anew"
    for file in tmp_path.iterdir():
        file.write_text("{broken")
    assert statistics.report(quiz_id(), Wanted(), tmp_path) == again
    tara.get("/susun/uji-1-kuis/hasil")
    tara.get("/susun/uji-1-kuis/hasil", max_statements=5)


def test_advice_names_the_wrong_option_that_most_people_choose(tara: PageClient, cast: Cast) -> None:
    for number in range(20):
        hand_in(builders.make_person(f"Warga {number}", province="ID-AC"), RIGHT if number < 3 else WRONG)
    page = tara.get("/susun/uji-1-kuis/hasil")
    assert "17 dari 20 memilih A" in page.text
    assert "Periksa" in page.text


def test_the_file_has_a_row_a_question(tara: PageClient, cast: Cast) -> None:
    hand_in(cast.cleo, RIGHT)
    response = tara.send("GET", "/susun/uji-1-kuis/hasil.csv?percobaan=semua")
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["uji-q1", "uji-q2", "uji-q3", "uji-q4"]
    assert rows[1][2:4] == ["1", "100.0"]
    assert tara.send("GET", "/susun/uji-1-kuis/hasil.xlsx").data[:2] == b"PK"


def test_filters_that_make_no_sense_do_not_filter_and_strange_addresses_do_not_exist(
    tara: PageClient, cast: Cast
) -> None:
    hand_in(cast.cleo, RIGHT)
    assert "Apa langkah pertama?" in tara.get("/susun/uji-1-kuis/hasil?percobaan=entah&versi=9").text
    assert tara.get("/susun/uji-1-kuis/hasil/uji-q99").status == 404
    assert tara.get("/susun/uji-1-1/hasil").status == 404


ESSAYS = """## Ceritakan satu kunjungan. {#e1 points=4}

___

- rubrik: lengkap (4)

## Ceritakan yang lain. {#e2 points=4}

___

- rubrik: lengkap (4)
"""


def test_marks_by_people_are_followed_even_where_the_sum_stays(cast: Cast, tmp_path: Path) -> None:
    publish(ESSAYS)
    uid = hand_in_responses(cast.cleo, e1="Satu.", e2="Dua.")
    kept, fresh = tmp_path / "kept", iter(range(100))

    def seen() -> statistics.Report:
        found = statistics.report(quiz_id(), Wanted(), kept)
        assert found == statistics.report(quiz_id(), Wanted(), tmp_path / str(next(fresh))), "as new"
        return found

    def give(question: str, points: int, based_on: int) -> None:
        marking.mark(
            actor=cast.tara, place=Place(uid, question), points=[points], comment="", based_on=based_on, move_on=False
        )

    assert seen().figures.summary.waiting == 1
    give("e1", 0, 0)
    seen()
    give("e2", 0, 0)
    assert seen().figures.summary.waiting == 0, "marked 0: the sum of points stays"
    give("e1", 3, 1)
    give("e2", 1, 1)
    seen()
    give("e1", 1, 2)
    give("e2", 3, 2)
    assert [row.item.facility for row in seen().rows] == [25, 75], "two changes that cancel each other"


def test_a_regrade_is_followed_while_it_is_done_and_taken_back(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each batch gives to one what it takes from another."""
    for number, words in enumerate((RIGHT, WRONG) * 2):
        hand_in(builders.make_person(f"Warga {number}", province="ID-AC"), words)
    swapped = builders.QUESTIONS.replace("- [ ] Menyuruh", "- [x] Menyuruh").replace("- [x] Melihat", "- [ ] Melihat")
    publish(swapped)
    kept, fresh = tmp_path / "kept", iter(range(100))
    monkeypatch.setattr(regrading, "AT_ONCE", timedelta(0))
    monkeypatch.setattr(regrading, "BATCH_ATTEMPTS", 2)

    def follow(step: Callable[[], bool]) -> None:
        is_done = False
        while not is_done:
            is_done = step()
            found = statistics.report(quiz_id(), Wanted(), kept)
            assert found == statistics.report(quiz_id(), Wanted(), tmp_path / str(next(fresh))), "as new"

    uid = regrading.apply(actor=cast.tara, code="uji-1-kuis", numbers=[1], reason="Kunci tertukar.")
    follow(lambda: regrading.resume(actor=cast.tara, uid=uid))
    follow(lambda: regrading.undo(actor=cast.tara, uid=uid))
