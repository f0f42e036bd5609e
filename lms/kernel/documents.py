"""Documents: front matter and body."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document is."""

    COURSE = "course"
    MODULE = "module"
    LESSON = "lesson"
    QUIZ = "quiz"
    SIMULATION = "simulation"
    SURVEY = "survey"
