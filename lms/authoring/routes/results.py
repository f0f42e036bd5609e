"""How a quiz fares, as numbers without names."""

from flask import render_template

from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import queries
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import errors
from lms.kernel.documents import DocumentKind


@blueprint.get("/susun/<code>/hasil")
@requires(Permission.RESULTS_READ)
def results(code: str) -> str:
    desk = queries.desk(code)
    if desk.kind is not DocumentKind.QUIZ:
        raise errors.NotFound("no_such_quiz", code=code)
    return render_template("authoring/results.html", desk=desk, results=queries.quiz_results(desk.id))
