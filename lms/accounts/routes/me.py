"""My data: see it, change what is mine to change, take it along."""

import json

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.accounts import queries
from lms.accounts.actions import people
from lms.accounts.forms.people import ROLES, OwnForm
from lms.accounts.routes.blueprint import blueprint
from lms.models.people import Language, Person


@blueprint.get("/saya")
@requires(Permission.SELF_EDIT)
def me() -> str:
    actor = current.actor()
    return _page(actor, OwnForm(language=actor.language.value, whatsapp=actor.whatsapp))


@blueprint.post("/saya")
@requires(Permission.SELF_EDIT)
def edit_me() -> Response | tuple[str, int]:
    form, actor = OwnForm(), current.actor()
    if not form.validate():
        return _page(actor, form), 422
    people.edit_own(actor=actor, language=Language(form.language.data), whatsapp=form.whatsapp.data)
    flash(_("Saved."), "leaf")
    return redirect(url_for("accounts.me"), code=303)


@blueprint.get("/saya/data.json")
@requires(Permission.SELF_EDIT)
def my_data() -> Response:
    text = json.dumps(queries.everything_about(current.actor()), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": "attachment; filename=pandu-data-saya.json", "Cache-Control": "no-store"}
    return FlaskResponse(text, mimetype="application/json", headers=headers)


def _page(actor: Person, form: OwnForm) -> str:
    return render_template(
        "accounts/me.html", person=actor, form=form, cohorts=queries.cohorts_of(actor), role=ROLES[actor.role]
    )
