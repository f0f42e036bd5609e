import pytest

from lms.kernel import markdown, prose

KNOWN = {"2-lain.md": "/belajar/x/y", "media/a.svg": "/media/1/a.svg"}


def html(source: str) -> str:
    return markdown.render(source, resolve=KNOWN.get).html


def codes(source: str) -> list[tuple[int, str]]:
    return [
        (problem.line, problem.code) for problem in markdown.render(source, first_line=10, resolve=KNOWN.get).problems
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**a** *b*", "<p><strong>a</strong> <em>b</em></p>"),
        ("## Satu dua", '<h2 id="satu-dua">Satu dua</h2>'),
        ('!!! tip "Judul"\n    Isi.', '<div class="note note-tip">'),
        ('??? question "Mengapa?"\n    Karena.', "<summary>Mengapa?</summary>"),
        (
            "| a | b |\n|---|--:|\n| 1 | 2 |",
            'class="scroll" role="region" tabindex="0"><table>',
        ),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", '<td class="right">2</td>'),
        ('![Bagan](media/a.svg "Keterangan")', "<figcaption>Keterangan</figcaption>"),
        ("![Bagan](media/a.svg)", 'src="/media/1/a.svg"'),
        ("[lain](2-lain.md#bagian)", '<a href="/belajar/x/y#bagian">lain</a>'),
        ("[luar](https://contoh.example)", 'rel="noopener noreferrer"'),
        ("Kata[^1].\n\n[^1]: Catatan.", "footnote-ref"),
        ("Istilah\n:   Arti", "<dt>Istilah</dt>"),
        ("- [x] selesai", 'type="checkbox"'),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)
def test_what_authors_may_write(source: str, expected: str) -> None:
    assert expected in html(source)


def test_the_contents_list() -> None:
    made = markdown.render("## Satu\n\n### Satu satu\n\n## Dua & tiga\n\n## Satu\n")
    assert list(made.toc) == [
        (2, "satu", "Satu"),
        (3, "satu-satu", "Satu satu"),
        (2, "dua-tiga", "Dua & tiga"),
        (2, "satu_1", "Satu"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# Satu", "heading_of_page"),
        ("## Satu\n\n#### Empat", "heading_jump"),
        ("![](media/a.svg)", "image_without_text"),
        ("![a](media/b.svg)", "image_missing"),
        ("[a](3-tiada.md)", "link_broken"),
        ("[a](#tiada)", "anchor_missing"),
        ("[a](javascript:x)", "link_protocol"),
        ("Teks <b>tebal</b>.", "raw_html"),
        ("kata " * 31 + ".", "sentence_long"),
    ],
)
def test_what_the_lint_says_about_a_line(source: str, expected: str) -> None:
    assert expected in [code for _, code in codes("Awal.\n\n" + source)]
    assert (12, expected) in codes("Awal.\n\n" + source) or expected == "heading_jump"


def test_code_may_show_tags() -> None:
    assert codes("`<script>`") == []
    assert "<code>&lt;script&gt;</code>" in html("`<script>`")


def test_inline_is_without_a_block() -> None:
    assert markdown.render_inline("**a** b") == "<strong>a</strong> b"
    assert markdown.render_inline("<script>x</script>") == "&lt;script&gt;x&lt;/script&gt;"


def test_words_are_counted_as_a_reader_meets_them() -> None:
    assert prose.count_words("Satu [dua](tautan-panjang.md) **tiga**.\n\n| empat | lima |\n|---|---|\n") == 5
