"""The first text of a new document: the shape of the format, ready to be written over."""

import re
import unicodedata

from lms.kernel.documents import DocumentKind, Problem

_LESSON = """---
id: {code}
kind: lesson
title: {title}
position: {position}
minutes: 30
objectives:
  - menjelaskan …
problems: []
sources:
  - …
valid_as_of:
reviewed_by:
---

Mulailah dengan keadaan di lapangan yang dikenal pendamping.

## Yang perlu diketahui

## Langkah demi langkah

1. …

## Kalimat yang menolong

- "…"

## Latihan
"""

_QUIZ = """---
id: {code}
kind: quiz
title: {title}
position: 9
pass: 70
attempts: 3
score: best
shuffle: true
feedback: after-attempt
problems: []
valid_as_of:
reviewed_by:
---

## Tulis soal di sini {{#{code}-q01 points=1}}

- [x] Jawaban yang benar
    Mengapa benar, dan dasarnya.
- [ ] Jawaban yang menggoda tetapi keliru
    Mengapa keliru.

> Pembahasan.
"""

_SURVEY = """---
id: {code}
kind: survey
title: {title}
position: 30
anonymous: true
required: false
summary: …
valid_as_of:
reviewed_by:
---

Angka 1 berarti sangat kurang, 5 sangat baik.

## Tulis yang dinilai di sini {{#{code}-q01}}

(1..5)

## Tulis pertanyaan dengan pilihan di sini {{#{code}-q02}}

- [ ] pilihan pertama
- [ ] pilihan kedua

## Tulis pertanyaan terbuka di sini {{#{code}-q03}}

___
"""

_TEXTS = {DocumentKind.LESSON: _LESSON, DocumentKind.QUIZ: _QUIZ, DocumentKind.SURVEY: _SURVEY}
_TO_WRITE = {
    line.partition(" {{#")[0].strip()
    for each in _TEXTS.values()
    for line in each.split("\n")
    if "…" in line or "di sini" in line
}
NAMES = {DocumentKind.QUIZ: "kuis", DocumentKind.SURVEY: "angket"}
"""What stands in the code of a document that is named by its module and kind."""


def text(kind: DocumentKind, *, code: str, title: str, position: int) -> str:
    """Return the starting text."""
    return _TEXTS[kind].format(code=code, title=quoted(title), position=position)


def left(source: str) -> list[Problem]:
    """Find the lines that still say what to write."""
    return [
        Problem(number, "starter_left")
        for number, line in enumerate(source.split("\n"), 1)
        if line.partition(" {#")[0].strip() in _TO_WRITE
    ]


def quoted(title: str) -> str:
    """Return a title as YAML: always quoted, whatever it contains."""
    return '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'


def slug(position: int, title: str, kind: DocumentKind, code: str) -> str:
    """Return the file stem: `3-lihat-dengar`; what is named by its kind takes its code: a module may have several."""
    if kind in NAMES:
        return code
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)[:8]
    return "-".join([str(position), *words]) if words else f"{position}-{code}"
