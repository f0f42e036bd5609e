"""Facts and summaries: one path, so that a click and a rebuild cannot differ."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from lms.extensions import db
from lms.kernel import clock, ids
from lms.kernel.documents import DocumentKind
from lms.models import derive
from lms.models.content import Document
from lms.models.facts import Attempt, Completion, Opening, Play, Reading
from lms.models.people import Person
from lms.models.summaries import EVERYONE, ItemProgress, Tally, UnitProgress
from tests import builders
from tests.cast import Cast
from tests.conftest import NOON


def add_fact(person: Person, code: str, kind: str, days_ago: float, *, percent: int = 0) -> None:
    """Append one fact without deriving anything."""
    document = db.session.scalars(select(Document).where(Document.code == code)).one()
    at = NOON - timedelta(days=days_ago)
    common = {
        "uid": ids.fact(),
        "person_id": person.id,
        "document_id": document.id,
        "revision_id": document.published_id,
    }
    if kind == "play":
        db.session.add(Play(**common, path=[], started_at=at, finished_at=at if percent > 60 else None, best=4))
    elif kind == "attempt":
        number = (
            db.session.scalars(
                select(func.count()).where(Attempt.person_id == person.id, Attempt.document_id == document.id)
            ).one()
            + 1
        )
        db.session.add(
            Attempt(
                **common, number=number, drawn=[], started_at=at, submitted_at=at, percent=percent, passed=percent >= 70
            )
        )
    else:
        fact = Opening if kind == "opening" else Reading
        db.session.add(fact(**common, occurred_at=at, recorded_at=at))
    db.session.flush()


def finish(person: Person, days_ago: float = 0) -> None:
    """Everything that completes the first module."""
    for code in ("uji-1-1", "uji-1-2"):
        add_fact(person, code, "reading", days_ago)
    add_fact(person, "uji-1-kuis", "attempt", days_ago, percent=80)


def snapshot() -> dict[str, list[Any]]:
    """Every summary row, comparable."""
    return {
        model.__tablename__: sorted(map(tuple, db.session.execute(select(model.__table__)).all()), key=repr)
        for model in (ItemProgress, UnitProgress, Tally)
    }


def tally(unit: str, province: str = "ID-AC", cohort: int = EVERYONE) -> tuple[int, int]:
    row = db.session.execute(
        select(func.coalesce(func.sum(Tally.started), 0), func.coalesce(func.sum(Tally.completed), 0)).where(
            Tally.unit == unit, Tally.province_iso == province, Tally.cohort_id == cohort
        )
    ).one()
    return int(row[0]), int(row[1])


@pytest.mark.parametrize("seed", range(8))
def test_any_history_click_by_click_equals_a_rebuild(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    builders.add_content(builders.small_pack() | {"dukungan/1-awal/kasus.md": builders.simulation_md().encode()})
    people = [
        cast.cleo,
        cast.colin,
        *(builders.make_person(f"Orang {n}", province=dice.choice(["ID-AC", "ID-BA"])) for n in range(4)),
    ]
    codes = {
        "opening": ["uji-1-1", "uji-1-2", "uji-2-1"],
        "reading": ["uji-1-1", "uji-1-2", "uji-2-1"],
        "attempt": ["uji-1-kuis"],
        "play": ["uji-1-kasus"],
    }
    for _ in range(40):
        person, kind = dice.choice(people), dice.choice(list(codes))
        add_fact(person, dice.choice(codes[kind]), kind, dice.uniform(0, 30), percent=dice.randint(30, 100))
        derive.refresh([person.id])
    by_click = snapshot()
    db.session.execute(delete(Tally))
    db.session.execute(delete(ItemProgress))
    assert derive.rebuild() == len(
        {fact.person_id for model in (Opening, Reading, Attempt, Play) for fact in db.session.scalars(select(model))}
    )
    assert snapshot() == by_click


def test_refreshing_twice_changes_nothing(cast: Cast) -> None:
    finish(cast.cleo)
    derive.refresh([cast.cleo.id])
    before = snapshot()
    derive.refresh([cast.cleo.id])
    assert snapshot() == before


def test_completion_counts_in_province_cohort_and_bundle(cast: Cast) -> None:
    finish(cast.cleo)
    derive.refresh([cast.cleo.id, cast.colin.id])
    assert tally("uji-1") == (1, 1)
    assert tally("uji-1", "ID-PA") == (0, 0)
    cohort = db.session.scalars(select(Tally.cohort_id).where(Tally.cohort_id != EVERYONE)).first()
    assert tally("uji-1", cohort=cohort or -1) == (1, 1)
    assert tally("uji:core") == (1, 0)
    add_fact(cast.cleo, "uji-2-1", "reading", 0)
    derive.refresh([cast.cleo.id])
    assert tally("uji:core") == (1, 1)
    assert tally("*:core") == (1, 1)


def test_a_move_and_a_deactivation_move_the_numbers(cast: Cast) -> None:
    finish(cast.cleo)
    derive.refresh([cast.cleo.id])
    with derive.recounted([cast.cleo.id]):
        cast.cleo.province_iso = "ID-BA"
    assert (tally("uji-1"), tally("uji-1", "ID-BA")) == ((0, 0), (1, 1))
    with derive.recounted([cast.cleo.id]):
        cast.cleo.deactivated_at = clock.now()
    assert tally("uji-1", "ID-BA") == (0, 0)
    assert db.session.scalars(select(func.count()).select_from(Tally)).one() == 0


def test_what_was_granted_stays_when_a_lesson_is_added(cast: Cast) -> None:
    finish(cast.cleo)
    derive.refresh([cast.cleo.id])
    pack = builders.small_pack()
    pack["dukungan/1-awal/3-baru.md"] = builders.lesson_md("uji-1-3", "Jaga diri", position=3).encode()
    builders.add_content(pack)
    unit = db.session.scalars(select(UnitProgress).where(UnitProgress.unit == "uji-1")).one()
    assert (unit.done, unit.total, unit.completed_at) == (3, 4, NOON)
    assert db.session.scalars(select(func.count()).select_from(Completion)).one() == 1


def test_reference_modules_and_empty_modules_count_nowhere(cast: Cast) -> None:
    modules = {module.code: module for module in derive.published_modules()}
    assert [item.is_quiz for item in modules["uji-1"].items] == [False, False, True]
    empty = db.session.scalars(select(Document).where(Document.code == "uji-2-1")).one()
    empty.withdrawn_at = clock.now()
    finish(cast.cleo)
    derive.refresh([cast.cleo.id])
    assert tally("uji:core") == (1, 1)
    assert db.session.scalars(select(func.count()).where(Document.kind == DocumentKind.MODULE)).one() == 2
