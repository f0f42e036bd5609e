"""People and what they sign in with; people are deactivated, never deleted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Self

from flask_login import UserMixin
from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Select, Text, select, true
from sqlalchemy.orm import Mapped, mapped_column

from lms.extensions import Base
from lms.kernel import provinces
from lms.models.columns import Choice, UtcInstant, one_of


class Role(StrEnum):
    """The four roles. A directorate account with a `scope` is a coordinator of those provinces."""

    COMPANION = "companion"
    TRAINER = "trainer"
    DIRECTORATE = "directorate"
    ADMIN = "admin"


class Language(StrEnum):
    """The languages of the interface; Indonesian is the default."""

    ID = "id"
    EN = "en"


class Person(UserMixin, Base):
    """One person with one name field, as Indonesian names are; titles stand apart. No NIK, ever."""

    __tablename__ = "people"
    __table_args__ = (
        one_of("role", Role),
        one_of("language", Language),
        Index("ix_people_role_province_iso", "role", "province_iso"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text, unique=True)
    """What URLs show."""
    role: Mapped[Role] = mapped_column(Choice(Role))
    name: Mapped[str] = mapped_column(Text)
    title_before: Mapped[str] = mapped_column(Text, default="")
    title_after: Mapped[str] = mapped_column(Text, default="")
    nip: Mapped[str | None] = mapped_column(Text, unique=True)
    """NIP or NI PPPK, 18 digits; it can change with a new agreement, so it is no key."""
    province_iso: Mapped[str | None] = mapped_column(Text)
    regency: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text, unique=True)
    """The address in lower case: uniqueness without regard to case, on both databases."""
    whatsapp: Mapped[str] = mapped_column(Text, default="")
    """E.164, optional."""
    language: Mapped[Language] = mapped_column(Choice(Language), default=Language.ID)
    scope: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Provinces (ISO) that a directorate account is limited to; empty means all."""
    contract_began_on: Mapped[date | None] = mapped_column()
    """First day of the work agreement: the JP of a PPPK count by contract year."""
    password_hash: Mapped[str] = mapped_column(Text, default="")
    """argon2id; empty until a first password is set."""
    session_stamp: Mapped[str] = mapped_column(Text)
    """Changes with the password, which ends every session elsewhere."""
    must_change_since: Mapped[datetime | None] = mapped_column(UtcInstant)
    """Set when someone else chose the password: it must be changed at the next sign-in."""
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    def get_id(self) -> str:
        """Return what the session cookie holds: the person and the stamp of the current password."""
        return f"{self.uid}.{self.session_stamp}"

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in."""
        return self.deactivated_at is None

    @property
    def full_name(self) -> str:
        """`Dra. Sri Rahayu, M.Si.`"""
        before = f"{self.title_before} " if self.title_before else ""
        after = f", {self.title_after}" if self.title_after else ""
        return f"{before}{self.name}{after}"

    @property
    def initials(self) -> str:
        """`SR`; two letters of a single name."""
        words = self.name.split()
        return (words[0][0] + words[-1][0] if len(words) > 1 else self.name[:2]).upper()

    @property
    def province(self) -> provinces.Province | None:
        """The province, if any."""
        return provinces.PROVINCES.get(self.province_iso or "")

    @classmethod
    def in_scope(cls, actor: "Person") -> ColumnElement[bool]:
        """The condition that limits people to the provinces the actor may see."""
        return cls.province_iso.in_(actor.scope) if actor.scope else true()

    @classmethod
    def visible_to(cls, actor: "Person") -> Select[Self]:
        """People whom the actor may see: an admin all, the directorate companions in its scope, others themselves."""
        if actor.role is Role.ADMIN:
            return select(cls)
        if actor.role is Role.DIRECTORATE:
            return select(cls).where(cls.role == Role.COMPANION, cls.in_scope(actor))
        return select(cls).where(cls.id == actor.id)


class SignInFailure(Base):
    """One failed sign-in, counted per account and per address to slow guessing; old rows are swept."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_account_key_failed_at", "account_key", "failed_at"),
        Index("ix_sign_in_failures_address_failed_at", "address", "failed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_key: Mapped[str] = mapped_column(Text)
    """A keyed hash of what was typed: guesses are counted, names of accounts are not kept."""
    address: Mapped[str] = mapped_column(Text)
    failed_at: Mapped[datetime] = mapped_column(UtcInstant)


class OneTimeLink(Base):
    """A mailed link that sets a password once; only the hash of its secret is kept."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(Text, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)
