"""The glossary: every term on one page, found by typing."""

from flask import render_template, request

from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.learning import queries
from lms.learning.routes.blueprint import blueprint
from lms.rules import glossary as rules


@blueprint.get("/glosarium")
@requires(Permission.CONTENT_READ)
def glossary() -> str:
    wanted = request.args.get("cari", "").strip()[:100]
    entries = queries.glossary()
    found = rules.matching(entries, wanted)
    return render_template(
        "learning/glossary.html", wanted=wanted, found=found, letters=rules.by_letter(found), total=len(entries)
    )
