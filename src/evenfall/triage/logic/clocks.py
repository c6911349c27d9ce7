"""Clocks that measure promises, computed from what happened; nothing is ever counted up.

A clock runs in business time by the calendar of the priority of each moment. A change of priority
changes the target and keeps what has passed. A pause ends by itself after the longest pause.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from evenfall.triage.logic.calendar import (
    AROUND_THE_CLOCK,
    Calendar,
    add_business_time,
    business_time,
    instants_after,
)
from evenfall.triage.logic.priority import BUSINESS_DAY, Priority, Targets

LONGEST_PAUSE = 5 * BUSINESS_DAY
LEVELS = (50, 75, 90, 100)
"""The percents of a target at which people are told; 100 is the breach."""
_NOTHING = timedelta(0)


class Kind(StrEnum):
    """What is promised."""

    FIRST_RESPONSE = "first_response"
    DECISION = "decision"
    NEXT_CONTACT = "next_contact"
    RESOLUTION = "resolution"


class Mark(StrEnum):
    """What happens to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CANCEL = "cancel"
    PRIORITY = "priority"
    REOPEN = "reopen"


class Status(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


TOO_LONG = "the longest pause was over"


class Happened(Struct, frozen=True, kw_only=True):
    """One thing that happened to a clock. `priority` comes with START and PRIORITY.

    `ended_at` comes with REOPEN: a clock that ended then goes on, and no other. A struct, as a
    clock is: a queue makes some thousand of them for one page.
    """

    mark: Mark
    at: datetime
    priority: Priority | None = None
    reason: str = ""
    ended_at: datetime | None = None


class Promise(Struct, frozen=True, kw_only=True):
    """What a clock is measured by: the target of each priority, and the business hours."""

    kind: Kind
    targets: dict[Priority, Targets]
    calendar: Calendar
    longest_pause: timedelta = LONGEST_PAUSE

    @property
    def may_pause(self) -> bool:
        """Whoever waits for a first answer waits on weekdays, holidays and pauses alike."""
        return self.kind is not Kind.FIRST_RESPONSE

    def target(self, priority: Priority) -> timedelta | None:
        targets = self.targets[priority]
        found: timedelta | None = getattr(targets, self.kind.value)
        return found

    def calendar_of(self, priority: Priority) -> Calendar:
        return AROUND_THE_CLOCK if self.targets[priority].around_the_clock else self.calendar


class Clock(Struct, frozen=True, kw_only=True):
    """A clock as it stands at `measured_at`.

    `elapsed` and `paused` are business time, the `wall_` ones are as on the wall. `due_at` is when
    the promise is broken, or was; None without a target, while paused, and once it was kept.
    `warnings` are the instants at which a running clock reaches its next levels.
    """

    kind: Kind
    status: Status
    priority: Priority
    target: timedelta | None
    started_at: datetime
    measured_at: datetime
    elapsed: timedelta = _NOTHING
    paused: timedelta = _NOTHING
    wall_elapsed: timedelta = _NOTHING
    wall_paused: timedelta = _NOTHING
    due_at: datetime | None = None
    broke_at: datetime | None = None
    ended_at: datetime | None = None
    resumes_at: datetime | None = None
    reason: str = ""
    warnings: tuple[tuple[int, datetime], ...] = ()

    @property
    def percent(self) -> int:
        """How much of the target is used; 0 without one."""
        return int(100 * (self.elapsed / self.target)) if self.target else 0

    @property
    def left(self) -> timedelta | None:
        """Business time until the promise is broken; negative when it is."""
        return None if self.target is None else self.target - self.elapsed

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    @property
    def is_broken(self) -> bool:
        return self.status is not Status.CANCELLED and _is_late(self)

    @property
    def level(self) -> int:
        """The highest level reached, 0 for none."""
        target = self.target
        if target is None or self.status is Status.CANCELLED:
            return 0
        reached = [one for one in LEVELS if self.elapsed >= target * one / 100]
        return max(reached, default=0)


def measure(promise: Promise, happened: Sequence[Happened], *, now: datetime) -> Clock | None:
    """The clock at `now`; None when it never started. What comes after `now` has not happened.

    `happened` is in the order of time. A START starts a fresh clock, even after an end.
    """
    clock = _changed(promise, happened, now)
    return None if clock is None else _at(promise, clock, now)


def standing(promise: Promise, happened: Sequence[Happened], *, now: datetime) -> Clock | None:
    """As `measure`, for what has passed only: what is to come costs most and is not told."""
    clock = _changed(promise, happened, now)
    return clock if clock is None or clock.is_over else _until(promise, clock, now)


def _changed(promise: Promise, happened: Sequence[Happened], now: datetime) -> Clock | None:
    """The clock as the last thing that happened to it left it."""
    clock: Clock | None = None
    for one in happened:
        if one.at > now:
            break
        clock = _started(promise, one) if one.mark is Mark.START else _after(promise, clock, one)
    return clock


def _started(promise: Promise, what: Happened) -> Clock:
    priority = what.priority or Priority.P5
    return Clock(
        kind=promise.kind,
        status=Status.RUNNING,
        priority=priority,
        target=promise.target(priority),
        started_at=what.at,
        measured_at=what.at,
    )


def _after(promise: Promise, clock: Clock | None, what: Happened) -> Clock | None:
    if clock is not None and what.mark is Mark.REOPEN:
        return _reopen(clock, what)
    if clock is None or clock.is_over:
        return clock
    return _CHANGES[what.mark](promise, _until(promise, clock, what.at), what)


def _until(promise: Promise, clock: Clock, at: datetime) -> Clock:
    """The clock as it stands at a later instant; a pause that is too long ends before."""
    return _passed(promise, _resumed(promise, clock, at), at)


def _resumed(promise: Promise, clock: Clock, at: datetime) -> Clock:
    """The clock at its last change until `at`: what happened to it, or the end of a long pause."""
    if clock.resumes_at is None or clock.resumes_at > at:
        return clock
    ends = Happened(mark=Mark.RESUME, at=clock.resumes_at, reason=TOO_LONG)
    return _resume(promise, _passed(promise, clock, clock.resumes_at), ends)


def _passed(promise: Promise, clock: Clock, until: datetime) -> Clock:
    """The clock after a time in which it ran, or was paused, as a whole."""
    calendar, since = promise.calendar_of(clock.priority), clock.measured_at
    business, wall = business_time(calendar, since, until), until - since
    if clock.status is Status.PAUSED:
        return replace(
            clock,
            measured_at=until,
            paused=clock.paused + business,
            wall_paused=clock.wall_paused + wall,
        )
    ran = replace(
        clock,
        measured_at=until,
        elapsed=clock.elapsed + business,
        wall_elapsed=clock.wall_elapsed + wall,
    )
    if ran.broke_at is None and _is_late(ran) and clock.left is not None:
        return replace(ran, broke_at=add_business_time(calendar, since, clock.left))
    return ran


def _pause(promise: Promise, clock: Clock, what: Happened) -> Clock:
    if clock.status is Status.PAUSED or not promise.may_pause:
        return clock
    calendar = promise.calendar_of(clock.priority)
    ends = add_business_time(calendar, what.at, promise.longest_pause)
    return replace(clock, status=Status.PAUSED, resumes_at=ends, reason=what.reason)


def _resume(_promise: Promise, clock: Clock, what: Happened) -> Clock:
    if clock.status is not Status.PAUSED:
        return clock
    return replace(clock, status=Status.RUNNING, resumes_at=None, reason=what.reason)


def _stop(_promise: Promise, clock: Clock, what: Happened) -> Clock:
    status = Status.BROKEN if _is_late(clock) else Status.KEPT
    return replace(clock, status=status, ended_at=what.at, resumes_at=None, reason=what.reason)


def _cancel(_promise: Promise, clock: Clock, what: Happened) -> Clock:
    ended = Status.CANCELLED
    return replace(clock, status=ended, ended_at=what.at, resumes_at=None, reason=what.reason)


def _reopen(clock: Clock, what: Happened) -> Clock:
    """The clock runs again and keeps what has passed; while it was over nothing passed."""
    if not clock.is_over or clock.ended_at != what.ended_at:
        return clock
    return replace(
        clock, status=Status.RUNNING, measured_at=what.at, ended_at=None, reason=what.reason
    )


def _prioritise(promise: Promise, clock: Clock, what: Happened) -> Clock:
    """Another target and calendar from now on; what has passed stays passed."""
    priority = what.priority or clock.priority
    changed = replace(clock, priority=priority, target=promise.target(priority))
    broke_at = (clock.broke_at or what.at) if _is_late(changed) else None
    return replace(changed, broke_at=broke_at)


_CHANGES: dict[Mark, Callable[[Promise, Clock, Happened], Clock]] = {
    Mark.PAUSE: _pause,
    Mark.RESUME: _resume,
    Mark.STOP: _stop,
    Mark.CANCEL: _cancel,
    Mark.PRIORITY: _prioritise,
}


def _at(promise: Promise, clock: Clock, now: datetime) -> Clock:
    """The clock as it is shown now, with what is to come."""
    if clock.is_over:
        return replace(clock, due_at=clock.broke_at)
    changed = _resumed(promise, clock, now)
    clock = _passed(promise, changed, now)
    if clock.status is Status.PAUSED or clock.target is None:
        return clock
    if clock.broke_at is not None:
        return replace(clock, status=Status.BROKEN, due_at=clock.broke_at)
    coming = tuple(_coming(promise, changed, clock.target, clock.elapsed))
    return replace(clock, due_at=coming[-1][1], warnings=coming)


def _coming(
    promise: Promise, changed: Clock, target: timedelta, elapsed: timedelta
) -> list[tuple[int, datetime]]:
    """The levels that are not passed, each with its instant; the last one is the breach.

    Counted from the last change and not from now: what is used up to the minute when the working
    day ends is due then, and does not move on with everybody who looks in the evening.
    """
    calendar, since = promise.calendar_of(changed.priority), changed.measured_at
    levels = [one for one in LEVELS if target * one / 100 > elapsed or one == LEVELS[-1]]
    left = [target * one / 100 - changed.elapsed for one in levels]
    return list(zip(levels, instants_after(calendar, since, left), strict=True))


def _is_late(clock: Clock) -> bool:
    return clock.target is not None and clock.elapsed > clock.target
