"""Attempts: saved as they go, handed in once, marked against their own revision; nothing lost, no key shown."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from lms.app import create_app
from lms.config import Settings
from lms.extensions import db
from lms.kernel import clock, errors
from lms.learning import actions
from lms.models.facts import Answer, Attempt
from lms.models.people import Person
from lms.models.session import work
from tests import builders
from tests.builders import PASSWORD
from tests.conftest import NOON, empty_database
from tests.integration.learning.papers import QUIZ, option, start
from tests.page_client import PageClient

SECRETS = ("Tepat, keselamatan", "Memaksa memperberat", "Lihat dahulu.", "Tiga jenis bencana", "Tiga langkah")


def test_the_paper_never_betrays_the_key(cleo: PageClient) -> None:
    page = start(cleo)
    assert not [secret for secret in SECRETS if secret in page.source]
    values = [field.get("value") for field in page.all("input", type="radio")]
    assert len(set(values)) == len(values)


def answers() -> dict[str, Any]:
    return dict(db.session.execute(select(Answer.question_id, Answer.response)).all())


def test_answers_are_saved_as_they_are_given_and_found_again(cleo: PageClient) -> None:
    page = start(cleo)
    right = option(page, "Melihat")
    saved = cleo.post(f"{page.url}/jawaban", {"a-uji-q1": right})
    assert saved.status == 200
    assert "Tersimpan 12.00 WIB" in saved.response.get_json()["message"]
    again = cleo.follow(cleo.submit(cleo.get(QUIZ).form(action="/percobaan")))
    assert again.url == page.url
    assert again.form(action="/penyerahan").values["a-uji-q1"] == right


@pytest.mark.parametrize(
    "data",
    [{"a-uji-q1": "tidak-ada"}, {"a-lain": "x"}, {"a-uji-q2": "p00000000"}, {"a-uji-q9-p1": "x"}],
)
def test_answers_to_what_was_not_asked_are_refused_and_the_attempt_is_intact(
    cleo: PageClient, data: dict[str, str]
) -> None:
    page = start(cleo)
    cleo.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Melihat")})
    assert cleo.post(f"{page.url}/jawaban", data).status == 422
    refused = cleo.post(f"{page.url}/penyerahan", data)
    assert refused.status == 422
    assert db.session.scalars(select(func.count()).select_from(Answer)).one() == 1
    assert db.session.scalars(select(Attempt.submitted_at)).one() is None


@pytest.mark.parametrize("strange", ["p00000000", "99", "x"])
def test_a_pair_or_a_place_that_is_not_offered_is_refused_and_the_saved_one_stays(
    cleo: PageClient, strange: str
) -> None:
    page = start(cleo)
    selects = {select.get("name", ""): select for select in page.all("select")}
    pair, place = (next(name for name in selects if name.startswith(f"a-uji-{q}-")) for q in ("q3", "q4"))
    right = list(selects[pair])[1].get("value", "")
    assert cleo.post(f"{page.url}/jawaban", {pair: right, place: "1"}).status == 200
    before = answers()
    assert set(before) == {"uji-q3", "uji-q4"}
    for data in ({pair: strange}, {place: strange}, {f"a-uji-q3-{strange}": right}, {f"a-uji-q4-{strange}": "1"}):
        assert cleo.post(f"{page.url}/jawaban", data).status == 422
    assert answers() == before


def test_someone_elses_attempt_does_not_exist(cleo: PageClient, app: Flask) -> None:
    page = start(cleo)
    other = PageClient(app)
    other.sign_in("colin@contoh.example", PASSWORD)
    for method, path in (("GET", page.url), ("POST", f"{page.url}/jawaban"), ("POST", f"{page.url}/penyerahan")):
        data = {"csrf_token": other.token()} if method == "POST" else None
        assert other.send(method, path, data=data).status_code == 404


def test_handing_in_twice_is_once_and_saving_afterwards_is_refused(cleo: PageClient) -> None:
    page = start(cleo)
    form = page.form(action="/penyerahan")
    data = {"kosong": "1", "a-uji-q1": option(page, "Melihat")}
    first = cleo.post(form.action, data)
    percent = db.session.scalars(select(Attempt.percent)).one()
    second = cleo.post(form.action, {"kosong": "1"})
    assert (first.status, second.status) == (303, 303)
    assert db.session.scalars(select(Attempt.percent)).one() == percent > 0
    late = cleo.post(f"{page.url}/jawaban", {"a-uji-q1": data["a-uji-q1"]})
    assert late.status == 409
    assert "sudah dikumpulkan" in late.response.get_json()["message"]


def test_three_attempts_and_no_fourth(cleo: PageClient) -> None:
    for _ in range(3):
        page = start(cleo)
        cleo.post(f"{page.url}/penyerahan", {"kosong": "1"})
    front = cleo.get(QUIZ)
    assert "3 dari 3 terpakai" in front.text
    assert not [form for form in front.all("form") if (form.get("action") or "").endswith("/percobaan")]
    refused = cleo.follow(cleo.post(f"{QUIZ}/percobaan", {"uid": str(uuid4())}))
    assert "sudah terpakai" in refused.text
    assert db.session.scalars(select(func.count()).select_from(Attempt)).one() == 3


def test_after_time_and_grace_what_was_saved_is_marked(cleo: PageClient) -> None:
    pack = builders.small_pack()
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(minutes=10, grace=30).encode()
    builders.add_content(pack)
    page = start(cleo)
    cleo.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Melihat")})
    with clock.frozen(NOON + timedelta(minutes=10, seconds=31)):
        assert cleo.post(f"{page.url}/jawaban", {"a-uji-q1": option(page, "Menyuruh")}).status == 409
        result = cleo.follow(cleo.post(f"{page.url}/penyerahan", {"a-uji-q1": option(page, "Menyuruh")}))
    assert "tersimpan tepat waktu" in result.text
    attempt = db.session.scalars(select(Attempt)).one()
    assert (attempt.earned, attempt.submitted_at) == (100, NOON + timedelta(minutes=10))


def test_an_attempt_keeps_the_revision_it_began_with(cleo: PageClient) -> None:
    page = start(cleo)
    right = option(page, "Melihat")
    pack = builders.small_pack()
    changed = builders.QUESTIONS.replace("- [x] Melihat keselamatan", "- [ ] Melihat keselamatan").replace(
        "- [ ] Menyuruh", "- [x] Menyuruh"
    )
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(body=changed).encode()
    builders.add_content(pack)
    result = cleo.follow(cleo.post(f"{page.url}/penyerahan", {"kosong": "1", "a-uji-q1": right}))
    assert db.session.scalars(select(Attempt.marks)).one()["uji-q1"]["state"] == "right"
    assert "Tepat, keselamatan" in result.source


def test_long_text_is_refused_and_shown_again(cleo: PageClient) -> None:
    pack = builders.small_pack()
    body = "## Sebut satu kebutuhan. {#uji-q1}\n\n= air\n= air minum\n\n> Air.\n"
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(body=body).encode()
    builders.add_content(pack)
    page = start(cleo)
    refused = cleo.post(f"{page.url}/penyerahan", {"a-uji-q1": "x" * 2001})
    assert refused.status == 422
    assert refused.form(action="/penyerahan").values["a-uji-q1"] == "x" * 2001
    assert cleo.post(f"{page.url}/penyerahan", {"a-uji-q1": " AIR  Minum "}).status == 303
    assert db.session.scalars(select(Attempt.percent)).one() == 100


KINDS = """## Lengkapi. {#k1 points=2}

