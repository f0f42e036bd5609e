"""The URLs of learning, split by what they are about."""

from lms.learning.routes import attempts, courses, glossary, items, plays, surveys
from lms.learning.routes.blueprint import blueprint

__all__ = ["attempts", "blueprint", "courses", "glossary", "items", "plays", "surveys"]
