"""What a companion does: opening, reading, trying a quiz, playing a simulation, answering a survey.

Each appends a fact and derives.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from lms.access import table
from lms.access.permissions import Permission
from lms.extensions import db
from lms.kernel import clock, errors, ids
from lms.kernel.documents import DocumentKind
from lms.learning import queries
from lms.models import ballots, closing, content, derive, upsert
from lms.models.facts import Answer, Attempt, Opening, Play, Reading
from lms.models.people import Person
from lms.models.session import unit_of_work
from lms.rules import attempts, simulations

OLDEST_CLAIM = timedelta(days=60)
"""A device that claims an older instant has a wrong clock: ours is taken."""

_LOCKED = select(Person.id).where(Person.id == bindparam("person_id")).with_for_update()


@unit_of_work
def record_opening(*, actor: Person, course: str, code: str, uid: str, claimed_at: datetime | None) -> None:
    """Record that a lesson was opened; the same uid counts once. Raises NotFound, NotAllowed when it is closed."""
    table.require(actor, Permission.FACT_RECORD)
    _record(Opening, actor=actor, course=course, code=code, uid=uid, claimed_at=claimed_at)


@unit_of_work
def record_reading(*, actor: Person, course: str, code: str, uid: str, claimed_at: datetime | None) -> queries.Page:
    """Record that a lesson is done; the same uid counts once. Returns the page as it stood before.

    Raises NotFound, NotAllowed when the lesson is closed, Refused when it is a quiz: quizzes are passed, not read.
    """
    table.require(actor, Permission.FACT_RECORD)
    return _record(Reading, actor=actor, course=course, code=code, uid=uid, claimed_at=claimed_at)


@unit_of_work
def start_attempt(*, actor: Person, course: str, code: str, uid: str) -> str:
    """Start an attempt, or continue the open one; returns its uid. One whose time is over is handed in instead.

    Raises NotFound, NotAllowed when the quiz is closed, Conflict with the code and instant of a Refusal. Races are
    settled by the lock on the person and, beneath it, by the unique number of each attempt.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    _lock(actor)
    page = _open_page(actor, course, code)
    if page.item.kind is not DocumentKind.QUIZ:
        raise errors.NotFound("no_such_quiz", code=code)
    tried = queries.attempts_at(actor, page.item.id)
    going_on = next((each for each in tried if each.submitted_at is None or each.uid == uid), None)
    if going_on is not None:
        return _continue(actor, course, code, going_on)
    terms = queries.terms_for(page.item, queries.allowances_of(actor, page.item.id))
    ended_at = max((each.submitted_at for each in tried if each.submitted_at), default=None)
    refused = attempts.refusal(terms, used=len(tried), ended_at=ended_at, now=clock.now())
    if refused:
        raise errors.Conflict(refused.code, at=refused.at)
    made = _new_attempt(actor, page.item, terms, uid=_unused(Attempt, uid), number=len(tried) + 1)
    db.session.add(made)
    return made.uid


@unit_of_work
def start_play(*, actor: Person, course: str, code: str, uid: str) -> str:
    """Start a play, or continue the open one; returns its uid. The same uid starts once.

    Raises NotFound, NotAllowed when the simulation is closed.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    _lock(actor)
    page = _open_page(actor, course, code)
    if page.item.kind is not DocumentKind.SIMULATION:
        raise errors.NotFound("no_such_simulation", code=code)
    played = queries.plays_at(actor, page.item.id)
    going_on = next((each for each in played if each.finished_at is None or each.uid == uid), None)
    if going_on is not None:
        return going_on.uid
    play = _new_play(actor, page.item, uid=_unused(Play, uid))
    db.session.add(play)
    db.session.flush()
    derive.refresh([actor.id], item=page.item.id)
    return play.uid


@unit_of_work
def choose(*, actor: Person, simulation: int, uid: str, step: int, choice: str) -> bool:
    """Take a choice in a play; says whether it was taken, or had been taken before.

    step: how many choices had been made when the scene was shown: what comes a second time, or from a page that one
    went back to, changes nothing. Raises NotFound, Refused for a choice that the scene does not offer.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    _lock(actor)
    play = db.session.scalars(
        select(Play).where(Play.uid == uid, Play.person_id == actor.id, Play.document_id == simulation)
    ).one_or_none()
    if play is None:
        raise errors.NotFound("no_such_play", uid=uid)
    if play.finished_at is not None or step != len(play.path):
        return 0 <= step < len(play.path) and play.path[step][1] == choice
    sheet = content.sheet(play.revision_id)
    key = sheet.key
    scene = simulations.stands_at(sheet.paper[0]["id"], key, play.path)
    if choice not in key[scene]:
        raise errors.Refused("no_such_choice", choice=choice)
    play.path = simulations.follow(key, play.path, scene, choice)
    if simulations.is_ending(key, key[scene][choice]["target"]):
        play.finished_at = clock.now()
        play.earned = simulations.earned(key, play.path)
        db.session.flush()
        derive.refresh([actor.id], item=simulation)
    return True


