"""Runs the drains of a worker process: crews of threads, one LISTEN connection for all."""

import math
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import psycopg
from django.db import OperationalError, close_old_connections, connection
from msgspec import Struct

from evenfall.platform.clock import ClockWatch, utc_now
from evenfall.platform.events import WAKE_CHANNEL
from evenfall.platform.giving_way import GivingWay
from evenfall.platform.jobs import LANE as SLOW_LANE
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
# The seventy drains of the slow lane share so many threads, and so at most as many connections;
# few enough to be small, and more than wait for a network at one time.
SLOW_THREADS = 12
# Most looks find nothing within 3 ms: in turn they need one connection, which takes 5 to 13 MB of
# the database, and one that takes longer does not keep the next waiting.
HEAD_START_S = 0.05

log = get_logger(__name__)
duration = histogram("evenfall_drain_seconds", "Time of one pass of a drain", ("drain",))


class Runner:
    """Starts and stops the threads. A drain that fails is logged and tried again with a pause.

    Each drain has a thread alone, except in the slow lane, where all share some. `gives_way` says
    by whom a drain may be kept waiting.
    """

    def __init__(
        self,
        drains: Sequence[Drain],
        *,
        dsn: str,
        gives_way: Callable[[Drain], GivingWay | None] = lambda _drain: None,
    ) -> None:
        shared = [drain for drain in drains if drain.lane == SLOW_LANE]
        alone = [drain for drain in drains if drain.lane != SLOW_LANE]
        self._crews = [Crew(shared, gives_way)] if shared else []
        self._crews += [Crew([drain], gives_way) for drain in alone]
        self._dsn = dsn
        self._stop = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="wake-ups", daemon=True)

    def start(self) -> None:
        for crew in self._crews:
            crew.start()
        self._listener.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Let every drain finish its pass, then return."""
        self._stop.set()
        deadline = time.monotonic() + timeout_s
        for crew in self._crews:
            crew.dismiss()
        for thread in (*(t for crew in self._crews for t in crew.threads), self._listener):
            thread.join(max(0.0, deadline - time.monotonic()))

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
        watch = ClockWatch(utc_now)
        while not self._stop.is_set():
            for note in listener.notifies(timeout=STOP_CHECK_S):
                for crew in self._crews:
                    crew.wake(note.payload)
            if watch.has_jumped():
                self._wake_all()  # a machine that slept, or was set: much may be due at once

    def _wake_all(self) -> None:
        for crew in self._crews:
            crew.wake()


class _Turn(Struct, kw_only=True, eq=False):
    """When a drain runs next, in seconds of the monotonic clock; guarded by the crew's condition.

    A wake-up does not shorten the rest, which lasts until `rested_at`. `started_at` is that of the
    pass that runs.
    """

    drain: Drain
    gives_way: GivingWay | None = None
    due: float = 0.0
    started_at: float = -math.inf
    rested_at: float = 0.0
    failures: int = 0
    is_running: bool = False
    goes_on: bool = False
    was_woken: bool = False

    def wake(self, now: float) -> None:
        if self.is_running:
            self.was_woken = True
        else:
            give_way = min(self.drain.rest_s, GIVE_WAY_S)
            self.due = min(self.due, max(now, self.rested_at) + give_way)

    def start(self, now: float) -> None:
        self.is_running, self.started_at = True, now

    def put_off(self, now: float) -> None:
        """Give way to those who call people; what woke it meanwhile is not lost."""
        self.is_running = self.was_woken = False
        self.due = now + (self.gives_way.look_every_s if self.gives_way else 0.0)

    def end(self, result: DrainResult | None, now: float) -> None:
        """Plan the next pass after one that gave this result; None where it failed."""
        self.is_running = False
        self.goes_on = result is not None and not result.is_over
        self.failures = self.failures + 1 if result is None else 0
        self.rested_at = now
        if result is None:
            self.due = now + min(0.1 * 2**self.failures, LONGEST_BACK_OFF_S)
        elif self.goes_on:
            self.due = now
        else:
            self.rested_at += self.drain.rest_s if result.done else 0.0
            self.due = self.rested_at + _pause(result, self.drain.lane)
        if self.was_woken:
            self.was_woken = False
            self.wake(now)


class Crew:
    """Threads that share drains: whoever is free takes the one that is due first.

    A pass has a head start before the next begins beside it, so short ones follow one another. One
    thread waits for the next instant, the others for a word, so that not all wake for one turn.
    """

    def __init__(
        self, drains: Sequence[Drain], gives_way: Callable[[Drain], GivingWay | None]
    ) -> None:
        self._turns = [_Turn(drain=drain, gives_way=gives_way(drain)) for drain in drains]
        self._by_name: dict[str, list[_Turn]] = {}
        for turn in self._turns:
            for wake_name in turn.drain.wakes:
                self._by_name.setdefault(wake_name, []).append(turn)
        self._changed = threading.Condition()
        self._is_over = False
        self._watched_until = math.inf
        name = f"drain {drains[0].name}" if len(drains) == 1 else f"drains {drains[0].lane}"
        self.threads = [
            threading.Thread(target=self._work, name=name, daemon=True)
            for _ in range(min(len(drains), SLOW_THREADS))
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def dismiss(self) -> None:
        """Let each thread end after the pass it makes."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def wake(self, name: str | None = None) -> None:
        """Let the drains that listen to this name run soon; all of them without one."""
        turns = self._turns if name is None else self._by_name.get(name, [])
        if not turns:
            return
        with self._changed:
            for turn in turns:
                turn.wake(time.monotonic())
            self._changed.notify(len(turns))

    def _work(self) -> None:
        while (turn := self._take()) is not None:
            if _has_to_wait(turn):
                with self._changed:
                    turn.put_off(time.monotonic())
            else:
                result = _try(turn.drain)
                with self._changed:
                    turn.end(result, time.monotonic())
        connection.close()

    def _take(self) -> _Turn | None:
        """Wait for the next turn, and take it; None when it is over."""
        with self._changed:
            while not self._is_over:
                now = time.monotonic()
                waiting = (turn for turn in self._turns if not turn.is_running)
                first = min(waiting, key=lambda turn: turn.due, default=None)
                begins = math.inf if first is None else max(first.due, self._free_from())
                if first is not None and begins <= now:
                    first.start(now)
                    self._changed.notify()  # somebody else watches for the next
                    return first
                self._wait(begins, now)
        return None

    def _free_from(self) -> float:
        """When those that run have had their head start."""
        running = (turn.started_at for turn in self._turns if turn.is_running)
        return max(running, default=-math.inf) + HEAD_START_S

    def _wait(self, due: float, now: float) -> None:
        if due >= self._watched_until:
            self._changed.wait()
            return
        self._watched_until = due
        try:
            self._changed.wait(due - now)
        finally:
            if self._watched_until == due:
                self._watched_until = math.inf


def _has_to_wait(turn: _Turn) -> bool:
    gives_way = turn.gives_way
    if gives_way is None or (gives_way.between_batches and not turn.goes_on):
        return False
    try:
        return gives_way.holds()
    except OperationalError:
        return False  # the drain will say itself that the database is away
    except Exception:
        # a thread that ended here would take all the drains of its crew with it
        log.exception("nobody could say whether a drain has to wait; it does not")
        return False
    finally:
        connection.close()  # to the pool


def _try(drain: Drain) -> DrainResult | None:
    """Make one pass; None where it failed, which is logged."""
    try:
        return _pass(drain)
    except OperationalError as error:
        # the database is away or coming back: one line says it, a traceback says no more
        log.warning("a drain waits for the database", drain=drain.name, error=str(error))
    except Exception:
        log.exception("a drain failed", drain=drain.name)
    connection.close()
    return None


def _pass(drain: Drain) -> DrainResult:
    try:
        with duration.labels(drain.name).time():
            result = drain.run(utc_now())
    finally:
        # to the pool: threads that wait share a few connections instead of holding one each
        close_old_connections()
    return result


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
