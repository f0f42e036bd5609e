"""The people of the test world. Initials give the role; you read a test once and know why it should pass.

Cleo, companion in Aceh · Colin, companion in Papua (must never see Aceh) · Tara, trainer · Dora, directorate ·
Kiki, coordinator of Aceh only · Ada, admin · Nobody is not signed in.
"""

from dataclasses import dataclass

from sqlalchemy import select

from lms.extensions import db
from lms.models.people import Person, Role
from lms.models.session import work
from tests import builders


@dataclass(frozen=True)
class Cast:
    """Everyone, fresh from the database."""

    cleo: Person
    colin: Person
    tara: Person
    dora: Person
    kiki: Person
    ada: Person


def settle() -> None:
    """Put the cast, their cohort and a small course into an empty database."""
    with work():
        cleo = builders.make_person("Cleo", province="ID-AC", nip="199003142025992001")
        colin = builders.make_person("Colin", province="ID-PA", nip="198807072025991002")
        builders.make_person("Tara", Role.TRAINER)
        builders.make_person("Dora", Role.DIRECTORATE)
        builders.make_person("Kiki", Role.DIRECTORATE, scope=["ID-AC"])
        builders.make_person("Ada", Role.ADMIN)
        builders.add_content()
        builders.make_cohort("angkatan-uji", [cleo, colin], course="uji")


def load() -> Cast:
    """Return the cast."""
    people = {person.name.lower(): person for person in db.session.scalars(select(Person))}
    return Cast(**{name: people[name] for name in Cast.__dataclass_fields__})