def hold_attempt(*, actor: Person, course: str, code: str, uid: str, unreached_s: int = 0) -> queries.AttemptView:
    """Return one's own attempt as it stands, held until the transaction ends: what the next action is to change.

    Raises NotFound. unreached_s: for how many seconds saves have failed until this one; the fair clock gives them
    back within its bounds.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    _lock(actor)
    return queries.attempt_for_reader(actor, course=course, code=code, uid=uid, unreached_s=unreached_s)


@unit_of_work
def save_answers(*, actor: Person, held: queries.AttemptView, responses: Mapping[str, Any]) -> queries.AttemptView:
    """Keep answers of an open attempt; returns it as it stands now. Raises Conflict after handing in or after time.

    responses: question id → response, already read by the form against the questions that were drawn; a frozen one
    stays as it is.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    return _saved(held, responses)


@unit_of_work
def check_answer(*, actor: Person, held: queries.AttemptView, responses: Mapping[str, Any], question: str) -> None:
    """Keep the answers and freeze one of them: its mark and its reasons may be shown from now on.

    Raises NotFound for a question that was not drawn and in a quiz that does not tell after each question, Conflict
    as saving does, Refused when the question has no answer yet. Twice is once.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    view = _saved(held, responses)
    if question not in {each["id"] for each in view.questions if view.may_check(each)}:
        raise errors.NotFound("no_such_question", question=question)
    answer = db.session.get(Answer, (view.id, question))
    if answer is None or not answer.response:
        raise errors.Refused("nothing_to_check")
    answer.checked_at = answer.checked_at or clock.now()


@unit_of_work
def submit_attempt(*, actor: Person, held: queries.AttemptView, responses: Mapping[str, Any]) -> None:
    """Hand in and mark, once and for ever; a second time changes nothing.

    Answers that come after time and grace are not taken: those saved before are marked.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    if held.submitted_at is not None:
        return
    kept = {} if held.is_late else _keep(held, responses, clock.now())
    _hand_in(actor, replace(held, answers={**held.answers, **kept}))


@unit_of_work
def answer_survey(*, actor: Person, course: str, code: str, uid: str, version: int, answers: Mapping[str, Any]) -> None:
    """Keep the answers to a survey, once for each person; the same form a second time changes nothing.

    version: the number of the revision that was answered. Raises NotFound, NotAllowed when its module is closed,
    Conflict: `already_answered`, `survey_closed` and `survey_opens_later` with their instant, `survey_changed`.
    """
    table.require(actor, Permission.ATTEMPT_CREATE)
    _lock(actor)
    ballots.hold(code)
    page = _open_page(actor, course, code)
    view = queries.survey_for_reader(actor, page)
    if view.answered_at:
        if view.uid != uid:
            raise errors.Conflict("already_answered", at=view.answered_at)
        return
    if view.refusal:
        raise errors.Conflict(f"survey_{view.refusal.code}", at=view.refusal.at)
    if view.version != version:
        raise errors.Conflict("survey_changed")
    sent = ballots.Sent(actor.id, uid, answers, clock.now())
    ballots.keep(page.item.id, view.questions, [sent], is_anonymous=bool(page.item.meta.get("anonymous")))
    derive.refresh([actor.id], item=page.item.id)


@unit_of_work
def close_overdue() -> int:
    """Close and mark a batch of attempts whose time is over for good; returns how many. For the command line."""
    return closing.close_overdue()


