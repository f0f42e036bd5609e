"""Plays of a simulation: start, decide scene by scene, look back at the end. Each choice is a form of its own."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.kernel import clock, errors
from lms.learning import actions, forms, queries
from lms.learning.routes.blueprint import blueprint


@blueprint.post("/belajar/<course>/<code>/main")
@requires(Permission.ATTEMPT_CREATE)
def create_play(course: str, code: str) -> Response:
    uid = actions.start_play(actor=current.actor(), course=course, code=code, uid=forms.FactForm().fact_uid())
    return redirect(url_for("learning.play", course=course, code=code, uid=uid), code=303)


@blueprint.get("/belajar/<course>/<code>/main/<uid>")
@requires(Permission.ATTEMPT_CREATE)
def play(course: str, code: str, uid: str) -> str:
    return _scene(course, code, uid)


@blueprint.post("/belajar/<course>/<code>/main/<uid>/pilihan")
@requires(Permission.ATTEMPT_CREATE)
def create_choice(course: str, code: str, uid: str) -> Response | tuple[str, int]:
    simulation = queries.page_for_reader(current.actor(), course=course, code=code, now=clock.now()).item
    sent = request.form
    try:
        taken = actions.choose(
            actor=current.actor(),
            simulation=simulation.id,
            uid=uid,
            step=forms.step(sent),
            choice=sent.get("pilihan", ""),
        )
    except errors.Refused:
        return _scene(course, code, uid, message=_("This scene offers no such choice. Choose one of those below.")), 422
    if not taken:
        flash(_("You had already decided in that scene. The case goes on here."), "turmeric")
    return redirect(url_for("learning.play", course=course, code=code, uid=uid), code=303)


def _scene(course: str, code: str, uid: str, *, message: str = "") -> str:
    actor = current.actor()
    page = queries.page_for_reader(actor, course=course, code=code, now=clock.now())
    view = queries.play_for_reader(actor, simulation=page.item.id, uid=uid)
    template = "learning/scene.html" if view.finished_at is None else "learning/ending.html"
    return render_template(template, page=page, item=page.item, view=view, message=message)
