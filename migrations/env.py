"""Alembic's environment: the only way to build the schema, on both databases, in tests too."""

from alembic import context
from flask import current_app
from sqlalchemy import text

config = context.config
database = current_app.extensions["migrate"].db


def run_migrations() -> None:
    """Run the migrations in one transaction, with our naming, types and batch mode."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET lock_timeout = '4s'"))
            connection.execute(text("SET statement_timeout = '60s'"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
