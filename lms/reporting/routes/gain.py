"""What people learned between two tests: a page, CSV and XLSX."""

from collections.abc import Iterator, Sequence

from flask import Response, current_app, render_template, request
from flask_babel import gettext as _
from jinja2.filters import do_striptags

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.kernel import clock, errors, provinces
from lms.reporting import gain as queries
from lms.reporting.forms import GainForm
from lms.reporting.queries import cohort_choices
from lms.reporting.routes.blueprint import blueprint
from lms.rules.learning_gain import FEWEST
from lms.web import filters, tables


@blueprint.get("/laporan/peningkatan")
@requires(Permission.GAIN_READ)
def gain() -> str:
    form, pair = _asked()
    report = _report(form, pair) if pair else None
    return render_template("reporting/gain.html", form=form, pair=pair, report=report, fewest=FEWEST, now=clock.now())


@blueprint.get("/laporan/peningkatan.<any(csv, xlsx):dress>")
@requires(Permission.GAIN_READ)
def gain_file(dress: str) -> Response:
    form, pair = _asked()
    if pair is None:
        raise errors.NotFound("no_tests")
    report = _report(form, pair)
    headings = [
        _("Group"), _("Name"), _("Companions"), _("Took both"), _("Only before"), _("Only after"), _("Neither"),
        _("Mean before"), _("Mean after"), _("Median before"), _("Median after"), _("Gain in points"),
        _("95 %% from").replace("%%", "%"), _("95 %% to").replace("%%", "%"), _("Normalised gain"),
        _("Mean of single gains"), _("Full score before"), _("Waiting for marking"),
    ]  # fmt: skip
    sheet = tables.Sheet(_("Learning gain"), _notes(form, pair), headings, _rows(report))
    return tables.attachment(sheet, dress, "peningkatan", _questions(form, pair, report))


@blueprint.get("/laporan/peningkatan/soal.csv")
@requires(Permission.GAIN_READ)
def gain_questions_file() -> Response:
    form, pair = _asked()
    if pair is None:
        raise errors.NotFound("no_tests")
    return tables.attachment(_questions(form, pair, _report(form, pair)), "csv", "peningkatan-soal")


def _asked() -> tuple[GainForm, queries.Tests | None]:
    """The filters, and the pair of tests asked for by the code of either; the first pair when none is named."""
    pairs = queries.tests()
    asked = request.args.get("tes", "")
    pair = next((each for each in pairs if asked in (each.before_code, each.after_code)), pairs[0] if pairs else None)
    tests = [(each.before_code, f"{each.module}: {each.before_title}, {each.after_title}") for each in pairs]
    values = request.args.copy()
    values["tes"] = pair.before_code if pair else ""
    return GainForm(values, tests=tests, cohorts=cohort_choices(), scope=current.actor().scope), pair


def _report(form: GainForm, pair: queries.Tests) -> queries.Report:
    return queries.report(current.actor(), pair, cohort=form.value("angkatan"), province=form.value("provinsi"))


def _rows(report: queries.Report) -> Iterator[Sequence[tables.Cell]]:
    yield _row(_("All"), report.everyone)
    for group in report.cohorts:
        yield _row(_("Cohort"), group)
    for group in report.provinces:
        yield _row(_("Province"), group)


def _questions(form: GainForm, pair: queries.Tests, report: queries.Report) -> tables.Sheet:
    """Question by question, as below the figures of the page."""
    headings = [_("Text before"), _("Text after"), _("Before"), _("After"), _("Difference")]
    rows = (
        (
            do_striptags(each.before_html), do_striptags(each.after_html), round(each.before, 2),
            round(each.after, 2), round(each.after - each.before, 2),
        )
        for each in report.questions
    )  # fmt: skip
    return tables.Sheet(_("Question by question"), _notes(form, pair), headings, rows, tab=_("Questions"))


def _row(kind: str, group: queries.Group) -> Sequence[tables.Cell]:
    turnout, found = group.turnout, group.gain
    figures: Sequence[float | None] = [None] * 10
    if found:
        figures = [
            found.mean_before, found.mean_after, found.median_before, found.median_after, found.difference,
            found.low, found.high, found.normalised, found.mean_single, found.full_before,
        ]  # fmt: skip
    counts = (turnout.people, turnout.both, turnout.only_before, turnout.only_after, turnout.neither)
    shown = ("" if each is None else round(each, 2) for each in figures)
    return [kind, group.name, *counts, *shown, turnout.waiting]


def _notes(form: GainForm, pair: queries.Tests) -> list[str]:
    scope = current.actor().scope
    notes = [
        f"{pair.module}: {pair.before_title}, {pair.after_title}",
        _("As of %(instant)s", instant=filters.instant(clock.now())),
        _("No figures for fewer than %(fewest)d people who took both tests.", fewest=FEWEST),
    ]
    if form.value("angkatan"):
        notes.append(_("Cohort: %(name)s", name=dict(cohort_choices())[form.value("angkatan")]))
    shown = [form.value("provinsi")] if form.value("provinsi") else scope
    if shown:
        notes.append(_("Provinces: %(names)s", names=", ".join(provinces.PROVINCES[iso].name for iso in shown)))
    if current_app.config["SETTINGS"].demo:
        notes.append(_("SAMPLE DATA: the people in this table do not exist."))
    return notes
