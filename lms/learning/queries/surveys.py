"""A survey as the person may answer it, or as she has answered it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.kernel import clock, errors
from lms.kernel.documents import DocumentKind
from lms.learning.queries.items import Page
from lms.models import ballots, content
from lms.models.people import Person
from lms.rules import attempts, surveys


@dataclass(frozen=True)
class SurveyView:
    """A survey with its questions, and what someone has said to it."""

    questions: Sequence[Mapping[str, Any]]
    version: int
    """The number of its revision: what was answered to another one is not taken for an answer to this."""
    refusal: attempts.Refusal | None
    """Why it cannot be answered now, if it cannot."""
    answered_at: datetime | None
    uid: str
    """Of the form that answered it."""
    answers: Mapping[str, Any]
    """Empty before, and in an anonymous survey for ever."""


def survey_for_reader(actor: Person, page: Page) -> SurveyView:
    """Return a survey as the person may answer it, or as she has answered it. Raises NotFound for anything else."""
    item = page.item
    if item.kind is not DocumentKind.SURVEY:
        raise errors.NotFound("no_such_survey", code=item.code)
    asked = content.sheet(item.revision_id)
    told = ballots.participation(actor.id, item.id)
    return SurveyView(
        asked.paper, asked.number, surveys.refusal(item.meta, clock.now()), told.answered_at if told else None,
        told.uid if told else "", (told.named_answers if told else None) or {},
    )  # fmt: skip
