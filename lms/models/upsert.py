"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike but SQLAlchemy keeps per dialect.

One statement for a row, sent with many: it is compiled once, however many rows come.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from lms.extensions import db

Insert = sqlite.Insert | postgresql.Insert
Row = dict[str, Any]


def insert(table: Any) -> Insert:
    """Return the dialect's INSERT for a table or model."""
    make: Callable[[Any], Insert] = postgresql.insert if _is_postgresql() else sqlite.insert
    return make(table)


def absorb(model: Any, rows: Sequence[Row]) -> None:
    """Insert rows; one that is already there (by any unique key) is left as it is."""
    if rows:
        db.session.execute(insert(model.__table__).on_conflict_do_nothing(), list(rows))


def replace(model: Any, rows: Sequence[Row]) -> None:
    """Insert rows; one with the same primary key takes the new values. Rows share one set of keys."""
    _upsert(model, rows, lambda _old, new: new)


def add(model: Any, rows: Sequence[Row]) -> None:
    """Insert counters; one with the same primary key grows by the given amounts, without a race."""
    _upsert(model, rows, lambda old, new: old + new)


def _upsert(model: Any, rows: Sequence[Row], merged: Callable[[Any, Any], Any]) -> None:
    if not rows:
        return
    table = model.__table__
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    values = {name: merged(table.c[name], statement.excluded[name]) for name in rows[0] if name not in keys}
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows))


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
