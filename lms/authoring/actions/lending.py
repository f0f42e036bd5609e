"""A question of the bank into another quiz: its reference is added to that quiz's draft, for its author to publish."""

from sqlalchemy import select

from lms.access import table
from lms.access.permissions import Permission
from lms.authoring.actions import drafts
from lms.extensions import db
from lms.kernel import documents, errors, questions
from lms.kernel.documents import DocumentKind
from lms.kernel.markdown import MAX_SOURCE
from lms.models.bank import BankQuestion
from lms.models.content import Draft, Revision
from lms.models.people import Person
from lms.models.session import unit_of_work


@unit_of_work
def refer(*, actor: Person, question: str, quiz: str) -> Draft:
    """Append `## @question` to the quiz's draft, or to a new draft of what is published.

    Whoever has the draft open meets a 409 with both texts at the next save. Raises NotFound,
    Refused("question_there") when the text holds the question, Refused("text_too_long").
    """
    table.require(actor, Permission.CONTENT_EDIT)
    document = drafts.locked(quiz)
    home = db.session.scalars(BankQuestion.homes().where(BankQuestion.code == question)).first()
    if document.kind is not DocumentKind.QUIZ or home is None:
        raise errors.NotFound("no_such_question", question=question)
    draft = db.session.get(Draft, document.id)
    text = draft.source_md if draft else _published(document.published_id)
    if question in _asked(text) or home.document_id == document.id:
        raise errors.Refused("question_there", field="quiz", question=question)
    source = documents.normalise(f"{text.rstrip()}\n\n## @{question}\n")
    if len(source) > MAX_SOURCE:
        raise errors.Refused("text_too_long", field="quiz", longest=MAX_SOURCE, length=len(source))
    return drafts.save(actor=actor, code=quiz, source=source, version=draft.version if draft else 0)


def _published(revision_id: int | None) -> str:
    return db.session.scalars(select(Revision.source_md).where(Revision.id == revision_id)).one_or_none() or ""


def _asked(text: str) -> set[str]:
    """The ids of all questions in a text, its own and those of others."""
    return {*questions.written(text), *(each.id for each in questions.references(text, 1)[0])}
