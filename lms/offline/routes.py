"""The manifest of the installed app."""

from flask import Blueprint, Response, json, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from lms.access.guard import public
from lms.web import assets

blueprint = Blueprint("offline", __name__, template_folder="templates")

ONE_DAY_S = 24 * 3600
PAPER, SEA = "#faf8f4", "#0b5d66"


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Describe the app to the browser, so that it can be put on the phone's first screen."""
    text = {
        "id": "/",
        "name": _("Pandu, learning for social companions"),
        "short_name": "Pandu",
        "description": _("Lessons, quizzes and progress for Indonesia's social companions."),
        "lang": str(get_locale() or "id"),
        "dir": "ltr",
        "start_url": url_for("web.start"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": SEA,
        "icons": [
            _icon("img/icon.svg", "any", "image/svg+xml", "any"),
            _icon("img/icon-192.png", "192x192", "image/png", "any"),
            _icon("img/icon-512.png", "512x512", "image/png", "any"),
            _icon("img/icon-maskable-512.png", "512x512", "image/png", "maskable"),
        ],
    }
    response = Response(json.dumps(text), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = f"public, max-age={ONE_DAY_S}"
    response.headers["Vary"] = "Cookie"
    return response


def _icon(name: str, sizes: str, kind: str, purpose: str) -> dict[str, str]:
    return {"src": assets.url(name), "sizes": sizes, "type": kind, "purpose": purpose}
