"""All content at a glance, and new lessons, quizzes and surveys."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import queries, queue
from lms.authoring.actions import drafts
from lms.authoring.forms import KINDS, NewDocumentForm
from lms.authoring.routes.blueprint import blueprint
from lms.kernel.documents import DocumentKind


@blueprint.get("/susun")
@requires(Permission.CONTENT_EDIT)
def shelf() -> str:
    return render_template("authoring/shelf.html", courses=queries.shelf(), kinds=KINDS, waiting=queue.waiting())


@blueprint.get("/susun/<module>/baru")
@requires(Permission.CONTENT_EDIT)
def document_new(module: str) -> str:
    return render_template("authoring/document_new.html", form=NewDocumentForm(), desk=queries.desk(module))


@blueprint.post("/susun/<module>/baru")
@requires(Permission.CONTENT_EDIT)
def document_create(module: str) -> Response | tuple[str, int]:
    form, desk = NewDocumentForm(), queries.desk(module)
    if not form.validate():
        return render_template("authoring/document_new.html", form=form, desk=desk), 422
    made = drafts.create(
        actor=current.actor(), module=module, kind=DocumentKind(form.kind.data), title=form.title.data or ""
    )
    return redirect(url_for("authoring.editor", code=made.code), code=303)
