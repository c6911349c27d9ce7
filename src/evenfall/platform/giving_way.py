"""What can wait gives way while somebody waits to be called.

On a machine with few processors a storm is over when all its work is done; what matters is that
the calls come first. The niceness of a process does not reach the database, which works for the
slow lane as hard as for a page.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from evenfall.platform.clock import utc_now
from evenfall.platform.wakeups import Drain

# How long a drain rests by itself says how long it may be kept waiting: this much, or not at all.
RESTS_S = 1.0
LOOK_EVERY_S = 0.5
# A provider that is away keeps calls waiting for hours; the rest of the house must go on.
LONGEST_S = 30.0


class GivingWay:
    """Asked by the threads of a crew before each pass; looks at the database twice a second.

    `is_behind` says whether calls wait. Where that goes on for `LONGEST_S` nothing is held any
    longer, until once no call waited.
    """

    def __init__(
        self, is_behind: Callable[[datetime], bool], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._is_behind = is_behind
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._since: float | None = None

    def holds(self, drain: Drain) -> bool:
        """Whether this drain has to wait now."""
        return drain.rest_s >= RESTS_S and self._has_to_wait()

    def _has_to_wait(self) -> bool:
        with self._lock:
            now = self._clock()
            if now - self._looked_at >= LOOK_EVERY_S:
                self._looked_at = now
                self._look(now)
            return self._since is not None and now - self._since < LONGEST_S

    def _look(self, now: float) -> None:
        try:
            is_behind = self._is_behind(utc_now())
        finally:
            connection.close()  # to the pool
        if not is_behind:
            self._since = None
        elif self._since is None:
            self._since = now
