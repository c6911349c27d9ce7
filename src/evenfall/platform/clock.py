"""The one place that reads the clock."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A file with a number of seconds moves the clock of every process that has this variable set.
# Rehearsals and scenario tests use it to jump over nights without waiting for them.
_OFFSET_FILE = os.environ.get("EVENFALL_CLOCK_OFFSET_FILE", "")

JUMP = timedelta(seconds=1)


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC. Only edges may call this."""
    now = datetime.now(UTC)
    if not _OFFSET_FILE:
        return now
    return now + timedelta(seconds=float(Path(_OFFSET_FILE).read_text().strip() or 0))


def time_is_up(after: timedelta) -> Callable[[], bool]:
    """Return what says whether so long has passed since this call; for work that may stop early."""
    end = time.monotonic() + after.total_seconds()
    return lambda: time.monotonic() >= end


class ClockWatch:
    """Notices when the clock goes another way than time does: a machine slept, or was set.

    Not for use by several threads.
    """

    def __init__(
        self, clock: Callable[[], datetime], *, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._steady = clock, steady
        self._began = self._beginning()

    def has_jumped(self) -> bool:
        """Whether the clock has jumped since the last look."""
        before, self._began = self._began, self._beginning()
        return abs(self._began - before) > JUMP

    def _beginning(self) -> datetime:
        """What the clock would have shown when the steady one began."""
        return self._clock() - timedelta(seconds=self._steady())
