"""How long to wait before a page, so that most of what ends by itself calls nobody."""

from collections.abc import Sequence
from typing import Final

LONGEST_MINUTES: Final = 15
_HALF: Final = 0.5
_MOST: Final = 0.8
_MINUTE: Final = 60


def shortest_wait(*, healed_s: Sequence[int], acted_s: Sequence[int], pages: int) -> int | None:
    """Return the fewest whole minutes that spare most of what ends by itself, or None.

    `healed_s` are the seconds after which pages were over on which nobody had acted, `acted_s`
    those of the others; what is not over is in neither. Never so long that one somebody acted on
    would have been over by then: that one would be hidden, not only late. None where less than half
    of the `pages` heal in the time that is left.
    """
    most = min([LONGEST_MINUTES, *(_last_safe(seconds) for seconds in acted_s)])
    short = [seconds for seconds in healed_s if seconds <= most * _MINUTE]
    if not most or not short or len(short) < _HALF * pages:
        return None
    return next(
        minutes
        for minutes in range(1, most + 1)
        if sum(seconds <= minutes * _MINUTE for seconds in short) >= _MOST * len(short)
    )


def _last_safe(seconds: int) -> int:
    """The most whole minutes after which something that lasted so long is still open."""
    return max(0, (seconds - 1) // _MINUTE)
