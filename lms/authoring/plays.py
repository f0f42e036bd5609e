"""How a simulation fares: which choices people take, as numbers without names."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from lms.extensions import db
from lms.models.content import Revision
from lms.models.facts import Play
from lms.rules import simulations

BATCH_ROWS = 1_000


@dataclass(frozen=True)
class ChoiceResult:
    """How often a choice was taken, and what it is worth."""

    html: str
    taken: int
    value: int


@dataclass(frozen=True)
class SceneResult:
    """How people decided in a scene; `decided` counts every decision, also one decided anew."""

    id: str
    title_html: str
    decided: int
    choices: Sequence[ChoiceResult]


@dataclass(frozen=True)
class SimulationResults:
    """How a simulation fares: finished plays, people, open plays, the mean of the shares earned, scene by scene."""

    plays: int
    people: int
    open_plays: int
    mean_percent: int
    scenes: Sequence[SceneResult]
    endings: Sequence[tuple[str, int]]
    """Title and how many plays ended there."""


def results(document_id: int) -> SimulationResults:
    """Return which choices people took over all revisions: three statements; paths are streamed, not held."""
    plays, people, open_plays = db.session.execute(
        select(
            func.count(Play.finished_at),
            func.count(func.distinct(Play.person_id)),
            func.count() - func.count(Play.finished_at),
        ).where(Play.document_id == document_id)
    ).one()
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    reached, shares = Counter[str](), 0
    for path, key, earned, best in _finished_plays(document_id):
        shares += simulations.share(earned, best)
        reached[key] += 1
        for scene, choice in path:
            taken[scene][choice] += 1
    scenes = _scenes(document_id)
    return SimulationResults(
        plays, people, open_plays, shares // plays if plays else 0,
        [_scene_result(scene, key, taken[scene["id"]]) for scene, key in scenes if taken[scene["id"]]],
        [(scene["title_html"], reached[scene["id"]]) for scene, key in scenes if not key],
    )  # fmt: skip


def _finished_plays(document_id: int) -> Iterator[tuple[Sequence[Any], str, int, int]]:
    """Path, ending, points and the best possible of every finished play."""
    revisions = db.session.execute(select(Revision.id, Revision.key).where(Revision.document_id == document_id))
    keys: dict[int, Any] = dict(revisions.all())
    statement = select(Play.path, Play.revision_id, Play.earned, Play.best).where(
        Play.document_id == document_id, Play.finished_at.is_not(None)
    )
    for path, revision_id, earned, best in db.session.execute(statement.execution_options(yield_per=BATCH_ROWS)):
        yield path, simulations.stands_at("", keys[revision_id], path), earned, best


def _scene_result(scene: Mapping[str, Any], key: Mapping[str, Any], taken: Counter[str]) -> SceneResult:
    """A choice whose words were changed later is another choice; the newest revision's are shown."""
    choices = [ChoiceResult(each["html"], taken[each["id"]], key[each["id"]]["value"]) for each in scene["choices"]]
    return SceneResult(scene["id"], scene["title_html"], taken.total(), choices)


def _scenes(document_id: int) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The newest form of every scene ever in the simulation, in the newest order."""
    newest: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
    rows = db.session.execute(
        select(Revision.paper, Revision.key).where(Revision.document_id == document_id).order_by(Revision.number.desc())
    )
    for paper, key in rows:
        for scene in paper or ():
            newest.setdefault(scene["id"], (scene, (key or {}).get(scene["id"], {})))
    return list(newest.values())
