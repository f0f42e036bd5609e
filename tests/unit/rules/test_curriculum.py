from pathlib import Path

import pytest

from lms.authoring import measures
from lms.kernel import questions
from lms.kernel.problems import PROBLEMS
from lms.outside import packs
from lms.rules import curriculum
from lms.rules.curriculum import Gap, Module, Treatment
from tests import builders

SCENE = "## Tiba {#tiba}\n\nAnda tiba.\n\n- [Lihat dulu](#akhir) +1\n    Tepat.\n\n## Akhir {#akhir}\n\nSelesai.\n"
CASE = "## Apa dulu? {#uji-q9 .kasus points=1 problems=KBA,AT}\n\n- [x] Lihat\n    Ya.\n- [ ] Tunggu\n\n> Lihat dulu.\n"


def simulation(problems: str = "[KBA]") -> bytes:
    return f"---\nid: sk-1\nkind: simulation\ntitle: Kasus\nproblems: {problems}\n---\n\n{SCENE}".encode()


def modules(**changed: bytes) -> list[Module]:
    files = {**builders.small_pack(), **{f"dukungan/1-awal/{name}.md": text for name, text in changed.items()}}
    return curriculum.read(files)


def test_a_module_is_read_with_all_that_is_beside_it() -> None:
    first, second = modules(sim=simulation())
    assert (first.code, first.track) == ("uji-1", "uji")
    assert [lesson.code for lesson in first.lessons] == ["uji-1-1", "uji-1-2"]
    assert [len(quiz.questions) for quiz in first.quizzes] == [4]
    assert [(each.code, each.scenes) for each in first.simulations] == [("sk-1", 2)]
    assert (second.quizzes, second.simulations) == ([], [])


def test_what_gives_no_learning_hours_is_not_measured() -> None:
    files = builders.small_pack()
    files["dukungan/2-lanjut/module.md"] = files["dukungan/2-lanjut/module.md"].replace(b"jp: 2", b"jp: 0")
    assert [module.code for module in curriculum.read(files)] == ["uji-1"]


def test_the_matrix_has_every_problem_and_counts_lessons_questions_and_simulations() -> None:
    matrix = curriculum.coverage(modules(kuis=builders.quiz_md(body=CASE).encode(), sim=simulation()))
    assert list(matrix) == list(PROBLEMS)
    assert matrix["KBA"] == {"uji-1": Treatment(2, 1, 1), "uji-2": Treatment(1, 0, 0)}
    assert matrix["AT"] == {"uji-1": Treatment(0, 1, 0), "uji-2": Treatment(0, 0, 0)}


def test_a_taken_question_counts_for_its_quiz_and_for_its_problems_where_it_lives() -> None:
    files = builders.small_pack()
    files["dukungan/1-awal/kuis.md"] = builders.quiz_md(body=CASE).encode()
    files["dukungan/2-lanjut/kuis.md"] = builders.quiz_md("uji-2-kuis", body="## @uji-q9\n").encode()
    first, second = curriculum.read(files)
    assert [(quiz.cases, quiz.drawn, quiz.answered) for quiz in second.quizzes] == [(1, 1, 1)]
    assert (first.quizzes[0].own, second.quizzes[0].own) == (second.quizzes[0].questions, [])
    assert curriculum.coverage([first, second])["AT"] == {"uji-1": Treatment(0, 1, 0), "uji-2": Treatment(0, 0, 0)}


@pytest.mark.parametrize(
    ("problem", "treated", "expected"),
    [
        ("FM", Treatment(1, 2, 0), []),
        ("FM", Treatment(0, 2, 0), [Gap("FM", "lessons", 0, 1)]),
        ("FM", Treatment(1, 1, 5), [Gap("FM", "questions", 1, 2)]),
        ("KT", Treatment(1, 2, 1), []),
        ("KT", Treatment(1, 2, 0), [Gap("KT", "simulations", 0, 1)]),
        ("KT", Treatment(0, 0, 0), [Gap("KT", "lessons", 0, 1), Gap("KT", "questions", 0, 2),
                                    Gap("KT", "simulations", 0, 1)]),
    ],
)  # fmt: skip
def test_a_hole_is_a_problem_that_is_not_treated_enough(problem: str, treated: Treatment, expected: list[Gap]) -> None:
    assert curriculum.holes({problem: {"uji-1": treated, "uji-2": Treatment(0, 0, 0)}}) == expected


def test_the_grave_problems_are_among_the_26() -> None:
    assert curriculum.GRAVE.keys() <= PROBLEMS.keys()


def test_every_missed_target_is_named() -> None:
    missed = curriculum.misses(modules(kuis=builders.quiz_md(body=CASE).encode(), sim=simulation()))
    assert {(gap.where, gap.what, gap.there) for gap in missed} == {
        ("uji-1-1", "words", 12), ("uji-1-2", "words", 12), ("uji-2-1", "words", 12),
        ("uji-1-kuis", "questions", 1), ("uji-1-kuis", "questions beyond the draw", 0),
        ("uji-1-kuis", "options with feedback", 1), ("sk-1", "scenes", 2), ("uji", "kinds of questions", 1),
    }  # fmt: skip


@pytest.mark.parametrize(("cases", "wanted"), [(0, 2), (1, 2), (2, None)])
def test_a_third_of_the_questions_are_cases(cases: int, wanted: int | None) -> None:
    body = builders.QUESTIONS
    for number in range(1, cases + 1):
        body = body.replace(f"#uji-q{number} ", f"#uji-q{number} .kasus ")
    missed = curriculum.misses(modules(kuis=builders.quiz_md(body=body).encode()))
    assert [gap.least for gap in missed if gap.what == "case questions"] == ([wanted] if wanted else [])


def test_the_draw_of_pools_counts_together() -> None:
    body = builders.QUESTIONS.replace("points=1}", "points=1 pool=a}").replace("points=2}", "points=2 pool=b}")
    quiz = modules(kuis=builders.quiz_md(body=body, draw="{a: 1, b: 2}").encode())[0].quizzes[0]
    assert quiz.drawn == 3


def test_the_curriculum_has_no_hole_and_misses_no_target() -> None:
    measured = curriculum.read(packs.read_folder(Path("content")))
    assert (len(measured), sum(len(module.lessons) for module in measured)) == (18, 54)
    assert list(measures.gaps(curriculum.holes(curriculum.coverage(measured)))) == []
    assert list(measures.gaps(curriculum.misses(measured))) == []


def test_pretest_and_posttest_are_parallel_question_by_question() -> None:
    folder = Path("content/alat-kerja/2-ukur-belajar")
    before, after = (
        questions.parse((folder / f"{name}.md").read_text(encoding="utf-8").split("---", 2)[2], 1)[0]
        for name in ("prates", "pascates")
    )
    shape = [(each.id.rpartition("-")[2], each.kind, each.points, each.is_case) for each in before]
    assert len(shape) == 20
    assert shape == [(each.id.rpartition("-")[2], each.kind, each.points, each.is_case) for each in after]
    assert {each.stem + each.body for each in before}.isdisjoint(each.stem + each.body for each in after if each.body)
