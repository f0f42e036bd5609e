"""Attempts at a quiz: start, save, check one answer, hand in, look at the result."""

from flask import flash, get_template_attribute, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.kernel import clock, errors
from lms.learning import actions, forms, queries
from lms.learning.routes.blueprint import blueprint
from lms.web import filters

Answer = str | Response | tuple[str, int] | tuple[Response, int]

SENTENCES = {
    "unknown_answer": _l(
        "One answer does not belong to these questions. Nothing was saved now; what was saved before stays."
    ),
    "answer_too_long": _l("One answer is too long: 2,000 characters fit, in an essay 10,000. Shorten it."),
    "already_handed_in": _l("This attempt has already been handed in; nothing in it has changed."),
    "time_is_up": _l("Time is up. The answers saved before that are kept; hand in to see the result."),
    "nothing_to_check": _l("Answer the question first, then check it."),
    "no_attempt_left": _l("You have used all attempts at this quiz. Your best score counts."),
    "opens_later": _l("This quiz opens on %(at)s."),
    "closed": _l("This quiz closed on %(at)s."),
    "wait": _l("You can start the next attempt from %(at)s."),
}


@blueprint.post("/belajar/<course>/<code>/percobaan")
@requires(Permission.ATTEMPT_CREATE)
def create_attempt(course: str, code: str) -> Response:
    try:
        uid = actions.start_attempt(actor=current.actor(), course=course, code=code, uid=forms.FactForm().fact_uid())
    except errors.Conflict as error:
        flash(_sentence(error), "turmeric")
        return redirect(url_for("learning.item", course=course, code=code), code=303)
    return _to_attempt(course, code, uid)


@blueprint.get("/belajar/<course>/<code>/percobaan/<uid>")
@requires(Permission.ATTEMPT_CREATE)
def attempt(course: str, code: str, uid: str) -> str:
    page = _page(course, code)
    view = queries.attempt_for_reader(current.actor(), course=course, code=code, uid=uid)
    if view.submitted_at is not None:
        return render_template(
            "learning/result.html", page=page, item=page.item, view=view, markings=queries.markings_of(view)
        )
    return _paper(page, view)


@blueprint.post("/belajar/<course>/<code>/percobaan/<uid>/jawaban")
@requires(Permission.ATTEMPT_CREATE)
def save_answers(course: str, code: str, uid: str) -> Answer:
    """Save for the script, which wants JSON, or for the button of a page without script, which wants the page."""
    held = _held(course, code, uid)
    sent = forms.read(held.questions, request.form)
    wants_page = request.form.get("simpan") == "1"
    if sent.problem and wants_page:
        return _refused(course, code, held, sent)
    if sent.problem:
        return jsonify(message=str(SENTENCES[sent.problem])), 422
    try:
        kept = actions.save_answers(actor=current.actor(), held=held, responses=sent.responses)
    except errors.Conflict as error:
        if wants_page:
            return _told(course, code, uid, error)
        return jsonify(message=_sentence(error), code=error.code), 409
    message = _saved_sentence(kept)
    if wants_page:
        flash(message, "leaf")
        return _to_attempt(course, code, uid)
    return jsonify(message=message, **_clock(kept)), 200


@blueprint.post("/belajar/<course>/<code>/percobaan/<uid>/pemeriksaan/<question>")
@requires(Permission.ATTEMPT_CREATE)
def check_answer(course: str, code: str, uid: str, question: str) -> Answer:
    held = _held(course, code, uid)
    sent = forms.read(held.questions, request.form)
    if sent.problem:
        return _refused(course, code, held, sent)
    try:
        actions.check_answer(actor=current.actor(), held=held, responses=sent.responses, question=question)
    except errors.Refused as error:
        answers = {**held.answers, **sent.responses}
        return _paper(_page(course, code), held, answers=answers, message=_sentence(error)), 422
    except errors.Conflict as error:
        return _told(course, code, uid, error)
    number = next(n for n, each in enumerate(held.questions, start=1) if each["id"] == question)
    return _to_attempt(course, code, uid, f"soal-{number}")


@blueprint.post("/belajar/<course>/<code>/percobaan/<uid>/penyerahan")
@requires(Permission.ATTEMPT_CREATE)
def submit_attempt(course: str, code: str, uid: str) -> Answer:
    held = _held(course, code, uid)
    if held.submitted_at is not None:
        return _told(course, code, uid, errors.Conflict("already_handed_in"))
    sent = forms.read(held.questions, request.form)
    if sent.problem:
        return _refused(course, code, held, sent)
    answers = {**held.answers, **sent.responses}
    if forms.blanks(held.questions, answers) and request.form.get("kosong") != "1" and not _is_over(held):
        try:
            kept = actions.save_answers(actor=current.actor(), held=held, responses=sent.responses)
        except errors.Conflict as error:
            return _told(course, code, uid, error)
        return _paper(_page(course, code), kept, ask=True), 422
    actions.submit_attempt(actor=current.actor(), held=held, responses=sent.responses)
    return _to_attempt(course, code, uid)


def _page(course: str, code: str) -> queries.Page:
    return queries.page_for_reader(current.actor(), course=course, code=code, now=clock.now())


def _held(course: str, code: str, uid: str) -> queries.AttemptView:
    """The attempt that the form belongs to, held for the action that follows in the same transaction."""
    return actions.hold_attempt(
        actor=current.actor(), course=course, code=code, uid=uid, unreached_s=forms.unreached_s(request.form)
    )


def _to_attempt(course: str, code: str, uid: str, anchor: str | None = None) -> Response:
    return redirect(url_for("learning.attempt", course=course, code=code, uid=uid, _anchor=anchor), code=303)


def _told(course: str, code: str, uid: str, error: errors.Conflict) -> Response:
    flash(_sentence(error), "turmeric")
    return _to_attempt(course, code, uid)


def _refused(course: str, code: str, view: queries.AttemptView, sent: forms.Answers) -> tuple[str, int]:
    message = str(SENTENCES[sent.problem or ""])
    return _paper(_page(course, code), view, answers={**view.answers, **sent.responses}, message=message), 422


def _paper(
    page: queries.Page,
    view: queries.AttemptView,
    *,
    answers: dict[str, object] | None = None,
    ask: bool = False,
    message: str = "",
) -> str:
    shown = view.answers if answers is None else answers
    return render_template(
        "learning/attempt.html",
        page=page,
        item=page.item,
        view=view,
        answers=shown,
        blanks=forms.blanks(view.questions, shown),
        ask=ask,
        message=message,
        left_s=_left_s(view),
    )


def _sentence(error: errors.DomainError) -> str:
    at = error.values.get("at")
    return str(SENTENCES[error.code]) % ({"at": filters.instant(at)} if at else {})  # type: ignore[arg-type]


def _saved_sentence(view: queries.AttemptView) -> str:
    return _("Saved %(time)s", time=filters.clock_time(view.saved_at or clock.now()))


def _clock(view: queries.AttemptView) -> dict[str, object]:
    """What the script needs to keep its clock equal to ours."""
    line = get_template_attribute("components/credit.html", "credit_line")
    until = filters.clock_time(view.deadline_at) if view.deadline_at else ""
    return {"left_s": _left_s(view), "until": until, "credits": [line(each) for each in view.clock.credits]}


def _left_s(view: queries.AttemptView) -> int | None:
    """Whole seconds until time runs out, rounded up; none without a limit."""
    if view.deadline_at is None:
        return None
    return max(0, -int((clock.now() - view.deadline_at).total_seconds() // 1))


def _is_over(view: queries.AttemptView) -> bool:
    return view.deadline_at is not None and clock.now() > view.deadline_at
