"""Geometry for the report's drawings: numbers in, coordinates out; templates draw."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.reporting.queries import Row, Week

WIDTH, HEIGHT, PAD = 720, 180, 12


@dataclass(frozen=True)
class Point:
    """One week on the line."""

    x: float
    y: float
    percent: int
    week: Week


def heat(done: int, people: int) -> int:
    """Return the step of the scale, 1 to 5: 0–19, 20–39, 40–59, 60–79, 80–100 per cent."""
    return min(5, done * 100 // people // 20 + 1) if people else 1


def line(weeks: Sequence[Week], people: int) -> list[Point]:
    """Return the points of the cumulative share, on a zero-based axis up to 100 per cent."""
    if not people:
        return []
    step = (WIDTH - 2 * PAD) / max(1, len(weeks) - 1)
    return [
        Point(
            x=round(PAD + index * step, 1),
            y=round(HEIGHT - PAD - (HEIGHT - 2 * PAD) * min(1, week.total / people), 1),
            percent=week.total * 100 // people,
            week=week,
        )
        for index, week in enumerate(weeks)
    ]


def sorted_rows(rows: Sequence[Row], sort: str) -> list[Row]:
    """Sort by `provinsi`, `orang`, `-…` for descending, a module's code, or by the share of the whole (default)."""
    descending = sort.startswith("-")
    name = sort.removeprefix("-")
    if name == "provinsi":
        return sorted(rows, key=lambda row: row.province.name, reverse=descending)
    if name == "orang":
        return sorted(rows, key=lambda row: (row.people, row.province.name), reverse=descending)
    known = name in rows[0].by_module if rows else False
    share = (lambda row: row.by_module[name] / row.people) if known else (lambda row: row.done / row.people)
    ascending = bool(sort) and not descending
    return sorted(rows, key=lambda row: (share(row) if ascending else -share(row), row.province.name))
