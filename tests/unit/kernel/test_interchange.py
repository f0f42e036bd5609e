"""Moodle's own examples, its escapes and weights, and files that no one should have sent."""

import base64
from decimal import Decimal

import pytest

from lms.kernel import errors
from lms.kernel.interchange import decoding, marks, numbers
from lms.rules import interchange
from lms.rules.interchange import Coming, Format, Import

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\0\0\2\0\0\0\2" + b"\0" * 20


def gift(text: str) -> Import:
    return interchange.read(text.encode(), Format.GIFT, stem="uji-1")


def xml(questions: str) -> Import:
    return interchange.read(f"<quiz>{questions}</quiz>".encode(), Format.MOODLE_XML, stem="uji-1")


def only(made: Import) -> Coming:
    assert made.refusals == ()
    assert len(made.coming) == 1
    return made.coming[0]


def answers(each: Coming) -> list[tuple[str, float, str]]:
    return [(answer["text"], answer["weight"], answer["feedback"]) for answer in each.item["answers"]]


def notes(each: Coming) -> list[str]:
    return [note.code for note in each.notes]


def test_gift_choices_with_weights_feedback_and_general_feedback() -> None:
    each = only(gift("::Nama::Pilih.{\n~%50%air#ya\n~%50%tikar\n~%-50%janji#jangan\n####Kebutuhan nyata.}"))
    assert (each.item["kind"], each.item["name"], each.item["line"]) == ("multiple", "Nama", 1)
    assert answers(each) == [("air", 50, "ya"), ("tikar", 50, ""), ("janji", -50, "jangan")]
    assert (each.item["feedback"], notes(each)) == ("Kebutuhan nyata.", [])
    assert each.markdown == (
        "## Pilih. {#uji-1-q01 points=1}\n\n- [x] air\n    ya\n- [x] tikar\n- [ ] janji\n    jangan\n\n> Kebutuhan nyata.\n"
    )


@pytest.mark.parametrize(
    ("source", "kind", "markdown"),
    [
        ("Grant?{~a ~b =no one}", "single", "- [ ] a\n- [ ] b\n- [x] no one"),
        ("Grant is {~buried =entombed} here.", "single", "## Grant is _____ here. {#"),
        ("Benarkah?{T}", "single", "- [x] Benar\n- [ ] Salah"),
        ("Benarkah?{FALSE#keliru#betul}", "single", "- [ ] Benar\n    keliru\n- [x] Salah\n    betul"),
        ("Siapa?{=no one =nobody}", "short", "= no one\n= nobody"),
        ("Ibu kota {=Jakarta =DKI} ramai.", "gap", "Ibu kota {{Jakarta|DKI}} ramai."),
        ("Kapan?{#1822:5}", "numeric", "= 1822 ± 5"),
        ("Pi?{#3.141..3.142}", "numeric", "= 3,1415 ± 0,0005"),
        ("Pi?{#3,14:0,01}", "numeric", "= 3,14 ± 0,01"),
        ("Banyak?{#=6.02E3 =-1:0}", "numeric", "= 6020\n= -1"),
        (
            "Pasang.{=Canada -> Ottawa =Italy->Rome = -> Paris}",
            "matching",
            "- Canada :: Ottawa\n- Italy :: Rome\n- :: Paris",
        ),
        (
            "Urut.{>3 ALL VERTICAL ABSOLUTE_POSITION SHOW none\nsatu\ndua\ntiga\n}",
            "ordering",
            "1. satu\n2. dua\n3. tiga",
        ),
        ("Tulis.{}", "essay", "___"),
        ("[plain]2 * 3 < 7? {T}", "single", "## 2 * 3 < 7? {#"),
        ("[html]<b>Tebal</b> &amp; <i>miring</i>{T}", "single", "## **Tebal** & *miring* {#"),
        (r"\=\~\#\{\}\:\\ a?{=b\=c ~d\~e}", "single", "## =~#{}:\\\\ a? {#uji-1-q01 points=1}\n\n- [x] b=c\n- [ ] d~e"),
        (r"Satu\n\nDua{T}", "single", "points=1}\n\nDua\n\n- [x]"),
    ],
)
def test_gift_kinds_and_escapes(source: str, kind: str, markdown: str) -> None:
    each = only(gift(source))
    assert each.item["kind"] == kind
    assert markdown in each.markdown


