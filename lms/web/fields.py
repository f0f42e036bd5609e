"""Checks that forms of more than one room share: plain text, instants with a zone, chosen places."""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, Field, Form, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from lms.kernel import clock, errors, provinces
from lms.rules import civil_service


def cleaned(value: str | None) -> str:
    """Return the text in NFC, trimmed, inner blanks single; everything else that people are called stays as it is."""
    return " ".join(unicodedata.normalize("NFC", value or "").split())


def no_controls(_form: Any, field: Field) -> None:
    """Refuse control characters: they belong to no name and break exports."""
    if any(unicodedata.category(each) in {"Cc", "Cs"} for each in field.data or ""):
        raise ValidationError(_l("This contains characters that cannot be used. Type it anew."))


def no_nik(_form: Any, field: Field) -> None:
    """Refuse a number in the form of a NIK anywhere."""
    if civil_service.holds_nik(field.data or ""):
        raise ValidationError(_l("This looks like a NIK. Pandu does not keep NIK; remove the number."))


def line(label: Any, *, longest: int = 120, validators: Iterable[Any] = (), **kwargs: Any) -> StringField:
    """A field of one line of text with the checks that hold for every such field."""
    too_long = Length(max=longest, message=_l("Write at most %(max)d characters."))
    return StringField(label, filters=[cleaned], validators=[*validators, too_long, no_controls, no_nik], **kwargs)


class Words:
    """What WTForms says by itself, in the reader's language: it has no Indonesian."""

    own: ClassVar[dict[str, Any]] = {
        "Not a valid choice.": _l("Choose one of these."),
        "Not a valid integer value.": _l("Write a whole number."),
    }

    def gettext(self, string: str) -> str:
        """Return our sentence for one of WTForms."""
        return str(self.own.get(string, string))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return what WTForms says; nothing that we use has a plural."""
        return self.gettext(singular if number == 1 else plural)


class QueryForm(Form):
    """A query string read as a form."""

    class Meta:
        """How WTForms speaks."""

        def get_translations(self, _form: Any) -> Words:
            """Return our words."""
            return Words()


def this_century(_form: Any, field: Field) -> None:
    """Refuse a day of another century: someone has typed two digits of the year."""
    if field.data and not 2000 <= field.data.year <= 2100:
        raise ValidationError(_l("Write the year with four digits, such as 2026."))


class DayField(DateField):
    """A day of this century."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        wrong = _l("Write a date such as 2025-10-01.")
        super().__init__(label, validators=[Optional(), this_century], invalid_value_message=wrong, **kwargs)


class InstantField(DateTimeLocalField):
    """A date and time typed in Jakarta's zone; `instant` is what it means in UTC."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label, validators=[Optional(), this_century],
            format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            invalid_value_message=_l("Write a date and time such as 2025-10-01 08:00."), **kwargs,
        )  # fmt: skip

    @property
    def instant(self) -> datetime | None:
        """The aware instant, or none when empty."""
        return self.data.replace(tzinfo=clock.JAKARTA).astimezone(UTC) if self.data else None


def local(instant: datetime | None, zone: ZoneInfo = clock.JAKARTA) -> datetime | None:
    """Return the naive local time that a field shows for an instant."""
    return instant.astimezone(zone).replace(tzinfo=None) if instant else None


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return (value, label) pairs as the choices of a field; labels may be lazy."""
    return [SelectChoice(value, label) for value, label in pairs]


def province_choices(empty: Any) -> list[SelectChoice]:
    """Return the choices of a province field, with a first empty one."""
    return choices([("", empty), *((iso, each.name) for iso, each in provinces.PROVINCES.items())])


def show(form: FlaskForm, error: errors.Refused, sentences: dict[str, Any]) -> None:
    """Put a refusal of an action beside the field it names, or above the form."""
    sentence = sentences[error.code] % error.values if error.values else sentences[error.code]
    field = form._fields.get(error.field or "")
    if field is None:
        form.form_errors.append(sentence)
    else:
        field.errors = [*field.errors, sentence]
