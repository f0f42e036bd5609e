"""Statistics of a quiz with 10,000 and with 100,000 attempts: time, and memory in a process that does nothing else.

`python -m bench.statistics QUIZ` is that process: it computes the figures of one quiz and prints what it took.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from bench import servers
from lms.app import create_app
from lms.authoring import statistics
from lms.authoring.statistics import Wanted
from lms.extensions import db
from lms.kernel import clock
from lms.models import session
from lms.models.content import Document, Revision
from lms.models.facts import Answer, Attempt
from lms.models.people import Person
from lms.rules import attempts, marking

QUIZ, ATTEMPTS, BATCH, DIFFERENT = "alat-2-pascates", (10_000, 100_000), 2_000, 5_000


def measure(app: Flask, environment: dict[str, str], row: Callable[[str, str], None]) -> None:
    """Fill a quiz of twenty questions, each attempt by a person of her own, and have its figures computed."""
    there = 0
    for number in ATTEMPTS:
        with app.app_context(), session.work():
            quiz_id = fill(range(there, number))
        there = number
        command = [sys.executable, "-m", "bench.statistics", str(quiz_id)]
        printed = subprocess.check_output(command, cwd=servers.ROOT, env={**os.environ, **environment})
        took = json.loads(printed)
        assert took["attempts"] >= number
        name = f"statistics of {number:,} attempts, 20 questions each"
        row(f"{name}: time, processor time (s)", f"{took['seconds']:.2f}, {took['processor']:.2f}")
        row(f"{name}: as kept (s)", f"{took['kept']:.2f}")
        row(f"{name}: highest memory, before and after (MB)", f"{took['before']:.0f}, {took['after']:.0f}")


def compute(quiz_id: int) -> dict[str, float]:
    """Compute the figures of one quiz as its page does: once, and once as they are kept."""
    with create_app().app_context(), tempfile.TemporaryDirectory() as folder:
        session.intend_to_read()
        before, started, processor = highest_mb(), time.perf_counter(), time.process_time()
        found = statistics.report(quiz_id, Wanted(), Path(folder))
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
        started = time.perf_counter()
        statistics.report(quiz_id, Wanted(), Path(folder))
        return {
            "attempts": found.figures.summary.n, "seconds": seconds, "processor": processor,
            "kept": time.perf_counter() - started, "before": before, "after": highest_mb(),
        }  # fmt: skip


def highest_mb() -> float:
    """The most memory this program has used. Not `ru_maxrss`: that one begins with what the starting process used."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def fill(numbers: range) -> int:
    """Add people with these numbers, their attempts and all answers in batches; returns the quiz's id."""
    dice = random.Random(numbers.start)
    quiz_id, revision_id, paper, key = db.session.execute(
        select(Document.id, Revision.id, Revision.paper, Revision.key)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.code == QUIZ)
    ).one()
    papers = [_attempt(quiz_id, revision_id, paper, key, dice) for _ in range(DIFFERENT)]
    for start in range(0, len(numbers), BATCH):
        people = _people(numbers[start : start + BATCH])
        tried, answers = [], []
        for person_id in people:
            attempt, given = dice.choice(papers)
            tried.append(attempt | {"person_id": person_id, "uid": _uuid(dice)})
            answers.append(given)
        ids = db.session.scalars(insert(Attempt).returning(Attempt.id, sort_by_parameter_order=True), tried).all()
        db.session.execute(insert(Answer), list(_rows(ids, answers)))
    return int(quiz_id)


def _people(numbers: range) -> list[int]:
    now = clock.now()
    rows = [
        {
            "uid": f"s{n:09d}", "role": "companion", "name": f"Uji {n}", "email": f"s{n}@contoh.example",
            "email_key": f"s{n}@contoh.example", "language": "id", "session_stamp": "x", "is_sample": True,
            "created_at": now,
        }
        for n in numbers
    ]  # fmt: skip
    return list(db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows))


def _attempt(quiz_id: int, revision_id: int, paper: Any, key: Any, dice: random.Random) -> tuple[Any, Any]:
    """One attempt as the product keeps it, of someone with a skill of her own."""
    skill, uid = dice.uniform(0.3, 0.95), _uuid(dice)
    drawn = attempts.draw(paper, rule=None, shuffle=True, seed=uid)
    given = {
        each["id"]: marking.right_response(key[each["id"]])
        if dice.random() < skill
        else _wrong(each["order"], key[each["id"]])
        for each in drawn
    }
    marked = marking.mark({each["id"]: key[each["id"]] for each in drawn}, given)
    now = clock.now()
    return {
        "document_id": quiz_id, "revision_id": revision_id, "number": 1, "drawn": drawn,
        "started_at": now, "deadline_at": None, "submitted_at": now, "recorded_at": now, "earned": marked.earned,
        "maximum": marked.maximum, "percent": marked.percent, "passed": marked.passed(70), "marks": marked.as_dict(),
    }, given  # fmt: skip


def _uuid(dice: random.Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


def _wrong(order: list[str], key: Any) -> Any:
    """The option shown first, whether right or wrong; a number or word for what is typed."""
    if key["kind"] in ("multiple", "ordering", "gap"):
        return order[:1] or ["entah"]
    if key["kind"] == "matching":
        return dict.fromkeys(key["pairs"], order[0])
    return order[0] if order else "entah"


def _rows(ids: Any, answers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for attempt_id, given in zip(ids, answers, strict=True):
        for question_id, response in given.items():
            yield {"attempt_id": attempt_id, "question_id": question_id, "response": response, "saved_at": now}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(compute(int(sys.argv[1]))))
