"""Question files into a quiz's draft, and out of what is published. Nothing is written unless all that comes in is."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import undefer

from lms.access import table
from lms.access.permissions import Permission
from lms.authoring import bank, images
from lms.authoring.actions import drafts, publishing, revisions
from lms.extensions import db
from lms.kernel import documents, errors, question_text, questions
from lms.kernel.documents import DocumentKind
from lms.kernel.interchange import conversion
from lms.kernel.markdown import MAX_SOURCE
from lms.kernel.questions import Question
from lms.models import audit
from lms.models.content import Document, Draft, Media, Revision
from lms.models.people import Person
from lms.models.session import unit_of_work
from lms.outside import press
from lms.rules import interchange
from lms.rules.interchange import Format

_PICTURE = re.compile(r"\]\(media/([^)\s\"]+)")

LARGEST_UPLOAD = 1_000_000
"""Bytes of a file sent by browser; a command takes more."""


@dataclass(frozen=True)
class Place:
    """The quiz that a file goes to: its text, the draft's version, its module, and the question ids in use anywhere."""

    source: str
    version: int
    module: str
    stem: str
    taken: frozenset[str]


def look(*, actor: Person | None, code: str | None, content: bytes, form: Format) -> interchange.Import:
    """Return what the file would bring into the quiz (or, by command, any quiz); nothing is written.

    Raises NotFound, Refused.

    A file from the browser is read in the press. Whoever runs the command is not in a hurry.
    """
    _may(actor)
    if actor is not None and len(content) > LARGEST_UPLOAD:
        raise errors.Refused("file_too_big", field="file", megabytes=LARGEST_UPLOAD // 1_000_000)
    place = _place(code) if code else Place("", 0, "", "soal", frozenset())
    read = press.read_questions if actor is not None else interchange.read
    made = read(content, form, stem=place.stem, taken=place.taken)
    return interchange.without(made, unfit(made.pictures))


def unfit(pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Return the images that we do not keep: name → code of the reason."""
    refused = {}
    for name, content in pictures.items():
        try:
            images.inspect(name, content)
        except errors.Refused as error:
            refused[name] = error.code
    return refused


def bring(*, actor: Person | None, code: str, content: bytes, form: Format, version: int | None = None) -> int:
    """Append what the file brings to the quiz's draft, images to its module; returns the number of questions.

    version: the draft's version that its author saw; none from the command line. Raises NotFound, Refused,
    Conflict("draft_newer") when someone saved in between: nothing is written then.
    """
    made = look(actor=actor, code=code, content=content, form=form)
    if not made.coming:
        raise errors.Refused("nothing_comes_in", field="file")
    _append(actor, code, made, version, form)
    return len(made.coming)


def export(*, actor: Person | None, code: str, form: Format) -> interchange.Export:
    """Return the published questions of a quiz as a file. Raises NotFound for a quiz that was never published."""
    _may(actor)
    row = db.session.execute(
        select(Document, Revision)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.code == code, Document.kind == DocumentKind.QUIZ)
    ).one_or_none()
    document = documents.parse(row[1].source_md)[0] if row else None
    if row is None or document is None:
        raise errors.NotFound("no_such_quiz", code=code)
    found, _, _ = questions.parse(document.body, document.body_line)
    pictures = _pictures(row[0].parent_id)
    taken = bank.taken(row[1].paper)
    for each in questions.references(document.body, document.body_line)[0]:
        question, module_id = taken[each.id]
        question = _with_pictures(question, _pictures(module_id), pictures)
        found.append(replace(question, line=each.line, points=each.points or question.points, pool=each.pool))
    return interchange.write(
        sorted(found, key=lambda each: each.line), form, pictures=pictures,
        category=str(document.meta.get("title", code)), is_shuffled=bool(document.meta.get("shuffle", True)),
    )  # fmt: skip


def _may(actor: Person | None) -> None:
    if actor is not None:
        table.require(actor, Permission.CONTENT_EDIT)


@unit_of_work
def _place(code: str) -> Place:
    quiz = db.session.scalars(
        select(Document).where(Document.code == code, Document.kind == DocumentKind.QUIZ)
    ).one_or_none()
    if quiz is None:
        raise errors.NotFound("no_such_quiz", code=code)
    return _stands(quiz)


def _stands(quiz: Document) -> Place:
    draft = db.session.get(Draft, quiz.id)
    published = db.session.get(Revision, quiz.published_id) if quiz.published_id else None
    source = draft.source_md if draft else published.source_md if published else ""
    module = db.session.get(Document, quiz.parent_id) if quiz.parent_id else None
    parsed, _ = documents.parse(source)
    own = [each.id for each in questions.parse(parsed.body, parsed.body_line)[0]] if parsed else []
    stem = conversion.stem_of(own, module.code if module else quiz.code)
    papers = select(Revision.paper).join(Document, Document.published_id == Revision.id)
    used = {
        each["id"]
        for paper in db.session.scalars(papers.where(Document.kind == DocumentKind.QUIZ))
        for each in paper or ()
    }
    return Place(source, draft.version if draft else 0, module.code if module else "", stem, frozenset({*own, *used}))


@unit_of_work
def _append(actor: Person | None, code: str, made: interchange.Import, version: int | None, form: Format) -> None:
    place = _stands(drafts.locked(code))
    names = _keep(actor, place.module, made.pictures)
    blocks = [_renamed(each.markdown, names) for each in made.coming]
    source = documents.normalise("\n\n".join([place.source.rstrip("\n"), *(block.rstrip("\n") for block in blocks)]))
    if len(source) > MAX_SOURCE:
        raise errors.Refused("text_too_long", field="file", longest=MAX_SOURCE, length=len(source))
    drafts.save(actor=actor, code=code, source=source, version=place.version if version is None else version)
    audit.record(
        actor_id=actor.id if actor else None, action="content.questions_imported", subject_kind="document",
        subject_key=code, changes={"questions": [None, len(blocks)], "format": [None, form.value]},
    )  # fmt: skip


def _keep(actor: Person | None, module: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Add the images to the module; one whose name stands for another image gets a name of its own (old → new)."""
    if not pictures:
        return {}
    parent = drafts.locked(module)
    there, names = revisions.current_media(parent.id), {}
    for name, content in pictures.items():
        names[name] = _free_name(name, _sha256(content), there)
        publishing.add_image(actor=actor, module=module, name=names[name], content=content)
    return names


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return re.sub(
        r"(\]\(media/)([^)\s\"]+)", lambda match: match.group(1) + names.get(match.group(2), match.group(2)), text
    )


def _with_pictures(question: Question, own: Mapping[str, bytes], pictures: dict[str, bytes]) -> Question:
    """The question with what it shows added to the pictures, under names that do not mean another one there."""
    text = question_text.write(question)
    shown = {name: own[name] for name in _PICTURE.findall(text) if name in own}
    if not shown:
        return question
    there = {name: _sha256(content) for name, content in pictures.items()}
    names = {name: _free_name(name, _sha256(content), there) for name, content in shown.items()}
    pictures |= {names[name]: content for name, content in shown.items()}
    return questions.parse(_renamed(text, names), 1)[0][0]


def _free_name(name: str, sha256: str, there: Mapping[str, str]) -> str:
    """The name, unless it stands for another picture there (name → sha256): then one that tells by its content."""
    stem, _, ending = name.rpartition(".")
    return name if there.get(name, sha256) == sha256 else f"{stem}-{sha256[:8]}.{ending}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _pictures(module_id: int | None) -> dict[str, bytes]:
    newest_last = select(Media).options(undefer(Media.content)).where(Media.document_id == module_id).order_by(Media.id)
    return {media.name: media.content for media in db.session.scalars(newest_last)}
