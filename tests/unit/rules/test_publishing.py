"""What a text becomes: the same each time, whole, and with the key apart from the paper."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel import markdown
from lms.rules import marking, publishing
from tests import builders

KNOWN = {"media/a.svg": "/media/1/a.svg", "2-lain.md": "/belajar/x/y"}

QUESTIONS = (
    builders.QUESTIONS
    + """
## Berapa? {#uji-q5 points=1}

= 45 ± 0,5

> Empat puluh lima.

## Apa sebutannya? {#uji-q6 .kasus points=1 problems="KBA" pool=inti}

Lihat ![bagan](media/a.svg).

= penyintas
= orang selamat

> Sebut *penyintas*, lihat [pelajaran](2-lain.md).

## Lengkapi. {#uji-q7 points=2}

Bencana **sosial** ({{konflik|teror}}) dan {{wabah}}, lalu pulih.

> Begitu.
"""
)

SIMULATION = """---
id: sk-1
kind: simulation
title: Kasus
position: 20
---

Pengantar.

## Tiba {#tiba}

Listrik padam.

- [Lihat dahulu](#lihat) +2
    Tepat, *amati*.
- [Bagikan](#ricuh) 0
    Rahasia mentor.

## Tenang {#lihat}

Selesai.

## Ricuh {#ricuh}

Selesai.
"""


def publish(source: str) -> publishing.Publication:
    return publishing.publication(source, resolve=publishing.resolver(KNOWN), glossary={})


def quiz() -> publishing.Publication:
    return publish(builders.quiz_md(body=QUESTIONS))


def test_a_lesson() -> None:
    made = publish(builders.lesson_md())
    assert made.may_publish
    assert (made.title, made.paper, made.key) == ("Lihat dan dengar", None, None)
    assert [anchor for _, anchor, _ in made.toc] == ["lihat", "dengar"]
    assert made.meta["valid_as_of"] == "2026-01-31"


def test_a_quiz_is_paper_and_key() -> None:
    made = quiz()
    assert made.may_publish
    assert made.paper is not None
    assert made.key is not None
    assert [part["kind"] for part in made.paper] == [
        "single",
        "multiple",
        "matching",
        "ordering",
        "numeric",
        "short",
        "gap",
    ]
    assert list(made.key) == [part["id"] for part in made.paper]
    case = made.paper[5]
    assert (case["is_case"], case["pool"], case["problems"]) == (True, "inti", ["KBA"])
    assert 'src="/media/1/a.svg"' in case["body_html"]
    assert 'href="/belajar/x/y"' in made.key["uji-q6"]["explanation_html"]


def test_what_is_right_earns_everything() -> None:
    key = quiz().key or {}
    marked = marking.mark(key, {question: marking.right_response(each) for question, each in key.items()})
    assert marked.earned == marked.maximum == 1_100


def test_the_sentence_around_gaps_keeps_its_blanks() -> None:
    paper = quiz().paper or []
    assert paper[6]["segments"] == [
        {"html": "Bencana <strong>sosial</strong> ("},
        {"gap": 0},
        {"html": ") dan "},
        {"gap": 1},
        {"html": ", lalu pulih."},
    ]


def _orders(paper: Any) -> list[list[str]]:
    return [
        [part["id"] for part in question[name]]
        for question in paper
        for name in ("rights", "items")
        if name in question
    ]


def test_the_paper_does_not_betray_the_key() -> None:
    made = quiz()
    shown = json.dumps(made.paper, ensure_ascii=False)
    for secret in (
        "Tepat, keselamatan dahulu",
        "Tiga langkah",
        "konflik",
        "wabah",
        "penyintas",
        "45",
        "44.5",
        "correct",
        "feedback",
    ):
        assert secret not in shown
    assert all(order == sorted(order) for order in _orders(made.paper))
    assert all(re.fullmatch(r"p[0-9a-f]{8}", each) for order in _orders(made.paper) for each in order)


def test_ids_and_their_order_are_the_same_however_the_author_arranged_what_is_right() -> None:
    """A paper tells nothing: another right answer, another right order, other pairs make the very same paper."""
    other = (
        QUESTIONS.replace("- [ ] Menyuruh", "- [y] Menyuruh").replace("- [x] Melihat", "- [ ] Melihat").replace("[y]", "[x]")
        .replace("1. lihat\n2. dengar", "1. dengar\n2. lihat").replace(":: alam", ":: z").replace(":: nonalam", ":: alam").replace(":: z", ":: nonalam")
    )  # fmt: skip
    changed = publish(builders.quiz_md(body=other))
    assert changed.key != quiz().key
    assert changed.paper == quiz().paper


def test_a_simulation_hides_where_choices_lead() -> None:
    made = publish(SIMULATION)
    assert made.may_publish
    assert made.paper is not None
    assert made.key is not None
    shown = json.dumps(made.paper)
    assert "Rahasia mentor" not in shown
    assert not re.search(r"target|value|reply", shown)
    choices = made.key["tiba"]
    assert {(each["target"], each["value"]) for each in choices.values()} == {("lihat", 2), ("ricuh", 0)}
    assert {choice["id"] for choice in made.paper[0]["choices"]} == set(choices)


@pytest.mark.parametrize("made", [quiz(), publish(SIMULATION), publish(builders.lesson_md()), publish("x")])
def test_json_carries_everything(made: publishing.Publication) -> None:
    carried = publishing.from_json(json.loads(json.dumps(publishing.to_json(made))))
    assert publishing.to_json(carried) == publishing.to_json(made)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("Tanpa awal.", "front_missing"),
        ("x" * (markdown.MAX_SOURCE + 1), "text_too_long"),
        (builders.lesson_md(body="<b>x</b>\n"), "raw_html"),
        (builders.quiz_md(body="## S {#a}\n\n- [x] <b>x</b>\n- [ ] b\n\n> Ya.\n"), "raw_html"),
        (builders.lesson_md(body="> " * 3_000 + "x\n"), "nested_too_deep"),
        (SIMULATION.replace("Listrik padam.", "![x](media/tiada.svg)"), "image_missing"),
        (SIMULATION.replace("(#ricuh)", "(#tiada)"), "scene_missing"),
    ],
)
def test_what_is_wrong_keeps_it_from_being_published(source: str, code: str) -> None:
    made = publish(source)
    assert code in [problem.code for problem in made.problems]
    assert not made.may_publish


def test_warnings_do_not() -> None:
    made = publish(builders.lesson_md(body="kata " * 40 + ".\n"))
    assert made.problems
    assert made.may_publish


@given(
    st.sampled_from(["lesson", "quiz", "simulation", "survey"]),
    st.text(alphabet="ab#{}[]()x.=:|>_-+1<!* \n", max_size=200),
)
def test_any_body_becomes_something(kind: str, body: str) -> None:
    source = f"---\nid: a\nkind: {kind}\ntitle: A\n---\n\n## S {{#a}}\n{body}\n"
    assert publish(source) == publish(source)
