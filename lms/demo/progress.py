"""The demo's facts: who opened, read and tried what, as if eleven weeks of training had gone by.

Facts are written in bulk and nothing else: every summary is derived from them by the product's own function
(`models/derive`), and every attempt is drawn and marked by the product's own rules.
"""

import random
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from lms.extensions import db
from lms.kernel import clock, provinces
from lms.kernel.documents import COUNTED, DocumentKind
from lms.kernel.questions import QuestionKind
from lms.models.content import Document, Revision
from lms.models.facts import Answer, Attempt, Opening, Play, Reading
from lms.models.people import Person
from lms.rules import attempts, marking, simulations

SIGNED_IN_SHARE = 0.78
LOWEST, HIGHEST = 0.18, 0.64
"""Shares of people who completed the core package, in the province with the weakest network and in the best."""
SPAN_DAYS = 78
LOW, MIDDLE, HIGH = 0.62, 0.8, 0.95
"""How likely someone is right at an ordinary question: the least skilled, the middle, the most skilled."""
TOOK_BEFORE, LESS_BEFORE = 0.85, 0.3
"""The share of learners who take the test before, and how much less they know then."""
WRITERS = 22
"""Companions who did the exercise that a trainer marks."""

_ESSAYS = (
    """Fakta: Selasa 14.00, kunjungan ke WN-058. Pintu dibuka setelah tiga ketukan. Klien memakai jaket di dalam \
rumah dan berkata, "Sudah dua malam saya batuk." Label obat darah tinggi menunjukkan obat habis empat hari lalu. \
Anak yang biasa mengantar sedang melaut sampai akhir pekan.

Tanggapan: obat yang terputus berisiko menaikkan tekanan darah. Batuk belum tentu terkait; perlu dinilai tenaga \
kesehatan.

Tindakan: 14.35 saya menelepon kader. Kader bersedia mengantar Rabu pagi.

Rencana: kader mengantar Rabu 08.00 untuk obat dan pemeriksaan. Saya menelepon kader Rabu 12.00.""",
    """Fakta: klien 67 tahun tinggal sendiri, batuk dua malam, obat darah tinggi habis empat hari.

Tanggapan: klien kurang memperhatikan kesehatannya sehingga obatnya habis.

Tindakan: saya menelepon kader.

Rencana: kader akan mengantar besok dan saya terus memantau.""",
    """Saya berkunjung hari Selasa. Klien sakit batuk dan obatnya habis. Anaknya tidak ada karena melaut. Saya sudah \
menghubungi kader supaya diantar ke puskesmas. Semoga cepat sembuh.""",
    """Fakta: WN-058 membuka pintu setelah tiga ketukan, memakai jaket, batuk dua malam menurut ceritanya. Di meja ada \
obat darah tinggi; menurut labelnya habis empat hari lalu.

Tanggapan: dugaan saya obat terputus karena tidak ada yang mengantar. Ini risiko yang mendesak.

Tindakan: menelepon kader Selasa 14.40; kader setuju mengantar Rabu pagi.

Rencana: Rabu 08.00 kader mengantar ke puskesmas. Kamis sebelum 10.00 saya bertanya kepada klien tentang obatnya. \
Sesudah anak pulang, kami bertiga menyusun siapa yang mengantar setiap bulan.""",
)

_RANK = {"ID-YO": 0, "ID-KR": 1, "ID-RI": 2, "ID-SA": 3, "ID-NB": 4, "ID-PE": 37, "ID-PT": 36, "ID-GO": 35, "ID-BT": 34}


@dataclass(frozen=True)
class Work:
    """One published module as there is to do: its lessons, and its quizzes and simulations with what marking needs."""

    code: str
    is_core: bool
    lessons: Sequence[tuple[int, int]]
    """(document id, revision id)"""
    quizzes: Sequence["Keyed"]
    simulations: Sequence["Keyed"]


@dataclass(frozen=True)
class Keyed:
    """A published quiz or simulation."""

    document_id: int
    revision_id: int
    meta: Mapping[str, Any]
    paper: Sequence[Mapping[str, Any]]
    key: Mapping[str, Any]


@dataclass
class Facts:
    """Rows to write, by table."""

    openings: list[dict[str, Any]] = field(default_factory=list)
    readings: list[dict[str, Any]] = field(default_factory=list)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    plays: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """(attempt uid, row without the attempt's id)"""


