"""Forms of signing in and of passwords."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from lms.kernel import passwords

SENTENCES = {
    "sign_in_wrong": _l("NIP, e-mail or password does not match."),
    "password_wrong": _l("This is not your current password."),
    "password_same": _l("Choose a password that differs from the current one."),
    "password_short": _l("Use at least 10 characters; a sentence of three words is easy to remember."),
    "password_long": _l("Use at most 200 characters."),
    "password_simple": _l("This password is easily guessed. Use several different words."),
    "password_personal": _l("Do not use your name, NIP or e-mail in the password."),
}

_required = InputRequired(message=_l("Fill this in."))
_longest = Length(max=passwords.MAX_LENGTH, message=SENTENCES["password_long"])


class SignInForm(FlaskForm):
    """The door."""

    identifier = StringField(
        _l("NIP or e-mail"),
        validators=[_required, Length(max=200, message=_l("Write at most %(max)d characters."))],
    )
    password = PasswordField(_l("Password"), validators=[_required, _longest])
    remember = BooleanField(_l("Stay signed in on this device"))
    next = HiddenField()


class ForgottenForm(FlaskForm):
    """Asks for a link by mail."""

    identifier = StringField(
        _l("NIP or e-mail"),
        validators=[_required, Length(max=200, message=_l("Write at most %(max)d characters."))],
    )


class NewPasswordForm(FlaskForm):
    """Sets a password through a one-time link."""

    new_password = PasswordField(_l("New password"), validators=[_required, _longest])
    repeated = PasswordField(
        _l("Repeat the new password"),
        validators=[_required, EqualTo("new_password", message=_l("The two passwords differ."))],
    )


class ChangePasswordForm(NewPasswordForm):
    """Changes one's own password."""

    current_password = PasswordField(_l("Current password"), validators=[_required, _longest])
