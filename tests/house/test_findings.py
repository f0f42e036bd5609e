"""Every code that the lint can say has its sentence."""

import re
from pathlib import Path

from lms.authoring import findings

ROOT = Path(__file__).parents[2] / "lms"
SOURCES = [
    ROOT / "kernel" / f"{name}.py"
    for name in ("documents", "markdown", "prose", "questions", "scenes", "glossary", "headings")
] + [
    ROOT / "rules" / "lint.py",
    ROOT / "authoring/actions/publishing.py",
    ROOT / "authoring/actions/revisions.py",
    ROOT / "authoring/starters.py",
]


def test_codes_and_sentences_are_the_same_set() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    codes = set(re.findall(r'"([a-z]+(?:_[a-z]+)+)"', text)) & set(re.findall(r'"([a-z_]+)"', text))
    assert findings.SENTENCES.keys() - codes == set()
    said = set(re.findall(r'Problem\(\s*[^,()]+(?:\([^()]*\))?,\s*"([a-z_]+)"', text))
    assert len(said) > 30
    assert said - findings.SENTENCES.keys() == set()
