"""The person of the current request, typed."""

from typing import cast

from flask_login import current_user

from lms.models.people import Person


def is_signed_in() -> bool:
    """Say whether someone is signed in."""
    return bool(current_user and current_user.is_authenticated)


def actor() -> Person:
    """Return the signed-in person; only behind `@requires` or after `is_signed_in`."""
    return cast(Person, current_user._get_current_object())


def reader() -> Person | None:
    """Return the signed-in person, or none."""
    return actor() if is_signed_in() else None
