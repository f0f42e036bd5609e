"""The directorate: who has completed what, by province, cohort and module."""

from lms.reporting.routes import blueprint

__all__ = ["blueprint"]
