"""What keeps a text from being published, and what deserves a second look. Pure; every finding at once."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from lms.kernel import documents, errors, glossary, markdown, prose, questions, scenes
from lms.kernel.documents import Document, DocumentKind, Problem, Severity
from lms.kernel.problems import PROBLEMS
from lms.kernel.questions import GAP, Question, QuestionKind, Reference
from lms.kernel.terms import Glossary
from lms.rules import attempts, civil_service, surveys

Finding = tuple[str, Problem]
"""(path in the pack, problem)"""

WORDS_PER_MINUTE = (28, 55)
"""A lesson is read and worked through: fewer words a minute are too few, more too many."""
LARGEST_IMAGE = 100_000
"""Bytes from which an image gets a warning."""
BIASED_SHARE = 60
"""Per cent of single choices in which the right option may be the longest, or in one place."""
FEWEST_FOR_BIAS = 5
MOST_ANSWERS = 600
"""Options, gaps and choices of one text: each is rendered by itself."""

_ALL_RIGHT = re.compile(r"\bsemua(nya)?\s+(jawaban\s+)?(benar|tepat)\b|\bsalah\s+semua\b", re.IGNORECASE)
_PENALTY = re.compile(
    r"\b(tahun|bulan)\s+penjara\b|\bpidana\s+penjara\s+(paling|selama)\b|\bdenda\s+(paling|Rp)", re.IGNORECASE
)
_LAW = re.compile(r"\b(UU|PP|Perpres|Permensos|Kepmensos|Inpres)\s+(Nomor\s+)?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """A document read and rendered: its text or introduction, its parts, its words, and what is wrong with it."""

    made: markdown.Rendered
    words: int
    problems: Sequence[Problem]
    asked: Sequence[Question] = ()
    lent: Sequence[Reference] = ()
    """Questions of other quizzes that this one asks."""
    told: Sequence[scenes.Scene] = ()
    terms: Sequence[glossary.Term] = ()


def check(
    document: Document,
    resolve: markdown.Resolve,
    explained: Glossary | None = None,
    bank: Collection[str] = (),
) -> Checked:
    """Return a document with everything wrong that it shows by itself. Never raises for a bad text.

    explained: what a lesson points at; other texts do not. bank: the questions that a quiz may take from others.
    """
    body, line = document.body, document.body_line
    words = prose.count_words(body)
    if too_much := prose.too_much(body, line):
        return Checked(markdown.Rendered("", (), words, ()), words, [too_much])
    if document.kind in (DocumentKind.QUIZ, DocumentKind.SURVEY):
        return _quiz(document, resolve, bank)
    if document.kind is DocumentKind.SIMULATION:
        return _simulation(document, resolve)
    if document.kind is DocumentKind.GLOSSARY:
        return _terms(document, resolve)
    pointed_at = explained if document.kind is DocumentKind.LESSON else None
    made = markdown.render(body, first_line=line, resolve=resolve, glossary=pointed_at)
    return Checked(made, made.words, [*made.problems, *check_meta(document, made.words)])


def _quiz(document: Document, resolve: markdown.Resolve, bank: Collection[str]) -> Checked:
    found, intro, wrong = questions.parse(document.body, document.body_line)
    lent, misnamed = questions.references(document.body, document.body_line)
    if too_many := _too_many(sum(len(each.options) + len(each.gaps) for each in found), document):
        return too_many
    made = markdown.render(intro, first_line=document.body_line, resolve=resolve)
    words = made.words + sum(prose.count_words(question.stem + " " + question.body) for question in found)
    problems = [*wrong, *misnamed, *check_questions(found, document, resolve, lent), *_unknown(lent, document, bank)]
    problems += [*made.problems, *check_meta(document, words)]
    return Checked(made, words, problems, asked=found, lent=lent)


def _simulation(document: Document, resolve: markdown.Resolve) -> Checked:
    found, intro, wrong = scenes.parse(document.body, document.body_line)
    if too_many := _too_many(sum(len(scene.choices) for scene in found), document):
        return too_many
    made = markdown.render(intro, first_line=document.body_line, resolve=resolve)
    words = made.words + prose.count_words("\n\n".join(scene.text for scene in found))
    problems = [*wrong, *check_scenes(found, document, resolve), *made.problems, *check_meta(document, words)]
    return Checked(made, words, problems, told=found)


def _terms(document: Document, resolve: markdown.Resolve) -> Checked:
    found, intro, wrong = glossary.parse(document.body, document.body_line)
    made = markdown.render(intro, first_line=document.body_line, resolve=resolve)
    words = prose.count_words(document.body)
    problems = [*wrong, *check_terms(found, document, resolve), *made.problems, *check_meta(document, words)]
    return Checked(made, words, problems, terms=found)


def _too_many(answers: int, document: Document) -> Checked | None:
    if answers <= MOST_ANSWERS:
        return None
    problem = Problem(document.body_line, "answers_too_many", values={"most": MOST_ANSWERS})
    return Checked(markdown.Rendered("", (), 0, ()), 0, [problem])


def check_meta(document: Document, words: int) -> list[Problem]:
    """Return what front matter and length say together."""
    found = [*_numbers_and_penalties(document)]
    if _LAW.search(document.body) and not document.meta.get("valid_as_of"):
        found.append(Problem(document.lines.get("valid_as_of", 1), "law_without_day", Severity.WARNING))
    minutes = document.meta.get("minutes")
    if document.kind is DocumentKind.LESSON and minutes:
        low, high = (minutes * each for each in WORDS_PER_MINUTE)
        if not low <= words <= high:
            values = {"minutes": minutes, "words": words, "low": low, "high": high}
            found.append(Problem(document.lines.get("minutes", 1), "minutes_and_length", Severity.WARNING, values))
    return found


def check_questions(
    found: Sequence[Question], document: Document, resolve: markdown.Resolve, lent: Sequence[Reference] = ()
) -> list[Problem]:
    """Return what is wrong with the questions of a quiz or survey; `lent` are those that it takes from others."""
    every: list[Question | Reference] = [*found, *lent]
    problems = [problem for question in found for problem in _question(question, document.kind)]
    problems += [problem for question in found for problem in _texts(question, resolve)]
    for key, number in Counter(question.id for question in every).items():
        if number > 1:
            line = max(question.line for question in every if question.id == key)
            problems.append(Problem(line, "id_doubled", values={"id": key}))
    if not every:
        problems.append(Problem(document.body_line, "no_question"))
    problems += _times(document)
    if document.kind is DocumentKind.QUIZ:
        problems += [*_draw(every, document), *_bias(found, document)]
    return problems


def _unknown(lent: Sequence[Reference], document: Document, bank: Collection[str]) -> Iterator[Problem]:
    """Only a quiz asks questions of others, and only those that some quiz holds as its own."""
    for each in lent:
        if document.kind is not DocumentKind.QUIZ:
            yield Problem(each.line, "reference_outside_quiz", values={"id": each.id})
        elif each.id not in bank:
            yield Problem(each.line, "reference_unknown", values={"id": each.id})


def check_scenes(found: Sequence[scenes.Scene], document: Document, resolve: markdown.Resolve) -> list[Problem]:
    """Return what is wrong with the paths through a simulation."""
    if not found:
        return [Problem(document.body_line, "no_scene")]
    by_id = {scene.id: scene for scene in found}
    problems = [
        Problem(scene.line, "id_doubled", values={"id": scene.id}) for scene in found if by_id[scene.id] is not scene
    ]
    for scene in found:
        problems += _told(scene, resolve)
        for choice in scene.choices:
            if choice.target not in by_id:
                problems.append(Problem(choice.line, "scene_missing", values={"target": choice.target}))
            if not choice.reply:
                problems.append(Problem(choice.line, "choice_without_reply", values={"text": choice.text[:60]}))
        problems += _doubled([choice.text for choice in scene.choices], scene.line)
    reached = _reached(found[0].id, by_id)
    problems += [
        Problem(scene.line, "scene_unreachable", values={"id": scene.id}) for scene in found if scene.id not in reached
    ]
    problems += [
        Problem(scene.line, "scene_endless", values={"id": scene.id})
        for scene in found
        if scene.id in reached and not any(not by_id[each].choices for each in _reached(scene.id, by_id))
    ]
    return problems


def check_terms(found: Sequence[glossary.Term], document: Document, resolve: markdown.Resolve) -> list[Problem]:
    """Return what is wrong with the terms of a glossary; a name may stand for one term only."""
    if not found:
        return [Problem(document.body_line, "no_term")]
    problems = [
        problem
        for term in found
        for problem in markdown.render(term.text, first_line=term.line + 2, resolve=resolve).problems
    ]
    ids = [(term.id, term.line) for term in found if term.id]
    names = [(name, term.line) for term in found for name in {form.casefold() for form in term.forms}]
    return [*problems, *_taken(ids, "id_doubled"), *_taken(names, "term_doubled")]


def _texts(question: Question, resolve: markdown.Resolve) -> Iterator[Problem]:
    """What is wrong with the Markdown of a question: each of its texts is rendered by itself."""
    for line, text in ((question.body_line, question.body), (question.explanation_line, question.explanation)):
        yield from _errors(markdown.render(text, first_line=line, resolve=resolve))
    lines = [(question.line, question.stem), (question.gap_line, GAP.sub("…", question.gap_text))]
    for option in question.options:
        lines += [(option.line, option.text), (option.line, option.other), (option.line + 1, option.feedback)]
    for line, text in lines:
        yield from markdown.check_inline(text, line=line, resolve=resolve)


def _told(scene: scenes.Scene, resolve: markdown.Resolve) -> Iterator[Problem]:
    """What is wrong with the Markdown of a scene."""
    yield from markdown.render(scene.text, first_line=scene.text_line, resolve=resolve).problems
    lines = [(scene.line, scene.title)]
    for choice in scene.choices:
        lines += [(choice.line, choice.text), (choice.line + 1, choice.reply)]
    for line, text in lines:
        yield from markdown.check_inline(text, line=line, resolve=resolve)


def _errors(made: markdown.Rendered) -> list[Problem]:
    return [problem for problem in made.problems if problem.severity is Severity.ERROR]


def lint_pack(files: Mapping[str, bytes], homes: Mapping[str, str] | None = None) -> list[Finding]:
    """Return everything wrong in a pack, by path and line.

    files: path with `/` → content. homes: question id → code of the quiz, of what is published already; what the pack
    itself holds is taken from the pack. Checks each document and what only the whole can show: doubled ids, broken
    links, missing images, unknown questions, cycles among requirements, modules without a lesson.
    """
    read, findings = _read(files)
    codes = {document.id for _, document in read.values()}
    elsewhere = {code: quiz for code, quiz in (homes or {}).items() if quiz not in codes}
    lent = {*elsewhere, *(question.id for _, document in read.values() for question in _own(document))}
    for path, (text, _) in read.items():
        findings += [(path, problem) for problem in _document(path, text, files, lent)]
    findings += _identities(read, elsewhere)
    findings += _requirements(read)
    findings += _places(read)
    findings += [
        (path, Problem(1, "image_heavy", Severity.WARNING, {"kilobytes": len(content) // 1000}))
        for path, content in files.items()
        if "/media/" in path and len(content) > LARGEST_IMAGE
    ]
    return sorted(findings, key=lambda each: (each[0], each[1].line, each[1].code))


_Read = dict[str, tuple[str, Document]]


def _read(files: Mapping[str, bytes]) -> tuple[_Read, list[Finding]]:
    read: _Read = {}
    findings: list[Finding] = []
    for path, content in files.items():
        if not path.endswith(".md"):
            continue
        try:
            text = documents.normalise(content)
        except errors.Refused as error:
            findings.append((path, Problem(int(str(error.values["line"])), "text_undecodable")))
            continue
        if len(text) > markdown.MAX_SOURCE:
            findings.append((path, Problem(1, "text_too_long", values={"longest": markdown.MAX_SOURCE})))
            continue
        document, problems = documents.parse(text)
        if document is None:
            findings += [(path, problem) for problem in problems]
        else:
            read[path] = (text, document)
    return read, findings


def _own(document: Document) -> Sequence[Question]:
    """The questions whose home a quiz is; none for other kinds."""
    return questions.parse(document.body, document.body_line)[0] if document.kind is DocumentKind.QUIZ else ()


def _document(path: str, text: str, files: Mapping[str, bytes], bank: Collection[str]) -> list[Problem]:
    """Everything that one document says about itself, links and images resolved within the pack."""
    document, problems = documents.parse(text)
    if document is None:
        return problems
    folder = PurePosixPath(path).parent

    def resolve(target: str) -> str | None:
        where = f"{folder}/{target}"
        return f"/{where}" if where in files and (where.endswith(".md") or _is_media(where, files)) else None

    return [*problems, *check(document, resolve, bank=bank).problems]


def _is_media(path: str, files: Mapping[str, bytes]) -> bool:
    """Whether a file is an image of a module: only those are kept."""
    where = PurePosixPath(path)
    return where.parent.name == "media" and f"{where.parent.parent}/module.md" in files


def _identities(read: _Read, elsewhere: Mapping[str, str]) -> Iterator[Finding]:
    seen = dict(elsewhere)
    for path, (_, document) in read.items():
        keys = [(document.id, document.lines.get("id", 1))]
        keys += [(question.id, question.line) for question in _own(document)]
        for key, line in keys:
            if key in seen and seen[key] != path:
                yield path, Problem(line, "id_taken", values={"id": key, "path": seen[key]})
            seen.setdefault(key, path)


def _requirements(read: _Read) -> Iterator[Finding]:
    modules = {
        document.id: (path, document) for path, (_, document) in read.items() if document.kind is DocumentKind.MODULE
    }
    graph = {code: list(document.meta.get("requires") or ()) for code, (_, document) in modules.items()}
    for code, (path, document) in modules.items():
        line = document.lines.get("requires", 1)
        for required in graph[code]:
            if required not in modules:
                yield path, Problem(line, "requirement_unknown", values={"id": required})
        if code in _walk(graph, graph[code]):
            yield path, Problem(line, "requirement_cycle", values={"id": code})
    ids = {document.id for _, document in read.values()}
    for path, (_, document) in read.items():
        for name in ("pre_of", "post_of"):
            if document.meta.get(name) and document.meta[name] not in ids:
                yield (
                    path,
                    Problem(document.lines.get(name, 1), "requirement_unknown", values={"id": document.meta[name]}),
                )


def _places(read: _Read) -> Iterator[Finding]:
    """Each document stands where its kind belongs, and each module has a lesson."""
    for path, (_, document) in read.items():
        parts = PurePosixPath(path).parts
        expected = {DocumentKind.COURSE: (2, "course.md"), DocumentKind.MODULE: (3, "module.md")}.get(document.kind)
        above = str(PurePosixPath(path).parent / "module.md")
        if expected and (len(parts) != expected[0] or parts[-1] != expected[1]):
            yield path, Problem(document.lines.get("kind", 1), "place_wrong", values={"expected": expected[1]})
        if document.kind is DocumentKind.GLOSSARY:
            if len(parts) != 1:
                yield path, Problem(document.lines.get("kind", 1), "place_wrong", values={"expected": "course.md"})
        elif expected is None and (len(parts) != 3 or above not in read):
            yield path, Problem(document.lines.get("kind", 1), "place_wrong", values={"expected": "module.md"})
        if document.kind is DocumentKind.MODULE:
            folder = PurePosixPath(path).parent
            if str(folder.parent / "course.md") not in read:
                yield path, Problem(1, "place_wrong", values={"expected": "course.md"})
            beside = [each for where, (_, each) in read.items() if PurePosixPath(where).parent == folder]
            has_lesson = any(each.kind is DocumentKind.LESSON for each in beside)
            if not has_lesson and not document.meta.get("announced"):
                yield path, Problem(1, "module_without_lesson", values={"id": document.id})


def _numbers_and_penalties(document: Document) -> Iterator[Problem]:
    for number, line in enumerate(document.body.split("\n"), start=document.body_line):
        if civil_service.holds_nik(line):
            yield Problem(number, "nik_in_text")
        if _PENALTY.search(line):
            yield Problem(number, "penalty_in_text", Severity.WARNING)


def _question(question: Question, kind: DocumentKind) -> Iterator[Problem]:
    named = {"question": question.id}
    for code in question.problems:
        if code not in PROBLEMS:
            yield Problem(question.line, "problem_unknown", values={"value": code})
    is_keyed = question.kind not in (QuestionKind.ESSAY, QuestionKind.SCALE)
    if kind is DocumentKind.QUIZ and is_keyed and not question.explanation:
        yield Problem(question.line, "no_explanation", Severity.WARNING, named)
    if kind is DocumentKind.SURVEY and question.kind not in surveys.KINDS:
        yield Problem(question.line, "kind_not_for_surveys", values=named)
    if question.options:
        yield from _answers(question, named, is_keyed=kind is DocumentKind.QUIZ)


def _answers(question: Question, named: Mapping[str, str], *, is_keyed: bool) -> Iterator[Problem]:
    """What is wrong among options, pairs or items."""
    lefts = [option.text for option in question.options if option.text]
    yield from _doubled(lefts, question.line)
    if len(lefts) < 2:
        yield Problem(question.line, "too_few_options", values=named)
    if question.kind is QuestionKind.MATCHING:
        yield from _doubled([option.other for option in question.options], question.line)
    if is_keyed and question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        if not any(option.is_right for option in question.options):
            yield Problem(question.line, "no_right_answer", values=named)
        if any(_ALL_RIGHT.search(text) for text in lefts):
            yield Problem(question.line, "all_right_option", Severity.WARNING, named)


def _taken(names: Iterable[tuple[str, int]], code: str) -> Iterator[Problem]:
    """Report each name (with its line) that stood before."""
    seen: set[str] = set()
    for name, line in names:
        if name in seen:
            yield Problem(line, code, values={"id": name})
        seen.add(name)


def _doubled(texts: Iterable[str], line: int) -> Iterator[Problem]:
    plain = [" ".join(text.casefold().split()) for text in texts]
    for text, number in Counter(plain).items():
        if number > 1:
            yield Problem(line, "option_doubled", values={"text": text[:60]})


def _draw(found: Sequence[Question | Reference], document: Document) -> list[Problem]:
    rule = document.meta.get("draw")
    line = document.lines.get("draw", 1)
    if isinstance(rule, int) and rule > len(found):
        return [Problem(line, "draw_too_many", values={"draw": rule, "questions": len(found)})]
    if not isinstance(rule, dict):
        return []
    pools = Counter(question.pool for question in found)
    return [
        Problem(line, "draw_too_many", values={"draw": number, "questions": pools[pool]})
        for pool, number in rule.items()
        if number > pools[pool]
    ]


def _times(document: Document) -> list[Problem]:
    """What closes before it opens is never open; feedback after a closing that never comes is never seen."""
    terms = attempts.terms(document.meta)
    problems = []
    if terms.opens_at and terms.closes_at and terms.closes_at <= terms.opens_at:
        problems.append(Problem(document.lines.get("closes", 1), "closes_before_opening"))
    is_silent = document.meta.get("feedback") == "after-close" and not terms.closes_at
    if is_silent and not document.meta.get("pre_of"):
        problems.append(Problem(document.lines.get("feedback", 1), "feedback_without_closing", Severity.WARNING))
    return problems


def _bias(found: Sequence[Question], document: Document) -> list[Problem]:
    """A test-wise reader must not pass: the right option is neither always the longest nor always in one place."""
    single = [each for each in found if each.kind is QuestionKind.SINGLE and len(each.options) > 2]
    if len(single) < FEWEST_FOR_BIAS:
        return []
    longest = sum(max(each.options, key=lambda option: len(option.text)).is_right for each in single)
    places = Counter(next((n for n, option in enumerate(each.options) if option.is_right), -1) for each in single)
    place, often = places.most_common(1)[0]
    problems = []
    if longest * 100 > BIASED_SHARE * len(single):
        values = {"often": longest, "questions": len(single)}
        problems.append(Problem(document.body_line, "right_is_longest", Severity.WARNING, values))
    if often * 100 > BIASED_SHARE * len(single):
        values = {"place": place + 1, "often": often, "questions": len(single)}
        problems.append(Problem(document.body_line, "right_in_one_place", Severity.WARNING, values))
    return problems


def _reached(start: str, by_id: Mapping[str, scenes.Scene]) -> set[str]:
    graph = {key: [choice.target for choice in scene.choices if choice.target in by_id] for key, scene in by_id.items()}
    return _walk(graph, [start])


def _walk(graph: Mapping[str, Sequence[str]], starts: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += graph.get(here, ())
    return seen
