"""Writes answers down as they come, all that are there in one transaction."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection

from evenfall.notifications import actions
from evenfall.notifications.actions import Result
from evenfall.platform.clock import utc_now
from evenfall.platform.logs import get_logger

AT_ONCE = 500
LONGEST_PAUSE_S = 2.0
# The pause after a transaction: the first answer is written at once, and under load the next ones
# gather instead of costing a commit each, and the sender its processor.
PACE_S = 0.1
IDLE_S = 5.0  # without an answer for so long the connection is given back

log = get_logger(__name__)


class Recorder:
    """A queue and the thread that empties it. Answers outlive a database that is away.

    `is_full` says whether the sender waits for places, so that it has to be woken.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] | None = None,
        is_full: Callable[[], bool] = lambda: True,
    ) -> None:
        self._clock = clock or utc_now
        self._is_full = is_full
        self._queue: queue.SimpleQueue[Result | None] = queue.SimpleQueue()
        self._waiting = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="notices recorder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after what is in the queue was written."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def put(self, result: Result) -> None:
        with self._changed:
            self._waiting += 1
        self._queue.put(result)

    def wait_until_idle(self, timeout_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._waiting == 0, timeout_s)

    def _work(self) -> None:
        written_at = 0.0
        while True:
            batch, is_last = self._next_batch(not_before=written_at + PACE_S)
            if batch:
                self._record(batch)
                written_at = time.monotonic()
                with self._changed:
                    self._waiting -= len(batch)
                    self._changed.notify_all()
            if is_last or not batch:
                connection.close()  # an idle recorder holds no connection
            if is_last:
                return

    def _next_batch(self, *, not_before: float) -> tuple[list[Result], bool]:
        """The answers that come by `not_before`, at least one unless none comes for long.

        The second value is True when asked to stop.
        """
        batch: list[Result] = []
        try:
            item = self._queue.get(timeout=IDLE_S)
            # one sleep: to be woken by each answer would keep those from working who send
            time.sleep(max(not_before - time.monotonic(), 0.0))
            while item is not None:
                batch.append(item)
                if len(batch) == AT_ONCE:
                    return batch, False
                item = self._queue.get_nowait()
        except queue.Empty:
            return batch, False
        return batch, True

    def _record(self, batch: Sequence[Result]) -> None:
        """Write the batch; while the database is away, again and again.

        An answer that itself cannot be written must not hold the others: then each goes alone,
        and one that fails is left to the recovery of lost sends.
        """
        pause_s = 0.1
        while True:
            try:
                actions.record_results(
                    results=batch, now=self._clock(), frees_places=self._is_full()
                )
            except (OperationalError, InterfaceError):
                log.exception("answers could not be written yet", answers=len(batch))
                connection.close()
                time.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            except Exception:
                log.exception("a batch of answers cannot be written", answers=len(batch))
                self._record_alone(batch)
                return
            else:
                return

    def _record_alone(self, batch: Sequence[Result]) -> None:
        for result in batch:
            try:
                actions.record_results(results=[result], now=self._clock())
            except Exception:
                log.exception("an answer was lost", notice=result.notice_id)