def test_gift_comments_ids_tags_and_categories() -> None:
    made = gift(
        "// catatan\n$CATEGORY: $course$/Bencana\n\n// [id:uji-9-q07] [tag:KBA] [tag:points=3] [tag:lain]\n"
        "Satu?{T}\n\n// lepas\n\nDua?{\n=a\n// di tengah\n~b}\n"
    )
    first, second = made.coming
    assert (first.item["id"], first.item["points"], first.item["category"]) == ("uji-9-q07", 3, "$course$/Bencana")
    assert 'problems="KBA"' in first.markdown
    assert notes(first) == ["tags_dropped"]
    assert (second.item["line"], second.item["id"]) == (9, "uji-1-q01")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("Tanpa jawaban.", "description_has_no_place"),
        ("Kurung { =a", "braces_wrong"),
        ("::x::{T}", "question_text_missing"),
        ("Satu{~a}", "too_few_answers"),
        ("Dua{=a =b ~c}", "several_full_answers"),
        ("Pasang{=a->b =c}", "pair_without_arrow"),
        ("Angka{#lima}", "number_unreadable"),
        ("Angka{#=*}", "number_unreadable"),
        ("Setengah{=%50%a}", "no_full_answer"),
        ("Bintang{=a*}", "no_full_answer"),
        ("Banyak{=a " + "~b " * 200 + "}", "too_many_answers"),
        ("Panjang " + "a" * 20_000 + "{T}", "question_too_long"),
    ],
)
def test_gift_refuses_by_name_and_line(source: str, code: str) -> None:
    made = gift(f"Awal?{{T}}\n\n{source}\n\nAkhir?{{F}}")
    assert [(each.line, each.code) for each in made.refusals] == [(3, code)]
    assert made.refusals[0].name
    assert len(made.coming) == 2


def test_what_changes_is_said() -> None:
    each = only(gift("Siapa?{=Grant =%50%Ulysses#hampir =Gr*t =wrong#x}"))
    assert notes(each) == ["partial_counts_as_wrong", "pattern_dropped", "feedback_moved"]
    each = only(gift("Satu?{=a ~%30%b ~c}"))
    assert notes(each) == ["partial_counts_as_wrong"]
    each = only(gift("Berat?{~%60%a ~%40%b ~c}"))
    assert notes(each) == ["weights_evened", "wrong_costs_as_much"]


