"""One page of a list that is longer than a screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select

from lms.extensions import db


@dataclass(frozen=True)
class Slice:
    """The rows of one page: `number` counts from 1, `total` are the rows of all pages, `per_page` of a full one."""

    rows: Sequence[Any]
    total: int
    number: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return _pages(self.total, self.per_page)

    def each(self, make: Callable[[Any], Any]) -> "Slice":
        """Return the same page with something made of each row."""
        return replace(self, rows=[make(row) for row in self.rows])


def cut(statement: Select[Any], wanted: int | None, *, per_page: int) -> Slice:
    """Return the page asked for of what a statement finds, the last one when there are fewer; in two statements.

    wanted: none for everything on one page.
    """
    total = db.session.scalars(select(func.count()).select_from(statement.order_by(None).subquery())).one()
    size = max(total, 1) if wanted is None else per_page
    number = within(wanted or 1, total, size)
    return Slice(db.session.execute(statement.limit(size).offset((number - 1) * size)).all(), total, number, size)


def within(wanted: int, total: int, per_page: int) -> int:
    """Return the number of the page asked for, of the last one when there are fewer."""
    return min(max(wanted, 1), _pages(total, per_page))


def _pages(total: int, per_page: int) -> int:
    return max(1, -(-total // per_page))
