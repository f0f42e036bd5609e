"""Documents, their immutable revisions, the shared draft, and media: one mechanism for every kind of content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    Text,
    UniqueConstraint,
    and_,
    select,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base, db
from lms.kernel.documents import DocumentKind
from lms.models.columns import Choice, UtcInstant, one_of

SHEETS_KEPT = 128
"""How many papers with their keys a process keeps: about 30 kB each."""


def is_published(document: Any) -> Any:
    """The condition that readers see a document: of the entity, the columns of its table, or an alias."""
    return and_(document.published_id.is_not(None), document.withdrawn_at.is_(None))


class Document(Base):
    """A course, module, lesson, quiz, simulation, survey or glossary: its place in the house of content.

    The texts are in the revisions. The columns from `title` to `is_core` repeat the published revision, so that
    lists need no join; they are written only when a revision is published.
    """

    __tablename__ = "documents"
    __table_args__ = (
        one_of("kind", DocumentKind),
        Index("ix_documents_parent_id_position", "parent_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    """The author's stable short id (`mrs-4-2`), used in packs and URLs."""
    kind: Mapped[DocumentKind] = mapped_column(Choice(DocumentKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    """A module's course; a lesson's, quiz's or simulation's module; none for a course or glossary."""
    course_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    """The course it belongs to, itself for a course: one join instead of a climb."""
    slug: Mapped[str] = mapped_column(Text)
    """Folder name (course, module) or file stem in a pack."""
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int] = mapped_column(default=0)
    jp: Mapped[int] = mapped_column(default=0)
    """Learning hours (1 JP = 45 minutes) that a module gives."""
    is_core: Mapped[bool] = mapped_column(default=True)
    published_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", use_alter=True, name="fk_documents_published_id")
    )
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """A withdrawn document keeps its revisions and its facts; readers no longer see it."""
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    @property
    def is_published(self) -> bool:
        """Whether readers see it."""
        return self.published_id is not None and self.withdrawn_at is None

    @classmethod
    def published(cls) -> Select[Self]:
        """Documents that readers see, in reading order among siblings."""
        return select(cls).where(is_published(cls)).order_by(cls.position, cls.id)

    @classmethod
    def glossaries(cls) -> "Select[tuple[list[Any] | None]]":
        """The terms of each glossary that readers see."""
        return (
            select(Revision.paper)
            .join(cls, cls.published_id == Revision.id)
            .where(cls.kind == DocumentKind.GLOSSARY, cls.withdrawn_at.is_(None))
            .order_by(cls.position, cls.id)
        )


class Requirement(Base):
    """A module that must be complete before another opens; follows the published revision."""

    __tablename__ = "requirements"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    required_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)


class Revision(Base):
    """One immutable version of a document: the author's text and everything that readers are shown."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int] = mapped_column()
    """1, 2, 3 … within the document."""
    source_md: Mapped[str] = mapped_column(Text)
    """The whole file, front matter included, normalised; export writes exactly this."""
    title: Mapped[str] = mapped_column(Text)
    meta: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The front matter as values (dates as ISO text)."""
    body_html: Mapped[str] = mapped_column(Text)
    """Rendered and cleaned at publishing time, never when reading."""
    toc: Mapped[list[Any]] = mapped_column(JSON)
    """[[level, anchor, text], …]"""
    words: Mapped[int] = mapped_column(default=0)
    paper: Mapped[list[Any] | None] = mapped_column(JSON)
    """Questions or scenes as the reader may see them: nothing betrays the key."""
    key: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Answers, feedback, explanations: leaves the server only inside a marked result."""
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Nobody when it was imported by command."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What changed, in the author's words."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """What a revision asks: the paper that readers see, the key that they do not, and the rules of its front matter."""

    paper: Sequence[Any]
    key: Mapping[str, Any]
    meta: Mapping[str, Any]
    number: int


def sheet(revision_id: int) -> Sheet:
    """Return what a revision asks; as it never changes, a process reads it once."""
    return _sheet(db.engine, revision_id)


@lru_cache(maxsize=SHEETS_KEPT)
def _sheet(_database: Engine | Connection, revision_id: int) -> Sheet:
    statement = select(Revision.paper, Revision.key, Revision.meta, Revision.number).where(Revision.id == revision_id)
    paper, key, meta, number = db.session.execute(statement).one()
    return Sheet(paper or (), key or {}, meta, number)


class Draft(Base):
    """The one draft of a document, shared by all who edit it; `version` settles who was faster."""

    __tablename__ = "drafts"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    source_md: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column()
    """Rises with every save; a save names the version it is based on."""
    based_on: Mapped[int] = mapped_column(default=0)
    """The revision number it started from; 0 for a new document."""
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Media(Base):
    """An image of a module, kept by its content: a new version is a new row, old revisions keep theirs."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("document_id", "name", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    """The module."""
    name: Mapped[str] = mapped_column(Text)
    """File name inside the module's `media` folder."""
    content_type: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text, index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    size: Mapped[int] = mapped_column()
    width: Mapped[int | None] = mapped_column()
    height: Mapped[int | None] = mapped_column()
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
