"""Column types that SQLite and PostgreSQL share."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, Text, TypeDecorator


class UtcInstant(TypeDecorator[datetime]):
    """An instant: refuses naive values, stores UTC, gives aware values back (SQLite forgets the zone)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        return value.astimezone(UTC).replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Give back as aware UTC, in one call a value: an outline has a hundred of them."""
        parse: Callable[[Any], Any] | None = self.impl_instance.result_processor(dialect, coltype)

        def aware(value: Any) -> datetime | None:
            if value is None:
                return None
            naive: datetime = parse(value) if parse else value
            return naive.replace(tzinfo=UTC)

        return aware


class Choice(TypeDecorator[StrEnum]):
    """A small StrEnum stored as its value in a text column; pair it with `one_of`."""

    impl = Text
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        """Store the value; refuse what is no member."""
        return None if value is None else self.enum(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], StrEnum | None]:
        """Give the member back, by one look into a table."""
        members: dict[Any, StrEnum | None] = {None: None, **{member.value: member for member in self.enum}}
        return members.__getitem__


def one_of(column: str, enum: type[StrEnum]) -> CheckConstraint:
    """Return the check constraint that holds a text column to the enum's values."""
    values = ", ".join(f"'{member.value}'" for member in enum)
    return CheckConstraint(f"{column} IN ({values})", name=column)
