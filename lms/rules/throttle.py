"""How long to wait after failed sign-ins. Pure; source docs/decisions/0002-signing-in.md."""

from collections.abc import Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
"""Older failures are forgotten."""
ACCOUNT_FREE = 5
"""Failures of one account within the window that cost nothing."""
ADDRESS_FREE = 30
"""Failures from one address within the window that cost nothing: a whole class may share it."""
LONGEST_S = 15 * 60


def wait_s(failures: Sequence[datetime], *, free: int, now: datetime) -> int:
    """Return how many seconds from now the next try is allowed; 0 means at once.

    failures: instants, any order. The wait after the last failure doubles with each one beyond the free ones: 1, 2,
    4, 8 minutes, at most 15.
    """
    recent = [each for each in failures if now - each < WINDOW]
    beyond = len(recent) - free
    if beyond < 0:
        return 0
    pause = timedelta(seconds=min(60 * 2**beyond, LONGEST_S))
    left = (max(recent) + pause - now).total_seconds()
    return max(0, -int(-left // 1))
