"""How many messages a room takes, and when one that failed is tried again."""

from datetime import timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)
MOST_IN_A_MINUTE: Final = 5
"""More new incidents in one room than these share one message that lists them."""
LIST_FOR: Final = timedelta(minutes=10)
"""A list takes new incidents for so long; then the next one begins."""
MOST_LISTED: Final = 200

MOST_ATTEMPTS: Final = 10
_FIRST: Final = timedelta(seconds=2)
_LONGEST: Final = timedelta(minutes=5)


def own_messages(*, new: int, lately: int) -> int:
    """How many of the new incidents get a message of their own, after `lately` in a minute."""
    return max(0, min(new, MOST_IN_A_MINUTE - lately))


def backoff(attempts: int) -> timedelta:
    """The wait after the `attempts`-th failed try in a row (counted from 1)."""
    return min(_FIRST * (1 << min(max(attempts - 1, 0), 16)), _LONGEST)
