"""What is said about a text, at the line where it stands."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel import documents, markdown, prose, questions, scenes

KNOWN = {"2-lain.md": "/belajar/x/y", "media/a.svg": "/media/1/a.svg"}


def rendered(source: str) -> markdown.Rendered:
    return markdown.render(source, resolve=KNOWN.get)


def found(source: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in rendered(source).problems]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Lihat [x][1].\n\n[1]: javascript:alert(1)\n", (3, "link_protocol")),
        ("Lihat [x][].\n\n[x]: 9-tiada.md\n", (3, "link_broken")),
        ("Lihat ![x][1].\n\n[1]: media/tiada.svg\n", (3, "image_missing")),
        ("Lihat ![][1].\n\n[1]: media/a.svg\n", (3, "image_without_text")),
        ("Satu.\n\n[x](java&#115;cript:alert(1))\n", (3, "link_protocol")),
        ("Satu.\n\n[x](javascript&colon;alert(1))\n", (3, "link_protocol")),
        ("[x](java\tscript:alert(1))\n", (1, "link_protocol")),
        ("[x](data:text/html,x)\n", (1, "link_protocol")),
        ("[x](//jahat.example/a)\n", (1, "link_broken")),
        ("[x](https://)\n", (1, "link_protocol")),
        ("[x](</etc/passwd>)\n", (1, "link_broken")),
        ("Satu.\n\n<ftp://contoh.example/a>\n", (3, "link_protocol")),
        ("Satu [dua\ntiga](9-tiada.md).\n", (2, "link_broken")),
        ("[a](9-x.md)\n\n[b](9-x.md)\n", (3, "link_broken")),
        ("Satu.\n\nDua <b\nclass=x>tiga.\n", (3, "raw_html")),
        ("Satu.\n\n| a |\n|---|\n| [x](9-tiada.md) |\n", (5, "link_broken")),
        ("## A {#x}\n\n## B {#x}\n", (3, "id_doubled")),
        ("Awal.\n\n## A {#tujuan}\n", (3, "id_doubled")),
        ("Satu\ndua " + "kata\n" * 31 + ".\n", (1, "sentence_long")),
    ],
)
def test_what_is_wrong_is_seen_in_the_tree_and_told_by_its_line(source: str, expected: tuple[int, str]) -> None:
    assert expected in found(source)
    assert "javascript" not in rendered(source).html.replace("&#", "")


@pytest.mark.parametrize(
    "source",
    [
        "[x][1]\n\n[1]: 2-lain.md\n",
        "![x][1]\n\n[1]: media/a.svg\n",
        "<https://contoh.example/a_b>\n",
        "<siapa@contoh.example>\n",
        "[x](mailto:siapa@contoh.example) [y](tel:+62)\n",
        "Jika a < b dan c > d.\n",
        "## Judul {#ini}\n\n[x](#ini)\n",
        "`[x](javascript:y)`\n",
        "\\[x](9-tiada.md)\n",
    ],
)
def test_what_is_right_is_left_alone(source: str) -> None:
    assert found(source) == []


def test_a_heading_may_have_an_id_of_its_own() -> None:
    made = rendered("## Tiga langkah {#langkah}\n\n## Isi\n")
    assert list(made.toc) == [(2, "langkah", "Tiga langkah"), (2, "bagian-isi", "Isi")]
    assert made.anchors == {"langkah", "bagian-isi"}
    assert '<h2 id="langkah">Tiga langkah</h2>' in made.html


def test_links_to_headings_of_other_texts_are_collected() -> None:
    assert list(rendered("Satu.\n\n[x](2-lain.md#dua)\n").links) == [(3, "2-lain.md#dua")]


@pytest.mark.parametrize("text", ["1998. Tahun itu", "- satu", "> kutip", "# bukan judul", "    kode", "a\n---"])
def test_a_line_never_becomes_a_block(text: str) -> None:
    made = markdown.render_inline(text)
    assert not any(f"<{tag}" in made for tag in ("ol", "ul", "li", "blockquote", "h1", "h2", "pre", "p"))


def test_paragraphs_of_a_line_are_broken() -> None:
    assert markdown.render_inline("Satu.\n\n*Dua*.") == "Satu.<br><em>Dua</em>."


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("> " * 3_000 + "x", "nested_too_deep"),
        ("- " * 3_000 + "x", "nested_too_deep"),
        ("\n".join("    " * n + "- a" for n in range(150)), "nested_too_deep"),
        ("[" * 20_000, "nested_too_deep"),
        ("[a](" * 10_000, "nested_too_deep"),
        ("[)" * 20_000, "nested_too_deep"),
        ("[\\]" * 10_000, "nested_too_deep"),
        ("[`]`" * 10_000, "nested_too_deep"),
        ("[]" * 20_000, "paragraph_too_full"),
        ("*a* " * 15_000, "paragraph_too_full"),
        ("***\n" * 15_000, "paragraph_too_full"),
        ("a\n: b\n\n" * 8_000, "paragraphs_too_many"),
        ("# a\n" * 12_000, "headings_too_many"),
        ("a\n-\n" * 12_000, "headings_too_many"),
    ],
)
def test_what_would_keep_the_parser_busy_is_refused_at_once(source: str, code: str) -> None:
    began = time.process_time()
    assert code in [each for _, each in found(source)]
    assert markdown.render_inline(source)
    assert time.process_time() - began < 3


@given(st.text(alphabet="ab[]()!<>{}#*_`|:-=1. \n\t&;\\\"'^~?/", max_size=300))
def test_any_text_is_rendered_and_its_problems_have_lines(source: str) -> None:
    made = rendered(source)
    assert all(1 <= problem.line <= source.count("\n") + 1 for problem in made.problems)
    assert "<script" not in made.html
    assert markdown.render_inline(source) == markdown.render_inline(source)


@given(st.text(alphabet="ab1# \n-:[]{}!&*?|>'\"%@,~.", max_size=200))
def test_any_front_matter_is_read_or_said_to_be_unreadable(front: str) -> None:
    text = documents.normalise(f"---\nid: a\nkind: lesson\n{front}\n---\n\nIsi.\n")
    document, problems = documents.parse(text)
    assert document is not None or problems
    assert all(1 <= problem.line <= text.count("\n") for problem in problems)


@given(st.text(alphabet="ab#{}[]()x.=:|>_-+1± ,²<!*\n", max_size=300))
def test_any_questions_and_scenes_are_read(body: str) -> None:
    for parse in (questions.parse, scenes.parse):
        _, _, problems = parse("## S {#a}\n" + body, 1)
        assert all(1 <= problem.line <= body.count("\n") + 2 for problem in problems)


def test_anchors_that_a_page_uses_itself_are_kept_free() -> None:
    assert prose.slug("Tujuan") == "bagian-tujuan"
    assert prose.slug("Ćevapi & co.") == "cevapi-co"
    assert prose.slug("…") == "bagian"
