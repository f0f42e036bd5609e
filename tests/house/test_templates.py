"""Templates and styles know each other: no class without a rule, no rule without a class, no icon that is not drawn."""

import re
from collections import Counter
from pathlib import Path

import pytest

LMS = Path(__file__).parents[2] / "lms"
TEMPLATES = sorted(LMS.rglob("templates/**/*.html"))
COMPONENTS = LMS / "web/templates/components"
TONES = ("sea", "leaf", "turmeric", "brick")

HOOKS = {"module", "quiz", "question-body", "gaps-result", "diff-sign", "badge-plain", "state-open", "verdict-blank"}
"""Classes that name a part for readers of the markup and carry no style of their own."""
BUILT = {
    *(f"{name}-{tone}" for name in ("badge", "notice", "meter") for tone in TONES),
    *(f"heat-{step}" for step in range(1, 6)), *(f"c{at}" for at in range(18)), *(f"n{at}" for at in range(16)),
    *(f"r{at}" for at in range(7)), *(f"button-{kind}" for kind in ("secondary", "quiet", "danger")),
    *(f"state-{state}" for state in ("begun", "done")), "verdict-right", "verdict-wrong", "diff-gone", "diff-new",
    *(f"note-{kind}" for kind in ("warning", "danger", "example", "review")),
}  # fmt: skip
"""Classes that templates put together from a value."""


def styled() -> set[str]:
    """Return the classes that any style names."""
    found: set[str] = set()
    for path in (LMS / "web/static/css").glob("*.css"):
        selectors = re.findall(r"([^{}]+)\{", path.read_text("utf-8"))
        found |= {each for selector in selectors for each in re.findall(r"\.([a-zA-Z][\w-]*)", selector)}
    return found


def test_every_class_in_a_template_has_a_style() -> None:
    used: set[str] = set()
    for path in TEMPLATES:
        for names in re.findall(r'class="([^"]*)"', path.read_text("utf-8")):
            plain = re.sub(r"\S*\{\{.*?\}\}\S*|\{%.*?%\}", " ", names)
            used |= set(plain.split())
    assert used - styled() - HOOKS - BUILT == set()


def test_no_style_is_left_over() -> None:
    sources = [*TEMPLATES, *(LMS / "web/static/js").rglob("*.js"), *LMS.rglob("*.py")]
    words = {word for path in sources for word in re.findall(r"[\w-]+", path.read_text("utf-8"))}
    assert styled() - words - BUILT == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_what_a_template_imports_it_uses(path: Path) -> None:
    text = path.read_text("utf-8")
    counts = Counter(re.findall(r"\w+", text))
    for names in re.findall(r"\{% from \"[^\"]+\" import ([^%]+?)(?: with context)? %\}", text):
        for name in names.split(","):
            assert counts[name.split(" as ")[-1].strip()] > 1, f"{path.name} imports {name} and does not use it"


def test_every_macro_of_a_component_is_used_somewhere() -> None:
    everything = "".join(path.read_text("utf-8") for path in TEMPLATES)
    macros = [
        name for path in COMPONENTS.glob("*.html") for name in re.findall(r"\{% macro (\w+)", path.read_text("utf-8"))
    ]
    assert [name for name in macros if len(re.findall(rf"\b{name}\b", everything)) < 2] == []


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'"([a-z-]+)": "M', (COMPONENTS / "icon.html").read_text("utf-8")))
    sources = "".join(path.read_text("utf-8") for path in TEMPLATES)
    places = (LMS / "web/navigation.py").read_text("utf-8")
    named = {*re.findall(r'icon(?:\(|=)"([a-z-]+)"', sources), *re.findall(r'_l\("[^"]+"\), "([a-z-]+)"', places)}
    assert named
    assert named <= drawn


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_button_says_what_it_is(path: Path) -> None:
    untyped = [tag for tag in re.findall(r"<button\b[^>]*>", path.read_text("utf-8")) if " type=" not in tag]
    assert untyped == []
