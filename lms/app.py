"""The factory: settings, extensions, rooms."""

import logging

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lms import accounts, authoring, cli, config, learning, models, offline, reporting
from lms.extensions import babel, compress, csrf, db, login_manager, migrate
from lms.models import session as transactions
from lms.outside import mail
from lms.web import assets, errors, filters, pages, templating

ROOMS = (accounts, learning, authoring, reporting, offline)


def create_app(settings: config.Settings | None = None) -> Flask:
    """Build the application; settings come from the environment unless given."""
    settings = settings or config.from_environment()
    app = Flask("lms", static_folder=None)
    app.config.from_mapping(_flask_settings(settings), SETTINGS=settings)
    app.jinja_environment = templating.Environment
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    _start_extensions(app)
    mail.configure(settings)
    for shared in (templating, pages, errors, filters, cli):
        shared.install(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    assets.integrate(app, settings.data_dir)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app


def _flask_settings(settings: config.Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
        "MAX_CONTENT_LENGTH": settings.max_body,
        "MAX_FORM_MEMORY_SIZE": settings.max_body,
        "SESSION_COOKIE_NAME": "pandu",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.https,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "id",
        "BABEL_TRANSLATION_DIRECTORIES": ";".join(
            f"{room}/translations" for room in ("web", "accounts", "learning", "authoring", "reporting", "offline")
        ),
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_LEVEL": 5,
    }


def _start_extensions(app: Flask) -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    db.init_app(app)
    with app.app_context():
        transactions.prepare(db.engine)
    migrate.init_app(app, db, render_as_batch=True, compare_type=True, render_item=models.render_item)
    login_manager.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=pages.language_of_reader)
    compress.init_app(app)
