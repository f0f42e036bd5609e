"""Packs: a folder of Markdown becomes documents and back, idempotent one way and lossless the other."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import undefer

from lms.access import table
from lms.access.permissions import Permission
from lms.authoring import images
from lms.authoring.actions import revisions
from lms.extensions import db
from lms.kernel import clock, documents, errors, questions
from lms.kernel.documents import DocumentKind
from lms.kernel.terms import Glossary
from lms.models import audit, bank
from lms.models.content import Document, Media, Revision, is_published
from lms.models.people import Person
from lms.models.session import unit_of_work
from lms.rules import bank as banking
from lms.rules import lint, publishing
from lms.rules.bank import Bank

_ORDER = (DocumentKind.COURSE, DocumentKind.MODULE)
_IMAGE_URL = re.compile(r"/media/[0-9a-f]{64}/[^\"\\]+")
_INDEX = {DocumentKind.COURSE: "course.md", DocumentKind.MODULE: "module.md"}


@dataclass
class Imported:
    """What an import did, by document code."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Edited in the browser since: not overwritten."""
    missing: list[str] = field(default_factory=list)
    """Published, but not in the pack: left as they are."""


@dataclass(frozen=True)
class _File:
    path: PurePosixPath
    text: str
    document: documents.Document

    @property
    def slug(self) -> str:
        """Folder name of a course or module, file stem of anything else."""
        return self.path.parent.name if self.document.kind in _INDEX else self.path.stem

    @property
    def parent(self) -> str | None:
        """The path of the document above, if any."""
        if self.document.kind in (DocumentKind.COURSE, DocumentKind.GLOSSARY):
            return None
        folder = self.path.parent
        return str(folder.parent / "course.md" if self.document.kind is DocumentKind.MODULE else folder / "module.md")


@dataclass
class _Run:
    """What one import works with, and what it has done so far."""

    actor: Person | None
    rows: Mapping[str, Document]
    """By code."""
    new: set[str]
    overwrite: bool
    lent: Bank = field(default_factory=dict)
    done: Imported = field(default_factory=Imported)

    def keeps(self, current: Revision | None) -> bool:
        """Whether this revision stays although the pack says something else: it was edited in the browser."""
        return current is not None and current.author_id is not None and not self.overwrite


@unit_of_work
def import_pack(*, actor: Person | None, files: Mapping[str, bytes], overwrite: bool = False) -> Imported:
    """Import a pack, all of it or nothing; `actor` none is the command line.

    files: relative path → content. Raises Refused("pack_has_errors", findings=[(path, Problem), …]).
    """
    if actor is not None:
        table.require(actor, Permission.CONTENT_EDIT)
    findings = lint.lint_pack(files, bank.homes())
    if any(problem.severity is documents.Severity.ERROR for _, problem in findings):
        raise errors.Refused("pack_has_errors", findings=findings)
    read = _read(files)
    rows, new = _place(read)
    _add_media(files, read, rows)
    run = _Run(actor, rows, new, overwrite=overwrite)
    run.lent = _lent(read, run)
    changed = []
    for part in _glossaries_first(read):
        glossary = revisions.glossary()
        changed += [each for each in part if _publish(each, run, glossary)]
    _finish(read, rows, changed, run.done)
    if changed:
        audit.record(
            actor_id=actor.id if actor else None, action="content.imported", subject_kind="pack", subject_key="content",
            changes={"documents": [None, len(changed)]},
        )  # fmt: skip
    return run.done


def export_pack() -> dict[str, bytes]:
    """Return relative path → content of everything published: the authors' texts, byte for byte, and the images."""
    rows = db.session.execute(
        select(Document, Revision.source_md)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.withdrawn_at.is_(None))
    ).all()
    by_id = {document.id: document for document, _ in rows}
    files = {_path(document, by_id): source.encode() for document, source in rows}
    for media in db.session.scalars(select(Media).options(undefer(Media.content)).order_by(Media.id)):
        if module := by_id.get(media.document_id):
            files[f"{_folder(module, by_id)}/media/{media.name}"] = media.content
    return files


def _read(files: Mapping[str, bytes]) -> list[_File]:
    read = []
    for path, content in files.items():
        if not path.endswith(".md"):
            continue
        text = documents.normalise(content)
        document, _ = documents.parse(text)
        if document is not None:
            read.append(_File(PurePosixPath(path), text, document))
    rank = {kind: index for index, kind in enumerate(_ORDER)}
    return sorted(read, key=lambda each: (rank.get(each.document.kind, len(rank)), str(each.path)))


def _place(read: list[_File]) -> tuple[dict[str, Document], set[str]]:
    """Create or move the documents; returns code → row, flushed, and the codes that are new."""
    codes = [each.document.id for each in read]
    rows = {row.code: row for row in db.session.scalars(select(Document).where(Document.code.in_(codes)))}
    new = set(codes) - rows.keys()
    by_path = {str(each.path): each.document.id for each in read}
    for each in read:
        code = each.document.id
        row = rows.get(code)
        if row is None:
            row = rows[code] = Document(code=code, kind=each.document.kind, created_at=clock.now(), title="", slug="")
            db.session.add(row)
        row.slug = each.slug
        parent = rows[by_path[each.parent]] if each.parent else None
        row.parent_id = parent.id if parent else None
        db.session.flush()
        row.course_id = parent.course_id if parent else row.id
    db.session.flush()
    return rows, new


