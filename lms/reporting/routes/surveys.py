"""What was answered to surveys: a page, what was typed page by page, CSV and XLSX."""

from collections.abc import Iterator, Sequence

from flask import Response, current_app, render_template, request
from flask_babel import gettext as _
from jinja2.filters import do_striptags

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.kernel import clock, errors, provinces
from lms.reporting import surveys as queries
from lms.reporting.forms import SurveyForm
from lms.reporting.queries import cohort_choices
from lms.reporting.routes.blueprint import blueprint
from lms.rules.surveys import FEWEST, Figure
from lms.web import filters, tables


@blueprint.get("/laporan/angket")
@requires(Permission.SURVEY_READ)
def survey() -> str:
    form, found = _asked(request.args.get("angket", ""))
    report = queries.report(current.actor(), found, group=form.group()) if found else None
    return render_template(
        "reporting/survey.html", form=form, survey=found, report=report, fewest=FEWEST, scope=current.actor().scope,
        now=clock.now(),
    )  # fmt: skip


@blueprint.get("/laporan/angket/<code>/jawaban/<question>")
@requires(Permission.SURVEY_READ)
def survey_remarks(code: str, question: str) -> str:
    form, found = _asked(code)
    if found is None or found.code != code:
        raise errors.NotFound("no_such_survey", code=code)
    report = queries.report(current.actor(), found, group=form.group())
    figure = next((each for each in report.figures if each.is_typed and each.question["id"] == question), None)
    if figure is None or not report.has_remarks:
        raise errors.NotFound("no_such_question", question=question)
    remarks = queries.remarks(current.actor(), found, question, group=form.group(), page=form.page())
    return render_template("reporting/survey_remarks.html", form=form, survey=found, figure=figure, remarks=remarks)


@blueprint.get("/laporan/angket.<any(csv, xlsx):dress>")
@requires(Permission.SURVEY_READ)
def survey_file(dress: str) -> Response:
    form, found = _asked(request.args.get("angket", ""))
    if found is None:
        raise errors.NotFound("no_surveys")
    report = queries.report(current.actor(), found, group=form.group())
    headings = [_("Survey question"), _("Answer"), _("Number"), _("Per cent"), _("Mean")]
    headings += [] if found.is_anonymous else [_("Name")]
    rows = [row[: len(headings)] for row in _rows(form, found, report)]
    return tables.attachment(tables.Sheet(found.title, _notes(form, found, report), headings, rows), dress, found.code)


def _asked(code: str) -> tuple[SurveyForm, queries.Survey | None]:
    """The filters, and the survey asked for; the first when none is named."""
    found = queries.published()
    chosen = next((each for each in found if each.code == code), found[0] if found else None)
    values = request.args.copy()
    values["angket"] = chosen.code if chosen else ""
    choices = [(each.code, f"{each.module}: {each.title}") for each in found]
    return SurveyForm(values, surveys=choices, cohorts=cohort_choices(), scope=current.actor().scope), chosen


def _rows(form: SurveyForm, found: queries.Survey, report: queries.Report) -> Iterator[Sequence[tables.Cell]]:
    for figure in report.figures if report.shown else ():
        stem = do_striptags(figure.question["stem_html"])
        mean = "" if figure.mean is None else round(figure.mean, 2)
        for _value, html, number in figure.rows:
            yield stem, do_striptags(html), number, _percent(number, figure), mean, ""
        if figure.is_typed and report.has_remarks:
            said = queries.remarks(current.actor(), found, figure.question["id"], group=form.group(), page=None)
            for text, name in said.rows:
                yield stem, text, 1, "", "", name


def _percent(number: int, figure: Figure) -> tables.Cell:
    return round(100 * number / figure.answered, 1) if figure.answered else ""


def _notes(form: SurveyForm, found: queries.Survey, report: queries.Report) -> list[str]:
    notes = [
        found.module,
        _("As of %(instant)s", instant=filters.instant(clock.now())),
        _("Answers: %(sent)d, of which %(shown)d are shown.", sent=report.sent, shown=report.shown),
    ]
    if found.is_anonymous:
        notes.append(_("Without names: no figures for groups of fewer than %(fewest)d answers.", fewest=FEWEST))
    names = dict(cohort_choices())
    if form.group() in names:
        notes.append(_("Cohort: %(name)s", name=names[form.group()]))
    shown = [form.group()] if form.group() in provinces.PROVINCES else current.actor().scope
    if shown:
        notes.append(_("Provinces: %(names)s", names=", ".join(provinces.PROVINCES[iso].name for iso in shown)))
    if current_app.config["SETTINGS"].demo:
        notes.append(_("SAMPLE DATA: the people in this table do not exist."))
    return notes
