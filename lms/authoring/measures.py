"""What the measures of a curriculum look like in a terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lms.kernel.problems import PROBLEMS
from lms.kernel.questions import QuestionKind
from lms.rules import curriculum
from lms.rules.curriculum import Gap, Module, Treatment


def matrix(found: curriculum.Matrix) -> Iterator[str]:
    """Yield the lines of problem × module; a cell counts lessons, questions and simulations."""
    modules = list(next(iter(found.values()), {}))
    rows = [
        [_problem(code), *(_cell(each) for each in row.values()), _cell(curriculum.total(row.values()))]
        for code, row in found.items()
    ]
    yield from _table(["problem", *modules, "all"], rows)
    yield ""
    yield "A cell: lessons·questions·simulations. ! marks a grave problem, which needs a simulation."


def statistics(modules: Sequence[Module]) -> Iterator[str]:
    """Yield the lines of three tables with the targets beside: lessons, quizzes, kinds of questions."""
    yield "Words a lesson (target {:,}–{:,})".format(*curriculum.LESSON_WORDS)
    yield from _table(["module", "words", "sum"], [_words(module) for module in modules])
    yield ""
    low, high = curriculum.QUIZ_QUESTIONS
    yield (
        f"Questions (target {low}–{high} a quiz, more than are drawn; cases at least a third; every option answered; "
        f"scenes at least {curriculum.SIMULATION_SCENES})"
    )
    heads = ["module", "questions", "drawn", "cases", "options answered", "scenes a simulation"]
    groups = _groups(modules)
    yield from _table(heads, [_questions(name, group) for name, group in groups.items()])
    yield ""
    yield f"Kinds of questions (target at least {curriculum.KINDS_OF_A_TRACK} a track)"
    yield from _table(
        ["module", *(kind.value for kind in QuestionKind), "kinds"],
        [_kinds(name, group) for name, group in groups.items()],
    )


def summary(found: curriculum.Matrix) -> str:
    """Return one sentence about coverage."""
    sums = [curriculum.total(row.values()) for row in found.values()]
    return (
        f"Coverage: {sum(map(bool, sums))} of {len(sums)} problems; at least {min(each.lessons for each in sums)} "
        f"lessons and {min(each.questions for each in sums)} questions each; "
        f"{sum(bool(each.simulations) for each in sums)} have a simulation"
    )


def gaps(found: Iterable[Gap]) -> Iterator[str]:
    """Yield a line for each gap."""
    for gap in found:
        wanted = f"at least {gap.least}" if gap.most is None else f"{gap.least} to {gap.most}"
        yield f"{gap.where}: {gap.there} {gap.what}, wanted {wanted}"


def _groups(modules: Sequence[Module]) -> Mapping[str, Sequence[Module]]:
    """Each module, each track, and all of them."""
    groups: dict[str, list[Module]] = {module.code: [module] for module in modules}
    for module in modules:
        groups.setdefault(f"track {module.track}", []).append(module)
    return {**groups, "all": modules}


def _problem(code: str) -> str:
    problem = PROBLEMS[code]
    return f"{problem.number:>2} {code}{'!' if code in curriculum.GRAVE else ''}"


def _cell(treated: Treatment) -> str:
    return f"{treated.lessons}·{treated.questions}·{treated.simulations}" if treated else "–"


def _words(module: Module) -> list[str]:
    words = [lesson.words for lesson in module.lessons]
    return [module.code, " ".join(map(str, words)), str(sum(words))]


def _questions(name: str, modules: Sequence[Module]) -> list[str]:
    quizzes = [quiz for module in modules for quiz in module.quizzes]
    number = sum(len(quiz.questions) for quiz in quizzes)
    return [
        name, str(number), str(sum(quiz.drawn for quiz in quizzes)),
        _share(sum(quiz.cases for quiz in quizzes), number),
        _share(sum(quiz.answered for quiz in quizzes), sum(quiz.options for quiz in quizzes)),
        " ".join(str(each.scenes) for module in modules for each in module.simulations) or "–",
    ]  # fmt: skip


def _kinds(name: str, modules: Sequence[Module]) -> list[str]:
    kinds = Counter(question.kind for module in modules for question in module.questions)
    return [name, *(str(kinds[kind] or "–") for kind in QuestionKind), str(len(kinds))]


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part // whole} %)" if whole else "–"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    for row in [heads, *rows]:
        first, *others = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield "  ".join([first, *others]).rstrip()
