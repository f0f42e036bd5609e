import itertools
import random
from typing import Any

import pytest

from lms.rules import simulations


def graph(**scenes: str) -> dict[str, dict[str, dict[str, Any]]]:
    """`a="x:b+2 y:c-1"`: from a, the choice x leads to b for two points; an empty text is an ending."""
    made: dict[str, dict[str, dict[str, Any]]] = {}
    for scene, text in scenes.items():
        made[scene] = {}
        for word in text.split():
            choice, rest = word.split(":")
            sign = "+" if "+" in rest else "-"
            target, value = rest.split(sign)
            made[scene][choice] = {"target": target, "value": int(sign + value), "reply_html": choice}
    return made


LINE = graph(a="x:b+2 y:end+0", b="x:end+1 y:end-1", end="")
CIRCLE = graph(a="x:b+1 y:end+0", b="x:a+5 y:end+1", end="")


@pytest.mark.parametrize(
    ("key", "best"),
    [
        (LINE, 3),
        (CIRCLE, 2),
        (graph(end=""), 0),
        (graph(a="x:end-2 y:end-5", end=""), -2),
        (graph(a="x:a+9 y:end+1", end=""), 1),
        (graph(a="x:b+9 y:c+1", b="x:b+9", c="x:end+1", end=""), 2),
        (graph(a="x:b+1 y:c+1", b="x:c+3 y:end+1", c="x:b+2 y:end+0", end=""), 4),
    ],
)
def test_best_possible(key: dict[str, Any], best: int) -> None:
    assert simulations.best_possible(key, next(iter(key))) == best


def test_what_a_circle_earned_is_forgotten() -> None:
    path = [["a", "x"], ["b", "x"], ["a", "x"], ["b", "y"]]
    assert simulations.counted(path) == [["a", "x"], ["b", "y"]]
    assert simulations.earned(CIRCLE, path) == 2
    assert simulations.earned(CIRCLE, [["a", "x"], ["b", "x"], ["a", "y"]]) == 0


@pytest.mark.parametrize("seed", range(20))
def test_no_walk_exceeds_the_best_and_one_reaches_it(seed: int) -> None:
    dice = random.Random(seed)
    names = "abcdef"
    key = {
        scene: {
            str(n): {"target": dice.choice(names), "value": dice.randint(-2, 3), "reply_html": ""} for n in range(3)
        }
        for scene in names[:-1]
    } | {names[-1]: {}}
    key["e"]["0"]["target"] = "f"
    best = simulations.best_possible(key, "a")
    sums = []
    for choices in itertools.product("012", repeat=6):
        scene, path = "a", []
        for choice in choices:
            if key[scene]:
                path.append([scene, choice])
                scene = key[scene][choice]["target"]
        if not key[scene]:
            sums.append(simulations.earned(key, path))
    assert all(each <= best for each in sums)
    assert not sums or max(sums) == best


@pytest.mark.parametrize(("scenes", "choices"), [(40, 40), (1_000, 3)])
def test_a_hostile_graph_gets_a_ceiling_soon(scenes: int, choices: int) -> None:
    key = {
        str(n): {str(m): {"target": str((n * 7 + m * m + 1) % scenes), "value": 2} for m in range(choices)}
        for n in range(scenes - 1)
    } | {str(scenes - 1): {}}
    assert simulations.best_possible(key, "0") == 2 * (scenes - 1)


def test_a_long_line_is_solved_exactly() -> None:
    key: dict[str, Any] = {str(n): {"x": {"target": str(n + 1), "value": 1}} for n in range(199)} | {"199": {}}
    assert simulations.best_possible(key, "0") == 199


def test_a_path_that_goes_in_circles_for_ever_stays_short() -> None:
    path: list[list[str]] = []
    for n in range(1_001):
        path = simulations.follow(CIRCLE, path, "ab"[n % 2], "x")
    assert len(path) <= simulations.LONGEST_PATH
    assert simulations.stands_at("a", CIRCLE, path) == "b"
    assert simulations.earned(CIRCLE, path) == 1


@pytest.mark.parametrize(("points", "best", "share"), [(5, 6, 83), (6, 6, 100), (-1, 6, 0), (0, 0, 100)])
def test_share(points: int, best: int, share: int) -> None:
    assert simulations.share(points, best) == share
