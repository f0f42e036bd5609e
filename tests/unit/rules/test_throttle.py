from datetime import UTC, datetime, timedelta

import pytest

from lms.rules import throttle

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def failures(*minutes_ago: float) -> list[datetime]:
    return [NOW - timedelta(minutes=each) for each in minutes_ago]


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        ((), 0),
        ((0.1, 0.2, 0.3, 0.4), 0),
        ((0, 1, 2, 3, 4), 60),
        ((0.5, 1, 2, 3, 4), 30),
        ((0, 0, 1, 2, 3, 4), 120),
        ((0,) * 8, 480),
        ((0,) * 60, throttle.LONGEST_S),
        ((14.9, 14.8, 14.7, 14.6, 14.5), 0),
        ((16, 17, 18, 19, 20, 21), 0),
    ],
)
def test_the_wait_doubles_and_ends(ago: tuple[float, ...], expected: int) -> None:
    assert throttle.wait_s(failures(*ago), free=5, now=NOW) == expected


def test_a_fraction_of_a_second_left_is_a_second() -> None:
    last = NOW - timedelta(seconds=59, milliseconds=500)
    assert throttle.wait_s([last] * 5, free=5, now=NOW) == 1