def record(people: Sequence[Person], dice: random.Random, *, star: str) -> None:
    """Write the facts of everyone; `star` is the e-mail of the companion whose pages must be full of life."""
    work, before, after = _apart(_work())
    facts = Facts()
    shares = _shares()
    for person in people:
        if person.email == star:
            pace = Pace(dice, weeks=10, skill=0.86)
            _test(person, before, -LESS_BEFORE, pace, facts)
            _study(person, _until(work, modules=5), pace, facts)
        elif dice.random() < SIGNED_IN_SHARE:
            share = shares[person.province_iso or "ID-JK"] / SIGNED_IN_SHARE
            pace = Pace(dice, weeks=dice.uniform(3, 11), skill=dice.uniform(LOW, HIGH))
            plan = _plan(work, dice, share)
            if dice.random() < TOOK_BEFORE:
                _test(person, before, -LESS_BEFORE, pace, facts)
            _study(person, plan, pace, facts)
            if dice.random() < sum(is_whole for _module, is_whole in plan) / len(plan):
                _test(person, after, 0, pace, facts)
    _practise(people, star, facts)
    _write(facts)


def _apart(work: Sequence[Work]) -> tuple[list[Work], list[Keyed], list[Keyed]]:
    """The modules without their tests of what was learned, the tests before, the tests after."""
    quizzes = [quiz for module in work for quiz in module.quizzes]
    before = [quiz for quiz in quizzes if quiz.meta.get("pre_of")]
    after = [quiz for quiz in quizzes if quiz.meta.get("post_of")]
    tests = [*before, *after]
    rest = [replace(each, quizzes=[quiz for quiz in each.quizzes if quiz not in tests]) for each in work]
    return rest, before, after


def _test(person: Person, tests: Sequence[Keyed], change: float, pace: "Pace", facts: Facts) -> None:
    for quiz in tests:
        _try(person, quiz, 1, change, pace, facts)


def _practise(people: Sequence[Person], star: str, facts: Facts) -> None:
    """Let some write what a trainer reads; with dice of their own, so that everything else stays as it was."""
    dice = random.Random(len(people))  # noqa: S311 - the demo is the same each time
    writers = [*(person for person in people if person.email == star), *dice.sample(list(people), WRITERS)]
    for _, quizzes, _ in _items().values():
        for quiz in filter(_has_essay, quizzes):
            for person in dict.fromkeys(writers):
                weeks = 9 if person.email == star else dice.uniform(0.2, 2.5)
                pace = Pace(dice, weeks=weeks, skill=HIGH)
                _try(person, quiz, 1, 0, pace, facts)


def _has_essay(quiz: Keyed) -> bool:
    return any(question["kind"] == QuestionKind.ESSAY for question in quiz.paper)


class Pace:
    """When one person does things, and how well: instants rise and stay in the past."""

    def __init__(self, dice: random.Random, *, weeks: float, skill: float) -> None:
        self.dice = dice
        self.skill = skill
        self.now = clock.now()
        self.at = self.now - timedelta(days=min(SPAN_DAYS, weeks * 7), hours=dice.uniform(0, 12))
        self.end = self.at + (self.now - self.at) * dice.uniform(0.4, 0.98)

    def step(self, minutes: float) -> datetime:
        """Let time pass, never beyond an hour ago."""
        self.at = min(self.at + timedelta(minutes=minutes * self.dice.uniform(0.7, 1.6)), self.now - timedelta(hours=1))
        return self.at

    def rest(self, steps_left: int) -> None:
        """Let days pass so that the plan fills the time until this person's end."""
        left = (self.end - self.at).total_seconds() / 60 - 60 * steps_left
        if left > 0 and steps_left:
            self.step(left / steps_left * self.dice.uniform(0.5, 1.0))


def _shares() -> dict[str, float]:
    """Province → the share of people who completed the core package, falling with the weakness of its network."""
    order = sorted(
        provinces.PROVINCES.values(), key=lambda each: (_RANK.get(each.iso, 5 + each.kemendagri % 29), each.iso)
    )
    step = (HIGHEST - LOWEST) / (len(order) - 1)
    return {province.iso: HIGHEST - step * place for place, province in enumerate(order)}


