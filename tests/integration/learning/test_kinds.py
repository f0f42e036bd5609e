"""Every kind of question through the real form: what is typed is kept, marked as the format says, and shown again."""

import pytest
from sqlalchemy import select

from lms.extensions import db
from lms.models.facts import Answer, Attempt
from tests import builders
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import Page, PageClient

QUIZ = "/belajar/uji/uji-1-kuis"
OPEN = """## Ceritakan satu kunjungan rumah. {#e1 points=4}

___

- rubrik: menyebut keadaan keluarga (2)
- rubrik: menyebut langkah berikutnya (2)

## Seberapa siap Anda? {#e2}

(1..5)

## Berapa luas minimal? {#e3 points=4}

= 3,5 ± 0,05
"""


@pytest.fixture
def paper(client: PageClient, cast: Cast) -> Page:
    pack = builders.small_pack()
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(body=OPEN).encode()
    builders.add_content(pack)
    client.sign_in("cleo@contoh.example", PASSWORD)
    return client.follow(client.submit(client.get(QUIZ).form(action="/percobaan")))


def test_an_essay_is_kept_as_typed_and_waits(client: PageClient, paper: Page) -> None:
    assert "menyebut langkah berikutnya (2 poin)" in paper.text
    text = "Keluarga tinggal di huntara.\r\n\r\nLangkah berikutnya: <b>rujuk</b>.\r\n"
    result = client.follow(
        client.submit(paper.form(action="/penyerahan"), **{"a-e1": text, "a-e2": "4", "a-e3": "3,5"})
    )
    kept = dict(db.session.execute(select(Answer.question_id, Answer.response)).all())
    assert kept == {"e1": "Keluarga tinggal di huntara.\n\nLangkah berikutnya: <b>rujuk</b>.", "e2": "4", "e3": "3,5"}
    attempt = db.session.scalars(select(Attempt)).one()
    assert {question: mark["state"] for question, mark in attempt.marks.items()} == {
        "e1": "waiting", "e2": "right", "e3": "right",
    }  # fmt: skip
    assert (attempt.earned, attempt.maximum, attempt.percent) == (400, 800, 50)
    assert "menunggu penilaian" in result.text.lower()
    assert result.h1 == "1 dari 2 benar"
    assert "<b>rujuk</b>" not in result.source


@pytest.mark.parametrize(
    ("text", "state"), [("3,5", "right"), ("3.5", "right"), ("3,55", "right"), ("3.56", "wrong"), ("35", "wrong")]
)
def test_both_decimal_styles(client: PageClient, paper: Page, text: str, state: str) -> None:
    client.post(f"{paper.url}/penyerahan", {"a-e3": text, "kosong": "1"})
    assert db.session.scalars(select(Attempt.marks)).one()["e3"]["state"] == state


def test_ten_thousand_characters_fit_and_no_more(client: PageClient, paper: Page) -> None:
    assert client.post(f"{paper.url}/jawaban", {"a-e1": "x" * 10_000}).status == 200
    assert client.post(f"{paper.url}/jawaban", {"a-e1": "x" * 10_001}).status == 422
    assert len(db.session.scalars(select(Answer.response)).one()) == 10_000


def test_what_no_spreadsheet_can_hold_is_taken_out_of_a_text(client: PageClient, paper: Page) -> None:
    client.post(f"{paper.url}/jawaban", {"a-e1": "\0Satu\x1b\r\n\tdua\x85\0 "})
    assert db.session.scalars(select(Answer.response)).one() == "Satu\n\tdua"
    client.post(f"{paper.url}/jawaban", {"a-e1": "\0", "s[]": "e1"})
    assert db.session.scalars(select(Answer.response)).one() == ""


@pytest.mark.parametrize("step", ["0", "6", "x", "4.0"])
def test_a_step_that_the_scale_does_not_have_is_refused(client: PageClient, paper: Page, step: str) -> None:
    assert client.post(f"{paper.url}/jawaban", {"a-e2": step}).status == 422
    assert not db.session.scalars(select(Answer)).all()


def test_a_gap_left_blank_is_seen_among_the_filled_ones(client: PageClient, cast: Cast) -> None:
    pack = builders.small_pack()
    gaps = "## Lengkapi. {#g1 points=2}\n\nBencana {{alam}} dan {{nonalam}}.\n"
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(body=gaps).encode()
    builders.add_content(pack)
    client.sign_in("cleo@contoh.example", PASSWORD)
    paper = client.follow(client.submit(client.get(QUIZ).form(action="/percobaan")))
    result = client.follow(client.submit(paper.form(action="/penyerahan"), **{"a-g1-1": "nonalam"}))
    assert "Jawaban Anda: …, nonalam" in result.text
