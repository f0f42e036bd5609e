"""What the companion's screens show. Columns, not entities: these are the hottest pages of the house."""

from lms.learning.queries.attempts import (
    AttemptView,
    allowances_of,
    attempt_for_reader,
    attempts_at,
    markings_of,
    terms_for,
    waiting_of,
)
from lms.learning.queries.gates import Gate
from lms.learning.queries.items import Item, Page, Stop, Text, glossary, media, page_for_reader
from lms.learning.queries.outlines import (
    CourseOutline,
    ModuleOutline,
    Step,
    course_for_reader,
    course_summaries,
    course_to_continue,
    due,
    learning_hours_of,
    module_summaries,
    outlines,
)
from lms.learning.queries.plays import PlayView, Taken, play_for_reader, plays_at
from lms.learning.queries.surveys import SurveyView, survey_for_reader

__all__ = [
    "AttemptView",
    "CourseOutline",
    "Gate",
    "Item",
    "ModuleOutline",
    "Page",
    "PlayView",
    "Step",
    "Stop",
    "SurveyView",
    "Taken",
    "Text",
    "allowances_of",
    "attempt_for_reader",
    "attempts_at",
    "course_for_reader",
    "course_summaries",
    "course_to_continue",
    "due",
    "glossary",
    "learning_hours_of",
    "markings_of",
    "media",
    "module_summaries",
    "outlines",
    "page_for_reader",
    "play_for_reader",
    "plays_at",
    "survey_for_reader",
    "terms_for",
    "waiting_of",
]
