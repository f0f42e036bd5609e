"""The one draft of a document: saved by whoever edits, lost by nobody."""

from dataclasses import dataclass

from sqlalchemy import select

from lms.access import table
from lms.access.permissions import Permission
from lms.authoring import starters
from lms.extensions import db
from lms.kernel import clock, documents, errors
from lms.kernel.documents import DocumentKind
from lms.models import audit
from lms.models.content import Document, Draft, Revision
from lms.models.people import Person
from lms.models.session import unit_of_work


@dataclass(frozen=True)
class Sheet:
    """What an editor opens: the text, the draft's version (0 without a draft) and the revision it started from."""

    source: str
    version: int
    based_on: int


@unit_of_work
def save(*, actor: Person | None, code: str, source: str, version: int, based_on: int | None = None) -> Draft:
    """Save the draft; `version` and `based_on` are those of the sheet that was opened. No actor: the command line.

    Raises NotFound, Conflict("draft_newer") when someone saved or published in between (nothing is written: the caller
    holds both texts), Refused for an empty text. The same text again changes nothing.
    """
    if actor is not None:
        table.require(actor, Permission.CONTENT_EDIT)
    document = locked(code)
    text = documents.normalise(source)
    if not text.strip():
        raise errors.Refused("text_empty")
    draft = db.session.get(Draft, document.id)
    if draft is not None and draft.source_md == text:
        return draft
    if is_stale(document, draft, version, based_on):
        raise errors.Conflict("draft_newer", code=code)
    if draft is None:
        draft = Draft(document_id=document.id, version=0, based_on=number_of(document))
        db.session.add(draft)
    draft.source_md, draft.version = text, version + 1
    draft.saved_at, draft.author_id = clock.now(), actor.id if actor else None
    return draft


@unit_of_work
def discard(*, actor: Person, code: str, version: int) -> None:
    """Throw the draft away; what is published stays. Raises Conflict when it is newer than the one seen."""
    table.require(actor, Permission.CONTENT_EDIT)
    document = locked(code)
    draft = db.session.get(Draft, document.id)
    if draft is None:
        return
    if draft.version != version:
        raise errors.Conflict("draft_newer", code=code)
    db.session.delete(draft)
    audit.record(
        actor_id=actor.id, action="content.draft_discarded", subject_kind="document", subject_key=code,
        changes={"text": [draft.source_md, None]},
    )  # fmt: skip


@unit_of_work
def bring_back(*, actor: Person, code: str, number: int) -> Draft:
    """Make an earlier revision the draft. Raises NotFound, Conflict("draft_exists") rather than lose a draft."""
    table.require(actor, Permission.CONTENT_EDIT)
    document = locked(code)
    source = db.session.scalars(
        select(Revision.source_md).where(Revision.document_id == document.id, Revision.number == number)
    ).one_or_none()
    if source is None:
        raise errors.NotFound("no_such_revision", number=number)
    draft = db.session.get(Draft, document.id)
    if draft is not None and draft.source_md != source:
        raise errors.Conflict("draft_exists", code=code)
    if draft is None:
        draft = Draft(document_id=document.id, version=1, based_on=number_of(document), source_md=source)
        db.session.add(draft)
    draft.saved_at, draft.author_id = clock.now(), actor.id
    return draft


@unit_of_work
def create(*, actor: Person, module: str, kind: DocumentKind, title: str) -> Document:
    """Add a lesson, quiz or survey to a module, with a first draft to write in. Raises NotFound."""
    table.require(actor, Permission.CONTENT_EDIT)
    parent = locked(module)
    if parent.kind is not DocumentKind.MODULE:
        raise errors.NotFound("no_such_module", code=module)
    taken = list(
        db.session.execute(
            select(Document.code, Document.position, Document.kind).where(Document.parent_id == parent.id)
        )
    )
    position = max((row.position for row in taken if row.kind is kind), default=0) + 1
    code = _free_code(parent.code, kind)
    document = Document(
        code=code, kind=kind, parent_id=parent.id, course_id=parent.course_id,
        slug=starters.slug(position, title, kind, code),
        position=position, title=title, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(document)
    db.session.flush()
    source = starters.text(kind, code=code, title=title, position=position)
    db.session.add(
        Draft(
            document_id=document.id, source_md=source, version=1, based_on=0, saved_at=clock.now(), author_id=actor.id
        )
    )
    audit.record(actor_id=actor.id, action="content.created", subject_kind="document", subject_key=code)
    return document


def locked(code: str) -> Document:
    """Return the document, held against other writers until the transaction ends. Raises NotFound."""
    document = db.session.scalars(select(Document).where(Document.code == code).with_for_update()).one_or_none()
    if document is None:
        raise errors.NotFound("no_such_document", code=code)
    return document


def number_of(document: Document) -> int:
    """Return the number of the published revision, 0 without one."""
    if document.published_id is None:
        return 0
    return db.session.scalars(select(Revision.number).where(Revision.id == document.published_id)).one()


def is_stale(document: Document, draft: Draft | None, version: int, based_on: int | None) -> bool:
    """Whether someone saved or published since a sheet was opened; versions begin anew after each publication.

    based_on: the revision that the sheet started from; None for who read the newest text a moment ago.
    """
    newest = draft.based_on if draft else number_of(document)
    return version != (draft.version if draft else 0) or based_on not in (None, newest)


def _free_code(module: str, kind: DocumentKind) -> str:
    name = starters.NAMES.get(kind)
    stem = f"{module}-{name}" if name else module
    taken = set(db.session.scalars(select(Document.code).where(Document.code.startswith(stem, autoescape=True))))
    if name and stem not in taken:
        return stem
    return next(code for n in range(1, len(taken) + 2) if (code := f"{stem}-{n}") not in taken)
