from decimal import Decimal

import pytest

from lms.kernel import question_text, questions
from lms.kernel.questions import QuestionKind, Reference


def one(answers: str, heading: str = "## Soal {#q1}") -> questions.Question:
    found, _, problems = questions.parse(f"{heading}\n\n{answers}\n", 10)
    assert problems == []
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ("- [x] a\n- [ ] b", QuestionKind.SINGLE),
        ("- [x] Benar\n- [ ] Salah", QuestionKind.SINGLE),
        ("- [x] a\n- [X] b\n- [ ] c", QuestionKind.MULTIPLE),
        ("- a :: b\n- c :: d\n- :: e", QuestionKind.MATCHING),
        ("1. a\n2. b\n3. c", QuestionKind.ORDERING),
        ("= air\n= air minum", QuestionKind.SHORT),
        ("= 45 ± 0,5", QuestionKind.NUMERIC),
        ("= 40..50", QuestionKind.NUMERIC),
        ("= 3,5", QuestionKind.NUMERIC),
        ("Bencana {{alam|natural}} itu.", QuestionKind.GAP),
        ("___\n- rubrik: jelas (4)", QuestionKind.ESSAY),
        ("(1..5)", QuestionKind.SCALE),
    ],
)
def test_the_shape_says_the_kind(answers: str, kind: QuestionKind) -> None:
    assert one(answers).kind is kind


def test_everything_around_the_answers() -> None:
    body = (
        'Pengantar.\n\n## Apa langkah pertama? {#mrs-1-q08 .kasus points=2 problems="KBA,FM" pool=inti}\n\nSebuah kasus.\n\n'
        "- [ ] Menunggu\n    Terlambat.\n\n    Sungguh.\n- [x] Melihat\n    Tepat.\n\n> Lihat dahulu,\n> lalu dengar.\n"
    )
    found, intro, problems = questions.parse(body, 5)
    question = found[0]
    assert (intro, problems) == ("Pengantar.", [])
    assert (question.id, question.line, question.points, question.is_case, question.pool) == (
        "mrs-1-q08",
        7,
        2,
        True,
        "inti",
    )
    assert question.problems == ("KBA", "FM")
    assert (question.stem, question.body) == ("Apa langkah pertama?", "Sebuah kasus.")
    assert [(option.text, option.is_right, option.line) for option in question.options] == [
        ("Menunggu", False, 11),
        ("Melihat", True, 15),
    ]
    assert question.options[0].feedback == "Terlambat.\nSungguh."
    assert question.explanation == "Lihat dahulu,\nlalu dengar."


def test_pairs_distractors_gaps_and_rubric() -> None:
    assert [(option.text, option.other) for option in one("- a :: b\n- :: c").options] == [("a", "b"), ("", "c")]
    gap = one("Dua: {{alam|al\\|am}} dan {{sosial}}.")
    assert gap.gaps == (("alam", "al", "am"), ("sosial",))
    assert one("___\n- rubrik: jelas (4)\n- rubrik: lengkap (2)").rubric == (("jelas", 4), ("lengkap", 2))
    assert one("(1..5)").scale == (1, 5)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("## Tanpa id\n\n- [x] a\n- [ ] b\n", "question_without_id"),
        ("## Soal {#q1}\n\nHanya teks.\n", "answers_missing"),
        ("## Soal {#q1 points=banyak}\n\n- [x] a\n- [ ] b\n", "points_wrong"),
        ("## Soal {#q1}\n\n- [x] a\n- [ ] b\nteks liar\n", "answer_unreadable"),
        ("## Soal {#q1}\n\n= a\nliar\n", "answer_unreadable"),
    ],
)
def test_what_cannot_be_read_is_said(body: str, code: str) -> None:
    assert code in [problem.code for problem in questions.parse(body, 1)[2]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3,5", "3.5"), ("3.5", "3.5"), (" -7 ", "-7"), ("1.204,5", "1204.5"), ("1,204.5", "1204.5"), ("1.204.000", "1204000"), ("−2", "-2"), ("+3", "3"),
        ("", None), ("tiga", None), ("1e9", None), ("٣", None), ("NaN", None), ("1,2,3.4.5", None), ("9" * 50, None),
    ],
)  # fmt: skip
def test_numbers_in_both_writings(text: str, expected: str | None) -> None:
    assert questions.number(text) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("key", "spans"),
    [
        ("3,5", ["3.5"]),
        ("1.204", ["1204", "1.204"]),
        ("1,204", ["1204", "1.204"]),
        ("-1.204", ["-1204", "-1.204"]),
        ("0,125", ["0.125"]),
        ("1.204.000", ["1204000"]),
        ("45 ± 0,5", ["44.5..45.5"]),
        ("1.204 ± 0,5", ["1203.5..1204.5"]),
        ("1.204 ± 0.5", ["0.704..1.704"]),
        ("1,204 ± 0,001", ["1.203..1.205"]),
        ("1.204 +/- 5", ["1199..1209"]),
        ("900..1.100", ["900..1100"]),
        ("0,5..1,204", ["0.5..1.204"]),
        ("1.000..1.500", ["1000..1500", "1.000..1.500"]),
        ("50..40", ["40..50"]),
        ("3.5..4,5", ["3.5..4.5"]),
    ],
)
def test_a_key_in_either_writing_means_what_its_author_may_have_meant(key: str, spans: list[str]) -> None:
    """The table of docs/decisions/0005-marking-and-attempts.md."""
    wanted = [each.split("..") for each in spans]
    assert set(one(f"= {key}").ranges) == {(Decimal(each[0]), Decimal(each[-1])) for each in wanted}


