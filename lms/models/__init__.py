"""Tables, constraints and named scopes; one file per aggregate. Importing this imports every table."""

from typing import Any

from lms.models import audit, ballots, bank, clocks, cohorts, columns, content, facts, marks, people, summaries

__all__ = [
    "audit", "ballots", "bank", "clocks", "cohorts", "columns", "content", "facts", "marks", "people", "render_item",
    "summaries",
]  # fmt: skip


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our column types into migrations as what they are in the database, so that migrations import no model."""
    if kind == "type" and isinstance(item, columns.UtcInstant):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, columns.Choice):
        return "sa.Text()"
    return False
