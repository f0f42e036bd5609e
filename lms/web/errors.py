"""Exceptions to pages: one table, one template. Nothing a person typed is lost on the way."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException

from lms.kernel import errors, ids
from lms.web import failsafe


@dataclass(frozen=True)
class _Words:
    title: LazyString
    text: LazyString


_WORDS: dict[int, _Words] = {
    400: _Words(_l("That request could not be understood"), _l("Go back and try again. Nothing was changed.")),
    403: _Words(
        _l("This page is not for your account"),
        _l("If you need it for your work, ask the admin of your directorate."),
    ),
    404: _Words(_l("Page not found"), _l("The address may be mistyped, or the page is no longer there.")),
    405: _Words(_l("That cannot be done here"), _l("Go back to the page and use its buttons.")),
    409: _Words(_l("Someone was faster"), _l("This has changed in the meantime. Look at it again before you go on.")),
    413: _Words(_l("That is too big"), _l("Send something smaller. What you typed is still in the previous page.")),
    422: _Words(_l("Something is not right yet"), _l("Go back, look at the marked fields and try again.")),
    429: _Words(_l("Too many tries"), _l("Please wait a little before you try again.")),
}

_STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Refused: 422,
    errors.TooMany: 429,
}


def install(app: Flask) -> None:
    """Register the table."""
    app.register_error_handler(errors.DomainError, _domain)
    app.register_error_handler(NoResultFound, lambda _error: page(404))
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _ours)


def page(status: int, *, text: str | None = None) -> Response:
    """Return the error page for a status, with `text` in place of the usual sentence."""
    words = _WORDS.get(status, _WORDS[400])
    html = render_template(
        "errors/page.html",
        title=str(words.title),
        text=text or str(words.text),
        action_text=_("To the first page"),
        action_href=url_for("web.start"),
        status=status,
    )
    return make_response(html, status)


def _domain(error: errors.DomainError) -> Response:
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    if isinstance(error, errors.TooMany):
        minutes = -(-error.wait_s // 60)
        response = page(status, text=_("Try again in %(minutes)d minutes.", minutes=minutes))
        response.headers["Retry-After"] = str(error.wait_s)
        return response
    return page(status)


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())
    if error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _ours(error)
    response = page(error.code)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _expired(_error: CSRFError) -> Response:
    """Show what was typed, in a form with a fresh token: one click sends it again."""
    kept = [(name, value) for name in request.form for value in request.form.getlist(name) if _may_show(name)]
    html = render_template("errors/expired.html", kept=kept, action=request.full_path, dropped=_has_secret())
    return make_response(html, 400)


def _may_show(name: str) -> bool:
    return name != "csrf_token" and "password" not in name


def _has_secret() -> bool:
    return any("password" in name for name in request.form)


def _ours(error: Exception) -> Response:
    """The failsafe: touches neither person nor database nor context processors; any of them may be what broke."""
    reference = ids.short()
    current_app.logger.error("reference %s: %s %s", reference, request.method, request.path, exc_info=error)
    g.pop("_login_user", None)
    return failsafe.response(current_app, reference=reference, prefers_english=_prefers_english())


def _prefers_english() -> bool:
    return request.accept_languages.best_match(["id", "en"], default="id") == "en"
