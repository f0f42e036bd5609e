"""History, comparison, bringing back, withdrawing."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import comparing, queries
from lms.authoring.actions import drafts, publishing
from lms.authoring.forms import CompareForm
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import errors


@blueprint.get("/susun/<code>/riwayat")
@requires(Permission.CONTENT_EDIT)
def history(code: str) -> str:
    desk = queries.desk(code)
    return render_template("authoring/history.html", desk=desk, versions=queries.history(desk.id))


@blueprint.get("/susun/<code>/riwayat/<int:number>")
@requires(Permission.CONTENT_EDIT)
def revision(code: str, number: int) -> str:
    desk = queries.desk(code)
    return render_template("authoring/revision.html", desk=desk, revision=queries.revision(desk.id, number))


@blueprint.get("/susun/<code>/banding")
@requires(Permission.CONTENT_EDIT)
def comparison(code: str) -> str | tuple[str, int]:
    desk, form = queries.desk(code), CompareForm(request.args)
    if not form.validate():
        return render_template("authoring/history.html", desk=desk, versions=queries.history(desk.id), choose=True), 422
    old, new = form.lama.data or 0, form.baru.data or 0
    return render_template(
        "authoring/comparison.html",
        desk=desk,
        old=old,
        new=new,
        lines=comparing.compare(_text(desk, old), _text(desk, new)),
    )


@blueprint.post("/susun/<code>/riwayat/<int:number>/pemulihan")
@requires(Permission.CONTENT_EDIT)
def bring_back(code: str, number: int) -> Response:
    try:
        drafts.bring_back(actor=current.actor(), code=code, number=number)
    except errors.Conflict:
        flash(_("There is a draft. Publish or discard it first: nothing is lost that way."), "turmeric")
    else:
        flash(_("Revision %(number)d is the draft now. Publish it when it is right.", number=number), "leaf")
    return redirect(url_for("authoring.editor", code=code), code=303)


@blueprint.post("/susun/<code>/penarikan")
@requires(Permission.CONTENT_EDIT)
def withdraw(code: str) -> Response:
    publishing.withdraw(actor=current.actor(), code=code)
    flash(_("Withdrawn. Readers no longer see it; what they did is kept."), "leaf")
    return redirect(url_for("authoring.editor", code=code), code=303)


@blueprint.post("/susun/<code>/penerbitan-ulang")
@requires(Permission.CONTENT_EDIT)
def show_again(code: str) -> Response:
    publishing.show_again(actor=current.actor(), code=code)
    flash(_("Readers see it again."), "leaf")
    return redirect(url_for("authoring.editor", code=code), code=303)


def _text(desk: queries.Desk, number: int) -> str:
    """The text of a revision; 0 means the draft (or what is published, without one)."""
    return desk.sheet.source if number == 0 else queries.revision(desk.id, number).source_md
