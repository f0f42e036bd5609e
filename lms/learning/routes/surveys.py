"""Surveys: one form, sent once. What cannot be taken comes back with everything that was typed."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.kernel import clock, errors, ids
from lms.learning import actions, forms, queries
from lms.learning.routes.blueprint import blueprint
from lms.rules import surveys
from lms.web import filters

SENTENCES = {
    "unknown_answer": _l(
        "One answer does not belong to these questions. Nothing has been sent; look at the others, then send."
    ),
    "answer_too_long": _l("One answer is too long: 2,000 characters fit, in free text 10,000. Shorten it."),
    "nothing_answered": _l("Answer at least one question, then send."),
    "nik_typed": _l("One answer holds what looks like a NIK. Take the number out; Pandu keeps none."),
    "already_answered": _l("You answered this survey on %(at)s. That answer stands; what you wrote now was not kept."),
    "survey_closed": _l("This survey closed on %(at)s. What you wrote was not kept."),
    "survey_opens_later": _l("This survey opens on %(at)s. What you wrote was not kept."),
    "survey_changed": _l("The questions have changed meanwhile. Look at your answers once more, then send."),
}


@blueprint.post("/belajar/<course>/<code>/angket")
@requires(Permission.ATTEMPT_CREATE)
def answer_survey(course: str, code: str) -> Response | tuple[str, int]:
    actor, uid = current.actor(), forms.FactForm().fact_uid()
    page = queries.page_for_reader(actor, course=course, code=code, now=clock.now())
    view = queries.survey_for_reader(actor, page)
    sent = forms.read_survey(view.questions, request.form)
    version, answers = forms.version(request.form), sent.responses
    is_same = version == view.version and not view.refusal and not view.answered_at
    if is_same and sent.problem:
        return show(page, view, answers=answers, uid=uid, message=str(SENTENCES[sent.problem])), 422
    if is_same and forms.blanks(view.questions, answers) and request.form.get("kosong") != "1":
        return show(page, view, answers=answers, uid=uid, ask=True), 422
    try:
        actions.answer_survey(actor=actor, course=course, code=code, uid=uid, version=version, answers=answers)
    except errors.Conflict as error:
        at = error.values.get("at")
        message = str(SENTENCES[error.code]) % ({"at": filters.instant(at)} if at else {})  # type: ignore[arg-type]
        return show(page, queries.survey_for_reader(actor, page), answers=answers, uid=uid, message=message), 409
    flash(_("Thank you. Your answers have been sent."), "leaf")
    return redirect(url_for("learning.item", course=course, code=code), code=303)


def show(
    page: queries.Page,
    view: queries.SurveyView,
    *,
    answers: Mapping[str, Any] | None = None,
    uid: str = "",
    ask: bool = False,
    message: str = "",
) -> str:
    """Return the page of a survey: its form, or what became of it, with what was typed."""
    shown = answers or {}
    return render_template(
        "learning/survey.html",
        page=page,
        item=page.item,
        view=view,
        answers=shown,
        typed=surveys.remarks(view.questions, shown),
        blanks=forms.blanks(view.questions, shown),
        ask=ask,
        message=message,
        uid=uid or ids.fact(),
        fewest=surveys.FEWEST,
    )
