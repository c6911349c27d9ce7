"""Short numbers by which a person answers one of several messages."""

from collections.abc import Collection
from datetime import timedelta
from itertools import chain
from typing import Final

FRESH_FOR: Final = timedelta(days=1)  # a code of a message that is older may be given again
SHORT: Final = range(10, 100)
LONG: Final = range(100, 1000)


def next_code(last: int | None, *, taken: Collection[int]) -> int:
    """The number after `last` that no fresh message to this address has.

    Numbers go round, so that the one of an old message does not come back soon. Two digits are
    enough for nearly everybody; beyond ninety fresh messages there are three.
    """
    for numbers in (SHORT, LONG):
        start = numbers.index(last) + 1 if last is not None and last in numbers else 0
        for number in chain(numbers[start:], numbers[:start]):
            if number not in taken:
                return number
    return LONG[0]  # a thousand open messages: the newest one of each number counts