def _work() -> list[Work]:
    """Every published module with items, core first within the order of the courses."""
    course = select(Document.id, Document.position).where(Document.kind == DocumentKind.COURSE).subquery()
    modules = db.session.execute(
        select(Document.id, Document.code, Document.is_core)
        .join(course, course.c.id == Document.parent_id)
        .where(Document.kind == DocumentKind.MODULE, Document.published_id.is_not(None))
        .order_by(Document.is_core.desc(), course.c.position, Document.position)
    ).all()
    items = _items()
    found = [Work(code, is_core, *items.get(module_id, ((), (), ()))) for module_id, code, is_core in modules]
    return [each for each in found if each.lessons or each.quizzes]


def _items() -> dict[int, tuple[list[tuple[int, int]], list[Keyed], list[Keyed]]]:
    rows = db.session.execute(
        select(Document.parent_id, Document.id, Document.kind, Revision.id, Revision.meta, Revision.paper, Revision.key)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.kind.in_(COUNTED))
        .order_by(Document.position)
    )
    items: dict[int, tuple[list[tuple[int, int]], list[Keyed], list[Keyed]]] = {}
    for module_id, document_id, kind, revision_id, meta, paper, key in rows:
        lessons, quizzes, cases = items.setdefault(module_id, ([], [], []))
        if kind is DocumentKind.LESSON:
            lessons.append((document_id, revision_id))
        else:
            keyed = quizzes if kind is DocumentKind.QUIZ else cases
            keyed.append(Keyed(document_id, revision_id, meta, paper or [], key or {}))
    return items


def _until(work: Sequence[Work], *, modules: int) -> list[tuple[Work, bool]]:
    """The star's plan: some modules whole, the next one begun."""
    return [*((each, True) for each in work[:modules]), *((each, False) for each in work[modules : modules + 1])]


def _plan(work: Sequence[Work], dice: random.Random, share: float) -> list[tuple[Work, bool]]:
    """(module, whether it gets finished): the whole core with the province's share, else a part of it."""
    core = [each for each in work if each.is_core]
    extra = [each for each in work if not each.is_core]
    if dice.random() < share:
        return [(each, True) for each in (*core, *extra[: dice.choice((0, 0, 0, 1, 2))])]
    finished = int(len(core) * dice.betavariate(1.1, 1.5))
    return [(each, index < finished) for index, each in enumerate(core[: finished + 1])]


def _study(person: Person, plan: Sequence[tuple[Work, bool]], pace: Pace, facts: Facts) -> None:
    for index, (module, is_whole) in enumerate(plan):
        lessons = (
            module.lessons if is_whole else module.lessons[: pace.dice.randint(0, max(0, len(module.lessons) - 1))]
        )
        for document_id, revision_id in lessons:
            facts.openings.append(_fact(person, document_id, revision_id, pace.step(4), pace.dice))
            facts.readings.append(_fact(person, document_id, revision_id, pace.step(24), pace.dice))
        if not is_whole and len(lessons) < len(module.lessons):
            document_id, revision_id = module.lessons[len(lessons)]
            facts.openings.append(_fact(person, document_id, revision_id, pace.step(6), pace.dice))
        for quiz in module.quizzes if is_whole else ():
            if not _has_essay(quiz):
                _pass(person, quiz, pace, facts)
        for case in module.simulations if is_whole else ():
            _play(person, case, pace, facts)
        pace.rest(len(plan) - index)


def _fact(person: Person, document_id: int, revision_id: int, at: datetime, dice: random.Random) -> dict[str, Any]:
    return {
        "uid": _uuid(dice), "person_id": person.id, "document_id": document_id, "revision_id": revision_id,
        "occurred_at": at, "recorded_at": at + timedelta(seconds=dice.choice((1, 2, 3, 5400))),
    }  # fmt: skip


def _pass(person: Person, quiz: Keyed, pace: Pace, facts: Facts) -> None:
    """Try until it is passed, each time a little better, at most as often as allowed: not everyone makes it."""
    for number in range(1, int(quiz.meta.get("attempts") or 3) + 1):
        if _try(person, quiz, number, 0.1 * (number - 1), pace, facts):
            return


