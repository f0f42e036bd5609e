"""The URLs of the reports, by resource."""

from lms.reporting.routes import completion, gain, surveys
from lms.reporting.routes.blueprint import blueprint

__all__ = ["blueprint", "completion", "gain", "surveys"]
