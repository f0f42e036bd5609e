"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike but SQLAlchemy keeps per dialect."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from lms.extensions import db

Insert = sqlite.Insert | postgresql.Insert

BATCH_ROWS = 500
"""Rows a statement: below SQLite's bound on parameters at our widest table."""


def insert(table: Any) -> Insert:
    """Return the dialect's INSERT for a table or model."""
    make: Callable[[Any], Insert] = postgresql.insert if _is_postgresql() else sqlite.insert
    return make(table)


def absorb(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; one that is already there (by any unique key) is left as it is."""
    for start in range(0, len(rows), BATCH_ROWS):
        db.session.execute(insert(model).values(rows[start : start + BATCH_ROWS]).on_conflict_do_nothing())


def replace(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; one with the same primary key takes the new values. Rows share one set of keys."""
    keys = [column.name for column in model.__table__.primary_key]
    for start in range(0, len(rows), BATCH_ROWS):
        statement = insert(model).values(rows[start : start + BATCH_ROWS])
        values = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))


def add(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert counters; one with the same primary key grows by the given amounts, without a race."""
    table = model.__table__
    keys = [column.name for column in table.primary_key]
    for start in range(0, len(rows), BATCH_ROWS):
        statement = insert(model).values(rows[start : start + BATCH_ROWS])
        sums = {name: table.c[name] + statement.excluded[name] for name in rows[0] if name not in keys}
        db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=sums))


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
