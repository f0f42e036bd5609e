"""The demo's people: 635 companions over 38 provinces, five cohorts, and the four who sign in.

Valid in form and impossible in fact: 99 work agreements in every number, reserved mail domains, telephone numbers that
no network has.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from lms.demo import names
from lms.extensions import db
from lms.kernel import clock, ids, passwords, provinces
from lms.kernel.documents import DocumentKind
from lms.models.cohorts import Cohort, CohortCourse, CohortMember
from lms.models.content import Document
from lms.models.people import Language, Person, Role

PASSWORD = "belajar-pandu-2025"  # noqa: S105 - the demo's, published in the README
COMPANION, TRAINER, DIRECTORATE, ADMIN = (
    f"{name}@contoh.example" for name in ("pendamping", "pelatih", "direktorat", "admin")
)
CONTRACT_BEGAN = (10, 1)
"""Month and day from which a contract year runs in the demo."""


@dataclass(frozen=True)
class Wave:
    """A cohort: where it began, whose islands it gathers, and in how many days from today its courses are due."""

    code: str
    name: str
    members: tuple[str, ...]
    due_in: tuple[int, int, int]


WAVES = (
    Wave("angkatan-1", "Angkatan I Surabaya", ("ID-JI", "bali-nusra"), (2, 9, 16)),
    Wave("angkatan-2", "Angkatan II Jakarta", ("jawa", "kalimantan"), (-5, 12, 24)),
    Wave("angkatan-3", "Angkatan III Medan", ("sumatera",), (6, 20, 34)),
    Wave("angkatan-4", "Angkatan IV Makassar", ("sulawesi", "maluku"), (9, 23, 37)),
    Wave("angkatan-5", "Angkatan V Jayapura", ("papua",), (20, 34, 48)),
)


def settle(dice: random.Random, *, today: date) -> list[Person]:
    """Add everyone and the cohorts; returns the companions, flushed."""
    password_hash = passwords.hashed(PASSWORD)
    companions = [
        _companion(dice, province, number, password_hash, today) for number, province in enumerate(_posts(), start=1)
    ]
    _star(next(person for person in companions if person.province_iso == "ID-JI"))
    db.session.add_all([*companions, *_staff(password_hash)])
    db.session.flush()
    _cohorts(companions, today)
    return companions


def wave_of(province: provinces.Province) -> Wave:
    """Return the cohort of a province."""
    return next(wave for wave in WAVES if province.iso in wave.members or province.island in wave.members)


def _posts() -> list[provinces.Province]:
    return [province for province in provinces.PROVINCES.values() for _ in range(province.roster)]


def _companion(
    dice: random.Random, province: provinces.Province, number: int, password_hash: str, today: date
) -> Person:
    is_woman = dice.random() < 0.52
    name = names.draw(dice, iso=province.iso, island=province.island, is_woman=is_woman)
    before, after = names.titles(dice)
    born = date(dice.randint(1968, 2000), dice.randint(1, 12), dice.randint(1, 28))
    email = f"{'.'.join(re.findall(r'[a-z]+', name.lower())[:2])}.{number:03d}@pendamping.example"
    return Person(
        uid=_uid(dice), role=Role.COMPANION, name=name, title_before=before, title_after=after,
        nip=f"{born:%Y%m%d}202599{2 if is_woman else 1}{number:03d}",
        province_iso=province.iso, regency=f"{province.label}, wilayah {dice.randint(1, province.regencies)}",
        unit="Direktorat RSKBK", position="Pendamping rehabilitasi sosial", email=email, email_key=email,
        whatsapp=f"+6280000000{number:03d}" if dice.random() < 0.8 else "", language=Language.ID, scope=[],
        contract_began_on=date(today.year - 1, *CONTRACT_BEGAN), password_hash=password_hash,
        session_stamp=_uid(dice), is_sample=True, created_at=clock.now() - timedelta(days=100),
    )  # fmt: skip


def _star(person: Person) -> None:
    """The companion who signs in."""
    person.name, person.title_before, person.title_after = "Sri Rahayu", "", "S.Tr.Sos."
    person.email = person.email_key = COMPANION
    person.whatsapp = "+6280000000001"


def _staff(password_hash: str) -> list[Person]:
    people: tuple[tuple[str, str, Role, str, list[str]], ...] = (
        (TRAINER, "Tara Wulandari", Role.TRAINER, "Pelatih", []),
        (DIRECTORATE, "Damar Wicaksono", Role.DIRECTORATE, "Analis Direktorat RSKBK", []),
        (ADMIN, "Adinda Larasati", Role.ADMIN, "Admin pusat", []),
        ("koordinator.aceh@contoh.example", "Cut Rosmini", Role.DIRECTORATE, "Koordinator Aceh", ["ID-AC"]),
    )
    return [
        Person(
            uid=ids.short(), role=role, name=name, title_before="", title_after="", nip=None, province_iso=None,
            regency="", unit="Direktorat RSKBK", position=position, email=email, email_key=email, whatsapp="",
            language=Language.ID, scope=scope, contract_began_on=None, password_hash=password_hash,
            session_stamp=ids.short(), is_sample=True, created_at=clock.now() - timedelta(days=120),
        )
        for email, name, role, position, scope in people
    ]  # fmt: skip


def _cohorts(companions: Sequence[Person], today: date) -> None:
    courses = list(
        db.session.scalars(select(Document.id).where(Document.kind == DocumentKind.COURSE).order_by(Document.position))
    )
    for position, wave in enumerate(WAVES, start=1):
        cohort = Cohort(code=wave.code, name=wave.name, position=position, created_at=clock.now() - timedelta(days=95))
        db.session.add(cohort)
        db.session.flush()
        db.session.add_all(
            CohortCourse(
                cohort_id=cohort.id, course_id=course_id, opens_at=_evening(today - timedelta(days=90)),
                due_at=_evening(today + timedelta(days=days)),
            )
            for course_id, days in zip(courses, wave.due_in, strict=False)
        )  # fmt: skip
        members = [person for person in companions if person.province and wave_of(person.province) is wave]
        db.session.add_all(
            CohortMember(cohort_id=cohort.id, person_id=person.id, joined_at=clock.now() - timedelta(days=92))
            for person in members
        )


def _evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=clock.JAKARTA)


def _uid(dice: random.Random) -> str:
    return "".join(dice.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(10))
