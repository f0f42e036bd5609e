"""What a text becomes when it is published: everything that readers are shown, made once.

For a quiz or simulation the *paper* (what a reader may see) is kept apart from the *key*. Ids of options, pairs and
items are made from their text and shown in alphabetical order of the id: neither their names nor their order in the
paper says which is right. Source: docs/decisions/0003-documents-and-revisions.md.
"""

import hashlib
import html
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.kernel import documents, markdown, questions, scenes
from lms.kernel.documents import DocumentKind, Problem, Severity
from lms.kernel.glossary import Term
from lms.kernel.questions import Question, QuestionKind
from lms.kernel.terms import Glossary
from lms.rules import bank as banking
from lms.rules import lint
from lms.rules.bank import Bank, Loan

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


def publication(source: str, *, resolve: markdown.Resolve, glossary: Glossary, bank: Bank | None = None) -> Publication:
    """Return what a normalised text becomes. Never raises for a bad text: it says what is wrong with it.

    bank: the questions of other quizzes that a quiz may name, as they stand now.
    """
    bank = bank or {}
    if len(source) > markdown.MAX_SOURCE:
        return Publication("", {}, "", (), 0, [Problem(1, "text_too_long", values={"longest": markdown.MAX_SOURCE})])
    document, problems = documents.parse(source)
    if document is None:
        return Publication("", {}, "", (), 0, problems)
    checked = lint.check(document, resolve, glossary, bank)
    made = Publication(
        str(document.meta.get("title", "")), documents.plain_meta(document.meta), checked.made.html, checked.made.toc,
        checked.words, sorted([*problems, *checked.problems], key=lambda each: (each.line, each.code)),
    )  # fmt: skip
    match document.kind:
        case DocumentKind.QUIZ | DocumentKind.SURVEY:
            return _quiz(made, checked, resolve, bank)
        case DocumentKind.SIMULATION:
            return _simulation(made, checked.told, resolve)
        case DocumentKind.GLOSSARY:
            return _glossary(made, checked.terms, resolve)
        case _:
            return made


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


def loans(document: documents.Document, wanted: Collection[str], *, resolve: markdown.Resolve) -> dict[str, Loan]:
    """Return these questions of a quiz that is about to be published, as it will lend them."""
    found, _, _ = questions.parse(document.body, document.body_line)
    return {
        each.id: Loan(document.id, _paper(each, resolve), _key(each, resolve)) for each in found if each.id in wanted
    }


def _quiz(made: Publication, checked: lint.Checked, resolve: markdown.Resolve, bank: Bank) -> Publication:
    """Its own questions and those of others, in the order of the text."""
    found = [(each.line, (_paper(each, resolve), _key(each, resolve))) for each in checked.asked]
    found += [(each.line, banking.asked(bank[each.id], each)) for each in checked.lent if each.id in bank]
    parts = [parts for _, parts in sorted(found, key=lambda each: each[0])]
    return replace(made, paper=[paper for paper, _ in parts], key={paper["id"]: key for paper, key in parts})


def _simulation(made: Publication, found: Sequence[scenes.Scene], resolve: markdown.Resolve) -> Publication:
    paper: Paper = [
        {
            "id": scene.id, "title_html": markdown.render_inline(scene.title, resolve=resolve),
            "html": markdown.render(scene.text, resolve=resolve).html,
            "choices": _by_id(_part(choice.text, resolve) for choice in scene.choices),
        }
        for scene in found
    ]  # fmt: skip
    key = {
        scene.id: {
            _id(choice.text): {
                "target": choice.target, "value": choice.value,
                "reply_html": markdown.render_inline(choice.reply, resolve=resolve),
            }
            for choice in scene.choices
        }
        for scene in found
    }  # fmt: skip
    return replace(made, paper=paper, key=key)


def _glossary(made: Publication, found: Sequence[Term], resolve: markdown.Resolve) -> Publication:
    paper: Paper = [_term(term, resolve) for term in found]
    entries = "".join(f"<h3>{html.escape(entry['name'])}</h3>{entry['html']}" for entry in paper)
    return replace(made, html=made.html + entries, paper=paper)


def _term(term: Term, resolve: markdown.Resolve) -> dict[str, Any]:
    return {
        "id": term.id, "name": term.name, "name_en": term.name_en, "also": list(term.other_names),
        "forms": [] if term.is_everyday else list(term.forms),
        "html": markdown.render(term.text, resolve=resolve).html,
    }  # fmt: skip


def _paper(question: Question, resolve: markdown.Resolve) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": question.id, "kind": question.kind.value, "points": question.points, "pool": question.pool,
        "is_case": question.is_case, "problems": list(question.problems),
        "stem_html": markdown.render_inline(question.stem, resolve=resolve),
        "body_html": markdown.render(question.body, resolve=resolve).html if question.body else "",
    }  # fmt: skip
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            shown["choices"] = [_part(option.text, resolve) for option in question.options]
        case QuestionKind.MATCHING:
            shown["lefts"] = [_part(option.text, resolve) for option in question.options if option.text]
            shown["rights"] = _by_id(_part(option.other, resolve) for option in question.options)
        case QuestionKind.ORDERING:
            shown["items"] = _by_id(_part(option.text, resolve) for option in question.options)
        case QuestionKind.GAP:
            shown["gaps"] = len(question.gaps)
            shown["segments"] = _segments(question.gap_text, resolve)
        case QuestionKind.SCALE:
            shown["scale"] = list(question.scale)
        case QuestionKind.ESSAY:
            shown["rubric"] = [[text, points] for text, points in question.rubric]
    return shown


def _key(question: Question, resolve: markdown.Resolve) -> dict[str, Any]:
    key: dict[str, Any] = {
        "kind": question.kind.value, "points": question.points,
        "explanation_html": markdown.render(question.explanation, resolve=resolve).html if question.explanation else "",
        "feedback": {
            _id(each.text): markdown.render_inline(each.feedback, resolve=resolve)
            for each in question.options
            if each.feedback
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


def _part(text: str, resolve: markdown.Resolve) -> dict[str, str]:
    return {"id": _id(text), "html": markdown.render_inline(text, resolve=resolve)}


def _id(text: str) -> str:
    """A short id from the text: stable while the text is, and silent about what is right."""
    return "p" + hashlib.sha256(text.strip().encode()).hexdigest()[:8]


def _by_id(parts: Any) -> list[dict[str, str]]:
    return sorted(parts, key=lambda part: part["id"])


def _segments(text: str, resolve: markdown.Resolve) -> list[dict[str, Any]]:
    """The sentence around its gaps: `{"html": …}` and `{"gap": n}` in turn, the blanks beside a gap kept."""
    segments: list[dict[str, Any]] = []
    for number, part in enumerate(questions.GAP.split(text)[::2]):
        if number:
            segments.append({"gap": number - 1})
        if part:
            before, after = (" " if each.isspace() else "" for each in (part[0], part[-1]))
            inner = markdown.render_inline(part, resolve=resolve)
            segments.append({"html": f"{before}{inner}{after}" if inner else " "})
    return segments
