"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike but SQLAlchemy keeps per dialect.

One statement for a row, sent with many: it is compiled once, however many rows come.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from lms.extensions import db
from lms.models.session import execute

Insert = sqlite.Insert | postgresql.Insert
Row = dict[str, Any]


def insert(table: Any) -> Insert:
    """Return the dialect's INSERT for a table or model."""
    return _insert(table, _dialect())


def absorb(model: Any, rows: Sequence[Row]) -> None:
    """Insert rows; one that is already there (by any unique key) is left as it is."""
    if rows:
        execute(insert(model.__table__).on_conflict_do_nothing(), list(rows))


def replace(model: Any, rows: Sequence[Row]) -> None:
    """Insert rows; one with the same primary key takes the new values. Rows share one set of keys."""
    _upsert(model, rows, grows=False)


def add(model: Any, rows: Sequence[Row]) -> None:
    """Insert counters; one with the same primary key grows by the given amounts, without a race."""
    _upsert(model, rows, grows=True)


def _upsert(model: Any, rows: Sequence[Row], *, grows: bool) -> None:
    if rows:
        execute(_statement(model.__table__, _dialect(), tuple(rows[0]), grows), list(rows))


@lru_cache
def _statement(table: Any, dialect: str, names: tuple[str, ...], grows: bool) -> Insert:
    keys = [column.name for column in table.primary_key]
    statement = _insert(table, dialect)
    new = {name: statement.excluded[name] for name in names if name not in keys}
    merged = {name: table.c[name] + value for name, value in new.items()} if grows else new
    return statement.on_conflict_do_update(index_elements=keys, set_=merged)


def _insert(table: Any, dialect: str) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _dialect() -> str:
    return str(db.session.connection().dialect.name)
