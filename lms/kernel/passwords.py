"""Passwords: argon2id with the library's current defaults, and a check against what guessers try first."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 200

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """Return the argon2id hash."""
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Say whether the password is the one; an unknown account costs the same time as a known one."""
    try:
        return _hasher.verify(password_hash or _nobody(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A hash that no password matches, made when it is first needed."""
    return _hasher.hash("nobody has this password")


def needs_rehash(password_hash: str) -> bool:
    """Say whether the library's defaults have moved on since this hash was made."""
    return _hasher.check_needs_rehash(password_hash)


def weakness(password: str, *, personal: tuple[str, ...] = ()) -> str | None:
    """Return why a password is easily guessed, as a code, or none.

    personal: the NIP, e-mail and name of its owner; a password may not contain one of them or be one of them.
    """
    plain = password.casefold()
    if len(password) < MIN_LENGTH:
        return "password_short"
    if len(password) > MAX_LENGTH:
        return "password_long"
    if len(set(plain)) < 5 or plain in _sequences():
        return "password_simple"
    if any(part and part.casefold() in plain for part in personal):
        return "password_personal"
    return None


def _sequences() -> frozenset[str]:
    rows = ("0123456789", "1234567890", "qwertyuiop", "abcdefghij", "passwordku", "katasandi1", "indonesia1")
    return frozenset(rows) | {row[::-1] for row in rows}
