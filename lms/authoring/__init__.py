"""The trainer: drafts, revisions, publishing, results, packs."""

from lms.authoring.routes import blueprint

__all__ = ["blueprint"]
