"""How a quiz and its questions fare, as numbers without names: pages, CSV and XLSX."""

from collections.abc import Iterator

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from jinja2.filters import do_striptags
from werkzeug.wrappers import Response as BaseResponse

from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.authoring import advising, plays, queries, statistics
from lms.authoring.forms import WHICH, ResultsForm
from lms.authoring.routes.blueprint import blueprint
from lms.kernel import clock, errors
from lms.kernel.documents import DocumentKind
from lms.web import filters, tables


@blueprint.get("/susun/<code>/hasil")
@requires(Permission.RESULTS_READ)
def results(code: str) -> str | BaseResponse:
    desk = queries.desk(code)
    if desk.kind is DocumentKind.SIMULATION:
        return render_template("authoring/simulation_results.html", desk=desk, results=plays.results(desk.id))
    if desk.kind is DocumentKind.SURVEY:
        return redirect(url_for("reporting.survey", angket=code), code=303)
    desk, form, report = _report(code)
    return render_template("authoring/results.html", desk=desk, form=form, report=report, say=advising.sentence)


@blueprint.get("/susun/<code>/hasil.<any(csv, xlsx):dress>")
@requires(Permission.RESULTS_READ)
def results_file(code: str, dress: str) -> Response:
    desk, form, report = _report(code)
    headings = [
        _("Question"), _("Text"), _("Held by"), _("Facility, %%"), _("Standard deviation, %%"), _("Guess score, %%"),
        _("Intended weight, %%"), _("Effective weight, %%"), _("Discrimination index, %%"),
        _("Discrimination efficiency, %%"), _("Right"), _("Partly"), _("No answer"), _("What to look at"),
    ]  # fmt: skip
    headings = [heading.replace("%%", "%") for heading in headings]
    notes = [
        desk.title,
        _("As of %(instant)s", instant=filters.instant(clock.now())),
        str(WHICH[form.wanted().which]),
        _("Mean %(mean).1f %%, internal consistency %(alpha)s %%, attempts %(n)d",
          mean=report.figures.summary.mean, alpha=_shown(report.figures.summary.alpha), n=report.figures.summary.n),
    ]  # fmt: skip
    sheet = tables.Sheet(_("Results"), notes, headings, _rows(report))
    return tables.attachment(sheet, dress, f"hasil-{desk.code}")


@blueprint.get("/susun/<code>/hasil/<question>")
@requires(Permission.RESULTS_READ)
def question_results(code: str, question: str) -> str:
    desk, form, report = _report(code)
    places = [row.question["id"] for row in report.rows]
    if question not in places:
        raise errors.NotFound("no_such_question", question=question)
    place = places.index(question)
    return render_template(
        "authoring/question_results.html",
        desk=desk,
        form=form,
        row=report.rows[place],
        number=place + 1,
        before=places[place - 1] if place else None,
        after=places[place + 1] if place + 1 < len(places) else None,
        say=advising.sentence,
    )


def _report(code: str) -> tuple[queries.Desk, ResultsForm, statistics.Report]:
    desk = queries.desk(code)
    if desk.kind is not DocumentKind.QUIZ:
        raise errors.NotFound("no_such_quiz", code=code)
    form = ResultsForm(request.args)
    folder = current_app.config["SETTINGS"].figures_dir
    return desk, form, statistics.report(desk.id, form.wanted(), folder)


def _rows(report: statistics.Report) -> Iterator[tuple[tables.Cell, ...]]:
    for row in report.rows:
        item = row.item
        figures = (
            item.facility, item.deviation, row.guess, item.intended_weight, item.effective_weight,
            item.discrimination, item.efficiency,
        )  # fmt: skip
        yield (
            item.id, do_striptags(row.question["stem_html"]), item.n, *map(_shown, figures),
            item.right, item.partly, item.blank, " ".join(str(advising.sentence(each)) for each in row.advice),
        )  # fmt: skip


def _shown(figure: float | None) -> tables.Cell:
    """One decimal; empty where there is no such figure."""
    return "" if figure is None else round(figure, 1)
