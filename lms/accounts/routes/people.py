"""The admin's roster."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.accounts import letters, queries
from lms.accounts.actions import people as actions
from lms.accounts.forms.people import ROLES, SENTENCES, PersonForm, RosterForm
from lms.accounts.routes.blueprint import blueprint
from lms.kernel import errors
from lms.models.people import Person
from lms.web import fields

Answer = str | Response | tuple[str, int]


@blueprint.get("/orang")
@requires(Permission.PERSON_EDIT)
def people() -> str:
    form = RosterForm(request.args, cohorts=queries.cohort_choices())
    found = queries.roster(current.actor(), form.wanted(), page=form.page())
    return render_template("accounts/people.html", form=form, found=found, roles=ROLES)


@blueprint.get("/orang/baru")
@requires(Permission.PERSON_EDIT)
def person_new() -> Answer:
    return render_template("accounts/person.html", form=PersonForm(cohorts=queries.cohort_choices()), person=None)


@blueprint.post("/orang/baru")
@requires(Permission.PERSON_EDIT)
def person_create() -> Answer:
    form = PersonForm(cohorts=queries.cohort_choices())
    if form.validate():
        try:
            person, secret = actions.create(
                actor=current.actor(), details=form.details(), cohorts=tuple(form.cohorts.data or ())
            )
        except errors.Refused as error:
            fields.show(form, error, SENTENCES)
        else:
            letters.send_link(person, secret)
            return _handed_over(person, secret, created=True)
    return render_template("accounts/person.html", form=form, person=None), 422


@blueprint.get("/orang/<uid>")
@requires(Permission.PERSON_EDIT)
def person(uid: str) -> Answer:
    found = actions.by_uid(uid)
    values = {name: getattr(found, name) for name in ("name", "title_before", "title_after", "regency", "unit")}
    form = PersonForm(
        person=found, **values, cohorts=queries.cohort_choices(), role=found.role.value, nip=found.nip or "",
        email=found.email, whatsapp=found.whatsapp, province_iso=found.province_iso or "", position=found.position,
        contract_began_on=found.contract_began_on, language=found.language.value, scope=found.scope,
    )  # fmt: skip
    form.cohorts.data = [code for code, _name in queries.cohorts_of(found)]
    return render_template("accounts/person.html", form=form, person=found)


@blueprint.post("/orang/<uid>")
@requires(Permission.PERSON_EDIT)
def person_edit(uid: str) -> Answer:
    found = actions.by_uid(uid)
    form = PersonForm(person=found, cohorts=queries.cohort_choices())
    if form.validate():
        try:
            actions.edit(actor=current.actor(), uid=uid, details=form.details(), cohorts=tuple(form.cohorts.data or ()))
        except errors.Refused as error:
            fields.show(form, error, SENTENCES)
        else:
            flash(_("Saved."), "leaf")
            return redirect(url_for("accounts.person", uid=uid), code=303)
    return render_template("accounts/person.html", form=form, person=found), 422


@blueprint.post("/orang/<uid>/penonaktifan")
@requires(Permission.PERSON_EDIT)
def person_deactivate(uid: str) -> Response:
    try:
        found = actions.deactivate(actor=current.actor(), uid=uid)
    except errors.Refused as error:
        flash(str(SENTENCES[error.code]), "brick")
    else:
        flash(_("%(name)s can no longer sign in. The learning record is kept.", name=found.name), "leaf")
    return redirect(url_for("accounts.person", uid=uid), code=303)


@blueprint.post("/orang/<uid>/pengaktifan")
@requires(Permission.PERSON_EDIT)
def person_reactivate(uid: str) -> Response:
    found = actions.reactivate(actor=current.actor(), uid=uid)
    flash(_("%(name)s can sign in again.", name=found.name), "leaf")
    return redirect(url_for("accounts.person", uid=uid), code=303)


@blueprint.post("/orang/<uid>/akses")
@requires(Permission.PERSON_EDIT)
def person_reset(uid: str) -> Answer:
    try:
        found, secret = actions.reset_access(actor=current.actor(), uid=uid)
    except errors.Refused as error:
        flash(str(SENTENCES[error.code]), "brick")
        return redirect(url_for("accounts.person", uid=uid), code=303)
    letters.send_link(found, secret)
    return _handed_over(found, secret, created=False)


def _handed_over(person: Person, secret: str, *, created: bool) -> str:
    """Show the one-time link once: not every post office reaches every post."""
    return render_template(
        "accounts/handed_over.html", person=person, address=letters.link_address(secret), created=created
    )
