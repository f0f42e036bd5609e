"""`make test`: everything on SQLite, then what touches the database on PostgreSQL; says what could not run and why.

With CI=true nothing may be missing: no PostgreSQL, no Chromium or a skipped test is a failure.
"""

import os
import shutil
import subprocess
import sys
from getpass import getuser

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

REQUIRED = os.environ.get("CI") == "true"
SERVERS = tuple(f"postgresql+psycopg://{user}@127.0.0.1:5432" for user in (getuser(), "postgres"))
ON_DATABASE = ("tests/integration", "tests/journeys", "tests/house")


def main() -> int:
    """Run both rounds; the exit code is that of the worse."""
    missing = []
    browser = chromium()
    if browser is None:
        missing.append("Chromium is not installed: the browser tests do not run")
    ignored = [] if browser else ["--ignore=tests/browser"]
    code = pytest("SQLite", ["tests", *ignored], {"PANDU_TEST_CHROMIUM": browser or ""})
    server = postgresql()
    if server is None:
        missing.append("PostgreSQL does not answer on 127.0.0.1:5432: the second round does not run")
    else:
        code = max(code, pytest("PostgreSQL", list(ON_DATABASE), {"PANDU_TEST_POSTGRESQL": server}))
    for sentence in missing:
        sys.stdout.write(f"{'missing' if REQUIRED else 'not run'}: {sentence}\n")
    return max(code, 1) if missing and REQUIRED else code


def pytest(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Run one round in a process of its own."""
    sys.stdout.write(f"\n── {name}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def chromium() -> str | None:
    """Return where Chromium is, if it is."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


def postgresql() -> str | None:
    """Return the URL of a server that lets us in, without a database name."""
    for server in filter(None, (os.environ.get("PANDU_TEST_POSTGRESQL"), *SERVERS)):
        engine = create_engine(f"{server}/postgres", connect_args={"connect_timeout": 2})
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            continue
        else:
            return server
        finally:
            engine.dispose()
    return None


if __name__ == "__main__":
    sys.exit(main())
