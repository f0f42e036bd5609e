"""`make test`: everything on SQLite, then what touches the database on PostgreSQL; says what could not run and why.

With CI=true or --require-all nothing may be missing: no PostgreSQL, no Chromium or a skipped test is a failure. The two
rounds run one after the other: tests that hold a time limit must not compete with the other round for the processor.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from getpass import getuser
from pathlib import Path
from xml.etree import ElementTree

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

SERVERS = tuple(
    f"postgresql+psycopg://{user}@127.0.0.1:5432" for user in dict.fromkeys((getuser(), "root", "postgres"))
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ON_DATABASE = ("tests/integration", "tests/journeys", "tests/house")


def main() -> int:
    """Run both rounds; the exit code is that of the worse, or 1 if something was missing that must be there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--require-all", action="store_true", help="as with CI=true: nothing may be missing")
    parser.add_argument("rest", nargs="*", help="passed to pytest in both rounds, after --")
    options = parser.parse_args()
    browser, server, missing = chromium(), postgresql(), []

    ignored = [] if browser else ["--ignore=tests/browser"]
    environment = {"PANDU_TEST_CHROMIUM": browser or "", "PANDU_TEST_POSTGRESQL": ""}
    codes = [_round("SQLite", ["tests", *ignored, *options.rest], environment, missing)]
    if not browser:
        missing.append("Chromium is not installed: the browser tests do not run")
    if server:
        environment["PANDU_TEST_POSTGRESQL"] = server
        codes.append(_round("PostgreSQL", [*ON_DATABASE, *options.rest], environment, missing))
    else:
        missing.append("PostgreSQL does not let us in on 127.0.0.1:5432: the second round does not run")

    required = options.require_all or os.environ.get("CI") == "true"
    for sentence in missing:
        sys.stdout.write(f"{'missing' if required else 'not run'}: {sentence}\n")
    return max(*codes, int(bool(missing) and required))


def _round(name: str, arguments: list[str], environment: dict[str, str], missing: list[str]) -> int:
    """Run pytest in a process of its own; returns its exit code and notes the tests that were skipped."""
    sys.stdout.write(f"\n── {name}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-rs", f"--junitxml={report}", *arguments]
        code = subprocess.run(command, env={**os.environ, **environment}, check=False).returncode
        missing += [f"{test} on {name}" for test in _skipped(report)]
    return code


def _skipped(report: Path) -> list[str]:
    if not report.exists():
        return []
    cases = ElementTree.parse(report).iter("testcase")
    return [f"{case.get('classname')}::{case.get('name')}" for case in cases if case.find("skipped") is not None]


def chromium() -> str | None:
    """Return where Chromium is, if it is."""
    return os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), None)


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
