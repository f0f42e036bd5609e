"""The application, a migrated database, and one rolled-back transaction per test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from lms.app import create_app
from lms.config import Settings
from lms.extensions import db
from lms.kernel import clock
from tests import cast as casting
from tests.page_client import PageClient
from tests.queries import Queries

# On a busy machine a slow example is no failure; in CI the examples are the same each time, elsewhere they wander.
hypothesis.settings.register_profile("pandu", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis.settings.load_profile("pandu")

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""Where the clock stands in tests: noon in Jakarta, a Tuesday."""


@contextmanager
def empty_database(folder: Path, name: str) -> Iterator[str]:
    """An empty database: a SQLite file, or one on PostgreSQL when PANDU_TEST_POSTGRESQL names a server."""
    server = os.environ.get("PANDU_TEST_POSTGRESQL", "")
    if not server:
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    full = f"pandu_test_{os.getpid()}_{name}"
    admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {full}"))
        connection.execute(text(f"CREATE DATABASE {full} TEMPLATE template0 ENCODING 'UTF8'"))
    yield f"{server}/{full}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {full} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The database in which the cast lives."""
    with empty_database(tmp_path_factory.mktemp("database"), "cast") as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as in production, on a data folder of their own."""
    return Settings(
        secret_key="t" * 40, data_dir=tmp_path_factory.mktemp("data"), database_url=database_url, testing=True
    )


@pytest.fixture(scope="session")
def world(settings: Settings) -> Iterator[Flask]:
    """The application on a migrated database in which the cast lives."""
    app = create_app(settings)
    with app.app_context():
        upgrade(directory=str(Path(__file__).parent.parent / "migrations"))
        with clock.frozen(NOON):
            casting.settle()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(world: Flask) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back after the test, with the clock held at NOON."""
    with world.app_context(), clock.frozen(NOON):
        engines = db._app_engines[world]
        engine = engines[None]
        connection = engine.connect()
        outer = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        db.session.configure(join_transaction_mode="create_savepoint")
        yield world
        db.session.remove()
        engines[None] = engine
        outer.rollback()
        connection.close()
        shutil.rmtree(world.config["SETTINGS"].figures_dir, ignore_errors=True)


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without script that checks every page it gets; nobody is signed in."""
    return PageClient(app)


@pytest.fixture
def queries(app: Flask) -> Iterator[Queries]:
    """Counts SQL statements inside `with queries:` blocks."""
    recorder = Queries(db._app_engines[app][None])
    yield recorder
    recorder.close()


@pytest.fixture
def cast(app: Flask) -> casting.Cast:
    """The people of the test world, fresh from the database."""
    return casting.load()
