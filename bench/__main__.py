"""Runs every measurement and prints a table. About ten minutes; no figure is asserted."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert

from bench import crowd, floor, servers
from bench import statistics as quiz_statistics
from lms import config, serve
from lms.app import create_app
from lms.demo.people import COMPANION, DIRECTORATE, PASSWORD
from lms.extensions import db
from lms.kernel import clock, provinces
from lms.models import derive
from lms.models.people import Person
from lms.models.session import work
from lms.models.summaries import UnitProgress

LESSON = "/belajar/mrs/mrs-4-2"
ROUNDS = 3


def row(name: str, value: str) -> None:
    sys.stdout.write(f"{name:<62} {value}\n")
    sys.stdout.flush()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        environment = {"PANDU_DEMO": "1", "PANDU_DATA_DIR": str(data)}
        settings = config.from_environment({**os.environ, **environment})
        started = time.perf_counter()
        serve.prepare(settings)
        row("demo: migrate, import, build (s)", f"{time.perf_counter() - started:.1f}")
        html = against_the_floor(data, environment)
        compare_servers(data, environment, html)
        crowd.run(data, environment, row)
        statements_and_reports(settings)
        quiz_statistics.measure(create_app(settings), environment, row)


def against_the_floor(data: Path, environment: dict[str, str]) -> str:
    """Throughput, processor time, sizes, memory, start; returns the lesson's HTML."""
    lms = "lms.app:create_app"
    row("start to first answer, s (median of 3, one worker)", f"{statistics.median(_starts(lms, environment)):.2f}")
    port, floor_port = servers.free_port(), servers.free_port()
    with servers.running(servers.granian(lms, port), port, environment, ready="/sehat") as (process, _):
        cookie = servers.sign_in(port, COMPANION, PASSWORD)
        html = servers.page(port, LESSON, cookie)
        sizes(port, cookie, html)
        path = {"FLOOR_DATABASE": str(data / "floor.sqlite3")}
        floor.fill(path["FLOOR_DATABASE"], html)
        command = servers.granian("bench.floor:create_app", floor_port)
        with servers.running(command, floor_port, path, ready="/masuk") as (floor_process, _):
            _, headers, _ = servers.ask(floor_port, "/masuk")
            floor_cookie = headers["set-cookie"].split(";")[0]
            floors, ours = [], []
            for _ in range(ROUNDS):
                floors.append(_load(floor_process, floor_port, "/teks/teks", floor_cookie))
                ours.append(_load(process, port, LESSON, cookie))
        for name, at, digits in (("requests/s", 0, 0), ("processor time a request, ms", 1, 2)):
            lesson, least = (statistics.median(each[at] for each in runs) for runs in (ours, floors))
            row(f"lesson and floor, {name} (median of 3)", f"{lesson:.{digits}f}, {least:.{digits}f}")
        rates = [mine[0] / least[0] for mine, least in zip(ours, floors, strict=True)]
        costs = [least[1] / mine[1] for mine, least in zip(ours, floors, strict=True)]
        row("lesson / floor, requests/s (median of 3)", f"{statistics.median(rates):.0%}")
        row("floor / lesson, processor time (median of 3)", f"{statistics.median(costs):.0%}")
        row("memory per worker after load (MB)", ", ".join(map(str, servers.memory(process))))
    return html


def _starts(target: str, environment: dict[str, str]) -> list[float]:
    """Seconds from the command to the first answer, of several starts."""
    found = []
    for _ in range(ROUNDS):
        port = servers.free_port()
        with servers.running(servers.granian(target, port), port, environment, ready="/sehat") as (_, seconds):
            found.append(seconds)
    return found


def _load(process: subprocess.Popen[bytes], port: int, path: str, cookie: str) -> tuple[float, float]:
    """Requests a second, and milliseconds of processor time for each."""
    before = servers.processor_s(process)
    rate = servers.throughput(port, path, cookie)
    return rate, (servers.processor_s(process) - before) * 1000 / (rate * servers.SECONDS)


def sizes(port: int, cookie: str, html: str) -> None:
    """Compressed bytes of a cold lesson and of the door, with everything they load at once."""
    door = servers.page(port, "/masuk")
    for name, path, text, key in (("lesson", LESSON, html, cookie), ("sign-in", "/masuk", door, "")):
        wanted = [path, *(url for url in _assets(text))]
        total = sum(len(body) for _, _, body in (servers.ask(port, url, cookie=key) for url in wanted))
        row(f"cold {name} page: compressed bytes, requests", f"{total}, {len(wanted)}")


def _assets(html: str) -> list[str]:
    found = [
        part.split('"')[0]
        for part in html.split('href="')[1:]
        if part.startswith("/aset/") and ".css" in part.split('"')[0]
    ]
    scripts = [part.split('"')[0] for part in html.split('src="')[1:] if part.startswith("/aset/")]
    images = [part.split('"')[0] for part in html.split('src="')[1:] if part.startswith("/media/")]
    return [*found, *scripts, *images[:1]]


