"""One lesson, quiz, simulation or survey on its way through a course; images and the glossary.

A lesson costs two statements beside the person's own, and a third the first time that a process is asked for its
text: revisions never change, so texts are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, and_, bindparam, select
from sqlalchemy.orm import undefer

from lms.extensions import db
from lms.kernel import errors
from lms.kernel.documents import ITEMS, DocumentKind
from lms.learning.queries.gates import GATES_OF_COURSE, Gate, closed, required_first
from lms.learning.queries.tables import COURSE, DOCUMENT, MODULE, PROGRESS, REVISION, is_one_of, table_of
from lms.models.content import Document, Media, is_published
from lms.models.people import Person
from lms.rules import glossary as glossary_rules

TEXTS_KEPT = 256
"""How many texts a process keeps: about 20 kB each."""


@dataclass(frozen=True, eq=False)
class Text:
    """What a revision says to its readers, without questions; one and the same object as long as it is kept."""

    title: str
    meta: Mapping[str, Any]
    body_html: str
    toc: Sequence[Any]


@dataclass(frozen=True)
class Item:
    """A published lesson, quiz, simulation or survey as its reader sees it."""

    id: int
    code: str
    kind: DocumentKind
    revision_id: int
    module_code: str
    text: Text

    @property
    def title(self) -> str:
        """The title of the published revision."""
        return self.text.title

    @property
    def meta(self) -> Mapping[str, Any]:
        """Its front matter."""
        return self.text.meta


class Stop(NamedTuple):
    """One lesson, quiz or simulation on the way through a course, with what the person has reached there."""

    id: int
    code: str
    kind: DocumentKind
    title: str
    revision_id: int
    module: str
    module_id: int
    is_done: bool
    percent: int | None
    course_id: int
    course_title: str


@dataclass(frozen=True)
class Page:
    """An item on its way: what stands before and after it, and whether it is open."""

    item: Item
    course: str
    course_title: str
    gate: Gate | None
    """Why it is closed, if it is."""
    step: Stop
    number: int
    """Its place among the steps of its kind in its module, from 1."""
    total: int
    """How many of them there are."""
    previous: Stop | None
    following: Stop | None


_PATH = (
    select(
        DOCUMENT.id, DOCUMENT.code, DOCUMENT.kind, DOCUMENT.title, DOCUMENT.published_id, MODULE.code,
        MODULE.id, PROGRESS.done_at.is_not(None), PROGRESS.percent, COURSE.id, COURSE.title,
    )
    .select_from(table_of(COURSE.id))
    .join(table_of(DOCUMENT.id), DOCUMENT.course_id == COURSE.id)
    .join(table_of(MODULE.id), MODULE.id == DOCUMENT.parent_id)
    .outerjoin(
        table_of(PROGRESS.person_id),
        and_(PROGRESS.document_id == DOCUMENT.id, PROGRESS.person_id == bindparam("person_id")),
    )
    .where(
        COURSE.code == bindparam("course"), is_published(COURSE), is_published(MODULE), is_published(DOCUMENT),
        is_one_of(DOCUMENT.kind, *ITEMS),
    )
    .order_by(MODULE.position, MODULE.id, DOCUMENT.position, DOCUMENT.id)
)  # fmt: skip

_TEXT = select(REVISION.title, REVISION.meta, REVISION.body_html, REVISION.toc).where(
    REVISION.id == bindparam("revision_id")
)


def page_for_reader(actor: Person, *, course: str, code: str, now: datetime) -> Page:
    """Return an item in its course. Raises NotFound unless item, module and course are published."""
    path = db.session.execute(_PATH, {"person_id": actor.id, "course": course}).all()
    here = next((index for index, row in enumerate(path) if row[1] == code), None)
    if here is None:
        raise errors.NotFound("no_such_item", code=code)
    step = Stop(*path[here])
    gates = db.session.execute(GATES_OF_COURSE, {"person_id": actor.id, "course_id": step.course_id}).all()
    alike = [row[1] for row in path if row[6] == step.module_id and row[2] is step.kind]
    return Page(
        item=Item(step.id, code, step.kind, step.revision_id, step.module, _text(db.engine, step.revision_id)),
        course=course,
        course_title=step.course_title,
        gate=closed(step.course_id, gates, now) or required_first(gates).get(step.module_id),
        step=step,
        number=alike.index(code) + 1,
        total=len(alike),
        previous=Stop(*path[here - 1]) if here else None,
        following=Stop(*path[here + 1]) if here + 1 < len(path) else None,
    )


@lru_cache(maxsize=TEXTS_KEPT)
def _text(_database: Engine | Connection, revision_id: int) -> Text:
    """Return the text of a revision, which never changes; the database tells numbers of several apart."""
    return Text(*db.session.execute(_TEXT, {"revision_id": revision_id}).one())


def glossary() -> list[glossary_rules.Entry]:
    """Return every term that is published."""
    return [entry for paper in db.session.scalars(Document.glossaries()) for entry in paper or ()]


def media(sha256: str, name: str) -> Media:
    """Return an image with its bytes. Raises NotFound."""
    statement = select(Media).where(Media.sha256 == sha256, Media.name == name).limit(1)
    found = db.session.scalars(statement.options(undefer(Media.content))).first()
    if found is None:
        raise errors.NotFound("no_such_image", name=name)
    return found
