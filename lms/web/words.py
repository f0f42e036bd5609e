"""The words of a request: looked up once, since a page asks for some twenty sentences in one language."""

from collections.abc import Iterator
from contextlib import contextmanager

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import force_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from lms.models.people import Language


def install(app: Flask) -> None:
    """Give templates `_`, `gettext` and `ngettext`; values are escaped where the template escapes."""
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak another language inside the block: a letter is in that of its reader."""
    before = g.pop("translations", None)
    with force_locale(language.value):
        yield
    g.translations = before


@pass_eval_context
def _gettext(context: EvalContext, text: str, **values: object) -> str:
    return _filled(context, _translations().ugettext(text), values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, num: int, **values: object) -> str:
    return _filled(context, _translations().ungettext(one, many, num), {"num": num, **values})


def _filled(context: EvalContext, text: str, values: dict[str, object]) -> str:
    sentence = Markup(text) if context.autoescape else text  # noqa: S704 - catalogues are ours
    return sentence % values if "%" in text else sentence


def _translations() -> NullTranslations:
    found: NullTranslations | None = g.get("translations")
    if found is None:
        found = g.translations = get_translations()
    return found
