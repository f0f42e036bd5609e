"""Forms of the roster and of one's own data."""

from typing import Any

import phonenumbers
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import Email, InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.accounts import queries
from lms.accounts.actions.people import Details
from lms.accounts.sentences import KINDS
from lms.kernel import clock, provinces
from lms.models.people import Language, Person, Role
from lms.rules import civil_service
from lms.web import fields

ROLES = {
    Role.COMPANION: _l("Companion"),
    Role.TRAINER: _l("Trainer"),
    Role.DIRECTORATE: _l("Directorate"),
    Role.ADMIN: _l("Admin"),
}

SENTENCES = {
    "email_taken": _l("Another account already has this e-mail."),
    "nip_taken": _l("Another account already has this NIP."),
    "cannot_demote_oneself": _l("You cannot take the admin role from yourself. Ask another admin."),
    "cannot_deactivate_oneself": _l("You cannot deactivate yourself. Ask another admin."),
    "person_deactivated": _l("This account is deactivated. Activate it first."),
}

_NIP = {
    "nip_not_digits": _l("A NIP has digits only."),
    "nip_length": _l("A NIP has 18 digits."),
    "nip_birth_date": _l("The first eight digits of a NIP are the date of birth, year first."),
    "nip_sex_digit": _l("The fifteenth digit of a NIP is 1 or 2."),
}

LANGUAGES = [(Language.ID.value, "Bahasa Indonesia"), (Language.EN.value, "English")]

_required = InputRequired(message=_l("Fill this in."))


def phone(value: str | None) -> str:
    """Return a number in E.164 when it is a possible one (Indonesia's when no country is named), else as typed."""
    text = fields.cleaned(value)
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        return text
    possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else text


def check_phone(_form: Any, field: Field) -> None:
    """Accept an empty field or E.164."""
    if field.data and not (field.data.startswith("+") and field.data[1:].isdigit()):
        raise ValidationError(_l("Write a phone number such as 0812-3456-7890."))


