"""Small yes/no questions about a person and, where it matters, a thing."""

from collections.abc import Callable
from typing import Any

from lms.models.people import Person, Role

Question = Callable[[Person, Any], bool]


def is_companion(actor: Person, _thing: Any) -> bool:
    """Does she learn here?"""
    return actor.role is Role.COMPANION


def is_trainer(actor: Person, _thing: Any) -> bool:
    """Does she write lessons?"""
    return actor.role is Role.TRAINER


def is_directorate(actor: Person, _thing: Any) -> bool:
    """Does she answer for the companions, of all provinces or of some?"""
    return actor.role is Role.DIRECTORATE


def is_admin(actor: Person, _thing: Any) -> bool:
    """Does she keep the roster?"""
    return actor.role is Role.ADMIN


def is_anyone(_actor: Person, _thing: Any) -> bool:
    """Is she signed in at all? (The guard has already asked.)"""
    return True
