"""Who has completed what: each page also as CSV and as XLSX."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import Response, current_app, render_template, request
from flask_babel import gettext as _

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.kernel import clock, errors, provinces
from lms.reporting import charts, queries
from lms.reporting.forms import STATES, TONES, PeopleForm, ReportForm
from lms.reporting.routes.blueprint import blueprint
from lms.rules import masks
from lms.web import filters, tables


@blueprint.get("/laporan/penuntasan")
@requires(Permission.COMPLETION_READ)
def completion() -> str:
    form, report = _report()
    sort = form.value("urut") or ""
    return render_template(
        "reporting/completion.html",
        form=form,
        report=report,
        rows=charts.sorted_rows(report.rows, sort),
        sort=sort,
        by_share=charts.sorted_rows(report.rows, ""),
        points=charts.line(report.weeks, report.people),
        heat=charts.heat,
        now=clock.now(),
        chart=charts,
    )


@blueprint.get("/laporan/penuntasan.<any(csv, xlsx):dress>")
@requires(Permission.COMPLETION_READ)
def completion_file(dress: str) -> Response:
    form, report = _report()
    rows = charts.sorted_rows(report.rows, form.value("urut") or "")
    codes = [column.code for column in report.columns]
    headings = [_("Province"), _("Companions"), _("Completed the whole"), *(code.upper() for code in codes)]
    body: list[Sequence[tables.Cell]] = [
        (row.province.name, row.people, row.done, *(row.by_module[code] for code in codes)) for row in rows
    ]
    body.append((_("All"), report.people, report.done, *(report.by_module[code] for code in codes)))
    return tables.attachment(tables.Sheet(_("Completion"), _notes(report.wanted), headings, body), dress, "penuntasan")


@blueprint.get("/laporan/penuntasan/orang")
@requires(Permission.COMPLETION_READ)
def people() -> str:
    form = _people_form()
    unit, province = _unit(form), _province(form)
    number = form.value("halaman") or 1
    found = queries.people(
        current.actor(), form.chosen(), unit=unit, province=province, state=form.state(), sort=form.sort(),
        page=number, now=clock.now(),
    )  # fmt: skip
    return render_template(
        "reporting/people.html",
        form=form,
        found=found,
        unit=unit,
        about=[_unit_name(unit, form), *_dates(form.chosen())],
        province=provinces.PROVINCES.get(province),
        states=STATES,
        tones=TONES,
    )


@blueprint.get("/laporan/penuntasan/orang.<any(csv, xlsx):dress>")
@requires(Permission.COMPLETION_READ)
def people_file(dress: str) -> Response:
    form = _people_form()
    found = queries.people(
        current.actor(), form.chosen(), unit=_unit(form), province=_province(form), state=form.state(),
        sort=form.sort(), page=None, now=clock.now(),
    )  # fmt: skip
    headings = [
        _("Name"), _("NIP"), _("Province"), _("Regency or city"), _("State"), _("Done"), _("Of"), _("Completed on"),
        _("Last activity"), _("Due"), _("E-mail"), _("WhatsApp"),
    ]  # fmt: skip
    notes = [*_notes(form.chosen()), _unit_name(_unit(form), form)]
    return tables.attachment(
        tables.Sheet(_("Companions"), notes, headings, _people_rows(found.rows)), dress, "pendamping"
    )


def _people_rows(rows: Sequence[queries.Stand]) -> Iterator[Sequence[tables.Cell]]:
    for row in rows:
        yield (
            row.name, masks.nip(row.nip), row.province.name if row.province else "", row.regency,
            str(STATES[row.state]), row.done, row.total, _iso(row.completed_at), _iso(row.last_at), _iso(row.due_at),
            row.email, row.whatsapp,
        )  # fmt: skip


def _report() -> tuple[ReportForm, queries.Report]:
    form = ReportForm(request.args, cohorts=queries.cohort_choices(), courses=queries.course_choices())
    return form, queries.report(current.actor(), form.wanted(), now=clock.now())


def _people_form() -> PeopleForm:
    return PeopleForm(
        request.args, cohorts=queries.cohort_choices(), courses=queries.course_choices(), scope=current.actor().scope
    )


def _unit(form: PeopleForm) -> str:
    """The unit asked for, that of the filters when none is named. Raises NotFound for one that does not exist."""
    asked = str(form.value("satuan") or "")
    if not asked:
        return form.wanted().unit
    bundles = {f"{course}:{kind}" for course in ("*", *form.courses) for kind in ("core", "all")}
    modules = {column.code for column in queries.columns_of(queries.Wanted(is_core=False))}
    if asked not in bundles | modules:
        raise errors.NotFound("no_such_unit", unit=asked)
    return asked


def _province(form: PeopleForm) -> str:
    """The province asked for. Raises NotFound for one outside the reader's provinces: it does not exist for her."""
    asked, scope = form.provinsi.data, current.actor().scope
    if asked in provinces.PROVINCES and scope and asked not in scope:
        raise errors.NotFound("no_such_province", province=asked)
    return str(form.value("provinsi") or "")


def _unit_name(unit: str, form: PeopleForm) -> str:
    course, _sep, kind = unit.partition(":")
    if not kind:
        return unit.upper()
    whole = _("all tracks") if course == "*" else form.courses[course]
    return _("Core modules, %(whole)s", whole=whole) if kind == "core" else _("All modules, %(whole)s", whole=whole)


def _notes(wanted: queries.Wanted) -> list[str]:
    scope = current.actor().scope
    notes = [_("As of %(instant)s", instant=filters.instant(clock.now()))]
    if wanted.cohort:
        notes.append(_("Cohort: %(name)s", name=dict(queries.cohort_choices()).get(wanted.cohort, wanted.cohort)))
    notes.append(_("Core modules") if wanted.is_core else _("All modules"))
    notes += _dates(wanted)
    if scope:
        notes.append(_("Provinces: %(names)s", names=", ".join(provinces.PROVINCES[iso].name for iso in scope)))
    if current_app.config["SETTINGS"].demo:
        notes.append(_("SAMPLE DATA: the people in this table do not exist."))
    return notes


def _dates(wanted: queries.Wanted) -> list[str]:
    if not wanted.since and not wanted.until:
        return []
    first = filters.day(wanted.since) if wanted.since else "…"
    last = filters.day(wanted.until) if wanted.until else "…"
    return [_("Completed from %(first)s to %(last)s", first=first, last=last)]


def _iso(at: datetime | None) -> str:
    """ISO 8601 with offset: a file is read by machines in other zones too."""
    return at.astimezone(filters.reader_zone()).isoformat(timespec="minutes") if at else ""
