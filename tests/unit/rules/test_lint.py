import pytest

from lms.rules import lint
from tests import builders


def codes(files: dict[str, bytes]) -> set[str]:
    return {problem.code for _, problem in lint.lint_pack(files)}


def changed(path: str, text: str) -> dict[str, bytes]:
    return {**builders.small_pack(), path: text.encode()}


LESSON, QUIZ, MODULE = "dukungan/1-awal/1-lihat.md", "dukungan/1-awal/kuis.md", "dukungan/1-awal/module.md"


def quiz(body: str) -> str:
    return builders.quiz_md(body=body)


def sim(body: str) -> str:
    return f"---\nid: sk-1\nkind: simulation\ntitle: Kasus\nposition: 20\n---\n\nPengantar.\n\n{body}"


def test_a_glossary_is_checked_with_the_pack() -> None:
    assert codes(changed("glosarium.md", builders.glossary_md())) <= {"minutes_and_length"}
    assert "place_wrong" in codes(changed("dukungan/1-awal/glosarium.md", builders.glossary_md()))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Belum ada.\n", "no_term"),
        ("## Tagana\n\nRelawan.\n", "term_without_id"),
        ("## Tagana {#tagana}\n", "term_without_text"),
        ("## Tagana {#a}\n\nSatu.\n\n## Sentra {#a}\n\nDua.\n", "id_doubled"),
        ("## Tagana {#a}\n\nSatu.\n\n## Relawan {#b also=tagana}\n\nDua.\n", "term_doubled"),
        ("## Tagana {#a}\n\n<b>Relawan</b>\n", "raw_html"),
    ],
)
def test_what_is_wrong_with_a_term_is_said(body: str, code: str) -> None:
    assert code in codes(changed("glosarium.md", builders.glossary_md(body)))


def test_one_term_may_be_written_in_small_and_in_capital_letters() -> None:
    text = builders.glossary_md('## NAPZA {#napza also="napza"}\n\nZat adiktif.\n')
    assert codes(changed("glosarium.md", text)) <= {"minutes_and_length"}


def test_the_small_pack_is_clean_but_short() -> None:
    assert codes(builders.small_pack()) <= {"minutes_and_length"}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (changed(LESSON, builders.lesson_md("uji-1-2")), "id_taken"),
        (changed(QUIZ, quiz(builders.QUESTIONS.replace("uji-q2", "uji-q1"))), "id_doubled"),
        (changed(QUIZ, quiz(builders.QUESTIONS.replace("[x]", "[ ]"))), "no_right_answer"),
        (changed(QUIZ, quiz(builders.QUESTIONS.replace("Selimut", "Air minum"))), "option_doubled"),
        (changed(QUIZ, quiz("Tanpa soal.\n")), "no_question"),
        (changed(QUIZ, builders.quiz_md(draw=9)), "draw_too_many"),
        (changed(QUIZ, builders.quiz_md(opens="2026-02-02", closes="2026-02-01")), "closes_before_opening"),
        (changed(QUIZ, builders.quiz_md(opens="2026-02-02 08:00", closes="besok")), "value_moment"),
        (changed(QUIZ, builders.quiz_md(feedback="after-close")), "feedback_without_closing"),
        (changed(QUIZ, quiz("## S {#e1}\n\n- [x] a\n- [ ] semua benar\n\n> Ya.\n")), "all_right_option"),
        (changed(QUIZ, quiz("## S {#e1}\n\n- [x] a\n- [ ] b\n")), "no_explanation"),
        (changed(QUIZ, quiz('## S {#e1 problems="XX"}\n\n- [x] a\n- [ ] b\n\n> Ya.\n')), "problem_unknown"),
        (changed(LESSON, builders.lesson_md(body="[x](9-tiada.md)\n")), "link_broken"),
        (changed(LESSON, builders.lesson_md(body="![x](media/tiada.svg)\n")), "image_missing"),
        (changed(LESSON, builders.lesson_md(body="<b>x</b>\n")), "raw_html"),
        (changed(LESSON, builders.lesson_md(body="NIK 3578014503900001.\n")), "nik_in_text"),
        (changed(LESSON, builders.lesson_md(body="Diancam lima tahun penjara.\n")), "penalty_in_text"),
        (
            changed(
                LESSON,
                builders.lesson_md(body="Menurut UU 11/2009.\n").replace("valid_as_of: 2026-01-31", "valid_as_of:"),
            ),
            "law_without_day",
        ),
        (changed(LESSON, builders.lesson_md().replace("minutes: 1", "minutes: 90")), "minutes_and_length"),
        (changed(MODULE, builders.module_md(requires="[uji-2]")), "requirement_cycle"),
        (changed(MODULE, builders.module_md(requires="[tiada]")), "requirement_unknown"),
        (
            {path: text for path, text in builders.small_pack().items() if not path.endswith("1-pulih.md")},
            "module_without_lesson",
        ),
        ({path: text for path, text in builders.small_pack().items() if not path.endswith("course.md")}, "place_wrong"),
        (changed("dukungan/1-awal/media/besar.png", "x" * 100_001), "image_heavy"),
        (
            changed(
                "dukungan/1-awal/kasus.md",
                sim("## A {#a}\n\n- [x](#b) +1\n    Ya.\n\n## B {#b}\n\n- [y](#a) 0\n    Tidak.\n"),
            ),
            "scene_endless",
        ),
        (changed("dukungan/1-awal/kasus.md", sim("## A {#a}\n\nAkhir.\n\n## B {#b}\n\nAkhir.\n")), "scene_unreachable"),
        (changed("dukungan/1-awal/kasus.md", sim("## A {#a}\n\n- [x](#z) +1\n    Ya.\n")), "scene_missing"),
        (
            changed("dukungan/1-awal/kasus.md", sim("## A {#a}\n\n- [x](#b) +1\n\n## B {#b}\n\nAkhir.\n")),
            "choice_without_reply",
        ),
        (changed("dukungan/1-awal/kasus.md", sim("Tanpa adegan.\n")), "no_scene"),
        (changed(LESSON, "x" * 70_000), "text_too_long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_lint_finds(files: dict[str, bytes], code: str) -> None:
    assert code in codes(files)


def test_a_test_wise_reader_is_noticed() -> None:
    biased = "".join(
        f"## S{n} {{#b{n}}}\n\n- [x] jawaban yang paling panjang\n- [ ] a\n- [ ] b\n\n> Ya.\n\n" for n in range(6)
    )
    assert {"right_is_longest", "right_in_one_place"} <= codes(changed(QUIZ, quiz(biased)))