class CheckboxesField(SelectMultipleField):
    """Several of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class OwnForm(FlaskForm):
    """What everyone may change about herself."""

    language = RadioField(_l("Language"), choices=fields.choices(LANGUAGES))
    whatsapp = fields.line(_l("WhatsApp number (optional)"), longest=40, validators=[check_phone])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whatsapp.filters = [phone]
        self.whatsapp.data = phone(self.whatsapp.data)


class PersonForm(FlaskForm):
    """Everything the admin may write about a person."""

    name = fields.line(_l("Full name"), validators=[_required])
    title_before = fields.line(_l("Title before the name"), longest=40)
    title_after = fields.line(_l("Title after the name"), longest=60)
    role = RadioField(
        _l("Role"), choices=fields.choices((role.value, text) for role, text in ROLES.items()), default="companion"
    )
    nip = fields.line(_l("NIP / NI PPPK"), longest=40)
    email = fields.line(
        _l("Work e-mail"),
        longest=200,
        validators=[_required, Email(message=_l("Write an e-mail address such as nama@instansi.go.id."))],
    )
    whatsapp = fields.line(_l("WhatsApp number (optional)"), longest=40, validators=[check_phone])
    province_iso = SelectField(_l("Province"), validate_choice=True)
    regency = fields.line(_l("Regency or city"))
    unit = fields.line(_l("Work unit"))
    position = fields.line(_l("Position"))
    contract_began_on = fields.DayField(_l("First day of the work agreement"))
    language = RadioField(_l("Language"), choices=fields.choices(LANGUAGES), default="id")
    scope = CheckboxesField(
        _l("Provinces of a coordinator"), choices=fields.choices((k, p.name) for k, p in provinces.PROVINCES.items())
    )
    cohorts = CheckboxesField(_l("Cohorts"))

    def __init__(self, *args: Any, person: Person | None = None, cohorts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.province_iso.choices = fields.province_choices(_l("Choose a province"))
        self.cohorts.choices = fields.choices(cohorts)
        self.whatsapp.data = phone(self.whatsapp.data)

    def validate_nip(self, field: Field) -> None:
        """A NIP of the right form that nobody else has; companions must have one."""
        field.data = civil_service.normalised(field.data)
        if not field.data:
            if self.role.data == Role.COMPANION.value:
                raise ValidationError(_l("A companion needs a NIP or NI PPPK."))
            return
        if code := civil_service.problem(field.data, today=clock.report_day(clock.now())):
            raise ValidationError(_NIP[code])
        self._refuse_taken(Person.nip, field.data, "nip_taken")

    def validate_email(self, field: Field) -> None:
        """An address that nobody else has."""
        self._refuse_taken(Person.email_key, field.data.casefold(), "email_taken")

    def validate_province_iso(self, field: Field) -> None:
        """Companions stand somewhere."""
        if not field.data and self.role.data == Role.COMPANION.value:
            raise ValidationError(_l("Choose the province in which she works."))

    def validate_scope(self, field: Field) -> None:
        """Only the directorate is limited."""
        if field.data and self.role.data != Role.DIRECTORATE.value:
            raise ValidationError(_l("Only a directorate account can be limited to provinces."))

    def details(self) -> Details:
        """Return the checked values."""
        return Details(
            role=Role(self.role.data),
            name=self.name.data,
            title_before=self.title_before.data,
            title_after=self.title_after.data,
            nip=self.nip.data or None,
            province_iso=self.province_iso.data or None,
            regency=self.regency.data,
            unit=self.unit.data,
            position=self.position.data,
            email=self.email.data,
            whatsapp=self.whatsapp.data,
            language=Language(self.language.data),
            scope=tuple(self.scope.data or ()),
            contract_began_on=self.contract_began_on.data,
        )

    def _refuse_taken(self, column: Any, value: str, code: str) -> None:
        if queries.is_taken(column, value, except_uid=self.person.uid if self.person else ""):
            raise ValidationError(SENTENCES[code])


class RosterForm(fields.QueryForm):
    """The query string of the roster."""

    cari = fields.line(_l("Name, NIP or e-mail"), longest=100)
    peran = SelectField(_l("Role"), default="")
    provinsi = SelectField(_l("Province"), default="")
    angkatan = SelectField(_l("Cohort"), default="")
    keadaan = SelectField(
        _l("State"),
        choices=fields.choices([("active", _l("Active")), ("inactive", _l("Deactivated")), ("all", _l("All"))]),
        default="active",
    )
    halaman = IntegerField(_l("Page"), validators=[Optional(), NumberRange(1, 100_000)], default=1)

    def __init__(self, *args: Any, cohorts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, text) for role, text in ROLES.items()]
        self.peran.choices = fields.choices([("", _l("All roles")), *roles])
        self.provinsi.choices = fields.province_choices(_l("All provinces"))
        self.angkatan.choices = fields.choices([("", _l("All cohorts")), *cohorts])

    def wanted(self) -> queries.RosterFilter:
        """Return the filter; fields that make no sense do not filter."""
        self.validate()
        value = {name: field.default if field.errors else field.data for name, field in self._fields.items()}
        return queries.RosterFilter(
            text=value["cari"] or "", role=value["peran"] or "", province=value["provinsi"] or "",
            cohort=value["angkatan"] or "", state=value["keadaan"] or "active",
        )  # fmt: skip

    def page(self) -> int:
        """Return the page number, the first when it makes no sense."""
        return 1 if self.halaman.errors or not self.halaman.data else int(self.halaman.data)


class AuditForm(fields.QueryForm):
    """The query string of the audit trail."""

    cari = fields.line(_l("Name or subject"), longest=100)
    jenis = SelectField(
        _l("Kind"),
        default="",
        choices=fields.choices([("", _l("All kinds")), *((key, name) for key, (name, _) in KINDS.items())]),
    )
    halaman = IntegerField(_l("Page"), validators=[Optional(), NumberRange(1, 100_000)], default=1)
