"""The companion's trip through real forms: sign in, read, try, look at the result, see what it counts for."""

from flask import Flask
from sqlalchemy import select

from lms.extensions import db
from lms.kernel import clock
from lms.models.facts import Attempt, Completion, Reading
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.conftest import NOON
from tests.page_client import Page, PageClient


def answers(page: Page, texts: dict[str, list[str]]) -> dict[str, list[str]]:
    """Field name → values for the options whose words are given, question by question."""
    chosen: dict[str, list[str]] = {}
    for label in page.all("label", class_="option"):
        field = next(label.iter("input"))
        words = "".join(label.itertext()).strip()
        if words in texts["options"]:
            chosen.setdefault(field.get("name", ""), []).append(field.get("value", ""))
    for select_ in page.root.iter("select"):
        label = next(each for each in page.root.iter("label") if each.get("for") == select_.get("id"))
        wanted = texts["fields"][["".join(label.itertext()).strip()][0]] if label is not None else ""
        for option in select_.iter("option"):
            if "".join(option.itertext()).strip() == wanted:
                chosen[select_.get("name", "")] = [option.get("value", "")]
    return chosen


RIGHT = {
    "options": ["Melihat keselamatan", "Air minum", "Selimut"],
    "fields": {"Banjir": "alam", "Wabah": "nonalam", "lihat": "1", "dengar": "2", "hubungkan": "3"},
}


def test_from_the_door_to_a_completed_module(client: PageClient, cast: Cast, app: Flask) -> None:
    home = client.sign_in("cleo@contoh.example", PASSWORD)
    assert home.h1.endswith("Cleo")
    lesson = client.get(home.all("a", class_="button-light")[0].get("href", ""))
    assert lesson.h1 == "Lihat dan dengar"

    second = client.follow(client.submit(lesson.form(action="/selesai")))
    assert second.h1 == "Hubungkan"
    quiz = client.follow(client.submit(second.form(action="/selesai")))
    assert quiz.h1 == "Kuis uji"

    attempt = client.follow(client.submit(quiz.form(action="/percobaan")))
    assert "Tepat, keselamatan dahulu" not in attempt.source
    form = attempt.form(action="/penyerahan")
    result = client.follow(client.submit(form, **answers(attempt, RIGHT)))
    assert "Tepat, keselamatan dahulu" in result.source
    assert "4" in result.h1

    record = client.get("/capaian")
    assert "UJI-1" in record.text
    completion = db.session.scalars(select(Completion).where(Completion.person_id == cast.cleo.id)).one()
    assert (completion.jp, completion.completed_at) == (2, NOON)


def test_a_wrong_try_leaves_the_module_open_and_says_why(client: PageClient, cast: Cast) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    quiz = client.get("/belajar/uji/uji-1-kuis")
    attempt = client.follow(client.submit(quiz.form(action="/percobaan")))
    wrong = {**RIGHT, "options": ["Menyuruh bercerita", "Janji rumah baru"]}
    result = client.follow(client.submit(attempt.form(action="/penyerahan"), **answers(attempt, wrong)))
    assert "Memaksa memperberat tekanan" in result.source
    assert db.session.scalars(select(Attempt.passed).where(Attempt.person_id == cast.cleo.id)).one() is False


def test_blank_questions_are_asked_about_before_they_count(client: PageClient, cast: Cast) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    quiz = client.get("/belajar/uji/uji-1-kuis")
    attempt = client.follow(client.submit(quiz.form(action="/percobaan")))
    some = {name: value for name, value in answers(attempt, RIGHT).items() if name == "a-uji-q1"}
    asked = client.submit(attempt.form(action="/penyerahan"), **some)
    assert asked.status == 422
    kept = asked.form(action="/penyerahan").values
    assert kept["a-uji-q1"] == some["a-uji-q1"][0]
    done = client.submit(
        asked.form(action="/penyerahan"),
        next(text for text, name, _ in asked.form(action="/penyerahan").buttons if name == "kosong"),
    )
    assert done.status == 303


def test_the_same_click_twice_is_one_reading(client: PageClient, cast: Cast) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    form = client.get("/belajar/uji/uji-1-1").form(action="/selesai")
    client.submit(form)
    client.submit(form)
    assert len(db.session.scalars(select(Reading)).all()) == 1


def test_a_locked_module_names_what_comes_first(client: PageClient, cast: Cast) -> None:
    client.sign_in("cleo@contoh.example", PASSWORD)
    page = client.get("/belajar/uji/uji-2-1")
    assert page.status == 403
    assert "Dukungan awal" in page.text
    outline = client.get("/belajar/uji")
    assert not [a for a in outline.all("a") if a.get("href") == "/belajar/uji/uji-2-1"]
    refused = client.post("/belajar/uji/uji-2-1/selesai", {"uid": "x"})
    assert refused.status == 403


def test_in_both_languages(client: PageClient, cast: Cast) -> None:
    home = client.sign_in("cleo@contoh.example", PASSWORD)
    assert home.root.get("lang") == "id"
    switch = next(form for form in [home.form("English")] if form)
    client.follow(client.submit(switch, "English"))
    home = client.get("/beranda")
    assert home.root.get("lang") == "en"
    assert "Tracks" in home.text
    with clock.frozen(NOON):
        assert home.h1 == "Good day, Cleo"
