"""The audit trail."""

from flask import render_template, request

from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.accounts import queries
from lms.accounts.forms.people import AuditForm
from lms.accounts.routes.blueprint import blueprint
from lms.accounts.sentences import AUDIT


@blueprint.get("/jejak-audit")
@requires(Permission.AUDIT_READ)
def audit() -> str:
    form = AuditForm(request.args)
    form.validate()
    page = 1 if form.halaman.errors or not form.halaman.data else form.halaman.data
    kind = "" if form.jenis.errors else form.jenis.data or ""
    found = queries.audit_trail(action=kind, text=form.cari.data or "", page=page)
    return render_template("accounts/audit.html", form=form, found=found, sentences=AUDIT)
