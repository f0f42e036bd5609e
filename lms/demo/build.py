"""Builds the demo once, on a database without people."""

import random

from sqlalchemy import func, select

from lms.authoring.actions import drafts, publishing
from lms.demo import clocks, people, progress
from lms.extensions import db
from lms.kernel import clock, errors
from lms.models import derive
from lms.models.content import Document, Revision
from lms.models.people import Person
from lms.models.session import unit_of_work

SEED = 635

_EDITED, _DRAFTED = "mrs-4-2", "mtk-3-1"


def build() -> int:
    """Fill an empty database; returns how many companions were added, 0 when there are people already."""
    if db.session.scalars(select(func.count()).select_from(Person)).one():
        return 0
    companions = _build()
    _write_as_trainer()
    clocks.settle()
    return len(companions)


@unit_of_work
def _build() -> list[Person]:
    dice = random.Random(SEED)  # noqa: S311 - the demo is the same each time
    companions = people.settle(dice, today=clock.report_day(clock.now()))
    progress.record(companions, dice, star=people.COMPANION)
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


def _published_source(code: str) -> str | None:
    return db.session.scalars(
        select(Revision.source_md).join(Document, Document.published_id == Revision.id).where(Document.code == code)
    ).one_or_none()