def test_xml_kinds() -> None:
    made = xml(
        '<question type="category"><category><text>$course$/top</text></category></question>'
        '<question type="truefalse"><name><text>B</text></name><questiontext format="html"><text><![CDATA[<p>Benar?</p>]]></text></questiontext>'
        '<answer fraction="0"><text>true</text><feedback><text>Bukan</text></feedback></answer><answer fraction="100"><text>false</text></answer></question>'
        '<question type="numerical"><questiontext><text>Berapa?</text></questiontext><answer fraction="100"><text>45</text><tolerance>0.5</tolerance></answer></question>'
        '<question type="cloze"><questiontext><text>&lt;p&gt;Kota {1:SHORTANSWER:=Jakarta~%100%DKI#ya} dan {2:MC:=Bali~Roma}.&lt;/p&gt;</text></questiontext></question>'
        '<question type="matching"><questiontext><text>Pasang</text></questiontext><subquestion><text>a</text><answer><text>1</text></answer></subquestion>'
        "<subquestion><text>b</text><answer><text>2</text></answer></subquestion><subquestion><text></text><answer><text>3</text></answer></subquestion></question>"
        '<question type="essay"><questiontext><text>Tulis</text></questiontext><graderinfo><text>- jelas (4)</text></graderinfo></question>'
        '<question type="ordering"><questiontext><text>Urut</text></questiontext><answer fraction="2.0"><text>b</text></answer><answer fraction="1.0"><text>a</text></answer></question>'
        '<question type="shortanswer"><questiontext><text>Siapa</text></questiontext><usecase>1</usecase><answer fraction="100"><text>a\\*b</text></answer></question>'
    )
    assert made.refusals == ()
    assert [each.item["kind"] for each in made.coming] == [
        "single", "numeric", "gap", "matching", "essay", "ordering", "short",
    ]  # fmt: skip
    texts = [each.markdown for each in made.coming]
    assert "- [ ] Benar\n    Bukan\n- [x] Salah" in texts[0]
    assert "= 45 ± 0,5" in texts[1]
    assert "Kota {{Jakarta|DKI}} dan {{Bali}}." in texts[2]
    assert made.coming[2].item["points"] == 3
    assert "- a :: 1\n- b :: 2\n- :: 3" in texts[3]
    assert "___\n- rubrik: jelas (4)" in texts[4]
    assert "1. a\n2. b" in texts[5]
    assert "= a*b" in texts[6]
    assert notes(made.coming[6]) == ["case_ignored"]


def test_xml_refuses_unknown_types_by_name_and_line() -> None:
    made = xml('\n<question type="calculated">\n<name><text>Hitung</text></name></question>\n<question type="ddwtos"/>')
    assert [(each.line, each.name, each.code, each.values) for each in made.refusals] == [
        (2, "Hitung", "type_unsupported", {"type": "calculated"}), (4, "", "type_unsupported", {"type": "ddwtos"}),
    ]  # fmt: skip


def test_images_in_xml_are_kept_and_missing_ones_refuse_their_question() -> None:
    body = base64.b64encode(PNG).decode()
    made = xml(
        f'<question type="truefalse"><questiontext format="html"><text>&lt;p&gt;Lihat.&lt;/p&gt;&lt;img src="@@PLUGINFILE@@/Foto%20Banjir.PNG" alt="Banjir"&gt;</text>'
        f'<file name="Foto Banjir.PNG" encoding="base64">{body}</file></questiontext><answer fraction="100"><text>true</text></answer>'
        '<answer fraction="0"><text>false</text></answer></question>'
        '<question type="essay"><questiontext><text>&lt;img src="@@PLUGINFILE@@/hilang.png" alt="x"&gt; Tulis</text></questiontext></question>'
    )
    assert "![Banjir](media/foto-banjir.png)" in made.coming[0].markdown
    assert made.pictures == {"foto-banjir.png": PNG}
    assert [each.code for each in made.refusals] == ["picture_missing"]


