"""Results of a quiz against a case computed by hand."""

from uuid import uuid4

from sqlalchemy import select

from lms.authoring import queries
from lms.extensions import db
from lms.learning import actions
from lms.models.content import Document, Revision
from lms.models.people import Person
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient


def hand_in(person: Person, first: str) -> None:
    """One attempt that answers the first question with the option whose text contains the words, and nothing else."""
    quiz, paper = db.session.execute(
        select(Document.id, Revision.paper)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.code == "uji-1-kuis")
    ).one()
    choice = next(each["id"] for each in (paper or [])[0]["choices"] if first in each["html"])
    uid = actions.start_attempt(actor=person, course="uji", code="uji-1-kuis", uid=str(uuid4()))
    actions.submit_attempt(actor=person, quiz=quiz, uid=uid, responses={"uji-q1": choice})


def test_numbers_by_hand(client: PageClient, cast: Cast) -> None:
    hand_in(cast.cleo, "Melihat")
    hand_in(cast.cleo, "Menyuruh")
    hand_in(cast.colin, "Menyuruh")
    quiz_id = db.session.scalars(select(Document.id).where(Document.code == "uji-1-kuis")).one()
    results = queries.quiz_results(quiz_id)
    assert (results.attempts, results.people, results.passed) == (3, 2, 0)
    assert results.mean_percent == (14 + 0 + 0) // 3
    first = results.questions[0]
    assert (first.shown, first.right, first.favourite_wrong, first.favourite_share) == (3, 1, "Menyuruh bercerita", 66)
    client.sign_in("tara@contoh.example", PASSWORD)
    page = client.get("/susun/uji-1-kuis/hasil", max_statements=8)
    assert "Menyuruh bercerita" in page.text