def _play(person: Person, case: Keyed, pace: Pace, facts: Facts) -> None:
    """Once to an ending, and a second time where it went badly and there is still the will."""
    first = case.paper[0]["id"]
    best = simulations.best_possible(case.key, first)
    for _ in range(2):
        path: list[list[str]] = []
        started_at, scene = pace.step(3), first
        while not simulations.is_ending(case.key, scene):
            path = simulations.follow(case.key, path, scene, _choice(case.key[scene], pace))
            scene = simulations.stands_at(first, case.key, path)
        earned = simulations.earned(case.key, path)
        facts.plays.append({
            "uid": _uuid(pace.dice), "person_id": person.id, "document_id": case.document_id,
            "revision_id": case.revision_id, "path": path, "started_at": started_at, "finished_at": pace.step(9),
            "earned": earned, "best": best,
        })  # fmt: skip
        if simulations.share(earned, best) > 60 or pace.dice.random() < 0.5:
            return


def _choice(choices: Mapping[str, Any], pace: Pace) -> str:
    """The best choice, as often as the person's skill allows."""
    if pace.dice.random() < pace.skill:
        return max(choices, key=lambda each: int(choices[each]["value"]))
    return pace.dice.choice(sorted(choices))


def _try(person: Person, quiz: Keyed, number: int, more: float, pace: Pace, facts: Facts) -> bool:
    """One attempt; `more` is what is added to the chance of being right, learned since or not learned yet."""
    dice, uid, started_at = pace.dice, _uuid(pace.dice), pace.step(3)
    drawn = attempts.draw(quiz.paper, rule=quiz.meta.get("draw"), shuffle=bool(quiz.meta.get("shuffle")), seed=uid)
    key = {each["id"]: quiz.key[each["id"]] for each in drawn}
    questions = attempts.arranged(quiz.paper, drawn)
    answers = {
        question["id"]: _answer(
            question, key[question["id"]], dice.random() < more + _chance(pace.skill, question), dice
        )
        for question in questions
    }
    marked = marking.mark(key, answers)
    passed = marked.passed(int(quiz.meta.get("pass", 0)))
    at = pace.step(11)
    facts.attempts.append({
        "uid": uid, "person_id": person.id, "document_id": quiz.document_id, "revision_id": quiz.revision_id,
        "number": number, "drawn": drawn, "started_at": started_at, "deadline_at": None, "submitted_at": at,
        "recorded_at": at, "earned": marked.earned, "maximum": marked.maximum, "percent": marked.percent,
        "passed": passed, "marks": marked.as_dict(), "waiting": marked.waiting,
    })  # fmt: skip
    facts.answers += [
        (uid, {"question_id": question_id, "response": response, "saved_at": at})
        for question_id, response in answers.items()
        if response
    ]
    return passed


def _chance(skill: float, question: Mapping[str, Any]) -> float:
    """How likely someone is right: most questions tell the skilled from others, one in thirty is a trap for all."""
    roll = zlib.crc32(question["id"].encode())
    ease = (roll % 90 - 42) / 48 * 0.12
    sharpness = 0.8 + roll // 90 % 5 / 2
    return 0.25 if roll % 90 < 3 else MIDDLE + ease + sharpness * (skill - MIDDLE)


def _answer(question: Mapping[str, Any], key: Mapping[str, Any], is_right: bool, dice: random.Random) -> Any:
    """The right answer, or a plausible wrong one."""
    if question["kind"] == QuestionKind.ESSAY:
        return dice.choice(_ESSAYS)
    right = marking.right_response(key)
    if is_right:
        return right
    if question.get("choices"):
        wrong = [
            each["id"]
            for each in question["choices"]
            if each["id"] not in (right if isinstance(right, list) else [right])
        ]
        wrong = sorted(wrong) or [question["choices"][0]["id"]]
        guess = dice.choices(wrong, range(len(wrong), 0, -1))[0]
        return [guess] if isinstance(right, list) else guess
    if isinstance(right, dict):
        values = list(right.values())
        dice.shuffle(values)
        return dict(zip(right, values, strict=True))
    if isinstance(right, list):
        return dice.sample(right, len(right)) if len(right) > 1 else ["belum tahu"]
    return "belum tahu"


def _uuid(dice: random.Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


def _write(facts: Facts) -> None:
    for model, rows in (
        (Opening, facts.openings),
        (Reading, facts.readings),
        (Attempt, facts.attempts),
        (Play, facts.plays),
    ):
        if rows:
            db.session.execute(insert(model), rows)
    ids = dict(db.session.execute(select(Attempt.uid, Attempt.id)).all())
    for batch in _batches([{"attempt_id": ids[uid], **row} for uid, row in facts.answers], 20_000):
        db.session.execute(insert(Answer), batch)


def _batches(rows: Sequence[dict[str, Any]], size: int) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
