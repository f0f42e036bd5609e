"""The URLs of accounts, split by what they are about."""

from lms.accounts.routes import access, audit, cohorts, me, people
from lms.accounts.routes.blueprint import blueprint

__all__ = ["access", "audit", "blueprint", "cohorts", "me", "people"]
