"""A publication becomes the published revision of its document: the one way in, for browser and pack alike."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, func, select

from lms.extensions import db
from lms.kernel import clock, errors
from lms.kernel.documents import DocumentKind, Problem
from lms.kernel.terms import Explanation
from lms.models import ballots, bank, derive
from lms.models.content import Document, Media, Requirement, Revision
from lms.rules import publishing


def publish(
    document: Document, made: publishing.Publication, *, source: str, author_id: int | None, note: str
) -> Revision:
    """Append a revision and make it the published one; the columns that lists need follow. Returns it, flushed."""
    last = select(func.coalesce(func.max(Revision.number), 0)).where(Revision.document_id == document.id)
    revision = Revision(
        document_id=document.id,
        number=db.session.scalars(last).one() + 1,
        source_md=source,
        title=made.title,
        meta=dict(made.meta),
        body_html=made.html,
        toc=[list(entry) for entry in made.toc],
        words=made.words,
        paper=made.paper,
        key=made.key,
        created_at=clock.now(),
        author_id=author_id,
        note=note,
    )
    db.session.add(revision)
    db.session.flush()
    document.published_id = revision.id
    follow(document, made.meta)
    if document.kind is DocumentKind.QUIZ:
        db.session.flush()
        bank.refresh([document.id])
    return revision


def broken_promises(document: Document, made: publishing.Publication) -> list[Problem]:
    """Refuse to give names to a survey that was answered without them, and the other way round."""
    promise = ballots.promised(document.id) if document.kind is DocumentKind.SURVEY else None
    if promise is None or promise is bool(made.meta.get("anonymous")):
        return []
    return [Problem(1, "anonymity_fixed", values={"value": str(promise).lower()})]


def follow(document: Document, meta: Mapping[str, Any]) -> None:
    """Repeat in the document's columns what lists need of the published front matter."""
    document.title = str(meta.get("title", ""))
    document.position = int(meta.get("position", document.position or 0))
    document.minutes = int(meta.get("minutes") or 0) if document.kind is DocumentKind.LESSON else 0
    document.jp = int(meta.get("jp") or 0)
    document.is_core = bool(meta.get("core", True))
    if document.kind is DocumentKind.MODULE:
        _require(document, meta.get("requires") or ())


def known_targets(document: Document) -> dict[str, str]:
    """Return what a text may point at: path of a file or image from the text's own folder → URL.

    The same paths that the pack's lint knows: everything in the folder and below it. A module has no page of its own;
    it stands on its course's.
    """
    folder = "" if document.parent_id is None else f"{_module_of(document).slug}/"
    return {
        path.removeprefix(folder): url for path, url in _below(document.course_id).items() if path.startswith(folder)
    }


def _module_of(document: Document) -> Document:
    module = document if document.kind is DocumentKind.MODULE else db.session.get(Document, document.parent_id)
    if module is None:
        raise errors.NotFound("no_such_module", code=document.code)
    return module


def _below(course_id: int | None) -> dict[str, str]:
    """Everything of a course: path from the course's folder → URL."""
    rows = db.session.execute(
        select(Document.id, Document.parent_id, Document.kind, Document.slug, Document.code).where(
            Document.course_id == course_id, Document.kind != DocumentKind.GLOSSARY
        )
    ).all()
    course = next((row.code for row in rows if row.kind is DocumentKind.COURSE), "")
    modules = {row.id: row for row in rows if row.kind is DocumentKind.MODULE}
    found = {"course.md": f"/belajar/{course}"} if course else {}
    for row in rows:
        if row.kind is DocumentKind.MODULE:
            found[f"{row.slug}/module.md"] = f"/belajar/{course}#{row.code}"
        elif row.parent_id in modules:
            found[f"{modules[row.parent_id].slug}/{row.slug}.md"] = f"/belajar/{course}/{row.code}"
    newest_last = select(Media.document_id, Media.name, Media.sha256).where(Media.document_id.in_(modules))
    for module_id, name, sha256 in db.session.execute(newest_last.order_by(Media.id)):
        found[f"{modules[module_id].slug}/media/{name}"] = f"/media/{sha256}/{name}"
    return found


def glossary() -> dict[str, Explanation]:
    """Return what lessons explain: each form of a published term → what it means."""
    return {
        form: Explanation(f"/glosarium#{entry['id']}", entry["name"], entry["html"])
        for paper in db.session.scalars(Document.glossaries())
        for entry in paper or ()
        for form in entry["forms"]
    }


def newest_glossary() -> int:
    """Return the id of the newest published revision of a glossary, 0 without one."""
    newest = select(func.max(Document.published_id)).where(Document.kind == DocumentKind.GLOSSARY)
    return db.session.scalars(newest).one() or 0


def current_media(module_id: int) -> dict[str, str]:
    """Return file name → sha256 of the newest version of each image of a module."""
    newest_last = select(Media.name, Media.sha256).where(Media.document_id == module_id).order_by(Media.id)
    return dict(db.session.execute(newest_last).all())


def recount(module_ids: Iterable[int]) -> None:
    """Derive anew the progress of everyone who has touched these modules, after their items changed."""
    db.session.flush()
    people = {person_id for module_id in module_ids for person_id in derive.people_touching(module_id)}
    derive.refresh(people)


def _require(module: Document, codes: Iterable[str]) -> None:
    wanted = set(db.session.scalars(select(Document.id).where(Document.code.in_(list(codes)))))
    db.session.execute(delete(Requirement).where(Requirement.document_id == module.id))
    db.session.add_all(Requirement(document_id=module.id, required_id=each) for each in sorted(wanted))
