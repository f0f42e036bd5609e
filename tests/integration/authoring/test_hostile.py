"""Hostile, huge and slow: cleaned, refused or bounded; the author keeps the text, other readers wait for nobody."""

import io

import pytest
from flask import Flask

from lms.authoring import images
from lms.kernel import errors
from lms.kernel.markdown import MAX_SOURCE
from lms.outside import press
from tests.builders import PASSWORD, lesson_md
from tests.cast import Cast
from tests.page_client import PageClient

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<iframe src=//jahat.example></iframe>", "<svg onload=alert(1)>",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\tscript:alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)", "![x](javascript:alert(1))", "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]", "<a href='javascript:alert(1)'>x</a>", "`<script>`<script>alert(1)</script>",
    "<details open ontoggle=alert(1)>", "<style>*{display:none}</style>", "<base href=//jahat.example>", "<form action=//jahat.example>",
    "[x](//jahat.example)", "[x](https://baik.example \"onclick=alert(1)\")", "<math><mtext></p><script>alert(1)</script>",
]  # fmt: skip


@pytest.fixture
def tara(client: PageClient, cast: Cast) -> PageClient:
    client.sign_in("tara@contoh.example", PASSWORD)
    return client


def test_nothing_hostile_comes_through(app: Flask) -> None:
    made = press.render(lesson_md(body="\n\n".join(HOSTILE) + "\n"), known={}, glossary={})
    lowered = made.html.lower()
    for needle in (
        "<script",
        "<iframe",
        "<svg",
        "<style",
        "<base",
        "<form",
        "<math",
        'href="javascript',
        'href="data',
        'href="//',
        'src="javascript',
        'vbscript:x"',
    ):
        assert needle not in lowered, needle
    assert not made.may_publish


@pytest.mark.parametrize(
    "body",
    [
        "[" * 20_000,
        "*" * 50_000,
        "> " * 4_000 + "x",
        "_a" * 20_000,
        "`" * 30_000,
        "[a](" * 10_000,
        "- " * 15_000,
        "|" * 30_000,
        "[^1]" * 9_000,
    ],
    ids=["brackets", "stars", "quotes", "underscores", "ticks", "links", "lists", "pipes", "notes"],
)
def test_a_slow_text_is_refused_or_rendered_and_never_hangs(tara: PageClient, body: str) -> None:
    text = lesson_md(body=body + "\n")
    page = tara.post("/susun/uji-1-1/pratinjau", {"source": text, "version": "0"})
    assert page.status == 200
    assert page.form(action="/terbitan").values["source"].strip() == text.strip()


def test_a_huge_text_is_refused_with_its_size(tara: PageClient) -> None:
    text = lesson_md(body="kata " * (MAX_SOURCE // 5 + 1))
    page = tara.post("/susun/uji-1-1/terbitan", {"source": text, "version": "0"})
    assert page.status == 422
    assert str(MAX_SOURCE) in page.text
    assert page.form(action="/terbitan").values["source"].strip() == text.strip()


def test_a_body_over_the_limit_is_413(tara: PageClient) -> None:
    assert tara.post("/susun/uji-1-1/draf", {"source": "x" * 2_100_000}).status == 413


def test_control_characters_are_refused_with_the_text_kept(tara: PageClient) -> None:
    page = tara.post("/susun/uji-1-1/terbitan", {"source": lesson_md(body="a\x00b\n"), "version": "0"})
    assert page.status == 422
    assert "tidak dapat disimpan" in page.text


def test_the_press_ends_what_takes_too_long(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "LIMIT_S", 0.001)
    with pytest.raises(errors.Refused) as refused:
        press.render(lesson_md(), known={}, glossary={})
    assert refused.value.code == "text_too_slow"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.heic", b"ftypheic", "image_name"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "image_unsafe"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "image_unsafe"),
        ("a.svg", b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>", "image_unsafe"),
        (
            "a.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink'><a x:href='https://jahat.example'/></svg>",
            "image_unsafe",
        ),
        ("a.svg", b"<html/>", "image_kind"),
        ("a.svg", b"bukan xml", "image_kind"),
        ("a.png", b"GIF89a", "image_kind"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 9_000, "image_too_big"),
    ],
)
def test_unfit_images_are_refused_with_the_reason(
    tara: PageClient, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, code: str
) -> None:
    monkeypatch.setattr(images, "LARGEST", 8_000)
    with pytest.raises(errors.Refused) as refused:
        images.inspect(name, content)
    assert refused.value.code == code
    tara.get("/susun/uji-1/gambar")
    page = tara.post("/susun/uji-1/gambar", {"image": (io.BytesIO(content), name)}, content_type="multipart/form-data")
    assert page.status == 422


def test_an_image_as_a_phone_names_it_gets_a_name_that_a_text_can_hold(tara: PageClient) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"/>'
    tara.get("/susun/uji-1/gambar")
    named = {"image": (io.BytesIO(svg), "Gambar WhatsApp 2025-11-20 pukul 10.15.SVG")}
    assert tara.post("/susun/uji-1/gambar", named, content_type="multipart/form-data").status == 303
    assert "media/gambar-whatsapp-2025-11-20-pukul-10-15.svg" in tara.get("/susun/uji-1/gambar").source


def test_a_good_image_is_there_to_be_copied(tara: PageClient) -> None:
    tara.get("/susun/uji-1/gambar")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="5" height="5"/></svg>'
    for _ in range(2):
        assert (
            tara.post(
                "/susun/uji-1/gambar", {"image": (io.BytesIO(svg), "alur.svg")}, content_type="multipart/form-data"
            ).status
            == 303
        )
    page = tara.get("/susun/uji-1/gambar")
    assert page.source.count("media/alur.svg") == 1