@pytest.mark.parametrize("text", ["tiga ± dua", "1998. Tahun itu", "..", "± 5", "1.204..", "9" * 200 + "..1"])
def test_what_is_no_number_is_a_short_answer(text: str) -> None:
    assert one(f"= {text}").kind is QuestionKind.SHORT


@pytest.mark.parametrize(
    ("body", "line", "code"),
    [
        ("## S {#q1 point=2}\n\n- [x] a\n- [ ] b\n", 1, "attribute_unknown"),
        ("## S {#q1 .contoh}\n\n- [x] a\n- [ ] b\n", 1, "attribute_unknown"),
        ("## S {#q1 points 2}\n\n- [x] a\n- [ ] b\n", 1, "attribute_unknown"),
        ("## S {#q1 points=²}\n\n- [x] a\n- [ ] b\n", 1, "points_wrong"),
        ("## S {#q1 points=" + "9" * 5_000 + "}\n\n- [x] a\n- [ ] b\n", 1, "points_wrong"),
        ("## S {#q1}\n\nAda {{air}} dan {{}}.\n", 3, "gap_empty"),
        ("## S {#q1}\n\nAda {{ | }}.\n", 3, "gap_empty"),
        ("## S {#q1}\n\n(5..1)\n", 1, "scale_wrong"),
        ("## S {#q1}\n\n(1..900)\n", 1, "scale_wrong"),
    ],
)
def test_what_is_nearly_right_is_said_with_its_line(body: str, line: int, code: str) -> None:
    assert (line, code) in [(problem.line, problem.code) for problem in questions.parse(body, 1)[2]]


def test_each_text_knows_its_line() -> None:
    body = "## S {#q1}\n\nKasus.\n\nAda {{air}}.\n\n> Ya.\n"
    question = questions.parse(body, 10)[0][0]
    assert (question.body, question.gap_text) == ("Kasus.", "Ada {{air}}.")
    assert (question.body_line, question.gap_line, question.explanation_line) == (12, 14, 16)


def test_a_heading_that_is_nothing_but_an_id_refers_to_a_question() -> None:
    body = '## @mrs-4-q03\n\n## @mak-1-q02 {points=2 pool="dasar"}\n\n## Ada? {#uji-q1}\n\n- [x] ya\n- [ ] tidak\n'
    found, problems = questions.references(body, 5)
    assert found == [Reference("mrs-4-q03", 5), Reference("mak-1-q02", 7, 2, "dasar")]
    assert problems == []
    own, intro, problems = questions.parse(body, 5)
    assert ([each.id for each in own], intro, problems) == (["uji-q1"], "", [])


@pytest.mark.parametrize("stem", ["@mrs-4-q03", "@mrs-4-q03 adalah apa?", "Siapa @mrs-4-q03?"])
def test_a_stem_with_an_at_sign_and_an_id_of_its_own_is_a_question(stem: str) -> None:
    body = f"## {stem} {{#uji-q1}}\n\n- [x] ya\n- [ ] tidak\n"
    assert questions.references(body, 1) == ([], [])
    question = questions.parse(body, 1)[0][0]
    assert (question.id, question.stem) == ("uji-q1", stem)
    assert question_text.reads_back(question)


def test_nothing_stands_below_a_reference() -> None:
    found, problems = questions.references("## @uji-q1 {.kasus points=0}\n\n- [x] ya\n- [ ] tidak\n", 3)
    assert [each.id for each in found] == ["uji-q1"]
    assert [(each.line, each.code) for each in problems] == [
        (3, "attribute_unknown"),
        (3, "points_wrong"),
        (5, "reference_with_text"),
    ]


def test_each_question_as_it_is_written() -> None:
    body = "Pengantar.\n\n## Satu {#a}\n\n= 1\n\n\n## @b\n\n## Dua {#c}\n\n= 2\n\n> Ya.\n"
    texts = questions.written(body)
    assert (texts["a"], texts["c"]) == ("## Satu {#a}\n\n= 1", "## Dua {#c}\n\n= 2\n\n> Ya.")
