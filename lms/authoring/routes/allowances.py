"""More time and attempts at a quiz, and what the clocks of its attempts were given back."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import queries
from lms.authoring.actions import allowances as actions
from lms.authoring.forms import ALLOWANCE_SENTENCES, AllowanceForm
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import errors
from lms.kernel.documents import DocumentKind
from lms.web import fields

Answer = str | Response | tuple[str, int]


@blueprint.get("/susun/<code>/keringanan")
@requires(Permission.ALLOWANCE_EDIT)
def allowances(code: str) -> Answer:
    desk = _quiz(code)
    return _page(desk, _form())


@blueprint.post("/susun/<code>/keringanan")
@requires(Permission.ALLOWANCE_EDIT)
def allowance_give(code: str) -> Answer:
    desk, form = _quiz(code), _form()
    if not form.validate():
        return _page(desk, form), 422
    try:
        actions.give(
            actor=current.actor(), code=code, person=form.person.data or "", cohort=form.cohort.data or "",
            minutes=form.minutes.data or 0, attempts=form.attempts.data or 0, reason=form.reason.data or "",
        )  # fmt: skip
    except errors.Refused as error:
        fields.show(form, error, ALLOWANCE_SENTENCES)
        return _page(desk, form), 422
    flash(_("Given. Whoever it concerns sees it with your reason."), "leaf")
    return redirect(url_for("authoring.allowances", code=code), code=303)


@blueprint.post("/susun/<code>/keringanan/<int:number>/penarikan")
@requires(Permission.ALLOWANCE_EDIT)
def allowance_withdraw(code: str, number: int) -> Response:
    actions.withdraw(actor=current.actor(), code=code, number=number)
    flash(_("Taken back. Attempts that are running keep their time."), "leaf")
    return redirect(url_for("authoring.allowances", code=code), code=303)


@blueprint.post("/susun/<code>/keringanan/penutupan")
@requires(Permission.ALLOWANCE_EDIT)
def attempts_close(code: str) -> Response:
    number = actions.close_overdue(actor=current.actor(), code=_quiz(code).code)
    flash(
        ngettext("%(num)d attempt was closed and marked.", "%(num)d attempts were closed and marked.", number), "leaf"
    )
    return redirect(url_for("authoring.allowances", code=code), code=303)


def _quiz(code: str) -> queries.Desk:
    desk = queries.desk(code)
    if desk.kind is not DocumentKind.QUIZ:
        raise errors.NotFound("no_such_quiz", code=code)
    return desk


def _form() -> AllowanceForm:
    form = AllowanceForm()
    form.cohort.choices = fields.choices([("", _("No cohort")), *queries.cohort_names()])
    return form


def _page(desk: queries.Desk, form: AllowanceForm) -> str:
    return render_template("authoring/allowances.html", desk=desk, form=form, clocks=queries.quiz_clocks(desk.id))
