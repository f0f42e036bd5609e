"""Builders with sensible defaults: each test overrides what it is about, in view."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from argon2 import PasswordHasher

from lms.authoring.actions import packs
from lms.extensions import db
from lms.kernel import clock, ids, passwords
from lms.models.cohorts import Cohort, CohortCourse, CohortMember
from lms.models.content import Document
from lms.models.people import Language, Person, Role

# Argon2 costs what guessing shall cost. Here, where people sign in a thousand times, it costs as little as it can; what it
# costs for real is held by tests/unit/kernel/test_passwords.py, and in the browser everyone signs in at that price.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

PASSWORD = "kunci-rumah-biru"
_HASH = passwords.hashed(PASSWORD)


def make_person(name: str, role: Role = Role.COMPANION, *, province: str | None = None, **overrides: Any) -> Person:
    """Add a person who signs in as `<name>@contoh.example` with PASSWORD; flushed."""
    key = f"{name.lower().replace(' ', '.')}@contoh.example"
    values: dict[str, Any] = {
        "uid": ids.short(), "role": role, "name": name, "title_before": "", "title_after": "", "nip": None,
        "province_iso": province, "regency": "", "unit": "", "position": "", "email": key, "email_key": key,
        "whatsapp": "", "language": Language.ID, "scope": [], "contract_began_on": date(2025, 10, 1),
        "password_hash": _HASH, "session_stamp": ids.short(), "must_change_since": None, "deactivated_at": None,
        "is_sample": True, "created_at": clock.now(),
    }  # fmt: skip
    person = Person(**(values | overrides))
    db.session.add(person)
    db.session.flush()
    return person


def make_cohort(
    code: str,
    members: Sequence[Person] = (),
    *,
    course: str = "",
    opens_at: datetime | None = None,
    due_at: datetime | None = None,
) -> Cohort:
    """Add a cohort with members and, if named, one course with its dates; flushed."""
    cohort = Cohort(code=code, name=code.capitalize(), position=0, created_at=clock.now())
    db.session.add(cohort)
    db.session.flush()
    db.session.add_all(
        CohortMember(cohort_id=cohort.id, person_id=person.id, joined_at=clock.now()) for person in members
    )
    if course:
        course_id = db.session.query(Document.id).filter_by(code=course).scalar()
        db.session.add(CohortCourse(cohort_id=cohort.id, course_id=course_id, opens_at=opens_at, due_at=due_at))
    db.session.flush()
    return cohort


def course_md(code: str = "uji", title: str = "Dukungan bencana", position: int = 1) -> str:
    """Return the text of a course."""
    return (
        _front(id=code, kind="course", title=title, summary="Pelatihan untuk uji.", position=position) + "Pengantar.\n"
    )


def module_md(
    code: str = "uji-1", title: str = "Dukungan awal", *, position: int = 1, core: bool = True, requires: str = "[]"
) -> str:
    """Return the text of a module."""
    front = _front(
        id=code, kind="module", title=title, summary="Modul untuk uji.", position=position, core=str(core).lower(),
        jp=2,
        objectives="\n  - menenangkan penyintas", problems="[KBA]", requires=requires,
    )  # fmt: skip
    return front + "Tentang modul ini.\n"


def lesson_md(code: str = "uji-1-1", title: str = "Lihat dan dengar", *, position: int = 1, body: str = "") -> str:
    """Return the text of a lesson."""
    front = _front(
        id=code, kind="lesson", title=title, position=position, minutes=1, objectives="\n  - menyapa penyintas",
        problems="[KBA]", sources="\n  - Pedoman uji",
    )  # fmt: skip
    return front + (
        body or "Anda tiba di balai desa.\n\n## Lihat\n\nAmankah tempat ini?\n\n## Dengar\n\nDuduk sejajar.\n"
    )


QUESTIONS = """## Apa langkah pertama? {#uji-q1 points=1}

- [ ] Menyuruh bercerita
    Memaksa memperberat tekanan.
- [x] Melihat keselamatan
    Tepat, keselamatan dahulu.

> Lihat dahulu.

## Pilih semua yang tepat. {#uji-q2 points=2}

- [x] Air minum
    Kebutuhan nyata.
- [x] Selimut
    Kebutuhan nyata.
- [ ] Janji rumah baru
    Jangan menjanjikan.

