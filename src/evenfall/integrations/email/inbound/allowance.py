"""How often something may happen in a while, counted in the memory of one process."""

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Final

_MOST_NAMES: Final = 5_000


class Allowance:
    """Lets `most` events of each name through in every `window`. Safe between threads."""

    def __init__(self, most: int, window: timedelta) -> None:
        self._most = most
        self._window = window
        self._taken: dict[object, deque[datetime]] = {}
        self._lock = threading.Lock()

    def take(self, name: object, *, now: datetime) -> bool:
        """Count one event; False where it is one too many, which is not counted."""
        with self._lock:
            if len(self._taken) > _MOST_NAMES:  # anybody can send from anywhere
                self._taken.clear()
            times = self._taken.setdefault(name, deque())
            while times and not now - self._window < times[0] <= now:
                times.popleft()
            if len(times) >= self._most:
                return False
            times.append(now)
            return True
