"""The audit trail."""

from flask import render_template, request

from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.accounts import queries
from lms.accounts.forms.people import ROLES, AuditForm
from lms.accounts.routes.blueprint import blueprint
from lms.accounts.sentences import ALONE, AUDIT, FIELDS, KINDS


@blueprint.get("/jejak-audit")
@requires(Permission.AUDIT_READ)
def audit() -> str:
    form = AuditForm(request.args)
    form.validate()
    page = 1 if form.halaman.errors or not form.halaman.data else form.halaman.data
    _name, actions = KINDS.get(form.jenis.data, ("", ()))
    found = queries.audit_trail(actions=actions, text=form.cari.data or "", page=page)
    return render_template(
        "accounts/audit.html",
        form=form,
        found=found,
        sentences=AUDIT,
        alone=ALONE,
        fields=FIELDS,
        roles={role.value: str(name) for role, name in ROLES.items()},
    )