def _add_media(files: Mapping[str, bytes], read: list[_File], rows: Mapping[str, Document]) -> None:
    modules = {
        str(each.path.parent): rows[each.document.id] for each in read if each.document.kind is DocumentKind.MODULE
    }
    for path, content in files.items():
        where = PurePosixPath(path)
        if where.parent.name != "media" or str(where.parent.parent) not in modules:
            continue
        module, sha256 = modules[str(where.parent.parent)], hashlib.sha256(content).hexdigest()
        if revisions.current_media(module.id).get(where.name) != sha256:
            image = images.inspect(where.name, content)
            db.session.add(
                Media(
                    document_id=module.id, name=where.name, content_type=image.content_type, sha256=sha256,
                    content=content, size=len(content), width=image.width, height=image.height, added_at=clock.now(),
                )
            )  # fmt: skip
    db.session.flush()


def _lent(read: list[_File], run: _Run) -> Bank:
    """The questions that the pack's quizzes take from others, as those will lend them: no file waits for another."""
    quizzes = [each for each in read if each.document.kind is DocumentKind.QUIZ]
    named = {lent.id for each in quizzes for lent in questions.references(each.document.body, 1)[0]}
    found = {code: loan for code, loan in bank.lent(named).items() if loan.quiz not in run.rows}
    for each in quizzes if named else ():
        row = run.rows[each.document.id]
        current, known = _current(row), revisions.known_targets(row)
        stays = current is not None and current.source_md == each.text and not _has_new_images(current, known)
        if current is not None and (stays or run.keeps(current)):
            lent = banking.loans(row.code, current.paper, current.key)
        else:
            lent = publishing.loans(each.document, named, resolve=publishing.resolver(known))
        found |= {code: loan for code, loan in lent.items() if code in named}
    return found


def _current(row: Document) -> Revision | None:
    return db.session.get(Revision, row.published_id) if row.published_id else None


def _publish(each: _File, run: _Run, glossary: Glossary) -> bool:
    """Publish one file if it differs from what is published; says whether it did."""
    row = run.rows[each.document.id]
    current, known = _current(row), revisions.known_targets(row)
    if current is not None and current.source_md == each.text and not _moved(current, row, known, glossary, run.lent):
        run.done.unchanged.append(row.code)
        return False
    if run.keeps(current):
        run.done.kept.append(row.code)
        return False
    resolve = publishing.resolver(known)
    made = publishing.publication(each.text, resolve=resolve, glossary=glossary, bank=run.lent)
    made = publishing.with_problems(made, revisions.broken_promises(row, made))
    if not made.may_publish:
        raise errors.Refused("pack_has_errors", findings=[(str(each.path), problem) for problem in made.problems])
    revisions.publish(row, made, source=each.text, author_id=run.actor.id if run.actor else None, note="")
    (run.done.created if row.code in run.new else run.done.updated).append(row.code)
    return True


def _moved(current: Revision, row: Document, known: Mapping[str, str], glossary: Glossary, lent: Bank) -> bool:
    """Whether the same text would look different now: an image, a term or a question of another quiz has changed."""
    if _has_new_images(current, known) or _has_new_questions(current, lent):
        return True
    if row.kind is not DocumentKind.LESSON or current.id > revisions.newest_glossary():
        return False
    made = publishing.publication(current.source_md, resolve=publishing.resolver(known), glossary=glossary)
    return made.html != current.body_html


def _has_new_images(current: Revision, known: Mapping[str, str]) -> bool:
    own = [(loan.paper, loan.key) for loan in banking.loans("", current.paper, current.key).values()]
    shown = json.dumps([current.body_html, own])
    return not set(_IMAGE_URL.findall(shown)) <= set(known.values())


def _has_new_questions(current: Revision, lent: Bank) -> bool:
    taken = ((part["id"], banking.origin(part)) for part in current.paper or ())
    return any(
        source and code in lent and source["version"] != banking.version(lent[code].paper, lent[code].key)
        for code, source in taken
    )


def _glossaries_first(read: list[_File]) -> tuple[list[_File], list[_File]]:
    """Lessons point at terms, so the terms are published before them."""
    glossaries = [each for each in read if each.document.kind is DocumentKind.GLOSSARY]
    return glossaries, [each for each in read if each.document.kind is not DocumentKind.GLOSSARY]


def _finish(read: list[_File], rows: Mapping[str, Document], changed: list[_File], done: Imported) -> None:
    """Requirements may name modules that came later in the pack; then the progress of those concerned."""
    for each in changed:
        if each.document.kind is DocumentKind.MODULE:
            revisions.follow(rows[each.document.id], each.document.meta)
    for each in read:
        rows[each.document.id].withdrawn_at = None
    known = {each.document.id for each in read}
    published = select(Document.code).where(is_published(Document))
    done.missing += sorted(set(db.session.scalars(published)) - known)
    structure = {rows[each.document.id] for each in changed if each.document.id in done.created}
    revisions.recount({row.parent_id for row in structure if row.parent_id and row.kind is not DocumentKind.MODULE})
    bank.refresh()


def _folder(document: Document, by_id: Mapping[int, Document]) -> str:
    parent = by_id.get(document.parent_id or 0)
    return f"{_folder(parent, by_id)}/{document.slug}" if parent else document.slug


def _path(document: Document, by_id: Mapping[int, Document]) -> str:
    if document.kind in _INDEX:
        return f"{_folder(document, by_id)}/{_INDEX[document.kind]}"
    return f"{_folder(document, by_id)}.md"
