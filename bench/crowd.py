"""A quiz under load: autosave and submit beside the floor for writes, and 635 people at the same time.

The floor commits one row durably after loading one user, on the same server with the same database settings.
"""

import heapq
import os
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, session
from flask_login import login_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select, update

from bench import floor, servers
from lms import config
from lms.app import create_app
from lms.authoring.actions import packs as pack_actions
from lms.extensions import db
from lms.models.facts import Answer, Attempt
from lms.models.people import Person, Role
from lms.models.session import work
from lms.outside import packs

PEOPLE = 635
QUESTIONS = 20
WINDOW_S = int(os.environ.get("BENCH_WINDOW", "150"))
"""Within how many seconds the 635 do everything; ten minutes is 600."""
CLIENTS = 8
WRITES = 240
QUIZ = "/belajar/bangku/bangku-kuis"

Row = Callable[[str, str], None]


@dataclass
class Runner:
    """One companion with her cookie and token, and where she is in her attempt."""

    cookie: str
    token: str
    attempt: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)


def run(data: Path, environment: dict[str, str], row: Row) -> None:
    """Print the ratios to the floor, then the crowd's latencies and what it lost."""
    settings = config.from_environment({**os.environ, **environment})
    runners = _prepare(settings)
    with _serving("lms.app:create_app", environment, workers=1) as port, _floor(data) as (floor_port, floor_cookie):
        spare = iter(runners)
        saves, submits, floors = [], [], []
        for _ in range(3):
            floors.append(_rate(floor_port, [("/catatan", floor_cookie, {})] * WRITES))
            saves.append(_rate(port, _saves(port, spare)))
            submits.append(_rate(port, _submits(port, spare)))
        row("floor for writes, requests/s (median of 3, one worker)", f"{statistics.median(floors):.0f}")
        for name, rates in (("autosave", saves), ("submit", submits)):
            ratio = statistics.median(ours / least for ours, least in zip(rates, floors, strict=True))
            row(f"{name}, requests/s; of the floor", f"{statistics.median(rates):.0f}; {ratio:.0%}")
    with _serving("lms.app:create_app", environment, workers=2) as port:
        _crowd(port, settings, runners, row)


def _prepare(settings: config.Settings) -> list[Runner]:
    """Import the bench's quiz and sign everyone in by the product's own session."""
    app = create_app(settings)
    with app.app_context():
        files = {**packs.read_folder(settings.content_dir), **_pack()}
        pack_actions.import_pack(actor=None, files=files)
        with work():
            db.session.execute(update(Person).values(must_change_since=None))
        active = select(Person.id).where(Person.role == Role.COMPANION, Person.deactivated_at.is_(None))
        ids = list(db.session.scalars(active.order_by(Person.id).limit(PEOPLE)))
    return [_signed_in(app, person_id) for person_id in ids]


