"""What a text becomes when it is published: everything that readers are shown, made once.

For a quiz or simulation the *paper* (what a reader may see) is kept apart from the *key*. Ids of options, pairs and
items are made from their text and shown in alphabetical order of the id: neither their names nor their order in the
paper says which is right. Source: docs/decisions/0003-documents-and-revisions.md.
"""

import hashlib
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.kernel import documents, glossary, markdown, questions, scenes
from lms.kernel.documents import Document, DocumentKind, Problem, Severity
from lms.kernel.questions import Question, QuestionKind
from lms.rules import lint

Paper = list[dict[str, Any]]
Key = dict[str, Any]


@dataclass(frozen=True)
class Publication:
    """A rendered text with all findings; `meta` holds days as ISO text."""

    title: str
    meta: Mapping[str, Any]
    html: str
    toc: Sequence[tuple[int, str, str]]
    words: int
    problems: Sequence[Problem]
    paper: Paper | None = None
    key: Key | None = None

    @property
    def may_publish(self) -> bool:
        """Whether nothing is wrong; warnings do not hinder."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)


def publication(source: str, *, resolve: markdown.Resolve, glossary: Mapping[str, str]) -> Publication:
    """Return what a normalised text becomes. Never raises for a bad text: it says what is wrong with it."""
    document, problems = documents.parse(source)
    if document is None:
        return Publication("", {}, "", (), 0, problems)
    make = {
        DocumentKind.QUIZ: _quiz,
        DocumentKind.SURVEY: _quiz,
        DocumentKind.SIMULATION: _simulation,
        DocumentKind.GLOSSARY: _glossary,
    }
    made = make.get(document.kind, _text)(document, resolve, glossary)
    found = [*problems, *made.problems, *lint.check_meta(document, made.words)]
    return replace(made, problems=sorted(found, key=lambda each: (each.line, each.code)))


def resolver(known: Mapping[str, str]) -> Callable[[str], str | None]:
    """Return a resolver over a fixed mapping of what exists."""
    return known.get


def with_problems(made: Publication, problems: Sequence[Problem]) -> Publication:
    """Return the publication with more findings."""
    return replace(made, problems=[*problems, *made.problems])


def to_json(made: Publication) -> dict[str, Any]:
    """Return the publication as JSON can carry it."""
    return {
        "title": made.title, "meta": dict(made.meta), "html": made.html, "toc": list(made.toc), "words": made.words,
        "paper": made.paper, "key": made.key,
        "problems": [[each.line, each.code, each.severity.value, dict(each.values)] for each in made.problems],
    }  # fmt: skip


def from_json(data: Mapping[str, Any]) -> Publication:
    """Return what `to_json` was given."""
    problems = [Problem(line, code, Severity(severity), values) for line, code, severity, values in data["problems"]]
    toc = [(level, anchor, text) for level, anchor, text in data["toc"]]
    return Publication(
        data["title"], data["meta"], data["html"], toc, data["words"], problems, data["paper"], data["key"]
    )


def _text(document: Document, resolve: markdown.Resolve, glossary: Mapping[str, str]) -> Publication:
    made = markdown.render(document.body, first_line=document.body_line, resolve=resolve, glossary=glossary)
    return _publication(document, made, made.problems)


def _quiz(document: Document, resolve: markdown.Resolve, glossary: Mapping[str, str]) -> Publication:
    found, intro, problems = questions.parse(document.body, document.body_line)
    made = markdown.render(intro, first_line=document.body_line, resolve=resolve)
    checked = lint.check_questions(found, document, resolve)
    words = made.words + sum(markdown.count_words(question.stem + " " + question.body) for question in found)
    return replace(
        _publication(document, made, [*problems, *checked, *made.problems]),
        words=words,
        paper=[_paper(question, resolve) for question in found],
        key={question.id: _key(question) for question in found},
    )


def _simulation(document: Document, resolve: markdown.Resolve, glossary: Mapping[str, str]) -> Publication:
    found, intro, problems = scenes.parse(document.body, document.body_line)
    made = markdown.render(intro, first_line=document.body_line, resolve=resolve)
    paper: Paper = [
        {
            "id": scene.id, "title_html": markdown.render_inline(scene.title),
            "html": markdown.render(scene.text, resolve=resolve).html,
            "choices": _by_id(_part(choice.text) for choice in scene.choices),
        }
        for scene in found
    ]  # fmt: skip
    key = {
        scene.id: {
            _id(choice.text): {
                "target": choice.target, "value": choice.value, "reply_html": markdown.render_inline(choice.reply)
            }
            for choice in scene.choices
        }
        for scene in found
    }  # fmt: skip
    checked = lint.check_scenes(found, document)
    text = "\n\n".join(scene.text for scene in found)
    return replace(
        _publication(document, made, [*problems, *checked, *made.problems]),
        words=made.words + markdown.count_words(text), paper=paper, key=key,
    )  # fmt: skip


def _glossary(document: Document, resolve: markdown.Resolve, terms: Mapping[str, str]) -> Publication:
    found, intro, problems = glossary.parse(document.body, document.body_line)
    made = markdown.render(intro, first_line=document.body_line, resolve=resolve)
    paper: Paper = [_term(term, resolve) for term in found]
    entries = "".join(f"<h3>{html.escape(entry['name'])}</h3>{entry['html']}" for entry in paper)
    checked = lint.check_terms(found, document, resolve)
    return replace(
        _publication(document, made, [*problems, *checked, *made.problems]),
        html=made.html + entries, words=markdown.count_words(document.body), paper=paper,
    )  # fmt: skip


def _term(term: glossary.Term, resolve: markdown.Resolve) -> dict[str, Any]:
    return {
        "id": term.id, "name": term.name, "name_en": term.name_en, "also": list(term.other_names),
        "forms": [] if term.is_everyday else list(term.forms),
        "html": markdown.render(term.text, resolve=resolve).html,
    }  # fmt: skip


def _publication(document: Document, made: markdown.Rendered, problems: Sequence[Problem]) -> Publication:
    return Publication(
        str(document.meta.get("title", "")), documents.plain_meta(document.meta), made.html, made.toc, made.words,
        list(problems),
    )  # fmt: skip


def _paper(question: Question, resolve: markdown.Resolve) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": question.id, "kind": question.kind.value, "points": question.points, "pool": question.pool,
        "is_case": question.is_case, "problems": list(question.problems),
        "stem_html": markdown.render_inline(question.stem),
        "body_html": markdown.render(question.body, resolve=resolve).html if question.body else "",
    }  # fmt: skip
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            shown["choices"] = [_part(option.text) for option in question.options]
        case QuestionKind.MATCHING:
            shown["lefts"] = [_part(option.text) for option in question.options if option.text]
            shown["rights"] = _by_id(_part(option.other) for option in question.options)
        case QuestionKind.ORDERING:
            shown["items"] = _by_id(_part(option.text) for option in question.options)
        case QuestionKind.GAP:
            shown["gaps"] = len(question.gaps)
            shown["segments"] = _segments(question.gap_text)
        case QuestionKind.SCALE:
            shown["scale"] = list(question.scale)
        case QuestionKind.ESSAY:
            shown["rubric"] = [[text, points] for text, points in question.rubric]
    return shown


def _key(question: Question) -> dict[str, Any]:
    key: dict[str, Any] = {
        "kind": question.kind.value, "points": question.points,
        "explanation_html": markdown.render(question.explanation).html if question.explanation else "",
        "feedback": {
            _id(each.text): markdown.render_inline(each.feedback) for each in question.options if each.feedback
        },
    }  # fmt: skip
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            key["correct"] = [_id(option.text) for option in question.options if option.is_right]
        case QuestionKind.MATCHING:
            key["pairs"] = {_id(option.text): _id(option.other) for option in question.options if option.text}
        case QuestionKind.ORDERING:
            key["order"] = [_id(option.text) for option in question.options]
        case QuestionKind.SHORT:
            key["accepted"] = list(question.accepted)
        case QuestionKind.NUMERIC:
            key["ranges"] = [[str(low), str(high)] for low, high in question.ranges]
        case QuestionKind.GAP:
            key["gaps"] = [list(accepted) for accepted in question.gaps]
    return key


def _part(text: str) -> dict[str, str]:
    return {"id": _id(text), "html": markdown.render_inline(text)}


def _id(text: str) -> str:
    """A short id from the text: stable while the text is, and silent about what is right."""
    return "p" + hashlib.sha256(text.strip().encode()).hexdigest()[:8]


def _by_id(parts: Any) -> list[dict[str, str]]:
    return sorted(parts, key=lambda part: part["id"])


def _segments(text: str) -> list[dict[str, Any]]:
    """The sentence around its gaps: `{"html": …}` and `{"gap": n}` in turn."""
    segments: list[dict[str, Any]] = []
    for number, part in enumerate(re.split(r"\{\{.+?\}\}", text)):
        if number:
            segments.append({"gap": number - 1})
        if part:
            segments.append({"html": markdown.render_inline(part)})
    return segments
