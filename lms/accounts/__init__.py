"""Everyone: signing in and my data; the admin: people, cohorts, the audit trail."""

from lms.accounts.routes import blueprint

__all__ = ["blueprint"]
