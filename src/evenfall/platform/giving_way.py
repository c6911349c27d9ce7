"""What can wait gives way while somebody waits to be called.

On a machine with few processors a storm is over when all its work is done; what matters is that
the calls come first. The niceness of a process does not reach the database, which works for the
slow lane as hard as for a page.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from evenfall.platform.clock import utc_now


class GivingWay:
    """Asked by the threads of a crew before each pass; looks every `look_every_s` at most.

    `is_behind` says whether calls wait. Where that goes on for `longest_s` nothing is held any
    longer, until once no call waited: a provider that is away keeps calls waiting for hours, and
    the rest of the house must go on. With `between_batches` only who goes on with a long row is
    asked to wait: its first batch is taken at once.
    """

    def __init__(
        self,
        is_behind: Callable[[datetime], bool],
        *,
        look_every_s: float,
        longest_s: float,
        between_batches: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.look_every_s = look_every_s
        self.between_batches = between_batches
        self._is_behind = is_behind
        self._longest_s = longest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._since: float | None = None

    def holds(self) -> bool:
        """Whether who asks has to wait now."""
        with self._lock:
            now = self._clock()
            if now - self._looked_at >= self.look_every_s:
                self._looked_at = now
                self._look(now)
            return self._since is not None and now - self._since < self._longest_s

    def _look(self, now: float) -> None:
        if not self._is_behind(utc_now()):
            self._since = None
        elif self._since is None:
            self._since = now
