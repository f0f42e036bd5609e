"""What the question bank shows of a quiz's figures: kept when its results are computed, read for all quizzes at once.

They stand as they were at that time, and the page says when: the results page, which they lead to, is never behind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lms.kernel import clock
from lms.outside import memory


@dataclass(frozen=True)
class Digest:
    """One question in one quiz, over first attempts; per cent, none where there is no such figure."""

    n: int
    facility: float
    discrimination: float | None
    is_urgent: bool
    """Whether the advice asks for action."""


@dataclass(frozen=True)
class Kept:
    """The digests of one quiz by question id, and when they were computed."""

    at: datetime
    questions: Mapping[str, Digest]


def keep(folder: Path, document_id: int, fingerprint: str, questions: Mapping[str, Digest]) -> None:
    """Keep the digests of a quiz, unless those of the same facts are there."""
    if memory.recall(folder, _name(document_id), fingerprint) is None:
        rows = {code: [each.n, each.facility, each.discrimination, each.is_urgent] for code, each in questions.items()}
        value = {"at": clock.now().isoformat(), "questions": rows}
        memory.keep(folder, _name(document_id), fingerprint, value)


def read(folder: Path, document_ids: Iterable[int]) -> dict[int, Kept]:
    """Return what is kept of these quizzes; one whose results were never computed is not in it."""
    found = {document_id: memory.latest(folder, _name(document_id)) for document_id in set(document_ids)}
    return {
        document_id: Kept(
            datetime.fromisoformat(value["at"]), {code: Digest(*row) for code, row in value["questions"].items()}
        )
        for document_id, value in found.items()
        if value
    }


def _name(document_id: int) -> str:
    return f"digest-{document_id}"