def test_aiken() -> None:
    made = interchange.read(
        b"Apa pertama?\nA. Menyuruh\nB) Melihat\nANSWER: B\n\nTanpa kunci?\nA. a\nB. b\n\nSalah huruf?\nA. a\nB. b\nANSWER: D\n",
        Format.AIKEN,
        stem="uji-1",
    )
    assert answers(made.coming[0]) == [("Menyuruh", 0, ""), ("Melihat", 100, "")]
    assert [(each.line, each.code) for each in made.refusals] == [
        (6, "answer_line_missing"),
        (10, "answer_letter_unknown"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end(encoding: str, end: str) -> None:
    source = f"Café – apa?{{{end}=é{end}~b}}{end}{end}Dua?{{T}}{end}"
    made = interchange.read(source.encode(encoding), Format.GIFT, stem="x")
    assert [each.item["stem"] for each in made.coming] == ["Café – apa?", "Dua?"]
    assert made.coming[1].item["line"] == 5


@pytest.mark.parametrize(
    ("content", "form", "code"),
    [
        (b"", Format.GIFT, "file_empty"),
        (b"\xef\xbb\xbf \r\n", Format.GIFT, "file_empty"),
        (PNG, Format.GIFT, "file_binary"),
        (b"PK\x03\x04" + bytes(range(256)) * 20, Format.MOODLE_XML, "file_binary"),
        (b"x" * (decoding.LARGEST + 1), Format.GIFT, "file_too_big"),
        (b"// hanya catatan\n", Format.GIFT, "file_without_questions"),
        (b"<quiz/>", Format.MOODLE_XML, "file_without_questions"),
        (b"Apa?{=a ~b}", Format.MOODLE_XML, "file_without_questions"),
        (b"<html/>", Format.MOODLE_XML, "xml_not_a_quiz"),
        (b"<quiz><question>", Format.MOODLE_XML, "xml_broken"),
        (b"<quiz>" * 5_000, Format.MOODLE_XML, "xml_too_deep"),
        (b'<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', Format.MOODLE_XML, "xml_doctype"),
        (b'<!DOCTYPE q SYSTEM "http://contoh.example/x.dtd"><quiz/>', Format.MOODLE_XML, "xml_doctype"),
        (b"A?{T}\n\n" * 1_001, Format.GIFT, "file_too_many"),
    ],
)
def test_unfit_files_are_refused_as_a_whole(content: bytes, form: Format, code: str) -> None:
    with pytest.raises(errors.Refused) as refused:
        interchange.read(content, form, stem="x")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("source", "losses"),
    [
        ("<p>Teks <b>tebal</b></p>", []),
        ('<IFRAME src="https://contoh.example/v"></IFRAME>Tonton.', ["parts_dropped"]),
        ('<p>Lihat <img alt="x" src="https://contoh.example/x.png"></p>', ["picture_became_link"]),
    ],
)
def test_what_a_text_loses_is_said(source: str, losses: list[str]) -> None:
    question = (
        '<question type="essay"><questiontext format="html"><text><![CDATA[%s]]></text></questiontext></question>'
    )
    assert notes(only(xml(question % source))) == losses
    assert notes(only(gift("[html]" + source.replace("=", "\\=").replace(":", "\\:") + " {}"))) == losses
    assert notes(only(xml(question.replace("html", "markdown") % source))) == []


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("<p>Satu</p><p>Dua<br>tiga</p>", "html", "Satu\n\nDua\ntiga"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "html", "- a\n- b\n    - c"),
        ("<script>alert(1)</script><b onclick=x>a</b>", "html", "**a**"),
        ("<h3>Judul</h3><p>x</p>", "html", "**Judul**\n\nx"),
        ("<table><tr><th>a</th></tr><tr><td>b</td></tr></table>", "html", "| a |\n| --- |\n| b |"),
        ('<a href="javascript:x">a</a> <a href="https://contoh.example">b</a>', "html", "a [b](https://contoh.example)"),
        ("1. satu\n> dua\n= tiga\n## empat\n(1..5)\n____", "plain",
         "1&#46; satu\n&#62; dua\n&#61; tiga\n&#35;# empat\n&#40;1..5)\n&#95;___"),
        ("a_b *c* [d](e) <b>", "plain", "a_b \\*c\\* \\[d](e) &lt;b>"),
        ("x &lt; y", "moodle", "x < y"),
    ],
)  # fmt: skip
def test_texts_become_our_markdown(source: str, kind: str, expected: str) -> None:
    assert marks.to_markdown(source, kind, {}) == expected


def test_numbers_stay_exact() -> None:
    assert numbers.bounds("0,1:0.05") == (Decimal("0.05"), Decimal("0.15"))
    assert numbers.middle(Decimal("0.05"), Decimal("0.15")) == ("0.1", "0.05")
    assert numbers.bounds("x") is None
