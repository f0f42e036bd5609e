"""A glossary is a kind of document

Revision 0002, after 0001.
"""

from alembic import op
from sqlalchemy import text

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BEFORE = "'course', 'module', 'lesson', 'quiz', 'simulation', 'survey'"
AFTER = f"{BEFORE}, 'glossary'"


def upgrade() -> None:
    _change_kinds(BEFORE, AFTER)


def downgrade() -> None:
    glossaries = "SELECT id FROM documents WHERE kind = 'glossary'"
    op.execute("UPDATE documents SET published_id = NULL WHERE kind = 'glossary'")
    for table in ("drafts", "revisions"):
        op.execute(f"DELETE FROM {table} WHERE document_id IN ({glossaries})")
    op.execute("DELETE FROM documents WHERE kind = 'glossary'")
    _change_kinds(AFTER, BEFORE)


def _change_kinds(old: str, new: str) -> None:
    """Replace the check of documents.kind.

    SQLite cannot alter a check, and rebuilding this table would break the references to it while foreign keys are on:
    the text of the schema is changed in place, as SQLite's manual describes for checks.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_documents_kind"), "documents", type_="check")
        op.create_check_constraint(op.f("ck_documents_kind"), "documents", f"kind IN ({new})")
        return
    version = connection.execute(text("PRAGMA schema_version")).scalar_one()
    connection.execute(text("PRAGMA writable_schema = ON"))
    connection.execute(
        text("UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE type = 'table' AND name = 'documents'"),
        {"old": f"kind IN ({old})", "new": f"kind IN ({new})"},
    )
    connection.execute(text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(text("PRAGMA writable_schema = OFF"))