> Kebutuhan nyata dahulu.

## Jodohkan. {#uji-q3 points=2}

- Banjir :: alam
- Wabah :: nonalam
- :: sosial

> Tiga jenis bencana.

## Urutkan. {#uji-q4 points=2}

1. lihat
2. dengar
3. hubungkan

> Tiga langkah.
"""


def quiz_md(code: str = "uji-1-kuis", *, body: str = QUESTIONS, **front: Any) -> str:
    """Return the text of a quiz with four questions of four kinds."""
    values = {"pass": 70, "attempts": 3, "score": "best", "shuffle": "false", "feedback": "after-attempt"} | front
    return _front(id=code, kind="quiz", title="Kuis uji", position=9, **values, problems="[KBA]") + body


TERMS = """## Tagana {#tagana also="Taruna Siaga Bencana" en="Disaster volunteers"}

Relawan terlatih dari warga.

## Élan {#elan .umum}

Kata sehari-hari untuk semangat.
"""


def glossary_md(body: str = TERMS, *, code: str = "glosarium") -> str:
    """Return the text of a glossary with two terms."""
    return _front(id=code, kind="glossary", title="Glosarium") + body


SCENES = """Malam pertama di pos.

## Tiba di balai {#tiba}

Listrik padam.

- [Kaji cepat](#dapur) +2
    Tepat, data dahulu.
- [Bagikan bantuan](#ricuh) 0
    Yang terlemah tidak kebagian.

## Antrean ricuh {#ricuh}

Orang berdesakan.

- [Tenangkan, lalu ulangi dari awal](#tiba) +1
    Mengulang itu berani.
- [Pulang](#akhir-buruk) -1
    Mereka menunggu Anda.

## Dapur umum {#dapur}

Dua ratus orang lapar.

- [Dahulukan anak dan lansia](#akhir-baik) +2
    Tepat, yang rentan dahulu.
- [Siapa cepat](#akhir-buruk) 0
    Antrean bukan ukuran kebutuhan.

## Akhir yang baik {#akhir-baik}

Pagi datang dengan tenang.

## Akhir yang berat {#akhir-buruk}

Ada yang tidak makan.
"""


def simulation_md(code: str = "uji-1-kasus", title: str = "Malam pertama", *, body: str = SCENES) -> str:
    """Return the text of a simulation: five scenes, one circle, at best four points."""
    return _front(id=code, kind="simulation", title=title, position=20, summary="Kasus untuk uji.") + body


ASKED = """Nilailah dengan jujur.

## Berguna? {#uji-a1}

(1..5)

## Cara belajar yang disukai {#uji-a2}

- [ ] sendiri
- [ ] bersama

## Yang dipakai di lapangan {#uji-a3}

- [x] formulir
- [x] kalimat
- [ ] peta

## Kota Anda {#uji-a4}

= …

## Saran Anda {#uji-a5}

___
"""


def survey_md(code: str = "uji-1-angket", *, body: str = ASKED, **front: Any) -> str:
    """Return the text of a survey with five questions of all kinds."""
    return _front(id=code, kind="survey", title="Angket uji", position=30, **front) + body


def small_pack() -> dict[str, bytes]:
    """Return a pack: one course, two core modules (the second requires the first), lessons and a quiz."""
    files = {
        "dukungan/course.md": course_md(),
        "dukungan/1-awal/module.md": module_md(),
        "dukungan/1-awal/1-lihat.md": lesson_md(),
        "dukungan/1-awal/2-hubungkan.md": lesson_md("uji-1-2", "Hubungkan", position=2),
        "dukungan/1-awal/kuis.md": quiz_md(),
        "dukungan/2-lanjut/module.md": module_md("uji-2", "Dukungan lanjut", position=2, requires="[uji-1]"),
        "dukungan/2-lanjut/1-pulih.md": lesson_md("uji-2-1", "Memulihkan"),
    }
    return {path: text.encode() for path, text in files.items()}


def add_content(files: dict[str, bytes] | None = None) -> None:
    """Import a pack as the command line does."""
    packs.import_pack(actor=None, files=files or small_pack())


def _front(**values: Any) -> str:
    lines = "\n".join(f"{name}: {value}" for name, value in values.items())
    return f"---\n{lines}\nvalid_as_of: 2026-01-31\nreviewed_by:\n---\n\n"
