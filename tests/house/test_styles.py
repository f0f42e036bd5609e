"""The tokens can be read, the bundles are small, and every rule lies in its layer."""

import re
from pathlib import Path

import pytest

from lms.web import assets

CSS = Path(assets.__file__).parent / "static" / "css"
LAYERS = {"reset", "tokens", "base", "layout", "components", "utilities"}
BUDGETS = {
    "core.css": 4_300,
    "glossary.css": 400,
    "quiz.css": 1_150,
    "desk.css": 3_500,
    "js/app.js": 1_200,
    "img/icon.svg": 400,
}
"""Asset → the most bytes it may cost with brotli."""

TEXT = [
    ("ink", "paper card sunk sea-wash turmeric-wash leaf-wash brick-wash h1 h2 h3"),
    ("soft", "paper card sunk leaf-wash brick-wash"),
    ("sea", "paper card sunk"), ("on-sea", "sea"), ("sea-deep", "paper card sea-wash"),
    ("turmeric", "paper card turmeric-wash"), ("leaf", "paper card leaf-wash"), ("brick", "paper card brick-wash"),
    ("on-h", "h4 h5"),
]  # fmt: skip
"""Text token → the grounds it stands on."""


def tokens() -> list[dict[str, str]]:
    """The colours of the light scheme and of the dark one."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for name in ("tokens", "scale"):
        first, _, second = (CSS / f"{name}.css").read_text("utf-8").partition("prefers-color-scheme: dark")
        light.update(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", first))
        dark.update(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", second.partition("@layer")[0]))
    return [light, {**light, **dark}]


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb`, WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", tokens(), ids=["light", "dark"])
def test_every_text_can_be_read_on_its_ground(scheme: dict[str, str]) -> None:
    pairs = [(text, ground) for text, grounds in TEXT for ground in grounds.split()]
    weak = {(text, ground): round(contrast(scheme[text], scheme[ground]), 2) for text, ground in pairs}
    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}


@pytest.mark.parametrize("scheme", tokens(), ids=["light", "dark"])
def test_edges_and_progress_stand_out(scheme: dict[str, str]) -> None:
    pairs = [("edge", "paper"), ("edge", "card"), ("sea", "sunk"), ("leaf", "sunk"), ("turmeric", "card")]
    weak = {pair: round(contrast(scheme[pair[0]], scheme[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in weak.items() if value < 3} == {}


def test_dark_redefines_every_colour_of_the_light_scheme() -> None:
    light, dark = tokens()
    fixed = {"on-hero", "glow"}
    assert {name for name in light if light[name] == dark[name]} == fixed


def test_every_file_is_in_one_bundle_and_in_its_layers() -> None:
    bundled = [name for names in assets.BUNDLES.values() for name in names]
    assert sorted(bundled) == sorted(path.stem for path in CSS.glob("*.css"))
    for path in CSS.glob("*.css"):
        layers = set(re.findall(r"@layer (\w+) \{", path.read_text("utf-8")))
        assert layers <= LAYERS, path.name
        assert layers or path.stem in {"layers", "print"}, path.name


def test_every_variable_is_defined() -> None:
    text = "".join(path.read_text("utf-8") for path in CSS.glob("*.css"))
    assert set(re.findall(r"var\((--[\w-]+)", text)) == set(re.findall(r"(--[\w-]+):", text))


@pytest.mark.parametrize("name", BUDGETS)
def test_assets_stay_within_their_budgets(name: str) -> None:
    assert assets.sizes()[name] <= BUDGETS[name]
