"""Templates, compiled once a language: what is the same for every request is worked out when a template is compiled.

A page says some forty sentences and names some twenty addresses, icons and assets, nearly all by constant words: in the
compiled template they are text already. What many readers are shown alike is kept with `{% once … %}`.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote

from flask import Flask, templating
from flask_babel import get_locale, get_translations
from jinja2 import Template as BaseTemplate
from jinja2 import nodes, pass_eval_context
from jinja2.ext import Extension
from jinja2.nodes import EvalContext
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from lms.web import assets

ADDRESSES_KEPT = 2048
FRAGMENTS_KEPT = 512
PURE_COMPONENTS = ("components/badge.html", "components/icon.html", "components/mark.html")
"""Components whose macros depend on nothing but their arguments."""


def install(app: Flask) -> None:
    """Give templates their functions, and the tag."""
    app.jinja_env.add_extension(Once)
    app.jinja_env.globals.update(
        url_for=_addresses(app),
        ngettext=_ngettext,
        asset=assets.url,
        importmap=assets.import_map,
        icon_url=assets.icon_url,
    )


class Template(BaseTemplate):
    """A template whose macros are made once: none is ever given globals of its own, so nothing has to be compared."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:
        return super()._get_default_module()


class Environment(templating.Environment):
    """Hands every page to the environment of its reader's language, which compiles the template for it."""

    template_class = Template
    language = ""
    """Empty in the first environment: it knows no words, and renders nothing but the page for our own faults."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self._spoken: dict[str, Environment] = {}

    def get_or_select_template(self, *args: Any, **kwargs: Any) -> Any:
        """Return a template in the language of the reader: what `render_template` asks for."""
        if self.language:
            return super().get_or_select_template(*args, **kwargs)
        return self._speaking(str(get_locale())).get_or_select_template(*args, **kwargs)

    def _speaking(self, language: str) -> "Environment":
        if language not in self._spoken:
            spoken = self.overlay()
            spoken.language = language
            self._spoken[language] = spoken
        return self._spoken[language]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        return _Folding(self, template, name).result() if self.language else template


class _Folding(NodeTransformer):
    """Replaces sentences, and calls of pure functions with constant arguments, by what they come to."""

    def __init__(self, environment: Environment, template: nodes.Template, name: str | None) -> None:
        self.environment = environment
        self.template = template
        escapes = environment.autoescape(name) if callable(environment.autoescape) else environment.autoescape
        self.text: type[str] = Markup if escapes else str
        self.words = get_translations()
        self.pure = {name: environment.globals[name] for name in ("asset", "importmap", "icon_url", "url_for")}

    def result(self) -> nodes.Template:
        """Return the template, without the imports that have become idle (an included template may need any)."""
        folded: nodes.Template = self.visit(self.template)
        if folded.find(nodes.Include):
            return folded
        used = {each.name for each in folded.find_all(nodes.Name)}
        for each in folded.find_all(nodes.FromImport):
            each.names = [name for name in each.names if (name if isinstance(name, str) else name[1]) in used]
        folded.body = [each for each in folded.body if not isinstance(each, nodes.FromImport) or each.names]
        return folded

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Take note of the macros that are pure."""
        if isinstance(node.template, nodes.Const) and node.template.value in PURE_COMPONENTS:
            for each in node.names:
                name, alias = (each, each) if isinstance(each, str) else each
                self.pure[alias] = partial(self._macro, node.template.value, name)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Fold the arguments, then the call itself if it can be."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        if node.node.name == "_":
            return self._sentence(node)
        function = self.pure.get(node.node.name)
        return self._called(function, node) if function else node

    def _macro(self, template: str, name: str, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.environment.get_template(template).module, name)(*args, **kwargs)

    def _sentence(self, node: nodes.Call) -> nodes.Node:
        message = node.args[0].as_const()
        sentence = nodes.Const(self.text(self.words.ugettext(message)), lineno=node.lineno)
        if "%" in sentence.value:
            values = nodes.Dict([nodes.Pair(nodes.Const(each.key), each.value) for each in node.kwargs])
            return nodes.Mod(sentence, values, lineno=node.lineno).set_environment(self.environment)
        return sentence.set_environment(self.environment)

    def _called(self, function: Any, node: nodes.Call) -> nodes.Node:
        try:
            args = [each.as_const() for each in node.args]
            kwargs = {each.key: each.value.as_const() for each in node.kwargs}
        except nodes.Impossible:
            return node
        return nodes.Const(function(*args, **kwargs), lineno=node.lineno).set_environment(self.environment)


class Once(Extension):
    """`{% once key, … %}…{% endonce %}`: rendered for the first reader, kept for all with the same values.

    The values must name everything that the block depends on but the language. Never for what is personal.
    """

    tags = {"once"}  # noqa: RUF012 - the type that Jinja declares

    environment: Environment

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self._kept: dict[Hashable, str] = {}

    def parse(self, parser: Parser) -> nodes.Node:
        """Make the block the body of a call with its values."""
        line = next(parser.stream).lineno
        values = nodes.List([parser.parse_expression()])
        while parser.stream.skip_if("comma"):
            values.items.append(parser.parse_expression())
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        call = self.call_method("_fragment", [nodes.Const(f"{parser.name}:{line}"), values], lineno=line)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _fragment(self, place: str, values: list[Hashable], caller: Callable[[], str]) -> str:
        key = (self.environment.language, place, *values)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= FRAGMENTS_KEPT:
                self._kept.clear()
            found = self._kept[key] = caller()
        return found


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, num: int, **values: object) -> str:
    text = get_translations().ungettext(one, many, num)
    return (Markup(text) if context.autoescape else text) % {"num": num, **values}  # noqa: S704 - catalogues are ours


def _addresses(app: Flask) -> Callable[..., str]:
    """Return `url_for` for templates: the paths of this site, remembered."""
    build = app.url_map.bind("").build

    def address(endpoint: str, _anchor: str = "", **values: Any) -> str:
        return build(endpoint, values) + (f"#{quote(_anchor)}" if _anchor else "")

    remembered = lru_cache(maxsize=ADDRESSES_KEPT, typed=True)(address)

    def url_for(endpoint: str, **values: Any) -> str:
        try:
            return remembered(endpoint, **values)
        except TypeError:  # a list among the values
            return address(endpoint, **values)

    return url_for
