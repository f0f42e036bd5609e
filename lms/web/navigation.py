"""Where each role can go from every page: at most five places, the role's own errand first."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from lms.models.people import Person, Role


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; `room_paths` are the endpoint prefixes for which it is the current one."""

    endpoint: str
    label: LazyString
    icon: str
    covers: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether the page being shown lies in this place."""
        endpoint = request.endpoint or ""
        return endpoint == self.endpoint or endpoint.startswith(self.covers)


_ME = Place("accounts.me", _l("Me"), "person", ("accounts.my_", "accounts.me"))
_LEARN = Place(
    "learning.catalogue", _l("Learn"), "book",
    ("learning.course", "learning.lesson", "learning.quiz", "learning.attempt", "learning.module", "learning.glossary",
     "learning.answer_survey"),
)  # fmt: skip
_SHELF = Place("authoring.shelf", _l("Content"), "pencil", ("authoring.",))
_PEOPLE = Place("accounts.people", _l("People"), "people", ("accounts.people", "accounts.person"))
_COMPLETION = Place("reporting.completion", _l("Completion"), "chart", ("reporting.completion", "reporting.people"))
_GAIN = Place("reporting.gain", _l("Learning gain"), "award")
_SURVEYS = Place("reporting.survey", _l("Surveys"), "question", ("reporting.survey",))

_PLACES: dict[Role, Sequence[Place]] = {
    Role.COMPANION: (
        Place("learning.home", _l("Home"), "home"),
        _LEARN,
        Place("learning.record", _l("My record"), "chart"),
        _ME,
    ),
    Role.TRAINER: (_SHELF, _GAIN, _SURVEYS, _LEARN, _ME),
    Role.DIRECTORATE: (_COMPLETION, _GAIN, _SURVEYS, _LEARN, _ME),
    Role.ADMIN: (
        _PEOPLE,
        Place("accounts.cohorts", _l("Cohorts"), "calendar", ("accounts.cohort",)),
        Place("reporting.completion", _l("Completion"), "chart", ("reporting.",)),
        _SHELF,
        Place("accounts.audit", _l("Audit trail"), "history"),
    ),
}

HOME: dict[Role, str] = {role: places[0].endpoint for role, places in _PLACES.items()}
"""Role → the endpoint of its first page."""


def places(person: Person) -> Sequence[Place]:
    """Return the person's places in order."""
    return _PLACES[person.role]