def _signed_in(app: Flask, person_id: int) -> Runner:
    """A session as signing in makes it, without the cost of a password."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        login_user(db.session.get(Person, person_id))
        token = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return Runner(f"pandu={serializer.dumps(dict(session))}", token)


def _pack() -> dict[str, bytes]:
    questions = "\n".join(
        f"## Pertanyaan {n}? {{#bangku-q{n}}}\n\n- [ ] tidak\n    Belum.\n- [x] ya\n    Tepat.\n- [ ] mungkin\n    Belum.\n\n> Begitu.\n"
        for n in range(1, QUESTIONS + 1)
    )
    texts = {
        "course.md": "---\nid: bangku\nkind: course\ntitle: Bangku\nposition: 99\n---\n\nUkur.\n",
        "1/module.md": "---\nid: bangku-1\nkind: module\ntitle: Bangku\nposition: 1\njp: 1\ncore: false\nobjectives:\n  - mengukur\n---\n\nUkur.\n",
        "1/teks.md": "---\nid: bangku-teks\nkind: lesson\ntitle: Teks\nposition: 1\nminutes: 1\nobjectives:\n  - mengukur\nsources:\n  - Ukuran\n---\n\nTeks.\n",
        "1/kuis.md": f"---\nid: bangku-kuis\nkind: quiz\ntitle: Kuis\nposition: 2\npass: 60\nshuffle: true\n---\n\n{questions}",
    }
    return {f"bangku/{name}": text.encode() for name, text in texts.items()}


@contextmanager
def _serving(target: str, environment: dict[str, str], *, workers: int) -> Iterator[int]:
    port = servers.free_port()
    with servers.running(servers.granian(target, port, workers=workers), port, environment, ready="/sehat"):
        yield port


@contextmanager
def _floor(data: Path) -> Iterator[tuple[int, str]]:
    path, port = str(data / "writes.sqlite3"), servers.free_port()
    floor.fill(path, "x")
    command = servers.granian("bench.floor:create_app", port)
    with servers.running(command, port, {"FLOOR_DATABASE": path}, ready="/masuk"):
        _, headers, _ = servers.ask(port, "/masuk")
        yield port, headers["set-cookie"].split(";")[0]


class Line:
    """One kept connection, as a browser keeps one."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path: str, cookie: str, data: dict[str, str] | None = None) -> tuple[int, str, str]:
        """One request; returns status, where it leads, and the body."""
        headers = {"Cookie": cookie, "Accept-Encoding": "identity"}
        if data is None:
            self.connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            self.connection.request("POST", path, urlencode(data), headers)
        answer = self.connection.getresponse()
        return answer.status, answer.getheader("Location") or "", answer.read().decode()