def compare_servers(data: Path, environment: dict[str, str], html: str) -> None:
    """The floor on each server: reads a second, and the tail of writes while it is read."""
    kinds = {
        "granian, 1 thread": lambda port: servers.granian("bench.floor:create_app", port, workers=2, threads=1),
        "granian, its default threads": lambda port: servers.granian(
            "bench.floor:create_app", port, workers=2, threads=None
        ),
        "gunicorn sync": lambda port: servers.gunicorn("bench.floor:create_app", port, workers=2),
        "gunicorn gthread, 4 threads": lambda port: servers.gunicorn(
            "bench.floor:create_app", port, kind="gthread", workers=2, threads=4
        ),
    }
    path = str(data / "servers.sqlite3")
    floor.fill(path, html)
    for name, command in kinds.items():
        port = servers.free_port()
        with servers.running(command(port), port, {"FLOOR_DATABASE": path}, ready="/masuk"):
            _, headers, _ = servers.ask(port, "/masuk")
            cookie = headers["set-cookie"].split(";")[0]
            reads = statistics.median(servers.throughput(port, "/teks/teks", cookie) for _ in range(ROUNDS))
            writes = servers.write_latencies(port, "/catatan", cookie, {"x": "1"})
        tail = writes[len(writes) * 99 // 100]
        row(
            f"floor on {name}: reads/s, write p50 and p99 (ms)",
            f"{reads:.0f}, {statistics.median(writes):.0f}, {tail:.0f}",
        )


def statements_and_reports(settings: config.Settings) -> None:
    """Statements of a lesson and time of the completion page, at 635 and at 20,000 people."""
    app = create_app(settings)
    for target in (635, 20_000):
        if target > 635:
            with app.app_context(), work():
                more_people(target)
        with app.app_context():
            engine = db.engine
        measure(app, engine, target)


def measure(app: Flask, engine: Engine, target: int) -> None:
    """Print what pages cost with this many people."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    pages = (
        (COMPANION, LESSON, "lesson"),
        (DIRECTORATE, "/laporan/penuntasan", "completion"),
        (DIRECTORATE, "/laporan/penuntasan/orang?urut=aktivitas", "people"),
    )
    for who, path, name in pages:
        client = _signed_in(app, who)
        times = []
        for _ in range(5):
            seen.clear()
            started = time.perf_counter()
            assert client.get(path).status_code == 200
            times.append((time.perf_counter() - started) * 1000)
        count = sum(each.lstrip("( ").upper().startswith(("SELECT", "WITH")) for each in seen)
        row(
            f"{name} page at {target:,} people: statements, ms (median of 5)",
            f"{count}, {statistics.median(times):.0f}",
        )
    event.remove(engine, "before_cursor_execute", note)


def _signed_in(app: Flask, who: str) -> FlaskClient:
    """A fresh client, signed in."""
    client = app.test_client()
    token = client.get("/masuk").get_data(as_text=True).split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    client.post("/masuk", data={"identifier": who, "password": PASSWORD, "csrf_token": token})
    return client


def more_people(target: int) -> None:
    """Fill up to `target` companions with progress rows, and count them into the tallies."""
    dice = random.Random(20)
    isos = list(provinces.PROVINCES)
    here = db.session.query(Person).count()
    base = {
        "role": "companion",
        "title_before": "",
        "title_after": "",
        "regency": "",
        "unit": "",
        "position": "",
        "whatsapp": "",
        "language": "id",
        "scope": [],
        "password_hash": "",
        "is_sample": True,
    }
    people = [
        {
            **base,
            "uid": f"b{n:09d}",
            "name": f"Bangku {n}",
            "province_iso": dice.choice(isos),
            "email": f"b{n}@contoh.example",
            "email_key": f"b{n}@contoh.example",
            "session_stamp": "x",
            "created_at": clock.now(),
        }
        for n in range(target - here)
    ]
    db.session.execute(insert(Person), people)
    ids = [each for (each,) in db.session.query(Person.id).filter(Person.uid.like("b0%"))]
    units = [module.code for module in derive.published_modules() if module.items] + [
        "*:core",
        "*:all",
        "mrs:core",
        "mak:core",
        "mtk:core",
    ]
    rows = []
    for person_id in ids:
        for unit in units[: dice.randint(0, len(units))]:
            at = clock.now() - timedelta(days=dice.uniform(0, 80))
            rows.append(
                {
                    "person_id": person_id,
                    "unit": unit,
                    "done": 4,
                    "total": 4,
                    "started_at": at,
                    "completed_at": at if dice.random() < 0.6 else None,
                    "last_at": at,
                }
            )
    for start in range(0, len(rows), 20_000):
        db.session.execute(insert(UnitProgress), rows[start : start + 20_000])
    for start in range(0, len(ids), 500):
        _count(ids[start : start + 500])


def _count(ids: list[int]) -> None:
    """Count rows that were inserted without counting: empty before, theirs after."""
    rows = db.session.query(UnitProgress).filter(UnitProgress.person_id.in_(ids)).all()
    kept = [{column.name: getattr(each, column.name) for column in UnitProgress.__table__.columns} for each in rows]
    db.session.query(UnitProgress).filter(UnitProgress.person_id.in_(ids)).delete()
    with derive.recounted(ids):
        if kept:
            db.session.execute(insert(UnitProgress), kept)


if __name__ == "__main__":
    main()
