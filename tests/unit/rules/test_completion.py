from datetime import UTC, datetime, timedelta

from lms.rules import completion
from lms.rules.completion import Item, ItemFacts, Module, Try

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def at(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


CORE = Module(1, "mrs-1", "mrs", True, 2, (Item(11), Item(12), Item(13, is_quiz=True)))
EXTRA = Module(2, "mrs-5", "mrs", False, 2, (Item(21),))
OTHER = Module(3, "mak-1", "mak", True, 2, (Item(31),))
ANNOUNCED = Module(4, "mtk-1", "mtk", True, 2, ())
ALL = (CORE, EXTRA, OTHER, ANNOUNCED)


def read(hours: int) -> completion.ItemState:
    return completion.item_state(Item(0), ItemFacts(read=(at(hours),)))


def passed(hours: int) -> completion.ItemState:
    return completion.item_state(Item(0, is_quiz=True), ItemFacts(tries=(Try(at(hours), 80, True),)))


def units(states: dict[int, completion.ItemState], granted: dict[int, datetime]) -> dict[str, completion.UnitState]:
    return completion.unit_states(ALL, states, granted)


def test_a_lesson_is_done_when_it_is_read_not_when_it_is_opened() -> None:
    assert completion.item_state(Item(1), ItemFacts(opened=(at(0),))).done_at is None
    state = completion.item_state(Item(1), ItemFacts(opened=(at(0),), read=(at(2), at(5))))
    assert (state.opened_at, state.done_at, state.last_at) == (at(0), at(2), at(5))


def test_a_quiz_is_done_when_an_attempt_passed_and_best_or_last_counts() -> None:
    tries = (Try(at(1), 40, False), Try(at(2), 90, True), Try(at(3), 60, False))
    best = completion.item_state(Item(1, is_quiz=True), ItemFacts(tries=tries))
    last = completion.item_state(Item(1, is_quiz=True, score="last"), ItemFacts(tries=tries))
    assert (best.done_at, best.percent, best.attempts) == (at(2), 90, 3)
    assert (last.done_at, last.percent) == (at(2), 60)


def test_a_module_is_complete_with_its_last_item() -> None:
    states = {11: read(1), 12: read(4), 13: passed(3)}
    assert completion.completed_at(CORE, states) == at(4)
    assert completion.completed_at(CORE, {11: read(1), 12: read(4)}) is None
    assert completion.completed_at(ANNOUNCED, {}) is None


def test_core_and_whole_are_told_apart_and_announced_modules_count_nowhere() -> None:
    found = units({11: read(1), 12: read(4), 13: passed(3)}, {1: at(4)})
    assert (found["mrs:core"].done, found["mrs:core"].total, found["mrs:core"].completed_at) == (1, 1, at(4))
    assert (found["mrs:all"].done, found["mrs:all"].total, found["mrs:all"].completed_at) == (1, 2, None)
    assert (found["*:core"].done, found["*:core"].total) == (1, 2)
    assert "mak-1" not in found
    assert "mtk:core" not in found


def test_the_package_is_complete_with_its_last_module() -> None:
    found = units({11: read(1), 12: read(1), 13: passed(1), 31: read(9)}, {1: at(1), 3: at(9)})
    assert found["*:core"].completed_at == at(9)
    assert found["*:all"].completed_at is None


def test_what_was_granted_stays_when_an_item_is_added_later() -> None:
    found = units({11: read(1), 12: read(4)}, {1: at(4)})
    assert (found["mrs-1"].done, found["mrs-1"].total, found["mrs-1"].completed_at) == (2, 3, at(4))
    assert found["mrs:core"].completed_at == at(4)


def test_nothing_touched_is_nothing() -> None:
    assert completion.unit_states(ALL, {}, {}) == {}
