"""The press: renders an author's text in a process of its own, within limits of time and memory.

Some texts keep a Markdown parser busy for minutes. A worker that renders one itself answers nobody meanwhile; a process
of its own can be ended. Source: docs/decisions/0009-hostile-text.md.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from lms.kernel import errors
from lms.kernel.markdown import MAX_SOURCE
from lms.rules import publishing

LIMIT_S = 3
MEMORY_BYTES = 512 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]


def render(source: str, *, known: Mapping[str, str], glossary: Mapping[str, str]) -> publishing.Publication:
    """Return what would be published. Raises Refused("text_too_long") or Refused("text_too_slow").

    known: relative link or image as written → URL. glossary: term → explanation.
    """
    if len(source) > MAX_SOURCE:
        raise errors.Refused("text_too_long", longest=MAX_SOURCE, length=len(source))
    order = json.dumps({"source": source, "known": dict(known), "glossary": dict(glossary)})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lms.outside.press"],
            input=order.encode(), capture_output=True, timeout=LIMIT_S, cwd=ROOT, check=True, env={},
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise errors.Refused("text_too_slow", seconds=LIMIT_S) from error
    return publishing.from_json(json.loads(done.stdout))


def main() -> None:
    """Read one order from standard input, write what it becomes to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))
    order = json.loads(sys.stdin.buffer.read())
    made = publishing.publication(
        order["source"], resolve=publishing.resolver(order["known"]), glossary=order["glossary"]
    )
    sys.stdout.write(json.dumps(publishing.to_json(made)))


if __name__ == "__main__":
    main()
