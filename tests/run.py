"""`make test`: everything on SQLite, then what touches the database on PostgreSQL; says what could not run and why.

With CI=true or --require-all nothing may be missing: no PostgreSQL, no Chromium or a skipped test is a failure. The browser
tests take as long as both rounds and wait for Chromium, so they run beside them and speak when they are done. No test holds
a limit on the clock of the wall: limits are on processor time.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
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


NO_TESTS = 5
"""pytest's exit code where `-k` and the like have chosen nothing."""


@dataclass
class Round:
    """A run of pytest in a process of its own, with its reports in a folder of its own."""

    name: str
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def report(self) -> Path:
        """Where pytest leaves what came of each test."""
        return self.folder / "report.xml"

    @property
    def spoken(self) -> Path:
        """What a round beside the others has to say."""
        return self.folder / "spoken.txt"


def main() -> int:
    """Run all rounds; the exit code is that of the worst, or 1 if something was missing that must be there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--require-all", action="store_true", help="as with CI=true: nothing may be missing")
    parser.add_argument("rest", nargs="*", help="passed to pytest in all rounds, after --")
    options = parser.parse_args()
    browser, server, missing = chromium(), postgresql(), []
    sqlite, codes = {"PANDU_TEST_CHROMIUM": browser or "", "PANDU_TEST_POSTGRESQL": ""}, []

    with tempfile.TemporaryDirectory() as folder:
        beside = _start("Chromium", ["tests/browser", *options.rest], sqlite, folder, aside=True) if browser else None
        codes.append(
            _end(_start("SQLite", ["tests", "--ignore=tests/browser", *options.rest], sqlite, folder), missing)
        )
        if server:
            environment = sqlite | {"PANDU_TEST_POSTGRESQL": server}
            codes.append(_end(_start("PostgreSQL", [*ON_DATABASE, *options.rest], environment, folder), missing))
        else:
            missing.append("PostgreSQL does not let us in on 127.0.0.1:5432: the second round does not run")
        if beside:
            codes.append(_end(beside, missing))
        else:
            missing.append("Chromium is not installed: the browser tests do not run")

    if options.rest and set(codes) != {NO_TESTS}:
        codes = [0 if code == NO_TESTS else code for code in codes]
    required = options.require_all or os.environ.get("CI") == "true"
    for sentence in missing:
        sys.stdout.write(f"{'missing' if required else 'not run'}: {sentence}\n")
    return max(*codes, int(bool(missing) and required))


def _start(name: str, arguments: list[str], environment: dict[str, str], under: str, *, aside: bool = False) -> Round:
    """Begin a round; one that runs aside says nothing until it has ended."""
    folder = Path(under) / name
    folder.mkdir()
    command = [sys.executable, "-m", "pytest", "-rs", f"--junitxml={folder / 'report.xml'}", *arguments]
    if not aside:
        _say(f"\n── {name}\n")
    with (folder / "spoken.txt").open("wb") as spoken:
        output = {"stdout": spoken, "stderr": subprocess.STDOUT} if aside else {}
        process = subprocess.Popen(command, env={**os.environ, **environment}, **output)
    return Round(name, process, folder)


def _end(ended: Round, missing: list[str]) -> int:
    """Wait for a round; returns its exit code and notes the tests that were skipped."""
    code = ended.process.wait()
    if spoken := ended.spoken.read_text(errors="replace"):
        _say(f"\n── {ended.name}\n{spoken}")
    missing += [f"{test} on {ended.name}" for test in _skipped(ended.report)]
    return code


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


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
