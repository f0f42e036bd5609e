"""The companion: courses, lessons, quizzes, progress."""

from lms.learning.routes import blueprint

__all__ = ["blueprint"]
