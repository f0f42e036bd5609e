"""The served application under races: two processes, real sockets, two signed-in sessions of one companion."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from lms.app import create_app
from lms.config import Settings
from lms.extensions import db
from lms.models.facts import Answer, Attempt
from lms.models.people import Person
from lms.models.session import work
from tests import builders
from tests.builders import PASSWORD
from tests.conftest import empty_database
from tests.serving import ROOT, start_server

QUIZ = "/belajar/uji/uji-1-kuis"
MANY = 24
"""Questions of the quiz, and devices that answer one each."""
STARTS = 100
SECRET = "r" * 40


class Session:
    """A browser that is signed in; each request has a connection of its own, so that many may be under way."""

    def __init__(self, port: int, who: str) -> None:
        self.port, self.cookie, self.token = port, "", ""
        self.token = self.read_token("/masuk")
        self.ask("/masuk", {"identifier": f"{who}@contoh.example", "password": PASSWORD})
        self.token = self.read_token(QUIZ)

    def read_token(self, path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask(path)[2])
        assert found, path
        return found[1]

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, where it leads, and the body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie, "Accept-Encoding": "identity"}
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", path, urlencode({"csrf_token": self.token, **form}), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        for name, morsel in SimpleCookie(answer.getheader("Set-Cookie") or "").items():
            if name == "pandu":
                self.cookie = f"pandu={morsel.value}"
        connection.close()
        return answer.status, answer.getheader("Location") or "", body


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, int]]:
    """The application with a quiz of MANY questions and three attempts, and the port where two workers listen."""
    folder = tmp_path_factory.mktemp("served")
    body = "".join(f"## Soal {n} {{#r{n}}}\n\n= benar {n}\n\n> Ya.\n\n" for n in range(MANY))
    pack = {**builders.small_pack(), "dukungan/1-awal/kuis.md": builders.quiz_md(body=body).encode()}
    with empty_database(folder, "served") as url:
        app = create_app(Settings(secret_key=SECRET, data_dir=folder, database_url=url, testing=True))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            with work():
                for name in ("Rina", "Rudi"):
                    builders.make_person(name, province="ID-AC")
            builders.add_content(pack)
        process, address = start_server(
            folder, PANDU_DEMO="0", PANDU_SECRET_KEY=SECRET, PANDU_DATABASE_URL=url, PANDU_CONTENT_DIR="none"
        )
        try:
            yield app, int(address.rpartition(":")[2])
        finally:
            process.terminate()
            process.wait(timeout=20)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def at_once(steps: Sequence[Callable[[], None]], *, threads: int = 12) -> None:
    """Do all steps from many threads; what one of them raises is raised here."""
    waiting, lock, failures = iter(steps), threading.Lock(), list[BaseException]()

    def go() -> None:
        while True:
            with lock:
                step = next(waiting, None)
            if step is None:
                return
            try:
                step()
            except BaseException as error:
                failures.append(error)

    running = [threading.Thread(target=go) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if failures:
        raise failures[0]


def attempts(app: Flask, who: str) -> list[Attempt]:
    with app.app_context():
        hers = select(Attempt).join(Person, Person.id == Attempt.person_id).where(Person.name == who)
        return list(db.session.scalars(hers.order_by(Attempt.number)))


def test_starts_saves_and_handing_in_at_once(served: tuple[Flask, int]) -> None:
    """Two sessions start together and save each answer twice while one hands in: what was confirmed last is marked."""
    app, port = served
    sessions = Session(port, "rina"), Session(port, "rina")
    assert sessions[0].cookie != sessions[1].cookie
    places = list[str]()

    def start(number: int) -> None:
        places.append(sessions[number % 2].ask(f"{QUIZ}/percobaan", {})[1])

    at_once([partial(start, number) for number in range(8)])
    (place,) = set(places)
    assert len(attempts(app, "Rina")) == 1

    last, told = dict[str, str](), Counter[int]()

    def save(number: int) -> None:
        for text in (f"Kira-kira {number}", f"Benar {number}"):
            status, _, _ = sessions[number % 2].ask(f"{place}/jawaban", {f"a-r{number}": text})
            told[status] += 1
            if status == 200:
                last[f"r{number}"] = text

    def hand_in(number: int) -> None:
        assert sessions[number % 2].ask(f"{place}/penyerahan", {"kosong": "1"})[0] == 303

    steps = [partial(save, number) for number in range(MANY)]
    steps[MANY // 2 : MANY // 2] = [partial(hand_in, number) for number in range(3)]
    at_once(steps)
    with app.app_context():
        rows = db.session.scalars(
            select(Answer).join(Attempt, Attempt.id == Answer.attempt_id).where(Attempt.uid == place.rpartition("/")[2])
        )
        stored = {each.question_id: each.response for each in rows}
    (only,) = attempts(app, "Rina")
    assert set(told) <= {200, 409}
    assert told.total() == 2 * MANY
    assert last
    assert stored == last
    right = {key for key, mark in only.marks.items() if mark["state"] == "right"}
    assert right == {key for key, text in last.items() if text.startswith("Benar")}
    assert {f"{len(right)} dari {MANY} benar" in session.ask(place)[2] for session in sessions} == {True}


def test_a_hundred_starts_and_submits_never_exceed_the_limit(served: tuple[Flask, int]) -> None:
    app, port = served
    sessions = Session(port, "rudi"), Session(port, "rudi")
    outcomes = Counter[str]()

    def go(number: int) -> None:
        session = sessions[number % 2]
        status, place, _ = session.ask(f"{QUIZ}/percobaan", {})
        assert status == 303
        if "/percobaan/" in place:
            status, _, _ = session.ask(f"{place}/penyerahan", {"a-r1": "benar 1", "kosong": "1"})
        outcomes[f"{'handed in' if '/percobaan/' in place else 'none left'}: {status}"] += 1

    at_once([partial(go, number) for number in range(STARTS)])
    assert set(outcomes) == {"none left: 303", "handed in: 303"}
    assert outcomes.total() == STARTS
    found = attempts(app, "Rudi")
    assert [each.number for each in found] == [1, 2, 3]
    assert all(each.submitted_at and each.marks["r1"]["state"] == "right" for each in found)
