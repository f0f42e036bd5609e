"""The 26 kinds of social problems of Permensos 8/2012: the taxonomy under which content is filed."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SocialProblem:
    """One kind; `definition` is Pandu's own wording, to be reviewed by an expert."""

    number: int
    code: str
    name: str
    name_en: str
    definition: str
    cluster: str


def _read() -> dict[str, SocialProblem]:
    text = (Path(__file__).parent / "problems.csv").read_text(encoding="utf-8")
    return {
        row["code"]: SocialProblem(
            int(row["no"]), row["code"], row["name_id"], row["name_en"], row["definition_id"], row["cluster"]
        )
        for row in csv.DictReader(text.splitlines())
    }


PROBLEMS: Mapping[str, SocialProblem] = _read()
"""Code → kind, in the order of the rule."""
