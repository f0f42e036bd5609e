"""The press: renders an author's text in a process of its own, within limits of time and memory.

Some texts keep a Markdown parser busy for minutes. A worker that renders one itself answers nobody meanwhile; a process
of its own can be ended. Source: docs/decisions/0009-hostile-text.md.
"""

import base64
import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

from lms.kernel import errors
from lms.kernel.markdown import MAX_SOURCE
from lms.kernel.terms import Explanation, Glossary
from lms.rules import interchange, publishing
from lms.rules.bank import Bank, Loan

LIMIT_S = 3
MEMORY_BYTES = 512 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]


def render(
    source: str, *, known: Mapping[str, str], glossary: Glossary, bank: Bank | None = None
) -> publishing.Publication:
    """Return what would be published. Raises Refused("text_too_long") or Refused("text_too_slow").

    known: relative link or image as written → URL. glossary: form of a term → what it means. bank: questions of other
    quizzes that the text may name.
    """
    if len(source) > MAX_SOURCE:
        raise errors.Refused("text_too_long", longest=MAX_SOURCE, length=len(source))
    lent = {code: astuple(loan) for code, loan in (bank or {}).items()}
    order = {"source": source, "known": dict(known), "glossary": dict(glossary), "bank": lent}
    return publishing.from_json(_ask(order))


def read_questions(content: bytes, form: interchange.Format, *, stem: str, taken: frozenset[str]) -> interchange.Import:
    """Return what a question file brings, read under the same limits. Raises Refused as `interchange.read` does."""
    order = {"file": base64.b64encode(content).decode(), "form": form.value, "stem": stem, "taken": sorted(taken)}
    answer = _ask(order, too_slow="file_too_slow")
    if "refused" in answer:
        raise errors.Refused(answer["refused"], field="file", **answer["values"])
    return interchange.from_json(answer)


def _ask(order: Mapping[str, Any], *, too_slow: str = "text_too_slow") -> Any:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lms.outside.press"],
            input=json.dumps(order).encode(), capture_output=True, timeout=LIMIT_S, cwd=ROOT, check=True, env={},
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise errors.Refused(too_slow, seconds=LIMIT_S) from error
    return json.loads(done.stdout)


def main() -> None:
    """Read one order from standard input, write what it becomes to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(_questions(order) if "file" in order else _publication(order)))


def _publication(order: Mapping[str, Any]) -> dict[str, Any]:
    resolve = publishing.resolver(order["known"])
    glossary = {form: Explanation(*meaning) for form, meaning in order["glossary"].items()}
    bank = {code: Loan(*loan) for code, loan in order["bank"].items()}
    made = publishing.publication(order["source"], resolve=resolve, glossary=glossary, bank=bank)
    return publishing.to_json(made)


def _questions(order: Mapping[str, Any]) -> dict[str, Any]:
    content, form = base64.b64decode(order["file"]), interchange.Format(order["form"])
    try:
        made = interchange.read(content, form, stem=order["stem"], taken=frozenset(order["taken"]))
    except errors.Refused as error:
        return {"refused": error.code, "values": error.values}
    return interchange.to_json(made)


if __name__ == "__main__":
    main()