def _record(
    fact: type[Opening] | type[Reading],
    *,
    actor: Person,
    course: str,
    code: str,
    uid: str,
    claimed_at: datetime | None,
) -> queries.Page:
    _lock(actor)
    page = _open_page(actor, course, code)
    if page.item.kind is not DocumentKind.LESSON:
        raise errors.Refused("not_a_lesson", code=code)
    now = clock.now()
    row = {
        "uid": uid,
        "person_id": actor.id,
        "document_id": page.item.id,
        "revision_id": page.item.revision_id,
        "occurred_at": _occurred(claimed_at, now),
        "recorded_at": now,
    }
    upsert.absorb(fact, [row])
    derive.refresh([actor.id], item=page.item.id)
    return page


def _lock(actor: Person) -> None:
    """One writer per person at a time; on SQLite the whole transaction is one already."""
    if db.engine.dialect.name != "sqlite":
        db.session.execute(_LOCKED, {"person_id": actor.id})


def _open_page(actor: Person, course: str, code: str) -> queries.Page:
    page = queries.page_for_reader(actor, course=course, code=code, now=clock.now())
    if page.gate is not None:
        raise errors.NotAllowed("item_closed", code=code)
    return page


def _occurred(claimed_at: datetime | None, now: datetime) -> datetime:
    believable = claimed_at if claimed_at and now - claimed_at <= OLDEST_CLAIM else None
    return clock.not_later(believable, now)


def _unused(fact: type[Attempt] | type[Play], uid: str) -> str:
    """The device's UUID, or a new one where someone else's fact already has it."""
    return ids.fact() if db.session.scalars(select(fact.id).where(fact.uid == uid)).first() else uid


def _new_attempt(actor: Person, item: queries.Item, terms: attempts.Terms, *, uid: str, number: int) -> Attempt:
    now = clock.now()
    return Attempt(
        uid=uid,
        person_id=actor.id,
        document_id=item.id,
        revision_id=item.revision_id,
        number=number,
        drawn=attempts.draw(
            content.sheet(item.revision_id).paper,
            rule=item.meta.get("draw"),
            shuffle=bool(item.meta.get("shuffle")),
            seed=uid,
        ),
        started_at=now,
        deadline_at=attempts.deadline(now, terms),
    )


def _new_play(actor: Person, item: queries.Item, *, uid: str) -> Play:
    sheet = content.sheet(item.revision_id)
    key, first, now = sheet.key, sheet.paper[0]["id"], clock.now()
    return Play(
        uid=uid,
        person_id=actor.id,
        document_id=item.id,
        revision_id=item.revision_id,
        path=[],
        started_at=now,
        finished_at=now if simulations.is_ending(key, first) else None,
        best=simulations.best_possible(key, first),
    )


def _continue(actor: Person, course: str, code: str, attempt: Attempt) -> str:
    if attempt.submitted_at is None:
        view = queries.attempt_for_reader(actor, course=course, code=code, uid=attempt.uid)
        if view.is_late:
            _hand_in(actor, view)
    return attempt.uid


def _saved(view: queries.AttemptView, responses: Mapping[str, Any]) -> queries.AttemptView:
    if view.submitted_at is not None:
        raise errors.Conflict("already_handed_in", uid=view.uid)
    if view.is_late:
        raise errors.Conflict("time_is_up", uid=view.uid)
    now = clock.now()
    closing.keep(view.attempt, view.clock)
    return replace(view, answers={**view.answers, **_keep(view, responses, now)}, saved_at=now)


def _keep(view: queries.AttemptView, responses: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Write the answers that changed and are not frozen; returns them."""
    changed = {
        question_id: response
        for question_id, response in sorted(responses.items())
        if question_id not in view.checked and response != view.answers.get(question_id, type(response)())
    }
    if changed:
        upsert.replace(
            Answer,
            [
                {"attempt_id": view.id, "question_id": question_id, "response": response, "saved_at": now}
                for question_id, response in changed.items()
            ],
        )
    return changed


def _hand_in(actor: Person, view: queries.AttemptView) -> None:
    now, item = clock.now(), view.attempt.document_id
    closing.keep(view.attempt, view.clock)
    at = min(view.deadline_at, now) if view.is_late and view.deadline_at else now
    closing.hand_in(view.attempt, view.answers, at=at)
    derive.refresh([actor.id], item=item)
