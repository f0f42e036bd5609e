"""The person of the current request, typed."""

from typing import cast

from flask_login import current_user

from lms.models.people import Person


def is_signed_in() -> bool:
    """Say whether someone is signed in."""
    return reader() is not None


def actor() -> Person:
    """Return the signed-in person; only behind `@requires` or after `is_signed_in`."""
    return cast(Person, current_user._get_current_object())


def reader() -> Person | None:
    """Return the signed-in person, or none."""
    user = current_user._get_current_object()
    return cast(Person, user) if user is not None and user.is_authenticated else None
