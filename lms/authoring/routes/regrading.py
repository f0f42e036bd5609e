"""A regrade: seen before it is confirmed, worked off, listed, taken back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import regrades
from lms.authoring.actions import regrading as actions
from lms.authoring.forms import RegradeForm, sentence
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import errors

Answer = str | Response | tuple[str, int]


@blueprint.get("/susun/<code>/nilai-ulang")
@requires(Permission.MARK)
def regrade(code: str) -> str:
    return _page(regrades.plan(code, _numbers(request.args.getlist("revisi"))), RegradeForm())


@blueprint.post("/susun/<code>/nilai-ulang")
@requires(Permission.MARK)
def regrade_apply(code: str) -> Answer:
    numbers = _numbers(request.form.getlist("revisi")) or []
    plan, form = regrades.plan(code, numbers), RegradeForm()
    if not form.validate():
        return _page(plan, form), 422
    try:
        uid = actions.apply(actor=current.actor(), code=code, numbers=numbers, reason=form.reason.data or "")
    except errors.Conflict:
        flash(_("A regrade of this quiz is not finished yet. Go on with it first."), "turmeric")
        return redirect(url_for("authoring.regrade", code=code), code=303)
    except errors.Refused as error:
        form.form_errors.append(sentence(error.code, error.values))
        return _page(plan, form), 422
    return _after(code, uid)


@blueprint.post("/susun/<code>/nilai-ulang/<uid>/lanjutan")
@requires(Permission.MARK)
def regrade_resume(code: str, uid: str) -> Response:
    actions.resume(actor=current.actor(), uid=uid)
    return _after(code, uid)


@blueprint.post("/susun/<code>/nilai-ulang/<uid>/pembatalan")
@requires(Permission.MARK)
def regrade_undo(code: str, uid: str) -> Response:
    if actions.undo(actor=current.actor(), uid=uid):
        flash(_("The regrade is taken back: the marks are as before. Modules that were completed stay so."), "leaf")
    else:
        flash(_("Not all marks are back yet. Take it back once more to go on."), "turmeric")
    return redirect(url_for("authoring.regrade", code=code), code=303)


def _after(code: str, uid: str) -> Response:
    plan = regrades.plan(code, None)
    done = next((each for each in regrades.history(plan.document_id) if each.uid == uid), None)
    if done is not None and done.is_finished:
        flash(
            _("Regraded: %(changed)d attempts changed, %(gained)d now pass, %(lost)d no longer do.",
              changed=done.changed, gained=done.gained, lost=done.lost), "leaf",
        )  # fmt: skip
    return redirect(url_for("authoring.regrade", code=code), code=303)


def _numbers(values: list[str]) -> list[int] | None:
    """The revisions that were ticked; none when nothing was said, so that the default holds."""
    numbers = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 7]
    return numbers if values else None


def _page(plan: regrades.Plan, form: RegradeForm) -> str:
    page = min(max(request.args.get("halaman", 1, type=int), 1), 1_000_000)
    return render_template(
        "authoring/regrade.html", plan=plan, form=form, found=regrades.preview(plan, page=page), page=page,
        history=regrades.history(plan.document_id), chosen=[each.number for each in plan.chosen],
    )  # fmt: skip
