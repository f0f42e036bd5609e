"""Transactions: the action owns them, and a request that may write says so before it first reads.

SQLite answers "database is locked" at once when a transaction that began by reading wants to write while another wrote
in between; the busy timeout does not help. So the driver's implicit BEGIN is switched off and our own is sent:
IMMEDIATE where the caller intends to write, plain otherwise.
"""

import functools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, Executable, event

from lms.extensions import db

P = ParamSpec("P")
R = TypeVar("R")

_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)
_depth: ContextVar[int] = ContextVar("depth", default=0)
_after: ContextVar[list[Callable[[], None]] | None] = ContextVar("after", default=None)


def intend_to_read() -> None:
    """Begin the coming transactions of this context as readers (GET, HEAD)."""
    _reads_only.set(True)


def intend_to_write() -> None:
    """Begin the coming transactions of this context as writers, before their first read."""
    _reads_only.set(False)


def unit_of_work(action: Callable[P, R]) -> Callable[P, R]:
    """Commit when the action returns, roll back when it raises; an inner unit joins the outer one.

    What the action left with `after_commit` (mail) runs when the outermost unit has committed.
    """

    @functools.wraps(action)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with work():
            return action(*args, **kwargs)

    return wrapper


@contextmanager
def work() -> Iterator[None]:
    """The unit of work as a block; see `unit_of_work`."""
    if _depth.get():
        yield
        return
    depth, queued = _depth.set(1), _after.set([])
    try:
        yield
        db.session.commit()
        waiting = _after.get() or []
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _depth.reset(depth)
        _after.reset(queued)
    for step in waiting:
        step()


def after_commit(step: Callable[[], None]) -> None:
    """Run the step once the current unit of work has committed; at once outside of one."""
    waiting = _after.get()
    if waiting is None:
        step()
    else:
        waiting.append(step)


def execute(statement: Executable, values: Any = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement over tables in the transaction of the session, past its entities: that costs a quarter less.

    values: the parameters, or a list of them for a statement that is sent many times.
    """
    return db.session.connection().execute(statement, values)


def prepare(engine: Engine) -> None:
    """Teach a SQLite engine our pragmas and our BEGIN; PostgreSQL needs neither."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=5000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if _reads_only.get() else "BEGIN IMMEDIATE")
