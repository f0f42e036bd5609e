"""Questions as things of their own: versions, loans, and what searching finds."""

from lms.kernel import documents, questions
from lms.rules import bank, publishing
from lms.rules.bank import Loan
from tests.builders import QUESTIONS, quiz_md


def publication(body: str, lent: bank.Bank | None = None, code: str = "uji-1-kuis") -> publishing.Publication:
    return publishing.publication(quiz_md(code, body=body), resolve=publishing.resolver({}), glossary={}, bank=lent)


def home(body: str = QUESTIONS) -> dict[str, Loan]:
    made = publication(body)
    return bank.loans("uji-1-kuis", made.paper, made.key)


def version(loan: Loan) -> str:
    return bank.version(loan.paper, loan.key)


def test_what_a_quiz_will_lend_is_what_it_lends_once_published() -> None:
    document, _ = documents.parse(quiz_md())
    assert document is not None
    assert publishing.loans(document, {"uji-q2", "uji-q4"}, resolve=publishing.resolver({})) == {
        code: loan for code, loan in home().items() if code in {"uji-q2", "uji-q4"}
    }


def test_a_version_changes_with_what_is_shown_and_what_marks_and_with_nothing_else() -> None:
    before = home()
    after = home(QUESTIONS.replace("> Lihat dahulu.", "> Lihat dulu.").replace("- [ ] Janji", "- [x] Janji"))
    changed = {code for code in before if version(before[code]) != version(after[code])}
    assert changed == {"uji-q1", "uji-q2"}
    moved = home(f"Pengantar.\n\n{QUESTIONS}")
    assert {code: version(loan) for code, loan in moved.items()} == {
        code: version(loan) for code, loan in before.items()
    }


def test_a_borrower_keeps_the_order_of_its_text_and_lends_only_its_own() -> None:
    lent = home()
    body = f"## @uji-q4\n\n{QUESTIONS[: QUESTIONS.index('## Pilih')].replace('uji-q1', 'lain-q1')}\n## @uji-q1 {{points=7}}\n"
    made = publication(body, lent, "uji-2-kuis")
    assert [part["id"] for part in made.paper or ()] == ["uji-q4", "lain-q1", "uji-q1"]
    assert list((made.key or {}).keys()) == ["uji-q4", "lain-q1", "uji-q1"]
    assert ((made.paper or [])[2]["points"], (made.key or {})["uji-q1"]["points"]) == (7, 7)
    assert lent["uji-q1"].paper["points"] == 1
    assert bank.loans("uji-2-kuis", made.paper, made.key).keys() == {"lain-q1"}
    entries = {each.code: each for each in bank.entries(made.paper, made.key)}
    assert [code for code, each in entries.items() if each.is_own] == ["lain-q1"]
    assert entries["uji-q1"].version == version(lent["uji-q1"])


def test_borrowed_questions_count_for_the_draw() -> None:
    text = quiz_md("uji-2-kuis", body="## @uji-q1 {pool=a}\n\n## @uji-q2\n", draw="{a: 1}")
    made = publishing.publication(text, resolve=publishing.resolver({}), glossary={}, bank=home())
    assert made.may_publish
    text = text.replace("{a: 1}", "{a: 2}")
    made = publishing.publication(text, resolve=publishing.resolver({}), glossary={}, bank=home())
    assert [each.code for each in made.problems if each.severity == "error"] == ["draw_too_many"]


def test_searching_finds_every_word_that_a_question_shows_or_accepts() -> None:
    body = (
        "## Berapa **ASN** &amp; PPPK? {#a}\n\n= dua puluh\n\n> Alasan <panjang>.\n\n"
        "## Isi. {#b}\n\nHasil {{spesifik|khusus}} itu.\n\n> Ya.\n\n## Uraikan. {#c}\n\n___\n- rubrik: fakta lengkap (4)\n"
    )
    made = publication(body)
    entries = bank.entries(made.paper, made.key)
    assert entries[0].stem == "Berapa ASN & PPPK?"
    found = [("dua puluh", 0), ("alasan", 0), ("asn", 0), ("spesifik", 1), ("khusus", 1), ("fakta lengkap", 2)]
    assert all(word in entries[place].words for word, place in found)
    assert all(each.code in each.words for each in entries)


def test_a_reference_to_nothing_is_an_error_and_the_rest_is_still_laid_out() -> None:
    made = publication(f"{QUESTIONS}\n## @hilang\n")
    assert [each.code for each in made.problems if each.severity == "error"] == ["reference_unknown"]
    assert len(made.paper or ()) == 4


def test_references_are_found_where_the_grammar_says_so() -> None:
    assert [each.id for each in questions.references("# @a\n### @b\n## @c\ntext ## @d\n## @E\n", 1)[0]] == ["c"]
