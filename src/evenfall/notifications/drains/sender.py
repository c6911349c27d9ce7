"""The sender: claims due notices, hands them over, and never waits for a provider.

Three threads share the work. The drain's own thread claims and hands over (database). One event
loop speaks with the providers (network). One recorder writes the answers (database), all that have
come by then in one transaction, so that fast providers never wait for slow ones.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from evenfall.notifications import actions, queries
from evenfall.notifications.actions.inbox import AT_ONCE as INBOXES_AT_ONCE
from evenfall.notifications.drains.outbound import Outbound
from evenfall.notifications.drains.recorder import Recorder
from evenfall.notifications.logic.retrying import Urgency
from evenfall.platform.wakeups import DrainResult

ANSWERS_WITHIN_S = 0.2  # who takes longer is waited for by the way of a wake-up
INBOXES_REST = timedelta(seconds=1)
STOP_AFTER_S = 11.0  # a little more than the longest send


class Sender:
    """One of these serves a whole process. Its threads start with the first due notice."""

    def __init__(self, *, clock: Callable[[], datetime] | None = None) -> None:
        self._recorder = Recorder(clock=clock, is_full=lambda: self._is_full)
        self._outbound = Outbound(on_result=self._recorder.put, clock=clock)
        self._starting = threading.Lock()
        self._is_running = False
        self._is_full = False
        self._filled_at = datetime.min.replace(tzinfo=UTC)
        self.has_more = False
        """Whether the last pass filled all places of urgent notices of a kind: more may wait."""

    def run(self, now: datetime) -> DrainResult:
        """One pass for the drain: returns as soon as the notices are on their way.

        While urgent notices wait for places there is a pass whenever half of the answers have come:
        to be woken by what was written about them costs the time of three commits. Otherwise a
        second pass at once would find nothing, and answers wake us where they free places.
        """
        sent = self.send_due(now)
        filled = self._fill_inboxes(now)  # after those whose telephones are to ring
        if self.has_more:
            self._outbound.wait_for_half(ANSWERS_WITHIN_S)
            return DrainResult(done=sent + filled)
        took_all = filled < INBOXES_AT_ONCE
        return DrainResult(done=filled, took_all=took_all, next_due=queries.next_due(now))

    def _fill_inboxes(self, now: datetime) -> int:
        """While telephones wait to be rung the inboxes are filled once a second, else each time."""
        if self.has_more and now - self._filled_at < INBOXES_REST:
            return 0
        self._filled_at = now
        return actions.fill_inboxes(now=now)

    def send_due(self, now: datetime) -> int:
        """Claim what is due, hand it over and start to send it; returns how many were claimed."""
        self._is_full = True  # until we know: an answer that comes meanwhile must wake us
        rooms = self._outbound.rooms(now)
        messages = actions.claim_due(rooms=rooms, now=now)
        taken = Counter((message.kind, message.urgency) for message in messages)
        self._is_full = any(taken[pool] >= free for pool, free in rooms.items())
        self.has_more = any(
            taken[pool] >= free > 0 for pool, free in rooms.items() if pool[1] is Urgency.HIGH
        )
        if not messages:
            return 0
        self._start()
        self._outbound.prepare({message.kind for message in messages}, now=now)
        attempts = actions.hand_over(ids=[m.notice_id for m in messages], now=now)
        ours = [(one, attempts[one.notice_id]) for one in messages if one.notice_id in attempts]
        self._outbound.send(ours, now=now)
        return len(messages)

    def wait_until_idle(self, timeout_s: float = STOP_AFTER_S) -> bool:
        """Wait for the answers of everything that is out; False when time ran out first."""
        return self._outbound.wait_until_idle(timeout_s) and self._recorder.wait_until_idle(
            timeout_s
        )

    def stop(self) -> None:
        """Let what is out come back, then end the threads. A new pass starts them again."""
        with self._starting:
            if not self._is_running:
                return
            self.wait_until_idle()
            self._outbound.stop()
            self._recorder.stop()
            self._is_running = False

    def _start(self) -> None:
        with self._starting:
            if self._is_running:
                return
            self._recorder.start()
            self._outbound.start()
            self._is_running = True
