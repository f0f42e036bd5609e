"""The question bank: which published quiz asks which question, derived from revisions and never edited."""

from collections.abc import Collection
from typing import Any, Self

from sqlalchemy import ForeignKey, Index, Select, Text, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base, db
from lms.kernel.documents import DocumentKind
from lms.kernel.questions import QuestionKind
from lms.models.columns import Choice, one_of
from lms.models.content import Document, Revision
from lms.rules import bank


class BankQuestion(Base):
    """A question as the published revision of one quiz asks it: in its home, or taken from there."""

    __tablename__ = "questions"
    __table_args__ = (one_of("kind", QuestionKind), Index("ix_questions_code", "code"))

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    """The quiz."""
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    """The author's id of the question (`mrs-4-q03`); one question has one home."""
    place: Mapped[int] = mapped_column()
    """1, 2, 3 … in the text of the quiz."""
    kind: Mapped[QuestionKind] = mapped_column(Choice(QuestionKind))
    stem: Mapped[str] = mapped_column(Text)
    """What it asks, as words."""
    words: Mapped[str] = mapped_column(Text)
    """Everything that searching finds, in small letters."""
    problems: Mapped[str] = mapped_column(Text)
    """Codes of the 26, each between blanks, so that one can be looked for."""
    version: Mapped[str] = mapped_column(Text)
    """Changes when what is shown or how it is marked does; of a taken question, the version that was taken."""
    is_own: Mapped[bool] = mapped_column()
    """Whether this quiz is its home."""

    @classmethod
    def homes(cls) -> Select[Self]:
        """Each question once, in its home."""
        return select(cls).where(cls.is_own)

    @classmethod
    def uses(cls) -> Select[Self]:
        """Each question as another quiz asks it."""
        return select(cls).where(~cls.is_own)


def refresh(document_ids: Collection[int] | None = None) -> int:
    """Derive the rows of these quizzes, or of all, from what is published; returns how many questions they ask."""
    published = (
        select(Document.id, Revision.paper, Revision.key)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.kind == DocumentKind.QUIZ)
    )
    old = delete(BankQuestion)
    if document_ids is not None:
        published = published.where(Document.id.in_(document_ids))
        old = old.where(BankQuestion.document_id.in_(document_ids))
    rows = [
        _row(document_id, place, entry)
        for document_id, paper, key in db.session.execute(published)
        for place, entry in enumerate(bank.entries(paper, key), start=1)
    ]
    db.session.execute(old)
    if rows:
        db.session.execute(insert(BankQuestion), rows)
    return len(rows)


def lent(codes: Collection[str], *, borrower: int | None = None) -> dict[str, bank.Loan]:
    """Return these questions as their homes have them published; a withdrawn home still lends, the borrower never."""
    if not codes:
        return {}
    holders = select(BankQuestion.document_id).where(BankQuestion.is_own, BankQuestion.code.in_(codes))
    rows = db.session.execute(
        select(Document.code, Revision.paper, Revision.key)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.id.in_(holders), Document.id != (borrower or 0))
        .order_by(Document.id.desc())
    )
    found: dict[str, bank.Loan] = {}
    for quiz, paper, key in rows:
        found |= {code: loan for code, loan in bank.loans(quiz, paper, key).items() if code in codes}
    return found


def homes() -> dict[str, str]:
    """Return the id of every question → the code of its home."""
    statement = select(BankQuestion.code, Document.code).join(Document, Document.id == BankQuestion.document_id)
    return dict(db.session.execute(statement.where(BankQuestion.is_own)).all())


def taken(document_id: int, codes: Collection[str]) -> dict[str, str]:
    """Return those of these ids whose home is another quiz → its code."""
    statement = (
        select(BankQuestion.code, Document.code)
        .join(Document, Document.id == BankQuestion.document_id)
        .where(BankQuestion.is_own, BankQuestion.code.in_(codes), BankQuestion.document_id != document_id)
    )
    return dict(db.session.execute(statement).all())


def missed(document_id: int, codes: Collection[str]) -> dict[str, list[str]]:
    """Return what other quizzes would miss if this one held only these ids: id → codes of the quizzes that ask it."""
    held = select(BankQuestion.code).where(BankQuestion.is_own, BankQuestion.document_id == document_id)
    statement = (
        select(BankQuestion.code, Document.code)
        .join(Document, Document.id == BankQuestion.document_id)
        .where(~BankQuestion.is_own, BankQuestion.code.in_(held), BankQuestion.code.not_in(codes))
        .order_by(BankQuestion.code, Document.code)
    )
    found: dict[str, list[str]] = {}
    for code, quiz in db.session.execute(statement):
        found.setdefault(code, []).append(quiz)
    return found


def _row(document_id: int, place: int, entry: bank.Entry) -> dict[str, Any]:
    return {
        "document_id": document_id, "code": entry.code, "place": place, "kind": entry.kind, "stem": entry.stem,
        "words": entry.words, "problems": f" {' '.join(entry.problems)} ", "version": entry.version,
        "is_own": entry.is_own,
    }  # fmt: skip
