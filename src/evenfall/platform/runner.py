"""Runs the drains of a worker process: one thread each, one LISTEN connection for all."""

import random
import threading
import time
from collections.abc import Sequence
from datetime import timedelta

import psycopg
from django.db import OperationalError, close_old_connections, connection

from evenfall.platform.clock import ClockWatch, utc_now
from evenfall.platform.events import WAKE_CHANNEL
from evenfall.platform.logs import get_logger
from evenfall.platform.metrics import histogram
from evenfall.platform.wakeups import Drain, DrainResult

FLOOR_S = 1.0
# Elsewhere nobody waits so urgently: a wake-up that is lost may cost some seconds, and fifty drains
# that look every second would cost a tenth of a processor for nothing.
SLOW_FLOOR_S = 5.0
URGENT_LANES = frozenset({"intake", "paging"})
# What nobody uses cannot become due without a wake-up; the look is for one that is lost.
UNUSED_FLOOR_S = 30.0
# What can rest lets those go first who were woken by the same fact and page somebody.
GIVE_WAY_S = 0.25
# Drains that started together would look together for ever, each with a connection of its own.
SPREAD = (0.8, 1.0)
STOP_CHECK_S = 0.5
LONGEST_BACK_OFF_S = 5.0

log = get_logger(__name__)
duration = histogram("evenfall_drain_seconds", "Time of one pass of a drain", ("drain",))


class Runner:
    """Starts and stops the threads. A drain that fails is logged and tried again with a pause."""

    def __init__(self, drains: Sequence[Drain], *, dsn: str) -> None:
        self._drains = drains
        self._dsn = dsn
        self._stop = threading.Event()
        self._events = {drain.name: threading.Event() for drain in drains}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for drain in self._drains:
            self._spawn(f"drain {drain.name}", self._loop, drain)
        self._spawn("wake-ups", self._listen)

    def stop(self, timeout_s: float = 10.0) -> None:
        """Let every drain finish its pass, then return."""
        self._stop.set()
        for event in self._events.values():
            event.set()
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _spawn(self, name: str, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name=name, daemon=True)  # type: ignore[arg-type] # bound methods of this class only
        self._threads.append(thread)
        thread.start()

    def _loop(self, drain: Drain) -> None:
        event = self._events[drain.name]
        failures = 0
        while not self._stop.is_set():
            event.clear()
            result = self._try(drain)
            if result is None:
                failures += 1
                event.wait(min(0.1 * 2**failures, LONGEST_BACK_OFF_S))
                continue
            failures = 0
            if result.is_over:
                if result.done:
                    self._stop.wait(drain.rest_s)
                if event.wait(_pause(result, drain.lane)):
                    self._stop.wait(min(drain.rest_s, GIVE_WAY_S))
        connection.close()

    def _try(self, drain: Drain) -> DrainResult | None:
        """Make one pass; None where it failed, which is logged."""
        try:
            return self._pass(drain)
        except OperationalError as error:
            # the database is away or coming back: one line says it, a traceback says no more
            log.warning("a drain waits for the database", drain=drain.name, error=str(error))
        except Exception:
            log.exception("a drain failed", drain=drain.name)
        connection.close()
        return None

    def _pass(self, drain: Drain) -> DrainResult:
        try:
            with duration.labels(drain.name).time():
                result = drain.run(utc_now())
        finally:
            # to the pool: threads that wait share a few connections instead of holding one each
            close_old_connections()
        return result

    def _listen(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as listener:
                    listener.execute(f"LISTEN {WAKE_CHANNEL}")
                    self._wake_all()  # whatever was notified while we were away
                    failures = 0
                    self._forward(listener)
            except psycopg.OperationalError as error:
                failures += 1
                log.warning("lost the wake-up connection", error=str(error), failures=failures)
                self._stop.wait(min(0.1 * 2**failures, LONGEST_BACK_OFF_S))

    def _forward(self, listener: psycopg.Connection) -> None:
        by_name: dict[str, list[threading.Event]] = {}
        for drain in self._drains:
            for name in drain.wakes:
                by_name.setdefault(name, []).append(self._events[drain.name])
        watch = ClockWatch(utc_now)
        while not self._stop.is_set():
            for note in listener.notifies(timeout=STOP_CHECK_S):
                for event in by_name.get(note.payload, ()):
                    event.set()
            if watch.has_jumped():
                self._wake_all()  # a machine that slept, or was set: much may be due at once

    def _wake_all(self) -> None:
        for event in self._events.values():
            event.set()


def _pause(result: DrainResult, lane: str) -> float:
    """Return how long to wait for a wake-up, in seconds: until the next due row, or the floor."""
    floor = FLOOR_S if lane in URGENT_LANES else SLOW_FLOOR_S
    if result.is_unused:
        floor = UNUSED_FLOOR_S
    floor *= random.uniform(*SPREAD)  # noqa: S311 - no secret
    if result.next_due is None:
        return floor
    until_due = (result.next_due - utc_now()) / timedelta(seconds=1)
    return min(max(until_due, 0.001), floor)
