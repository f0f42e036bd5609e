"""The guard at the door: every route says `@requires(…)` or `@public`, directly under its route line."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import current_app

from lms.access import current, table
from lms.access.permissions import Permission

P = ParamSpec("P")
R = TypeVar("R")

ATTRIBUTE = "declared_permission"
"""Where a view keeps what it declared: a Permission, or None for a public page. A test reads it for every route."""


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let signed-in people with the permission in; others get the sign-in page or a 403."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
            reader = current.reader()
            if reader is None:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            table.require(reader, permission)
            return view(*args, **kwargs)

        setattr(wrapper, ATTRIBUTE, permission)
        return wrapper

    return decorate


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let everyone in."""
    setattr(view, ATTRIBUTE, None)
    return view
