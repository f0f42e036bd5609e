"""Builds the demo once, on a database without people."""

import random
from collections.abc import Sequence

from sqlalchemy import func, select

from lms.authoring import queue
from lms.authoring.actions import drafts, marking, publishing
from lms.demo import clocks, opinions, people, progress
from lms.extensions import db
from lms.kernel import clock, errors
from lms.models import derive, session
from lms.models.content import Document, Revision
from lms.models.facts import Attempt
from lms.models.people import Person
from lms.models.session import unit_of_work

SEED = 635

LEFT_IN_LINE = 9
COMMENTS = (
    "Fakta Anda dapat diperiksa dan urutannya jelas. Tambahkan jam pada setiap tindakan supaya rekan Anda dapat "
    "melanjutkannya tanpa bertanya.",
    "Beberapa penilaian masih tercampur di bagian Fakta. Pindahkan ke Tanggapan dan sebut sebagai dugaan.",
)

_EDITED, _DRAFTED = "mrs-4-2", "mtk-3-1"


def build() -> int:
    """Fill an empty database; returns how many companions were added, 0 when there are people already."""
    if db.session.scalars(select(func.count()).select_from(Person)).one():
        return 0
    companions = _build()
    _write_as_trainer()
    clocks.settle()
    _mark_as_trainer()
    return len(companions)


@unit_of_work
def _build() -> list[Person]:
    dice = random.Random(SEED)  # noqa: S311 - the demo is the same each time
    companions = people.settle(dice, today=clock.report_day(clock.now()))
    progress.record(companions, dice, star=people.COMPANION)
    opinions.record(star=people.COMPANION)
    derive.rebuild()
    return companions


def _write_as_trainer() -> None:
    """Leave a published change and an open draft, by the trainer's own actions."""
    trainer = db.session.scalars(select(Person).where(Person.email_key == people.TRAINER)).one()
    for code, is_published in ((_EDITED, True), (_DRAFTED, False)):
        source = _published_source(code)
        if source is None:
            continue
        changed = (
            source.rstrip("\n")
            + '\n\n!!! tip "Dari lapangan"\n    Simpan catatan ini di tempat yang mudah dibuka saat sinyal hilang.\n'
        )
        try:
            draft = drafts.save(actor=trainer, code=code, source=changed, version=0)
            if is_published:
                publishing.publish(
                    actor=trainer,
                    code=code,
                    source=changed,
                    version=draft.version,
                    note="Menambah catatan dari lapangan",
                )
        except errors.Refused:
            continue


def _mark_as_trainer() -> None:
    """Mark the oldest essays and the star's, leave the others in line, and keep two comments."""
    trainer = db.session.scalars(select(Person).where(Person.email_key == people.TRAINER)).one()
    with session.work():
        line = list(queue.in_line(quiz="", after=None))
    star = db.session.scalars(select(Attempt.uid).join(Person).where(Person.email_key == people.COMPANION)).all()
    for number, each in enumerate(line):
        if number < len(line) - LEFT_IN_LINE or each.uid in star:
            sheet = queue.sheet(trainer, queue.Place(each.uid, each.question_id))
            marking.mark(
                actor=trainer, place=sheet.place, points=[most - (number + at) % 2 for at, most in _at(sheet.rubric)],
                comment=COMMENTS[number % len(COMMENTS)], based_on=0, move_on=False,
            )  # fmt: skip
    for comment in COMMENTS if line else ():
        marking.keep_comment(actor=trainer, body=comment)


def _at(rubric: Sequence[tuple[str, int]]) -> list[tuple[int, int]]:
    return [(at, most) for at, (_, most) in enumerate(rubric)]


def _published_source(code: str) -> str | None:
    return db.session.scalars(
        select(Revision.source_md).join(Document, Document.published_id == Revision.id).where(Document.code == code)
    ).one_or_none()
