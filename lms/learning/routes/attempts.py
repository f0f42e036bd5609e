"""Attempts at a quiz: start, save, hand in, look at the result."""

from flask import flash, jsonify, redirect, render_template, request, url_for
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
    "unknown_answer": _l("One answer does not belong to these questions. Your other answers are kept."),
    "answer_too_long": _l("One answer is too long: 2,000 characters fit, in an essay 10,000. Shorten it."),
    "already_handed_in": _l("This attempt has already been handed in."),
    "time_is_up": _l("Time is up. The answers saved before that are kept; hand in to see the result."),
    "no_attempt_left": _l("You have used all attempts at this quiz. Your best score counts."),
}


@blueprint.post("/belajar/<course>/<code>/percobaan")
@requires(Permission.ATTEMPT_CREATE)
def create_attempt(course: str, code: str) -> Response:
    try:
        uid = actions.start_attempt(actor=current.actor(), course=course, code=code, uid=forms.FactForm().fact_uid())
    except errors.Conflict as error:
        flash(str(SENTENCES[error.code]), "turmeric")
        return redirect(url_for("learning.item", course=course, code=code), code=303)
    return redirect(url_for("learning.attempt", course=course, code=code, uid=uid), code=303)


@blueprint.get("/belajar/<course>/<code>/percobaan/<uid>")
@requires(Permission.ATTEMPT_CREATE)
def attempt(course: str, code: str, uid: str) -> str:
    page, view = _found(course, code, uid)
    if view.submitted_at is not None:
        return render_template("learning/result.html", page=page, item=page.item, view=view)
    return _paper(page, view)


@blueprint.post("/belajar/<course>/<code>/percobaan/<uid>/jawaban")
@requires(Permission.ATTEMPT_CREATE)
def save_answers(course: str, code: str, uid: str) -> Answer:
    page, view = _found(course, code, uid)
    sent = forms.read(view.questions, request.form)
    if sent.problem:
        return jsonify(message=str(SENTENCES[sent.problem])), 422
    try:
        saved_at = actions.save_answers(actor=current.actor(), quiz=page.item.id, uid=uid, responses=sent.responses)
    except errors.Conflict as error:
        return jsonify(message=str(SENTENCES[error.code])), 409
    return jsonify(saved_at=saved_at.isoformat(), message=_("Saved %(time)s", time=filters.clock_time(saved_at))), 200


@blueprint.post("/belajar/<course>/<code>/percobaan/<uid>/penyerahan")
@requires(Permission.ATTEMPT_CREATE)
def submit_attempt(course: str, code: str, uid: str) -> Answer:
    page, view = _found(course, code, uid)
    here = url_for("learning.attempt", course=course, code=code, uid=uid)
    if view.submitted_at is not None:
        return redirect(here, code=303)
    sent = forms.read(view.questions, request.form)
    answers = {**view.answers, **sent.responses}
    if sent.problem:
        return _paper(page, view, answers=answers, message=str(SENTENCES[sent.problem])), 422
    if forms.blanks(view.questions, answers) and request.form.get("kosong") != "1" and not _is_over(view):
        actions.save_answers(actor=current.actor(), quiz=page.item.id, uid=uid, responses=sent.responses)
        return _paper(page, view, answers=answers, ask=True), 422
    handed = actions.submit_attempt(actor=current.actor(), quiz=page.item.id, uid=uid, responses=sent.responses)
    if handed.late:
        flash(_("Time was up. The answers that were saved in time have been marked."), "turmeric")
    return redirect(here, code=303)


def _found(course: str, code: str, uid: str) -> tuple[queries.Page, queries.AttemptView]:
    actor = current.actor()
    page = queries.page_for_reader(actor, course=course, code=code, now=clock.now())
    return page, queries.attempt_for_reader(actor, quiz=page.item.id, uid=uid)


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
    )


def _is_over(view: queries.AttemptView) -> bool:
    return view.deadline_at is not None and clock.now() > view.deadline_at
