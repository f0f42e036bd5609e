"""Every sentence has its Indonesian, and every template its title."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask

ROOT = Path(__file__).parents[2]
ROOMS = ("web", "accounts", "learning", "authoring", "reporting", "offline")
TEMPLATES = sorted((ROOT / "lms").rglob("templates/**/*.html"))


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="id")


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_of_a_room_is_translated(room: str, tmp_path: Path) -> None:
    fresh = tmp_path / "messages.pot"
    command = [
        sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", "-k", "_l",
        "-k", "lazy_gettext", "-o", str(fresh), f"lms/{room}",
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)
    known = catalogue(ROOT / f"lms/{room}/translations/id/LC_MESSAGES/messages.po")
    missing = [message.id for message in catalogue(fresh) if message.id and message.id not in known]
    assert missing == []
    empty = [message.id for message in known if message.id and (not message.string or message.fuzzy)]
    assert empty == []


@pytest.mark.parametrize("room", ROOMS)
def test_translations_name_the_same_values(room: str) -> None:
    for message in catalogue(ROOT / f"lms/{room}/translations/id/LC_MESSAGES/messages.po"):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        target = message.string if isinstance(message.string, str) else message.string[0]
        assert set(re.findall(r"%\(\w+\)[sd]", target)) <= set(re.findall(r"%\(\w+\)[sd]", source)), message.id


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_compile_and_pages_have_a_title(path: Path, world: Flask) -> None:
    text = path.read_text(encoding="utf-8")
    world.jinja_env.parse(text)
    is_page = '{% extends "layouts/' in text and "layouts" not in path.parts
    assert not is_page or "{% block title %}" in text
    assert " style=" not in text
    assert not re.search(r"\son\w+=", text)
