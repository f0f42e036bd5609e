"""Forms of cohorts."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NoneOf, Regexp

from lms.accounts.actions.cohorts import Dates
from lms.accounts.queries import CourseDates
from lms.web import fields

SENTENCES = {
    "cohort_code_taken": _l("Another cohort already has this code."),
    "due_before_opening": _l("The due date lies before the opening."),
}

_required = InputRequired(message=_l("Fill this in."))


class NewCohortForm(FlaskForm):
    """A cohort to be."""

    name = fields.line(_l("Name of the cohort"), validators=[_required])
    code = fields.line(
        _l("Short code for addresses"),
        longest=40,
        validators=[
            _required,
            Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z", message=_l("Use small letters, digits and dashes.")),
            NoneOf(["baru"], message=_l("Choose another code: the page for new cohorts has this address.")),
        ],
    )


class CohortForm(FlaskForm):
    """A cohort's name, and for each course whether it is taken and when; fields are bound by `cohort_form`."""

    name = fields.line(_l("Name of the cohort"), validators=[_required])


def cohort_form(courses: Sequence[CourseDates], **kwargs: Any) -> CohortForm:
    """Return a CohortForm with three fields for each course: `<code>-taken`, `<code>-opens_at`, `<code>-due_at`."""
    bound: dict[str, Any] = {}
    for course in courses:
        bound[f"{course.code}-taken"] = BooleanField(
            course.title, validators=[_dates_are_kept(course)], default=course.is_taken
        )
        bound[f"{course.code}-opens_at"] = fields.InstantField(_l("Opens (WIB)"), default=fields.local(course.opens_at))
        bound[f"{course.code}-due_at"] = fields.InstantField(_l("Due (WIB)"), default=fields.local(course.due_at))
    kind = type("BoundCohortForm", (CohortForm,), bound)
    return kind(**kwargs)


def _dates_are_kept(course: CourseDates) -> Callable[[Any, Field], None]:
    """Refuse dates for a course that the cohort neither takes nor took: they would be dropped in silence."""

    def check(form: Any, field: Field) -> None:
        dates = (form[f"{course.code}-{name}"] for name in ("opens_at", "due_at"))
        if not field.data and not course.is_taken and any(each.data for each in dates):
            raise ValidationError(_l("Tick the course, or clear its dates."))

    return check


def dates_of(form: CohortForm, courses: Sequence[CourseDates]) -> dict[str, Dates]:
    """Return course code → dates for the courses that are taken."""
    value = form._fields
    return {
        course.code: Dates(value[f"{course.code}-opens_at"].instant, value[f"{course.code}-due_at"].instant)
        for course in courses
        if value[f"{course.code}-taken"].data
    }


class MembersForm(FlaskForm):
    """Companions to add, a line each."""

    identifiers = TextAreaField(
        _l("NIP or e-mail, one a line"),
        validators=[_required, Length(max=40_000, message=_l("Write at most %(max)d characters."))],
    )


class ProvinceForm(FlaskForm):
    """All companions of a province."""

    province = SelectField(_l("Province"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.province.choices = fields.province_choices(_l("Choose a province"))
