"""Publishing, withdrawing, images: what readers see changes here, and an audit row says who did it."""

import hashlib

from sqlalchemy import select

from lms.access import table
from lms.access.permissions import Permission
from lms.authoring import images, starters
from lms.authoring.actions import drafts, revisions
from lms.extensions import db
from lms.kernel import clock, documents, errors, questions
from lms.kernel.documents import DocumentKind, Severity
from lms.kernel.terms import Glossary
from lms.models import audit, bank
from lms.models.content import Document, Draft, Media, Revision
from lms.models.people import Person
from lms.models.session import unit_of_work
from lms.outside import press
from lms.rules import publishing as rules
from lms.rules.bank import Bank, origin

_PLACE = ("id", "kind")
"""What editing may not change: other documents and people's records point at it."""


def render(*, code: str, source: str) -> rules.Publication:
    """Return what the text would look like published, with all findings. Raises NotFound, Refused.

    Reads what it needs first and holds no transaction while the press works.
    """
    text = documents.normalise(source)
    document, known, glossary, lent = _surroundings(code, text)
    made = press.render(text, known=known, glossary=glossary, bank=lent)
    return rules.with_problems(
        made, [*_place_problems(document, made), *_bank_problems(document, made, text), *starters.left(text)]
    )


def publish(*, actor: Person, code: str, source: str, version: int, note: str, based_on: int | None = None) -> Revision:
    """Publish a text as the next revision; the draft is gone with it. Twice is once.

    Raises NotFound, Conflict("draft_newer") when someone saved or published in between, Refused("not_publishable",
    made=…) while the lint has errors: nothing is lost, the caller holds the text.
    """
    table.require(actor, Permission.CONTENT_EDIT)
    made = render(code=code, source=source)
    if not made.may_publish:
        raise errors.Refused("not_publishable", made=made)
    return _publish(actor, code, documents.normalise(source), (version, based_on), note, made)


@unit_of_work
def withdraw(*, actor: Person, code: str) -> Document:
    """Take a document from its readers; revisions, facts and completions stay. Twice is once."""
    return _show(actor, code, is_shown=False)


@unit_of_work
def show_again(*, actor: Person, code: str) -> Document:
    """Give a withdrawn document back to its readers. Twice is once."""
    return _show(actor, code, is_shown=True)


@unit_of_work
def add_image(*, actor: Person | None, module: str, name: str, content: bytes) -> Media:
    """Keep an image of a module; the same bytes again are the same image. Raises NotFound, Refused for an unfit one."""
    if actor is not None:
        table.require(actor, Permission.CONTENT_EDIT)
    parent = drafts.locked(module)
    if parent.kind is not DocumentKind.MODULE:
        raise errors.NotFound("no_such_module", code=module)
    image = images.inspect(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    there = select(Media).where(Media.document_id == parent.id, Media.name == name, Media.sha256 == sha256)
    media = db.session.scalars(there).one_or_none()
    if media is None:
        media = Media(
            document_id=parent.id, name=name, content_type=image.content_type, sha256=sha256, content=content,
            size=len(content), width=image.width, height=image.height, added_at=clock.now(),
            author_id=actor.id if actor else None,
        )  # fmt: skip
        db.session.add(media)
        audit.record(
            actor_id=actor.id if actor else None, action="content.media_added", subject_kind="document",
            subject_key=module, changes={"image": [None, name]},
        )  # fmt: skip
    return media


@unit_of_work
def _surroundings(code: str, text: str) -> tuple[Document, dict[str, str], Glossary, Bank]:
    document = db.session.scalars(select(Document).where(Document.code == code)).one_or_none()
    if document is None:
        raise errors.NotFound("no_such_document", code=code)
    named = {each.id for each in questions.references(text, 1)[0]} if document.kind is DocumentKind.QUIZ else set()
    lent = bank.lent(named, borrower=document.id)
    return document, revisions.known_targets(document), revisions.glossary(), lent


@unit_of_work
def _publish(
    actor: Person, code: str, text: str, opened: tuple[int, int | None], note: str, made: rules.Publication
) -> Revision:
    document = drafts.locked(code)
    draft = db.session.get(Draft, document.id)
    if drafts.is_stale(document, draft, *opened):
        published = db.session.get(Revision, document.published_id) if document.is_published else None
        if draft is None and published is not None and published.source_md == text:
            return published
        if draft is None or draft.source_md != text:
            raise errors.Conflict("draft_newer", code=code)
    made = rules.with_problems(
        made, [*revisions.broken_promises(document, made), *_bank_problems(document, made, text)]
    )
    if not made.may_publish:
        raise errors.Refused("not_publishable", made=made)
    was_shown = document.is_published
    before = drafts.number_of(document)
    revision = revisions.publish(document, made, source=text, author_id=actor.id, note=note)
    document.withdrawn_at = None
    if draft is not None:
        db.session.delete(draft)
    _recount(document, changed=not was_shown or document.kind is DocumentKind.MODULE)
    audit.record(
        actor_id=actor.id, action="content.published", subject_kind="document", subject_key=code,
        changes={"revision": [before or None, revision.number]},
    )  # fmt: skip
    return revision


def _show(actor: Person, code: str, *, is_shown: bool) -> Document:
    table.require(actor, Permission.CONTENT_EDIT)
    document = drafts.locked(code)
    if document.published_id is None:
        raise errors.Conflict("never_published", code=code)
    if (document.withdrawn_at is None) is not is_shown:
        document.withdrawn_at = None if is_shown else clock.now()
        _recount(document, changed=True)
        action = "content.republished" if is_shown else "content.withdrawn"
        audit.record(actor_id=actor.id, action=action, subject_kind="document", subject_key=code)
    return document


def _recount(document: Document, *, changed: bool) -> None:
    """Only a change of what there is to do moves anyone's progress; a better wording does not."""
    if not changed:
        return
    if document.kind is DocumentKind.COURSE:
        modules = db.session.scalars(select(Document.id).where(Document.parent_id == document.id))
        revisions.recount(list(modules))
    elif document.kind is DocumentKind.MODULE:
        siblings = db.session.scalars(select(Document.id).where(Document.kind == DocumentKind.MODULE))
        revisions.recount(list(siblings))
    elif document.parent_id is not None:
        revisions.recount([document.parent_id])


def _place_problems(document: Document, made: rules.Publication) -> list[documents.Problem]:
    """Refuse a text whose front matter says that it is another document."""
    stands = {"id": document.code, "kind": document.kind.value}
    return [
        documents.Problem(1, "place_changed", Severity.ERROR, {"field": name, "value": stands[name]})
        for name in _PLACE
        if made.meta.get(name) is not None and str(made.meta[name]) != stands[name]
    ]


@unit_of_work
def _bank_problems(document: Document, made: rules.Publication, text: str) -> list[documents.Problem]:
    """Refuse an id whose home is another quiz, and to drop a question that another quiz asks."""
    if document.kind is not DocumentKind.QUIZ or made.paper is None:
        return []
    own = {part["id"] for part in made.paper if origin(part) is None}
    taken, missed = bank.taken(document.id, own), bank.missed(document.id, own)
    lines = {code: number for number, each in enumerate(text.split("\n"), 1) for code in taken if f"#{code}" in each}
    return [
        *(documents.Problem(lines.get(code, 1), "id_taken", values={"id": code, "path": quiz})
          for code, quiz in taken.items()),
        *(documents.Problem(1, "question_in_use", values={"id": code, "quizzes": ", ".join(quizzes)})
          for code, quizzes in missed.items()),
    ]  # fmt: skip
