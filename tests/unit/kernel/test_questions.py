from decimal import Decimal

import pytest

from lms.kernel import questions
from lms.kernel.questions import QuestionKind


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
