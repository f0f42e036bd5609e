"""Plays of a simulation: the scene in which one stands, and what was said to the choices made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.extensions import db
from lms.kernel import errors
from lms.models.content import Revision
from lms.models.facts import Play
from lms.models.people import Person
from lms.rules import simulations


@dataclass(frozen=True)
class Taken:
    """One step that was taken in a simulation: the scene, the choice, and what the mentor said to it."""

    scene: str
    choice: str
    title_html: str
    choice_html: str
    reply_html: str
    value: int
    counts: bool
    """Whether it counts: a scene to which one came back was decided anew."""


@dataclass(frozen=True)
class PlayView:
    """One play: the scene in which it stands, and what was said to the choices made so far; nothing of the others."""

    uid: str
    revision_id: int
    started_at: datetime
    finished_at: datetime | None
    earned: int
    best: int
    scene: Mapping[str, Any]
    taken: Sequence[Taken]

    @property
    def percent(self) -> int:
        """Whole per cent of the best possible."""
        return simulations.share(self.earned, self.best)


def plays_at(actor: Person, document_id: int) -> list[Play]:
    """Return the person's plays of a simulation, first to last."""
    return list(
        db.session.scalars(
            select(Play).where(Play.person_id == actor.id, Play.document_id == document_id).order_by(Play.id)
        )
    )


def play_for_reader(actor: Person, *, simulation: int, uid: str) -> PlayView:
    """Return one's own play. Raises NotFound for anyone else's."""
    row = db.session.execute(
        select(Play, Revision.paper, Revision.key)
        .join(Revision, Revision.id == Play.revision_id)
        .where(Play.uid == uid, Play.person_id == actor.id, Play.document_id == simulation)
    ).one_or_none()
    if row is None:
        raise errors.NotFound("no_such_play", uid=uid)
    play, paper, key = row
    scenes = {scene["id"]: scene for scene in paper or ()}
    here = simulations.stands_at(next(iter(scenes)), key or {}, play.path)
    return PlayView(
        play.uid, play.revision_id, play.started_at, play.finished_at, play.earned, play.best, scenes[here],
        _taken_steps(play.path, scenes, key or {}),
    )  # fmt: skip


def _taken_steps(path: simulations.Path, scenes: Mapping[str, Any], key: simulations.Key) -> list[Taken]:
    last = {scene: place for place, (scene, _) in enumerate(path)}
    counting = {last[scene] for scene, _ in simulations.counted(path)}
    words = {(scene, each["id"]): each["html"] for scene in scenes for each in scenes[scene]["choices"]}
    return [
        Taken(
            scene, choice, scenes[scene]["title_html"], words[scene, choice], key[scene][choice]["reply_html"],
            key[scene][choice]["value"], place in counting,
        )
        for place, (scene, choice) in enumerate(path)
    ]  # fmt: skip
