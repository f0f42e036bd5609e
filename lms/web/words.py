"""The words of a request, looked up once: a page asks for some twenty sentences in one language."""

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import get_locale, get_translations


def install(app: Flask) -> None:
    """Give templates `gettext` and `ngettext` over the translations of the request."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _translations().ugettext(text),
        ngettext=lambda one, many, number: _translations().ungettext(one, many, number),
        newstyle=True,
    )


def _translations() -> NullTranslations:
    """The translations of the current language; a letter may be written in another one than the page."""
    locale: Locale | None = get_locale()
    held: dict[Locale | None, NullTranslations] = g.setdefault("translations", {})
    if locale not in held:
        held[locale] = get_translations()
    return held[locale]