def _rate(port: int, requests: list[tuple[str, str, dict[str, str]]]) -> float:
    """Posts a second, eight clients at once; every answer must be a success."""
    waiting, lock = iter(requests), threading.Lock()

    def go() -> None:
        line = Line(port)
        while True:
            with lock:
                request = next(waiting, None)
            if request is None:
                return
            status, _, _ = line.ask(*request)
            assert status < 400, (status, request)

    started = time.perf_counter()
    threads = [threading.Thread(target=go) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(requests) / (time.perf_counter() - started)


def _saves(port: int, runners: Iterator[Runner]) -> list[tuple[str, str, dict[str, str]]]:
    """Autosaves of eight people, each of one changed answer, as the page sends it."""
    line, requests = Line(port), []
    eight = [next(runners) for _ in range(CLIENTS)]
    for runner in eight:
        _start(line, runner)
    for number in range(WRITES // CLIENTS):
        for runner in eight:
            requests.append(
                (f"{runner.attempt}/jawaban", runner.cookie, _change(runner, number % QUESTIONS, salt=number))
            )
    return requests


def _submits(port: int, runners: Iterator[Runner]) -> list[tuple[str, str, dict[str, str]]]:
    """One submission each of many people, whose answers the page has saved before: then it sends none again."""
    line, requests = Line(port), []
    for _ in range(WRITES // 2):
        runner = next(runners)
        _start(line, runner)
        for number in range(QUESTIONS):
            status, _, _ = line.ask(f"{runner.attempt}/jawaban", runner.cookie, _change(runner, number))
            assert status == 200, status
        requests.append((f"{runner.attempt}/penyerahan", runner.cookie, {"csrf_token": runner.token}))
    return requests


def _start(line: Line, runner: Runner) -> None:
    _, place, _ = line.ask(f"{QUIZ}/percobaan", runner.cookie, {"csrf_token": runner.token})
    _open(runner, place, line.ask(place, runner.cookie)[2])


def _open(runner: Runner, place: str, html: str) -> None:
    runner.attempt, runner.fields = place, {}
    for name, value in re.findall(r'type="radio" name="(a-[^"]+)" value="([^"]+)"', html):
        runner.fields.setdefault(name, []).append(value)
    assert len(runner.fields) == QUESTIONS, (place, len(runner.fields))


def _change(runner: Runner, number: int, *, salt: int = 0) -> dict[str, str]:
    """What the page sends after a choice: this answer and no other."""
    name, options = list(runner.fields.items())[number]
    return {"csrf_token": runner.token, name: options[(number + salt) % len(options)], "s[]": name.removeprefix("a-")}


@dataclass
class Seen:
    """What the crowd met: milliseconds of each kind of step, and every answer that was no success."""

    times: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)

    def note(self, step: str, seconds: float, status: int, wanted: int) -> None:
        """Keep one answer."""
        self.times.setdefault(step, []).append(seconds * 1000)
        if status != wanted:
            self.wrong[f"{step} {status}"] += 1


def _crowd(port: int, settings: config.Settings, runners: list[Runner], row: Row) -> None:
    """Everyone starts within the first half of the window and answers in the second half of her own time."""
    before = _counts(settings)
    seen, lock, tickets = Seen(), threading.Lock(), count()
    begin, pause = time.perf_counter() + 0.5, WINDOW_S / 2 / (QUESTIONS + 3)
    queue = [
        (begin + WINDOW_S / 2 * n / len(runners), next(tickets), runner, _journey(runner))
        for n, runner in enumerate(runners)
    ]
    heapq.heapify(queue)

    def go() -> None:
        line = Line(port)
        while True:
            with lock:
                if not queue:
                    return
                due, _, runner, journey = heapq.heappop(queue)
            time.sleep(max(0.0, due - time.perf_counter()))
            name, path, data, wanted = next(journey)
            status, place, body = line.ask(path, runner.cookie, data)
            with lock:
                seen.note(name, time.perf_counter() - due, status, wanted)
            if name == "start":
                runner.attempt = place
            elif name == "open":
                _open(runner, path, body)
            if name != "review":
                with lock:
                    heapq.heappush(queue, (due + pause, next(tickets), runner, journey))

    threads = [threading.Thread(target=go) for _ in range(4 * CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _report(seen, runners, before, _counts(settings), row)


def _journey(runner: Runner) -> Iterator[tuple[str, str, dict[str, str] | None, int]]:
    """The steps of one attempt: (name, path, form, the status it must have)."""
    yield "start", f"{QUIZ}/percobaan", {"csrf_token": runner.token}, 303
    yield "open", runner.attempt, None, 200
    for number in range(QUESTIONS):
        yield "save", f"{runner.attempt}/jawaban", _change(runner, number), 200
    yield "submit", f"{runner.attempt}/penyerahan", {"csrf_token": runner.token}, 303
    yield "review", runner.attempt, None, 200


def _counts(settings: config.Settings) -> tuple[int, int]:
    """Attempts that were handed in, and the answers in them."""
    app = create_app(settings)
    with app.app_context():
        handed_in = select(Attempt.id).where(Attempt.submitted_at.is_not(None)).subquery()
        answers = select(func.count()).select_from(Answer).join(handed_in, handed_in.c.id == Answer.attempt_id)
        found = db.session.scalar(select(func.count()).select_from(handed_in)), db.session.scalar(answers)
        db.engine.dispose()
    return found[0] or 0, found[1] or 0


def _report(seen: Seen, runners: list[Runner], before: tuple[int, int], after: tuple[int, int], row: Row) -> None:
    attempts, answers = (new - old for new, old in zip(after, before, strict=True))
    everything = sorted(each for times in seen.times.values() for each in times)
    row(
        f"{len(runners)} people, {QUESTIONS} questions each, within {WINDOW_S} s: requests, errors, attempts lost, answers lost",
        f"{len(everything)}, {seen.wrong.total()}, {len(runners) - attempts}, {len(runners) * QUESTIONS - answers}",
    )
    for step, count_ in seen.wrong.items():
        row(f"  {step}", str(count_))
    row("  all steps: p50, p95, p99 (ms)", _percentiles(everything))
    for step, times in seen.times.items():
        row(f"  {step}: p50, p95, p99 (ms)", _percentiles(sorted(times)))


def _percentiles(times: list[float]) -> str:
    return ", ".join(f"{times[len(times) * share // 100]:.0f}" for share in (50, 95, 99))
