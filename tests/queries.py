"""Counts the SQL statements that a block of code sends."""

from typing import Any, Self

from sqlalchemy import Connection, Engine, event

_BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")


class Queries:
    """Use as `with queries as seen: …; assert len(seen.statements) <= 4`."""

    def __init__(self, engine: Engine | Connection) -> None:
        self.engine = engine
        self.statements: list[str] = []
        self.listening = False
        event.listen(engine, "before_cursor_execute", self._note)

    def __enter__(self) -> Self:
        self.statements = []
        self.listening = True
        return self

    def __exit__(self, *_: object) -> None:
        self.listening = False

    def close(self) -> None:
        """Stop for good."""
        event.remove(self.engine, "before_cursor_execute", self._note)

    @property
    def writes(self) -> list[str]:
        """The statements that are no SELECT."""
        return [each for each in self.statements if not each.lstrip("( \n").upper().startswith(("SELECT", "WITH"))]

    def _note(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self.listening and not statement.upper().startswith(_BOOKKEEPING):
            self.statements.append(statement)
