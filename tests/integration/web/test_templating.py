"""What is folded into compiled templates says the same as asking each time; fragments are kept by their values only."""

import pytest
from flask import Flask, g, render_template, session
from jinja2 import DictLoader

from lms.web.templating import FRAGMENTS_KEPT


@pytest.fixture
def rendered(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Render a source in a language, as a page is."""
    templates: dict[str, str] = {}
    monkeypatch.setattr(app, "jinja_loader", DictLoader(templates))

    def render(source: str, *, language: str = "id", **values: object) -> str:
        name = f"{abs(hash(source))}.html"
        templates[name] = source
        with app.test_request_context("/"):
            session["language"] = language
            g.pop("_flask_babel", None)
            return render_template(name, **values)

    return render


def test_each_language_gets_its_own_words(rendered) -> None:
    source = '{{ _("Sign out") }}, {{ ngettext("%(num)d attempt", "%(num)d attempts", 2) }}'
    assert rendered(source, language="en") == "Sign out, 2 attempts"
    assert rendered(source, language="id").startswith("Keluar, 2")


def test_a_counted_sentence_takes_other_values_too(rendered) -> None:
    source = '{{ ngettext("%(num)d of %(total)s", "%(num)d of %(total)s", 2, total=total) }}'
    assert rendered(source, language="en", total="<9 %") == "2 of &lt;9 %"


def test_values_in_a_sentence_are_escaped(rendered) -> None:
    source = '<p title="{{ _("Account menu, %(name)s", name=name) }}">'
    assert rendered(source, language="en", name='"<b>') == '<p title="Account menu, &#34;&lt;b&gt;">'


def test_constant_calls_become_text_and_others_still_run(rendered) -> None:
    source = (
        '{% from "components/icon.html" import icon %}{{ url_for("learning.course", course="mrs", _anchor="a b") }} '
        '{{ url_for("learning.course", course=course) }} {{ icon("check") }}{{ icon(name) }} {{ asset("core.css") }}'
    )
    page = rendered(source, course="mak", name="check")
    assert page.startswith("/belajar/mrs#a%20b /belajar/mak <svg")
    assert page.count('d="M5 13l4 4L19 7"') == 2
    assert " /aset/core." in page
    assert "/belajar/mtk" in rendered(source, course="mtk", name="check")


def test_lists_and_types_in_an_address_are_told_apart(rendered) -> None:
    source = "{{ url_for('learning.catalogue', a=value) }}"
    assert [rendered(source, value=value) for value in (1, True, [1, 2])] == [
        "/belajar?a=1", "/belajar?a=True", "/belajar?a=1&amp;a=2",
    ]  # fmt: skip


def test_a_fragment_is_kept_by_its_values_and_language(rendered) -> None:
    source = '{% once key, other %}{{ _("Sign out") }} {{ shown }}{% endonce %}'
    assert rendered(source, key=1, other=2, shown="first") == "Keluar first"
    assert rendered(source, key=1, other=2, shown="second") == "Keluar first"
    assert rendered(source, key=1, other=3, shown="third") == "Keluar third"
    assert rendered(source, key=1, other=2, shown="fourth", language="en") == "Sign out fourth"


def test_fragments_do_not_pile_up(rendered, app: Flask) -> None:
    source = "{% once key %}{{ key }}{% endonce %}"
    assert [rendered(source, key=key) for key in range(FRAGMENTS_KEPT + 1)][-1] == str(FRAGMENTS_KEPT)
    assert rendered(source, key=0) == "0"
