"""The network half of telling subscribers: one event loop, and one thread that writes it down.

Nothing here holds a page back: it runs beside the drains, and leaves most of the threads of the
mail channel to those who are paged.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.db import close_old_connections, connection

from evenfall.notifications import ports
from evenfall.notifications.ports import ChannelError
from evenfall.platform.clock import utc_now
from evenfall.platform.logs import get_logger
from evenfall.platform.loops import LoopThread
from evenfall.statuspages.actions.delivering import Outcome, Parcel, record_outcomes
from evenfall.statuspages.logic.subscribing import Kind

log = get_logger(__name__)
AT_ONCE: Final = 12
IN_HAND: Final = 120
"""Parcels of a kind: few enough that the last one leaves before its lease ends."""
CALL_S: Final = 10.0


async def carry(parcel: Parcel, *, timeout_s: float = CALL_S) -> Outcome:
    """Hand one parcel to its channel; what goes wrong is part of the outcome."""
    channel = ports.channel(parcel.kind.channel)
    if channel is None:
        error = ChannelError("this installation has no such channel", permanent=False)
        return Outcome(parcel=parcel, error=error)
    try:
        async with asyncio.timeout(timeout_s):
            await channel.send(parcel.message)
    except TimeoutError:
        return Outcome(parcel=parcel, error=ChannelError("no answer in time", permanent=False))
    except ChannelError as error:
        return Outcome(parcel=parcel, error=error)
    except Exception:
        log.exception("a message to a subscriber failed", delivery=parcel.delivery_id)
        return Outcome(parcel=parcel, error=ChannelError("it could not be sent", permanent=False))
    return Outcome(parcel=parcel)


class Postman:
    """Carries parcels; several kinds at once, none in the way of another."""

    def __init__(self, *, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or utc_now
        self._changed = threading.Condition()
        self._in_hand = dict.fromkeys(Kind, 0)
        self._outcomes: list[Outcome] = []
        self._gates: dict[Kind, asyncio.Semaphore] = {}
        self._loop = LoopThread("postman")
        self._writer: threading.Thread | None = None
        self._stops = False

    def free(self, kind: Kind) -> int:
        """How many more parcels of a kind he takes; none until half of them are gone."""
        with self._changed:
            free = IN_HAND - self._in_hand[kind]
        return free if free >= IN_HAND // 2 else 0

    def take(self, parcels: Sequence[Parcel], *, now: datetime) -> None:
        """Start carrying; returns at once. Loads what the channels need first."""
        self._start()
        for kind in {parcel.kind for parcel in parcels}:
            channel = ports.channel(kind.channel)
            if channel is not None:
                channel.prepare(now)
        with self._changed:
            for parcel in parcels:
                self._in_hand[parcel.kind] += 1
        self._loop.begin([self._carry(parcel) for parcel in parcels])

    def wait_until_idle(self, timeout_s: float = CALL_S * 2) -> bool:
        """Whether everything in hand was carried and written down in this time."""
        with self._changed:
            return self._changed.wait_for(self._is_idle, timeout_s)

    def stop(self) -> None:
        """Let what is out come back, then end the threads."""
        if self._writer is None:
            return
        self.wait_until_idle()
        with self._changed:
            self._stops = True
            self._changed.notify_all()
        self._loop.stop()
        self._writer.join()
        self._writer, self._stops = None, False
        self._gates.clear()

    def _is_idle(self) -> bool:
        return not any(self._in_hand.values())

    def _start(self) -> None:
        if self._writer is None:
            self._loop.start()
            self._writer = threading.Thread(
                target=self._write, name="postman's records", daemon=True
            )
            self._writer.start()

    async def _carry(self, parcel: Parcel) -> None:
        gate = self._gates.setdefault(parcel.kind, asyncio.Semaphore(AT_ONCE))
        async with gate:
            outcome = await carry(parcel)
        with self._changed:
            self._outcomes.append(outcome)
            self._changed.notify_all()

    def _write(self) -> None:
        """Write down what came back, as much as there is at once."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._outcomes or self._stops)
                if not self._outcomes:
                    break
                found, self._outcomes = self._outcomes, []
            self._record(found)
            with self._changed:
                for outcome in found:
                    self._in_hand[outcome.parcel.kind] -= 1
                self._changed.notify_all()
        connection.close()

    def _record(self, found: Sequence[Outcome]) -> None:
        close_old_connections()
        try:
            record_outcomes(outcomes=found, now=self._clock())
        except Exception:
            # the leases end, and the messages go out again
            log.exception("outcomes of messages to subscribers were not written down")
