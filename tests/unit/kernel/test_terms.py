import re

import pytest

from lms.kernel import markdown
from lms.kernel.terms import TITLE, Explanation


def meaning(name: str) -> Explanation:
    return Explanation(f"/glosarium#{name.lower()}", name, f"<p>Arti {name}.</p>")


GLOSSARY = {
    "Rujukan": meaning("Rujukan"), "PAS": meaning("PAS"), "Pekerja Sosial": meaning("Pekerja Sosial"),
    "Pekerja Sosial Masyarakat": meaning("PSM"), "LDP": meaning("LDP"), "Data terpilah": meaning("Data terpilah"),
    "layanan dukungan psikososial": meaning("LDP"), "SIKS-NG": meaning("SIKS-NG"), "dan/atau (a+b)": meaning("Aneh"),
}  # fmt: skip


def found(text: str) -> list[str]:
    """The words that became links to a term, in order."""
    html = markdown.render(text, glossary=GLOSSARY).html
    links = re.findall(r"<a ([^>]*)>(.*?)</a>", html.partition(TITLE)[0])
    return [words for attributes, words in links if 'class="term"' in attributes]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Buat rujukan hari ini.", ["rujukan"]),
        ("Rujukan dibuat. Rujukan diterima.", ["Rujukan"]),
        ("Rujukannya dan rujukan-rujukan, juga dirujukan.", []),
        ("(rujukan), “rujukan”", ["rujukan"]),
        ("RUJUKAN", []),
        ("Itu pas; dalam PAS.", ["PAS"]),
        ("Seorang Pekerja Sosial Masyarakat dan Pekerja Sosial.", ["Pekerja Sosial Masyarakat", "Pekerja Sosial"]),
        ("Seorang pekerja sosial.", []),
        ("LDP adalah layanan dukungan psikososial.", ["LDP"]),
        ("Layanan dukungan psikososial, LDP.", ["Layanan dukungan psikososial"]),
        ("Lewat SIKS-NG dan **data terpilah** itu.", ["SIKS-NG", "data terpilah"]),
        ("**rujukan** lalu PAS lalu *LDP* dan SIKS-NG.", ["rujukan", "PAS", "LDP", "SIKS-NG"]),
        ("dan/atau (a+b)", ["dan/atau (a+b)"]),
        ("## Rujukan\n\nPAS", ["PAS"]),
        ("`rujukan` dan [rujukan](https://contoh.example)", []),
        ("    rujukan\n", []),
        ("??? question \"Apa rujukan?\"\n    Rujukan itu ini.", ["Rujukan"]),
        ("!!! tip \"Rujukan\"\n    Buat rujukan.", ["rujukan"]),
        ("- PAS\n- rujukan\n\n| a | LDP |\n|---|---|\n| b | SIKS-NG |", ["PAS", "rujukan", "LDP", "SIKS-NG"]),
    ],
)  # fmt: skip
def test_the_first_occurrence_of_a_whole_word_is_pointed_at(text: str, words: list[str]) -> None:
    assert found(text) == words


def test_the_text_around_the_links_stays_as_it_was() -> None:
    text = "Satu PAS dua *LDP* tiga rujukan empat **SIKS-NG** lima."
    plain = markdown.render(text).html
    linked = markdown.render(text, glossary=GLOSSARY).html.partition("<details")[0]
    assert re.sub(r"</?a[^>]*>", "", linked) == plain
    assert '<a class="term" href="/glosarium#pas">PAS</a>' in linked or 'href="/glosarium#pas"' in linked


def test_what_was_found_is_explained_at_the_end_in_order_of_the_names() -> None:
    html = markdown.render("SIKS-NG, rujukan, layanan dukungan psikososial.", glossary=GLOSSARY).html
    _, _, ending = html.partition("<details")
    assert TITLE in ending
    assert re.findall(r"<dt>(.*?)</dt>", ending) == ["LDP", "Rujukan", "SIKS-NG"]
    assert "<dd><p>Arti Rujukan.</p></dd>" in ending


def test_a_text_without_terms_has_no_list() -> None:
    assert "<details" not in markdown.render("Tidak ada.", glossary=GLOSSARY).html
    assert markdown.render("PAS", glossary={}).html == markdown.render("PAS").html


def test_an_explanation_cannot_bring_markup_that_readers_may_not_see() -> None:
    bad = {"PAS": Explanation("javascript:alert(1)", "<b>PAS</b>", "<p onclick='x'>Arti<script>x()</script></p>")}
    html = markdown.render("PAS", glossary=bad).html
    assert "javascript" not in html
    assert "<script" not in html
    assert "onclick" not in html
    assert "&lt;b&gt;PAS&lt;/b&gt;" in html
