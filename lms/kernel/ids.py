"""Identifiers that are safe to show: random, unguessable, short enough to read in a URL."""

import re
import secrets
import uuid

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def short() -> str:
    """Return ten random characters without look-alikes (about 49 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def fact() -> str:
    """Return a UUID for a fact, as a device would make it."""
    return str(uuid.uuid4())


def is_fact(text: str) -> bool:
    """Say whether the text is a UUID in its usual lower-case form."""
    return _UUID.fullmatch(text) is not None


def secret() -> str:
    """Return a URL-safe secret of 256 bits for a one-time link."""
    return secrets.token_urlsafe(32)
