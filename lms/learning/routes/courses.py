"""Home, the tracks, a course's outline, the record of what was learned."""

from datetime import datetime

from flask import current_app, render_template
from flask_babel import gettext as _

from lms.access import current
from lms.access.guard import requires
from lms.access.permissions import Permission
from lms.kernel import clock
from lms.learning import queries
from lms.learning.routes.blueprint import blueprint
from lms.rules import learning_hours
from lms.web import filters


@blueprint.get("/beranda")
@requires(Permission.FACT_RECORD)
def home() -> str:
    actor, now = current.actor(), clock.now()
    outlines = queries.outlines(actor, now=now)
    return render_template(
        "learning/home.html",
        greeting=_greeting(now),
        courses=outlines,
        course=queries.course_to_continue(outlines),
        due=queries.due(outlines),
        waiting=queries.waiting_of(actor),
        now=now,
        year=_this_year(now),
        cap=current_app.config["SETTINGS"].jp_cap,
    )


@blueprint.get("/belajar")
@requires(Permission.CONTENT_READ)
def catalogue() -> str:
    outlines = queries.outlines(current.actor(), now=clock.now())
    return render_template("learning/catalogue.html", courses=outlines, summaries=queries.course_summaries())


@blueprint.get("/belajar/<course>")
@requires(Permission.CONTENT_READ)
def course(course: str) -> str:
    outline, text = queries.course_for_reader(current.actor(), course=course, now=clock.now())
    return render_template(
        "learning/course.html", course=outline, text=text, modules=queries.module_summaries(course), now=clock.now()
    )


@blueprint.get("/capaian")
@requires(Permission.FACT_RECORD)
def record() -> str:
    actor, now = current.actor(), clock.now()
    entries = queries.learning_hours_of(actor)
    cap = current_app.config["SETTINGS"].jp_cap
    years = learning_hours.years(entries, began_on=actor.contract_began_on, cap=cap)
    return render_template(
        "learning/record.html",
        this_year=_this_year(now, entries),
        years=years,
        cap=cap,
        courses=queries.outlines(actor, now=now),
    )


def _this_year(now: datetime, entries: list[learning_hours.Entry] | None = None) -> learning_hours.Year:
    actor = current.actor()
    entries = queries.learning_hours_of(actor) if entries is None else entries
    today = now.astimezone(filters.reader_zone()).date()
    cap = current_app.config["SETTINGS"].jp_cap
    return learning_hours.year_of(entries, began_on=actor.contract_began_on, cap=cap, day=today)


def _greeting(now: datetime) -> str:
    hour = now.astimezone(filters.reader_zone()).hour
    if hour < 11:
        return _("Good morning")
    if hour < 15:
        return _("Good day")
    return _("Good afternoon") if hour < 18 else _("Good evening")
