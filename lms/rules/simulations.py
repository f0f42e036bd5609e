"""Simulations: where a path stands, what it earned, and the most that any path can earn.

A key is scene → choice → `{"target", "value", "reply_html"}`; a scene without choices is an ending. A path is
`[[scene, choice], …]`. Whoever comes back to a scene decides it anew: what lies between the two visits no longer
counts. So nobody earns by going in circles, and nothing exceeds the best possible. Source:
docs/decisions/0013-simulations.md.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Key = Mapping[str, Mapping[str, Mapping[str, Any]]]
Path = Sequence[Sequence[str]]

LONGEST_PATH = 200
"""Steps that are kept of a path; a longer one keeps what counts."""
MOST_SCENES = 200
MOST_STATES = 20_000
"""How much a search for the best path may cost (tens of milliseconds); a graph with more circles gets a ceiling."""


class _TooCostlyError(Exception):
    pass


def stands_at(first: str, key: Key, path: Path) -> str:
    """Return the scene to which the path has led; `first` is where the simulation begins."""
    return str(key[path[-1][0]][path[-1][1]]["target"]) if path else first


def is_ending(key: Key, scene: str) -> bool:
    """Say whether the scene is an ending."""
    return not key.get(scene)


def follow(key: Key, path: Path, scene: str, choice: str) -> list[list[str]]:
    """Return the path with one more step; one that has become too long keeps what counts."""
    longer = [*map(list, path), [scene, choice]]
    return longer if len(longer) <= LONGEST_PATH else counted(longer)


def counted(path: Path) -> list[list[str]]:
    """Return the steps that count: without the circles."""
    kept: list[list[str]] = []
    for scene, choice in path:
        visited = [each for each, _ in kept]
        kept = [*(kept[: visited.index(scene)] if scene in visited else kept), [scene, choice]]
    return kept


def earned(key: Key, path: Path) -> int:
    """Return the points of the steps that count."""
    return sum(int(key[scene][choice]["value"]) for scene, choice in counted(path))


def share(points: int, best: int) -> int:
    """Return points as whole per cent of the best possible, rounded down; 100 where nothing can be earned."""
    return max(0, points * 100 // best) if best > 0 else 100


def best_possible(key: Key, first: str) -> int:
    """Return the most that a path from `first` to an ending can earn without visiting a scene twice.

    Exact while the search stays within its bounds, which every graph without circles does; beyond them the sum of
    each scene's best choice, which no path exceeds.
    """
    try:
        return _Search(key).most(first, frozenset()) or 0
    except _TooCostlyError:
        return sum(max(0, *(int(each["value"]) for each in choices.values())) for choices in key.values() if choices)


class _Search:
    """Each scene is solved once for each set of visited scenes that can still be met from it."""

    def __init__(self, key: Key) -> None:
        if len(key) > MOST_SCENES:
            raise _TooCostlyError
        self.key = key
        self.reach = {scene: _reach(key, scene) for scene in key}
        self.known: dict[tuple[str, frozenset[str]], int | None] = {}

    def most(self, scene: str, visited: frozenset[str]) -> int | None:
        """The most that can still be earned from the scene; none where no ending can be reached."""
        if is_ending(self.key, scene):
            return 0
        state = (scene, visited & self.reach[scene])
        if state not in self.known:
            if len(self.known) >= MOST_STATES:
                raise _TooCostlyError
            self.known[state] = None
            self.known[state] = self._best(scene, state[1] | {scene})
        return self.known[state]

    def _best(self, scene: str, visited: frozenset[str]) -> int | None:
        sums = [
            int(choice["value"]) + further
            for choice in self.key[scene].values()
            if choice["target"] not in visited and (further := self.most(choice["target"], visited)) is not None
        ]
        return max(sums, default=None)


def _reach(key: Key, scene: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = [scene]
    while waiting:
        for choice in key.get(waiting.pop(), {}).values():
            if choice["target"] not in found:
                found.add(choice["target"])
                waiting.append(choice["target"])
    return frozenset(found)
