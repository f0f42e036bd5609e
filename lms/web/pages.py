"""What every page shares: the start, the language switch, the health check, headers and template context."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, has_request_context, redirect, request, session, url_for
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from lms.access import current, table
from lms.access.guard import public
from lms.access.permissions import Permission
from lms.extensions import db
from lms.models import session as transactions
from lms.models.people import Language
from lms.web import assets, navigation

blueprint = Blueprint("web", __name__, template_folder="templates")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_PROTECTIONS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""Headers of every answer that does not say otherwise."""


@blueprint.get("/")
@public
def start() -> BaseResponse:
    """Send each role to its first page."""
    reader = current.reader()
    endpoint = navigation.HOME[reader.role] if reader else "accounts.sign_in"
    return redirect(url_for(endpoint), code=303)


@blueprint.post("/bahasa")
@public
def set_language() -> BaseResponse:
    """Keep the chosen language, for this browser and for the account."""
    language = Language(request.form.get("language", "")) if request.form.get("language") in ("id", "en") else None
    if language:
        session["language"] = language.value
        if reader := current.reader():
            with transactions.work():
                reader.language = language
    return redirect(local_path(request.form.get("next")), code=303)


@blueprint.get("/sehat")
@public
def health() -> Response:
    """Answer 200 when the database answers."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


def local_path(target: str | None) -> str:
    """Return a path on this site to go on to; anything else becomes the start page."""
    parts = urlsplit((target or "").replace("\\", "/"))
    safe = target and not parts.scheme and not parts.netloc and parts.path.startswith("/") and "//" not in parts.path
    return target if safe and target and target.isprintable() else url_for("web.start")


def language_of_reader() -> str:
    """The person's language, else the browser's choice kept in the session, else Indonesian."""
    if not has_request_context():
        return Language.ID.value
    reader = current.reader()
    return reader.language.value if reader else str(session.get("language", Language.ID.value))


def install(app: Flask) -> None:
    """Register the shared blueprint, the context and the hooks around each request."""
    app.register_blueprint(blueprint)
    app.before_request(_declare_intent)
    app.after_request(_harden)
    app.context_processor(_context)


def _declare_intent() -> None:
    if request.method in SAFE_METHODS:
        transactions.intend_to_read()
    else:
        transactions.intend_to_write()


def _context() -> dict[str, Any]:
    reader = current.reader()
    return {
        "nav_items": navigation.places(reader) if reader else (),
        "locale": str(get_locale() or Language.ID.value),
        "sample_data": current_app.config["SETTINGS"].demo,
        "can": _can,
        "csrf_token": cache(generate_csrf),
        "Permission": Permission,
    }


def _can(permission: Permission, thing: Any = None) -> bool:
    reader = current.reader()
    return reader is not None and table.allows(reader, permission, thing)


def _harden(response: Response) -> Response:
    headers = response.headers
    present = {name.lower() for name, _ in headers}
    wanted = {"content-security-policy": assets.content_security_policy(), **_PROTECTIONS}
    if response.mimetype == "text/html":
        wanted["cache-control"] = "private, no-cache"
    for name, value in wanted.items():
        if name not in present:
            headers.add(name, value)
    return response
