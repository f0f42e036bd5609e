"""The browser as an installed app: manifest and icons."""

from lms.offline.routes import blueprint

__all__ = ["blueprint"]
