"""One lesson, quiz, simulation or survey, the facts about a lesson, and its images."""

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.kernel import clock, ids
from lms.kernel.documents import DocumentKind
from lms.learning import actions, queries
from lms.learning.forms import FactForm
from lms.learning.routes import surveys
from lms.learning.routes.blueprint import blueprint
from lms.rules import attempts

ONE_YEAR_S = 365 * 24 * 3600
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An image opened as a page of its own runs nothing."""


@blueprint.get("/belajar/<course>/<code>")
@requires(Permission.CONTENT_READ)
def item(course: str, code: str) -> str | tuple[str, int]:
    actor = current.actor()
    page = queries.page_for_reader(actor, course=course, code=code, now=clock.now())
    if page.gate is not None:
        return render_template("learning/closed.html", page=page, gate=page.gate), 403
    if page.item.kind is DocumentKind.QUIZ:
        return _quiz(page)
    if page.item.kind is DocumentKind.SIMULATION:
        played = queries.plays_at(actor, page.item.id)
        return render_template("learning/simulation.html", page=page, item=page.item, played=played, uid=ids.fact())
    if page.item.kind is DocumentKind.SURVEY:
        return surveys.show(page, queries.survey_for_reader(actor, page))
    return render_template("learning/lesson.html", page=page, item=page.item, uid=ids.fact())


def _quiz(page: queries.Page) -> str:
    actor, item = current.actor(), page.item
    tried, allowed = queries.attempts_at(actor, item.id), queries.allowances_of(actor, item.id)
    terms = queries.terms_for(item, allowed)
    ended_at = max((each.submitted_at for each in tried if each.submitted_at), default=None)
    refusal = attempts.refusal(terms, used=len(tried), ended_at=ended_at, now=clock.now())
    return render_template(
        "learning/quiz.html",
        page=page,
        item=item,
        tried=tried,
        allowed=allowed,
        terms=terms,
        refusal=refusal,
        uid=ids.fact(),
    )


@blueprint.post("/belajar/<course>/<code>/pembukaan")
@requires(Permission.FACT_RECORD)
def create_opening(course: str, code: str) -> tuple[str, int]:
    form = FactForm()
    actions.record_opening(
        actor=current.actor(), course=course, code=code, uid=form.fact_uid(), claimed_at=form.claimed_at()
    )
    return "", 204


@blueprint.post("/belajar/<course>/<code>/selesai")
@requires(Permission.FACT_RECORD)
def create_reading(course: str, code: str) -> Response:
    form = FactForm()
    page = actions.record_reading(
        actor=current.actor(), course=course, code=code, uid=form.fact_uid(), claimed_at=form.claimed_at()
    )
    following = page.following
    if following is None:
        return redirect(url_for("learning.course", course=course), code=303)
    if following.module != page.item.module_code:
        return redirect(url_for("learning.course", course=course, _anchor=following.module), code=303)
    return redirect(url_for("learning.item", course=course, code=following.code), code=303)


@blueprint.get("/media/<sha256>/<name>")
@requires(Permission.CONTENT_READ)
def media(sha256: str, name: str) -> Response:
    if request.if_none_match.contains(sha256):
        return FlaskResponse(status=304)
    found = queries.media(sha256, name)
    response = FlaskResponse(found.content, mimetype=found.content_type)
    response.set_etag(sha256)
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR_S}, immutable"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
