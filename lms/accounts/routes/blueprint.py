"""The room's blueprint, and who the session belongs to."""

from flask import Blueprint, redirect, request, session, url_for
from flask_login import login_user, logout_user
from sqlalchemy import bindparam, select
from werkzeug.wrappers import Response

from lms.access import current
from lms.extensions import db, login_manager
from lms.models.people import Person

blueprint = Blueprint("accounts", __name__, template_folder="../templates")

MAY_STAY = frozenset(
    {"accounts.change_password", "accounts.sign_out", "web.set_language", "web.health", "offline.manifest"}
)
"""Endpoints that someone who must change her password first may still reach."""


_OF_SESSION = select(Person).where(
    Person.uid == bindparam("uid"), Person.session_stamp == bindparam("stamp"), Person.deactivated_at.is_(None)
)


@login_manager.user_loader
def load_person(session_id: str) -> Person | None:
    """Return the person whose session this is: one indexed SELECT; none after a password change or deactivation."""
    uid, _, stamp = session_id.partition(".")
    return db.session.scalars(_OF_SESSION, {"uid": uid, "stamp": stamp}).one_or_none()


@login_manager.unauthorized_handler
def ask_to_sign_in() -> Response:
    """Send to the sign-in page, and back afterwards."""
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=target), code=303)


@blueprint.before_app_request
def insist_on_new_password() -> Response | None:
    """Whoever got her password from someone else chooses her own before anything else."""
    reader = current.reader() if request.endpoint and request.endpoint not in MAY_STAY else None
    if reader is None or reader.must_change_since is None:
        return None
    return redirect(url_for("accounts.change_password"), code=303)


def let_in(person: Person, *, remember: bool) -> None:
    """Start a session for the person; nothing of the old one survives but the language."""
    _forget_all_but_language()
    login_user(person, remember=remember)


def let_out() -> None:
    """End the session on this device; it goes on in the language that the person had chosen."""
    if reader := current.reader():
        session["language"] = reader.language.value
    logout_user()
    _forget_all_but_language()


def _forget_all_but_language() -> None:
    """Clear the session, but keep Flask-Login's order to clear the remember cookie."""
    kept = {name: session[name] for name in ("language", "_remember", "_remember_seconds") if name in session}
    session.clear()
    session.update(kept)
