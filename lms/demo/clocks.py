"""A test with a lost connection: what the trainer allowed for it, and what the fair clock gave back."""

import uuid
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select

from lms.authoring.actions import allowances
from lms.demo import people
from lms.extensions import db
from lms.kernel import clock, errors
from lms.learning import actions
from lms.models import content
from lms.models.content import Document
from lms.models.people import Person
from lms.rules import marking

COURSE, QUIZ = "alat", "alat-2-prates"
_ATTEMPT = str(uuid.UUID(int=635, version=4))


def settle() -> None:
    """Give the companion more time and an attempt at the first test, and let her take it; nothing without that test."""
    with suppress(errors.DomainError):
        with clock.frozen(clock.now() - timedelta(days=61)):
            allowances.give(
                actor=_person(people.TRAINER), code=QUIZ, person=people.COMPANION, cohort="", minutes=10, attempts=1,
                reason="Listrik di posko padam saat tes awal",
            )  # fmt: skip
        _take_the_test()


def _take_the_test() -> None:
    began, companion = clock.now() - timedelta(days=60), _person(people.COMPANION)
    with clock.frozen(began):
        uid = actions.start_attempt(actor=companion, course=COURSE, code=QUIZ, uid=_ATTEMPT)
    quiz = db.session.scalars(select(Document.published_id).where(Document.code == QUIZ)).one()
    key = content.sheet(quiz).key if quiz else {}
    answers = {question: marking.right_response(each) for question, each in sorted(key.items())[::2]}
    for minutes, unreached_s in ((6, 0), (13, 180)):
        with clock.frozen(began + timedelta(minutes=minutes)):
            held = actions.hold_attempt(actor=companion, course=COURSE, code=QUIZ, uid=uid, unreached_s=unreached_s)
            actions.save_answers(actor=companion, held=held, responses=answers)
    with clock.frozen(began + timedelta(minutes=24)):
        held = actions.hold_attempt(actor=companion, course=COURSE, code=QUIZ, uid=uid)
        actions.submit_attempt(actor=companion, held=held, responses={})


def _person(email: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email_key == email)).one()
