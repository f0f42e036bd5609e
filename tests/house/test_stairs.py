"""The house rules that hold for every line: imports point down, and a few words never occur."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "lms").rglob("*.py"))


def test_imports_point_down_the_stairs() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "pattern", [r"\bcreate_all\(", r"\bTODO\b", r"\bFIXME\b", r"\bNotImplementedError\b", r"(?m)^\s*print\("]
)
def test_words_that_never_occur(pattern: str) -> None:
    found = [str(path) for path in SOURCES if re.search(pattern, path.read_text(encoding="utf-8"))]
    assert found == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        path.relative_to(ROOT).as_posix() for path in SOURCES if "os.environ" in path.read_text(encoding="utf-8")
    }
    assert readers == {"lms/config.py", "lms/serve.py"}
    served = (ROOT / "lms/serve.py").read_text(encoding="utf-8")
    assert set(re.findall(r'os\.environ(?:\.get\(|\[)"(\w+)"', served)) == {"PORT", "HOST", "WORKERS"}
    assert served.count("os.environ") == 3


def test_the_readme_names_every_setting() -> None:
    keys = set(re.findall(r"PANDU_[A-Z_]+", (ROOT / "lms/config.py").read_text(encoding="utf-8")))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert keys - set(re.findall(r"PANDU_[A-Z_]+", readme)) == set()


def test_migrations_import_no_model() -> None:
    for path in (ROOT / "migrations").rglob("*.py"):
        assert "lms" not in re.findall(r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
