"""How often somebody may ask: limits by key, counted in each process for itself."""

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from math import ceil
from threading import Lock

from evenfall.platform.errors import TooOften

MOST_KEYS = 10_000
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Pace:
    """At most `most` at once, and as many again in each `per`, evenly; by key.

    Each process counts for itself, so that an installation allows as many times more as it has
    processes: enough to hold a mistake or a flood back, without a write for each question.
    """

    def __init__(self, most: int, per: timedelta) -> None:
        self._each, self._per = per / most, per
        self._used_until: dict[Hashable, datetime] = {}
        self._lock = Lock()

    def spend(self, key: Hashable, *, now: datetime) -> None:
        """Count one question. Raises `TooOften`, which says when the next one is welcome."""
        with self._lock:
            used_until = max(self._used_until.get(key, _LONG_AGO), now) + self._each
            wait = used_until - now - self._per
            if wait > timedelta(0):
                raise TooOften(retry_after_s=ceil(wait.total_seconds()))
            self._used_until[key] = used_until
            if len(self._used_until) > MOST_KEYS:
                self._forget(now)

    def clear(self) -> None:
        with self._lock:
            self._used_until.clear()

    def _forget(self, now: datetime) -> None:
        """Drop whoever has asked nothing for a while; with too many others, all of them."""
        kept = {key: until for key, until in self._used_until.items() if until > now}
        self._used_until = kept if len(kept) <= MOST_KEYS // 2 else {}