Bencana ada yang {{alam}} dan {{nonalam|bukan alam}}.

> Dua jenis.

## Berapa luas minimal? {#k2}

= 3,5

> 3,5 m².

## Pilih satu. {#k3}

- [x] Benar
    Ya.
- [ ] Salah
    Tidak.

> Ya.
"""


def test_gap_and_number_through_the_form(cleo: PageClient) -> None:
    pack = builders.small_pack()
    pack["dukungan/1-awal/kuis.md"] = builders.quiz_md(body=KINDS).encode()
    builders.add_content(pack)
    page = start(cleo)
    answers = {"a-k1-0": "Alam", "a-k1-1": "bukan  alam", "a-k2": "3.50", "a-k3": option(page, "Benar")}
    result = cleo.follow(cleo.submit(page.form(action="/penyerahan"), **answers))
    assert db.session.scalars(select(Attempt.percent)).one() == 100
    assert result.h1.startswith("3 dari 3")


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Flask]:
    """An application whose transactions really commit, on a database of its own."""
    with empty_database(tmp_path, "race") as url:
        app = create_app(Settings(secret_key="r" * 40, data_dir=tmp_path, database_url=url, testing=True))
        with app.app_context():
            upgrade(directory=str(Path(__file__).parents[3] / "migrations"))
            with work():
                builders.make_person("Rina", province="ID-AC")
                builders.add_content()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def race(app: Flask, times: int) -> Counter[str]:
    """Start, save and hand in at once from many threads; returns the outcomes."""
    outcomes: Counter[str] = Counter()

    def go() -> None:
        with app.app_context():
            rina = db.session.scalars(select(Person)).one()
            try:
                uid = actions.start_attempt(actor=rina, course="uji", code="uji-1-kuis", uid=str(uuid4()))
                held = actions.hold_attempt(actor=rina, course="uji", code="uji-1-kuis", uid=uid)
                actions.submit_attempt(actor=rina, held=held, responses={})
                outcomes["done"] += 1
            except errors.Conflict as error:
                outcomes[error.code] += 1

    at_once([threading.Thread(target=go) for _ in range(times)])
    return outcomes


def at_once(threads: list[threading.Thread]) -> None:
    """Start all and wait for all."""
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_hundred_at_once_never_exceed_the_limit(real: Flask) -> None:
    outcomes = race(real, 100)
    assert set(outcomes) <= {"done", "no_attempt_left"}
    assert sum(outcomes.values()) == 100
    with real.app_context():
        numbers = list(db.session.scalars(select(Attempt.number).order_by(Attempt.number)))
        assert numbers == [1, 2, 3]


MANY = 60
"""Questions of the quiz in the race, and devices that answer one each."""


def test_whoever_hands_in_meanwhile_no_answer_that_was_confirmed_is_lost(real: Flask) -> None:
    with real.app_context():
        body = "".join(f"## Soal {n} {{#r{n}}}\n\n= benar {n}\n\n> Ya.\n\n" for n in range(MANY))
        builders.add_content({**builders.small_pack(), "dukungan/1-awal/kuis.md": builders.quiz_md(body=body).encode()})
        rina = db.session.scalars(select(Person)).one()
        uid = actions.start_attempt(actor=rina, course="uji", code="uji-1-kuis", uid=str(uuid4()))
    confirmed: set[str] = set()
    refused: Counter[str] = Counter()

    def go(number: int) -> None:
        with real.app_context():
            actor = db.session.scalars(select(Person)).one()
            db.session.rollback()
            try:
                held = actions.hold_attempt(actor=actor, course="uji", code="uji-1-kuis", uid=uid)
                if number % 20 == 13:
                    actions.submit_attempt(actor=actor, held=held, responses={})
                else:
                    actions.save_answers(actor=actor, held=held, responses={f"r{number}": f"Benar {number}"})
                    confirmed.add(f"r{number}")
            except errors.Conflict as error:
                refused[error.code] += 1

    at_once([threading.Thread(target=go, args=(number,)) for number in range(MANY)])
    with real.app_context():
        assert set(db.session.scalars(select(Answer.question_id))) == confirmed
        attempt = db.session.scalars(select(Attempt)).one()
        assert {key for key, mark in attempt.marks.items() if mark["state"] == "right"} == confirmed
        assert refused.keys() <= {"already_handed_in"}
        assert len(confirmed) + refused.total() == MANY - 3
