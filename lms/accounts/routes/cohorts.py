"""The admin's cohorts."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.accounts import queries
from lms.accounts.actions import cohorts as actions
from lms.accounts.forms.cohorts import (
    SENTENCES,
    CohortForm,
    MembersForm,
    NewCohortForm,
    ProvinceForm,
    cohort_form,
    dates_of,
)
from lms.accounts.routes.blueprint import blueprint
from lms.kernel import errors
from lms.models.cohorts import Cohort
from lms.web import fields

Answer = str | Response | tuple[str, int]


@blueprint.get("/angkatan")
@requires(Permission.COHORT_EDIT)
def cohorts() -> str:
    return render_template("accounts/cohorts.html", cohorts=queries.cohorts())


@blueprint.route("/angkatan/baru", methods=["GET", "POST"])
@requires(Permission.COHORT_EDIT)
def cohort_new() -> Answer:
    form = NewCohortForm()
    if request.method == "GET":
        return render_template("accounts/cohort_new.html", form=form)
    if form.validate():
        try:
            actions.create(actor=current.actor(), code=form.code.data, name=form.name.data)
        except errors.Refused as error:
            fields.show(form, error, SENTENCES)
        else:
            return redirect(url_for("accounts.cohort", code=form.code.data), code=303)
    return render_template("accounts/cohort_new.html", form=form), 422


@blueprint.get("/angkatan/<code>")
@requires(Permission.COHORT_EDIT)
def cohort(code: str) -> Answer:
    return _page(actions.by_code(code))


@blueprint.post("/angkatan/<code>")
@requires(Permission.COHORT_EDIT)
def cohort_edit(code: str) -> Answer:
    found = actions.by_code(code)
    courses = queries.course_dates(found)
    form = cohort_form(courses)
    if form.validate():
        try:
            actions.edit(actor=current.actor(), code=code, name=form.name.data, dates=dates_of(form, courses))
        except errors.Refused as error:
            fields.show(form, error, SENTENCES)
        else:
            flash(_("Saved."), "leaf")
            return redirect(url_for("accounts.cohort", code=code), code=303)
    return _page(found, form=form), 422


@blueprint.post("/angkatan/<code>/anggota")
@requires(Permission.COHORT_EDIT)
def cohort_add(code: str) -> Answer:
    found, form = actions.by_code(code), MembersForm()
    if not form.validate():
        return _page(found, members=form), 422
    lines = (form.identifiers.data or "").splitlines()
    added, unknown = actions.add_members(actor=current.actor(), code=code, identifiers=lines)
    if unknown:
        form.identifiers.errors = [
            _("Nobody was added. These lines name no companion: %(lines)s", lines=", ".join(unknown[:20]))
        ]
        return _page(found, members=form), 422
    return _added(code, added)


@blueprint.post("/angkatan/<code>/provinsi")
@requires(Permission.COHORT_EDIT)
def cohort_add_province(code: str) -> Answer:
    found, form = actions.by_code(code), ProvinceForm()
    if not form.validate() or not form.province.data:
        form.province.errors = [_("Choose a province")]
        return _page(found, province=form), 422
    return _added(code, actions.add_province(actor=current.actor(), code=code, province_iso=form.province.data))


@blueprint.post("/angkatan/<code>/anggota/<uid>/pengeluaran")
@requires(Permission.COHORT_EDIT)
def cohort_remove(code: str, uid: str) -> Response:
    person = actions.remove_member(actor=current.actor(), code=code, uid=uid)
    flash(_("%(name)s is no longer in this cohort. What was learned stays.", name=person.name), "leaf")
    return redirect(url_for("accounts.cohort", code=code, halaman=request.args.get("halaman")), code=303)


@blueprint.post("/angkatan/<code>/penutupan")
@requires(Permission.COHORT_EDIT)
def cohort_close(code: str) -> Response:
    found = actions.close(actor=current.actor(), code=code, is_closed=request.form.get("buka") != "1")
    flash(_("The cohort is closed.") if found.closed_at else _("The cohort is open again."), "leaf")
    return redirect(url_for("accounts.cohort", code=code), code=303)


def _added(code: str, number: int) -> Response:
    flash(ngettext("%(num)d companion was added.", "%(num)d companions were added.", number), "leaf")
    return redirect(url_for("accounts.cohort", code=code), code=303)


def _page(
    cohort: Cohort,
    *,
    form: CohortForm | None = None,
    members: MembersForm | None = None,
    province: ProvinceForm | None = None,
) -> str:
    courses = queries.course_dates(cohort)
    return render_template(
        "accounts/cohort.html",
        cohort=cohort,
        courses=courses,
        form=form or cohort_form(courses, formdata=None, name=cohort.name),
        members_form=members or MembersForm(formdata=None),
        province_form=province or ProvinceForm(formdata=None),
        found=queries.members(cohort, page=request.args.get("halaman", 1, type=int)),
    )
