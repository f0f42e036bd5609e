"""The demo's answers to surveys, kept by the product's own function: sums without names, remarks by themselves."""

import random
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from lms.extensions import db
from lms.kernel import clock, ids
from lms.kernel.documents import DocumentKind
from lms.kernel.questions import QuestionKind
from lms.models import ballots
from lms.models.content import Document, Revision
from lms.models.facts import Reading
from lms.models.people import Person
from lms.rules import surveys

SEED = 26
ANSWERED = 0.72
"""The share of those who learned that answers a survey; each further one loses some of them."""
WROTE = 0.16
BLANK = 0.02
CONTENT = (4.1, 0.7)
"""How content people are on a scale to five: the mean, and how far they differ."""

_GOOD = (
    "Contoh {about} dekat dengan pekerjaan saya.",
    "Latihan {about}. Saya sudah mencobanya minggu ini.",
    "Penjelasan {about}, karena langkahnya dapat diikuti satu per satu.",
    "Yang paling saya ingat bagian {about}.",
    "Kalimat yang menolong untuk {about}; saya catat di buku kecil.",
)
_BETTER = (
    "Waktu untuk {about} terlalu singkat. Tambah satu jam latihan.",
    "Mohon contoh {about} dari daerah kepulauan.",
    "Bahan {about} sebaiknya dibagikan sehari sebelumnya.",
    "Sinyal di tempat saya lemah; ringkasan {about} yang dapat dicetak akan membantu.",
    "Beri kesempatan bertanya setelah bagian {about}.",
)
_ABOUT = (
    "dukungan psikososial", "kunjungan rumah", "asesmen keluarga", "rujukan", "menulis catatan kasus",
    "menyapa anak", "kesepakatan bersama", "rencana intervensi", "bekerja dengan kader", "kaji cepat bencana",
    "lansia yang tinggal sendiri", "menjaga kerahasiaan",
)  # fmt: skip


def record(*, star: str) -> None:
    """Let companions who have learned something answer every published survey; the star leaves one open."""
    dice = random.Random(SEED)  # noqa: S311 - the demo is the same each time
    people = _learners()
    for place, (document_id, meta, paper) in enumerate(_surveys()):
        share = ANSWERED - 0.15 * place
        sent = [
            ballots.Sent(person_id, ids.fact(), _answers(paper, dice), _soon_after(last_at, dice))
            for person_id, email, last_at in people
            if (place if email == star else dice.random() < share)
        ]
        ballots.keep(document_id, paper, sent, is_anonymous=bool(meta.get("anonymous")))


def _learners() -> Sequence[tuple[int, str, datetime]]:
    last_at = func.max(Reading.recorded_at)
    rows = db.session.execute(
        select(Person.id, Person.email, last_at)
        .join(Reading, Reading.person_id == Person.id)
        .group_by(Person.id, Person.email)
        .order_by(Person.id)
    )
    return [(person_id, email, at) for person_id, email, at in rows]


def _surveys() -> Sequence[tuple[int, Mapping[str, Any], Sequence[Mapping[str, Any]]]]:
    rows = db.session.execute(
        select(Document.id, Revision.meta, Revision.paper)
        .join(Revision, Revision.id == Document.published_id)
        .where(Document.kind == DocumentKind.SURVEY)
        .order_by(Document.course_id, Document.position, Document.id)
    )
    return [(document_id, meta, paper or []) for document_id, meta, paper in rows]


def _soon_after(instant: datetime, dice: random.Random) -> datetime:
    return min(instant + timedelta(minutes=dice.uniform(2, 90)), clock.now())


def _answers(paper: Sequence[Mapping[str, Any]], dice: random.Random) -> dict[str, Any]:
    """What one person says: more or less content as a whole, and a little differently of each question."""
    mood = dice.gauss(*CONTENT)
    said = {each["id"]: _answer(each, mood, dice) for each in paper if dice.random() > BLANK}
    return {key: answer for key, answer in said.items() if answer}


def _answer(question: Mapping[str, Any], mood: float, dice: random.Random) -> Any:
    offered = surveys.values(question)
    match QuestionKind(question["kind"]):
        case QuestionKind.SCALE:
            low, high = question["scale"]
            lean = zlib.crc32(question["id"].encode()) % 100 / 100 - 0.6
            share = (mood + lean + dice.gauss(0, 0.6) - 1) / 4
            return str(min(high, max(low, round(low + share * (high - low)))))
        case QuestionKind.SINGLE:
            return dice.choice(offered)
        case QuestionKind.MULTIPLE:
            return [each for each in offered if dice.random() < 0.5]
        case _:
            about = dice.choice(_ABOUT)
            texts = _BETTER if "perbaiki" in question["stem_html"] or mood < 3.2 else _GOOD
            return dice.choice(texts).format(about=about) if dice.random() < WROTE else ""
