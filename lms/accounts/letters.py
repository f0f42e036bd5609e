"""The mails of accounts, in the language of who gets them; sent after the commit."""

from flask import current_app, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from lms.config import Settings
from lms.models import session as transactions
from lms.models.people import Person
from lms.outside import mail


def link_address(secret: str) -> str:
    """Return the address of a one-time link."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url + url_for("accounts.new_password", secret=secret)


def send_link(person: Person, secret: str) -> None:
    """Mail a one-time link."""
    with force_locale(person.language.value):
        message = mail.Message(
            to=person.email,
            subject=_("A new password for Pandu"),
            text=render_template("accounts/link.txt", person=person, address=link_address(secret)),
        )
    transactions.after_commit(lambda: mail.post.send(message))
