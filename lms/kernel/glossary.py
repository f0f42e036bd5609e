"""The grammar of the glossary: a heading with an id is a term, the text below it explains it."""

from dataclasses import dataclass

from lms.kernel import headings
from lms.kernel.documents import Problem

EVERYDAY = "umum"
"""The flag of a term that is an everyday word as well: it stands on the page, but is not pointed at in lessons."""

NAMES = ("en", "also")
"""What the braces of a term may hold besides its id and flag."""


@dataclass(frozen=True)
class Term:
    """One term as its author wrote it; `text` is Markdown, `also` are other forms of the name."""

    id: str
    line: int
    name: str
    text: str
    name_en: str = ""
    also: tuple[str, ...] = ()
    is_everyday: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """Everything that the term is called."""
        return (self.name, *self.also)

    @property
    def other_names(self) -> tuple[str, ...]:
        """The other forms of the name, without those that differ in capital letters only."""
        distinct = {form.casefold(): form for form in reversed(self.forms)}
        return tuple(form for form in self.also if distinct[form.casefold()] == form)


def parse(body: str, first_line: int) -> tuple[list[Term], str, list[Problem]]:
    """Return the terms, the introduction before the first of them, and what is wrong; lines count from the file."""
    intro: list[str] = []
    blocks: list[tuple[int, str, list[str]]] = []
    for line, text in enumerate(body.split("\n"), start=first_line):
        if match := headings.HEADING.match(text):
            blocks.append((line, match.group(1), []))
        else:
            (blocks[-1][2] if blocks else intro).append(text)
    terms = [_term(line, headings.split(heading), "\n".join(lines).strip()) for line, heading, lines in blocks]
    problems = [
        problem
        for line, heading, _ in blocks
        for problem in headings.split(heading).unknown(line, flags=(EVERYDAY,), names=NAMES)
    ]
    problems += [
        Problem(term.line, "term_without_id", values={"title": term.name[:60]}) for term in terms if not term.id
    ]
    problems += [
        Problem(term.line, "term_without_text", values={"title": term.name[:60]}) for term in terms if not term.text
    ]
    return terms, "\n".join(intro).strip(), problems


def _term(line: int, heading: headings.Heading, text: str) -> Term:
    also = tuple(form.strip() for form in heading.values.get("also", "").split(";") if form.strip())
    return Term(heading.id, line, heading.text, text, heading.values.get("en", ""), also, EVERYDAY in heading.flags)
