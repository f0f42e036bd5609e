"""What a curriculum covers, and how its texts measure against their targets. Pure.

Measured are the modules that give learning hours: forms, tests and surveys teach nothing by themselves.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath

from lms.kernel import documents, prose, questions, scenes
from lms.kernel.documents import Document, DocumentKind
from lms.kernel.problems import PROBLEMS
from lms.kernel.questions import Question, QuestionKind

LESSON_WORDS = (900, 1_500)
"""Words of a lesson: 25 to 35 minutes of work."""
QUIZ_QUESTIONS = (10, 14)
KINDS_OF_A_TRACK = 5
"""Different kinds of questions that a track asks, at least."""
CASE_SHARE = Fraction(1, 3)
"""Least share of questions that ask for judgement in a case, in each quiz."""
SIMULATION_SCENES = 5
QUESTIONS_OF_A_PROBLEM = 2

GRAVE: Mapping[str, str] = {
    "KT": "trafficking", "PMBS": "trafficking: most cases come to light as migrant workers in difficulty",
    "KTK": "violence", "AKTK": "violence against children",
    "KBA": "disaster", "KBS": "disaster",
    "ODHA": "HIV", "NAPZA": "narcotics",
    "AMPK": "children: whatever endangers a child at once is this code, the other codes of children name longer states",
}  # fmt: skip
"""Problems in which a wrong first step harms → why. Each wants a simulation, in which a wrong step harms nobody."""


@dataclass(frozen=True)
class Lesson:
    """One lesson by its measures."""

    code: str
    words: int
    problems: frozenset[str]


@dataclass(frozen=True)
class Quiz:
    """One quiz with its questions; `drawn` is how many of them an attempt asks.

    `own` are those whose home it is: a question that several quizzes ask counts once for its problems.
    """

    code: str
    questions: Sequence[Question]
    drawn: int
    own: Sequence[Question]

    @property
    def cases(self) -> int:
        """How many questions are cases."""
        return sum(question.is_case for question in self.questions)

    @property
    def kinds(self) -> Counter[QuestionKind]:
        """Kind → how many questions are of it."""
        return Counter(question.kind for question in self.questions)

    @property
    def options(self) -> int:
        """How many options there are to choose from, in single and multiple choices."""
        return sum(len(question.options) for question in self._choices)

    @property
    def answered(self) -> int:
        """How many of those options have feedback of their own."""
        return sum(bool(option.feedback) for question in self._choices for option in question.options)

    @property
    def _choices(self) -> list[Question]:
        return [each for each in self.questions if each.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)]


@dataclass(frozen=True)
class Simulation:
    """One simulation by its measures."""

    code: str
    scenes: int
    problems: frozenset[str]


@dataclass(frozen=True)
class Module:
    """One module that gives learning hours, with what it holds, each in the order of the pack."""

    code: str
    track: str
    lessons: Sequence[Lesson]
    quizzes: Sequence[Quiz]
    simulations: Sequence[Simulation]

    @property
    def questions(self) -> list[Question]:
        """The questions of all its quizzes."""
        return [question for quiz in self.quizzes for question in quiz.questions]


@dataclass(frozen=True)
class Treatment:
    """How often a module treats a problem."""

    lessons: int
    questions: int
    simulations: int

    def __bool__(self) -> bool:
        return any((self.lessons, self.questions, self.simulations))

    def __add__(self, other: "Treatment") -> "Treatment":
        return Treatment(
            self.lessons + other.lessons, self.questions + other.questions, self.simulations + other.simulations
        )


@dataclass(frozen=True)
class Gap:
    """Something that falls short: where, of what, how much there is, and what is wanted (`most` none: no limit)."""

    where: str
    what: str
    there: int
    least: int
    most: int | None = None


Matrix = Mapping[str, Mapping[str, Treatment]]
"""Problem → module → treatment, both in their order."""


def read(files: Mapping[str, bytes]) -> list[Module]:
    """Return the modules of a pack (path → content) that give learning hours; what cannot be read is left out."""
    found = dict(_documents(files))
    written = {
        question.id: question
        for document in found.values()
        if document.kind is DocumentKind.QUIZ
        for question in questions.parse(document.body, document.body_line)[0]
    }
    modules = sorted(
        (each for each in found.items() if each[1].kind is DocumentKind.MODULE and each[1].meta.get("jp")),
        key=lambda each: _place(each[0], found),
    )
    return [_module(path.parent, module, found, written) for path, module in modules]


def coverage(modules: Sequence[Module]) -> Matrix:
    """Return how each of the 26 problems is treated in each module."""
    return {problem: {module.code: _treatment(module, problem) for module in modules} for problem in PROBLEMS}


def holes(matrix: Matrix) -> list[Gap]:
    """Return where a problem is not treated enough: one lesson, two questions, and a simulation for the grave ones."""
    return [hole for problem, row in matrix.items() for hole in _holes(problem, total(row.values()))]


def total(treatments: Iterable[Treatment]) -> Treatment:
    """Return the sum of treatments."""
    return sum(treatments, start=Treatment(0, 0, 0))


def misses(modules: Sequence[Module]) -> list[Gap]:
    """Return every target that a lesson, quiz, simulation or track misses."""
    missed = [miss for module in modules for miss in _misses(module)]
    for track in dict.fromkeys(module.track for module in modules):
        kinds = {question.kind for module in modules if module.track == track for question in module.questions}
        if len(kinds) < KINDS_OF_A_TRACK:
            missed.append(Gap(track, "kinds of questions", len(kinds), KINDS_OF_A_TRACK))
    return missed


def _documents(files: Mapping[str, bytes]) -> Iterator[tuple[PurePosixPath, Document]]:
    for path, content in files.items():
        if path.endswith(".md"):
            document, _ = documents.parse(documents.normalise(content))
            if document is not None:
                yield PurePosixPath(path), document


def _place(path: PurePosixPath, found: Mapping[PurePosixPath, Document]) -> tuple[int, int]:
    course = found.get(path.parent.parent / "course.md")
    return course.meta.get("position", 0) if course else 0, found[path].meta.get("position", 0)


def _module(
    folder: PurePosixPath,
    module: Document,
    found: Mapping[PurePosixPath, Document],
    written: Mapping[str, Question],
) -> Module:
    course = found.get(folder.parent / "course.md")
    beside = [document for path, document in found.items() if path.parent == folder]
    return Module(
        code=module.id,
        track=course.id if course else "",
        lessons=[_lesson(each) for each in beside if each.kind is DocumentKind.LESSON],
        quizzes=[_quiz(each, written) for each in beside if each.kind is DocumentKind.QUIZ],
        simulations=[_simulation(each) for each in beside if each.kind is DocumentKind.SIMULATION],
    )


def _lesson(document: Document) -> Lesson:
    return Lesson(document.id, prose.count_words(document.body), frozenset(document.meta.get("problems") or ()))


def _quiz(document: Document, written: Mapping[str, Question]) -> Quiz:
    own, _, _ = questions.parse(document.body, document.body_line)
    lent, _ = questions.references(document.body, document.body_line)
    every = [*own, *(written[each.id] for each in lent if each.id in written)]
    draw = document.meta.get("draw") or len(every)
    return Quiz(document.id, every, sum(draw.values()) if isinstance(draw, dict) else draw, own)


def _simulation(document: Document) -> Simulation:
    found, _, _ = scenes.parse(document.body, document.body_line)
    return Simulation(document.id, len(found), frozenset(document.meta.get("problems") or ()))


def _treatment(module: Module, problem: str) -> Treatment:
    return Treatment(
        lessons=sum(problem in lesson.problems for lesson in module.lessons),
        questions=sum(problem in question.problems for quiz in module.quizzes for question in quiz.own),
        simulations=sum(problem in simulation.problems for simulation in module.simulations),
    )


def _holes(problem: str, treated: Treatment) -> Iterator[Gap]:
    if not treated.lessons:
        yield Gap(problem, "lessons", treated.lessons, 1)
    if treated.questions < QUESTIONS_OF_A_PROBLEM:
        yield Gap(problem, "questions", treated.questions, QUESTIONS_OF_A_PROBLEM)
    if problem in GRAVE and not treated.simulations:
        yield Gap(problem, "simulations", treated.simulations, 1)


def _misses(module: Module) -> Iterator[Gap]:
    for lesson in module.lessons:
        if not LESSON_WORDS[0] <= lesson.words <= LESSON_WORDS[1]:
            yield Gap(lesson.code, "words", lesson.words, *LESSON_WORDS)
    for quiz in module.quizzes:
        yield from _quiz_misses(quiz)
    for simulation in module.simulations:
        if simulation.scenes < SIMULATION_SCENES:
            yield Gap(simulation.code, "scenes", simulation.scenes, SIMULATION_SCENES)


def _quiz_misses(quiz: Quiz) -> Iterator[Gap]:
    number = len(quiz.questions)
    if not QUIZ_QUESTIONS[0] <= number <= QUIZ_QUESTIONS[1]:
        yield Gap(quiz.code, "questions", number, *QUIZ_QUESTIONS)
    if quiz.cases < number * CASE_SHARE:
        yield Gap(quiz.code, "case questions", quiz.cases, -(-number // CASE_SHARE.denominator))
    if quiz.drawn >= number:
        yield Gap(quiz.code, "questions beyond the draw", number - quiz.drawn, 1)
    if quiz.answered < quiz.options:
        yield Gap(quiz.code, "options with feedback", quiz.answered, quiz.options)
