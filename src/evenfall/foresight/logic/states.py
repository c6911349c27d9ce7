"""The life of a what-if."""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class RunState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


MOST_DAYS: Final = 30
AT_ONCE: Final = 10_000
"""So many alerts are replayed while somebody waits; more go into the background."""
HANGS_AFTER: Final = timedelta(minutes=5)
"""A run whose progress stands so long lost its worker: another takes it."""
KEPT: Final = timedelta(days=30)
