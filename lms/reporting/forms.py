"""The query strings of the reports: what cannot be understood does not filter, and is said."""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from lms.kernel import provinces
from lms.reporting.queries import Sort, State, Wanted
from lms.web import fields

STATES = {
    State.DONE: _l("Complete"),
    State.STARTED: _l("Learning"),
    State.NOT_STARTED: _l("Not started"),
    State.OVERDUE: _l("Past the due date"),
}

TONES = {State.DONE: "leaf", State.STARTED: "sea", State.NOT_STARTED: "plain", State.OVERDUE: "turmeric"}
"""The colour that seconds the word."""


def _province_choices(scope: list[str]) -> list[SelectChoice]:
    """Return the provinces that a reader may choose from: hers, or all."""
    everywhere = fields.province_choices(_l("All provinces"))
    return [each for each in everywhere if not scope or each.value in ("", *scope)]


class ReportForm(fields.QueryForm):
    """Filters of the completion page."""

    angkatan = SelectField(_l("Cohort"), default="")
    jalur = SelectField(_l("Track"), default="")
    paket = RadioField(
        _l("Modules"), choices=fields.choices([("inti", _l("Core")), ("semua", _l("All"))]), default="inti"
    )
    dari = fields.DayField(_l("From"))
    sampai = fields.DayField(_l("Until"))
    urut = SelectField(_l("Sort"), validate_choice=False, default="")

    def __init__(
        self, *args: Any, cohorts: list[tuple[str, str]], courses: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.courses = dict(courses)
        self.angkatan.choices = fields.choices([("", _l("All cohorts")), *cohorts])
        self.jalur.choices = fields.choices([("", _l("All tracks")), *courses])
        self.urut.choices = []
        self.validate()
        if self.dari.data and self.sampai.data and self.dari.data > self.sampai.data:
            self.sampai.errors = [_l("The last day lies before the first.")]

    def value(self, name: str) -> Any:
        """Return a field's value, its default when it makes no sense."""
        field = self._fields[name]
        return field.default if field.errors else field.data or field.default

    def wanted(self) -> Wanted:
        """Return the filters."""
        return Wanted(
            cohort=self.value("angkatan") or "",
            course=self.value("jalur") or "",
            is_core=self.value("paket") != "semua",
            since=self.value("dari"),
            until=self.value("sampai"),
        )

    def query(self, **changes: str) -> dict[str, str]:
        """Return the query string as it stands, with changes; empty values and defaults are left out."""
        wanted = self.wanted()
        values = {
            "angkatan": wanted.cohort,
            "jalur": wanted.course,
            "paket": "" if wanted.is_core else "semua",
            "dari": wanted.since.isoformat() if wanted.since else "",
            "sampai": wanted.until.isoformat() if wanted.until else "",
            "urut": self.value("urut") or "",
        }
        return {name: value for name, value in (values | changes).items() if value}


class PeopleForm(ReportForm):
    """Filters of the people behind a number."""

    satuan = SelectField(_l("Module or package"), validate_choice=False, default="")
    provinsi = SelectField(_l("Province"), default="")
    keadaan = SelectField(_l("State"), default="")
    halaman = IntegerField(_l("Page"), validators=[Optional(), NumberRange(1, 100_000)], default=1)

    def __init__(self, *args: Any, scope: list[str], **kwargs: Any) -> None:
        self.provinces = _province_choices(scope)
        super().__init__(*args, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        """Fill the choices, then check."""
        self.provinsi.choices = self.provinces
        states = [(state.value, text) for state, text in STATES.items()]
        self.keadaan.choices = fields.choices([("", _l("All states")), *states])
        self.satuan.choices = []
        return bool(super().validate(extra_validators))

    def state(self) -> State | None:
        """Return the state asked for, if any."""
        return State(self.value("keadaan")) if self.value("keadaan") else None

    def chosen(self) -> Wanted:
        """Return the filters as they hold for people: dates choose completions, so only among who is complete."""
        wanted = self.wanted()
        return wanted if self.state() is State.DONE else replace(wanted, since=None, until=None)

    def sort(self) -> Sort:
        """Return the order asked for."""
        asked = self.value("urut")
        return Sort(asked) if asked in {sort.value for sort in Sort} else Sort.NAME

    def query(self, **changes: str) -> dict[str, str]:
        """Return the query string as it stands, with changes."""
        own = {
            "satuan": self.value("satuan") or "",
            "provinsi": self.value("provinsi") or "",
            "keadaan": self.value("keadaan") or "",
        }
        return super().query(**(own | changes))


class SurveyForm(fields.QueryForm):
    """Filters of the results of surveys. One group at a time: of a cohort in a province there would be too few."""

    angket = SelectField(_l("Survey"), default="")
    kelompok = SelectField(_l("Group"), default="")
    halaman = IntegerField(_l("Page"), validators=[Optional(), NumberRange(1, 100_000)], default=1)

    def __init__(
        self,
        *args: Any,
        surveys: list[tuple[str, str]],
        cohorts: list[tuple[str, str]],
        scope: list[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        there = [(iso, each.name) for iso, each in provinces.PROVINCES.items() if not scope or iso in scope]
        self.angket.choices = fields.choices(surveys)
        self.kelompok.choices = [
            *fields.choices([("", _l("Everyone"))]),
            *(SelectChoice(code, name, optgroup=_l("Cohort")) for code, name in cohorts if not scope),
            *(SelectChoice(iso, name, optgroup=_l("Province")) for iso, name in there),
        ]
        self.validate()

    def group(self) -> str:
        """Return the group asked for; empty for everyone, and for what makes no sense."""
        return "" if self.kelompok.errors else self.kelompok.data or ""

    def page(self) -> int:
        """Return the page asked for, the first when it makes no sense."""
        return 1 if self.halaman.errors else self.halaman.data or 1

    def query(self) -> dict[str, str]:
        """Return the query string as it stands; empty values are left out."""
        return {"kelompok": self.group()} if self.group() else {}


class GainForm(fields.QueryForm):
    """Filters of the page about learning gain."""

    tes = SelectField(_l("Tests"), default="")
    angkatan = SelectField(_l("Cohort"), default="")
    provinsi = SelectField(_l("Province"), default="")

    def __init__(
        self, *args: Any, tests: list[tuple[str, str]], cohorts: list[tuple[str, str]], scope: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tes.choices = fields.choices(tests)
        self.angkatan.choices = fields.choices([("", _l("All cohorts")), *cohorts])
        self.provinsi.choices = _province_choices(scope)
        self.validate()

    def value(self, name: str) -> str:
        """Return a field's value, empty when it makes no sense."""
        field = self._fields[name]
        return "" if field.errors else str(field.data or "")

    def query(self) -> dict[str, str]:
        """Return the query string as it stands; empty values are left out."""
        return {name: self.value(name) for name in self._fields if self.value(name)}
