"""Flapping: a problem that comes and goes is one problem.

An alert that ended `FLIPS` times within `WINDOW` and opens again flaps. From then on it stays open
however often its tool says that it is over, so that people are called once, not at every turn; it
is over when nothing was heard of it for `CALM`.
"""

from datetime import timedelta
from typing import Final

from evenfall.platform import durations

FLIPS: Final = 2
"""Three at first. An opening that is known to flap calls as any other and then stays open, with its
escalation; so a lower number costs no first page, only the repeats after it.
"""
WINDOW: Final = timedelta(minutes=30)
CALM: Final = timedelta(minutes=15)


def is_flapping(ended: int) -> bool:
    """Whether an alert flaps that opens after it ended so often within `WINDOW`."""
    return ended >= FLIPS


def said(ended: int) -> str:
    """Say it for the why-page."""
    window, calm = durations.exact(WINDOW), durations.exact(CALM)
    if not is_flapping(ended):
        times = "once" if ended == 1 else f"{ended} times"
        return f"It ended {times} in the last {window}: {FLIPS} times would be flapping."
    return (
        f"It ended {ended} times in the last {window}: it flaps. It stays open until it was quiet "
        f"for {calm}."
    )
