"""The clock of one promise: when somebody is reminded, when it is broken.

A promise is stored with its due time, so whatever was missed while nothing ran is seen at the next
look. Then only the last of the missed steps is taken, and it says how late it comes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace


class Step(StrEnum):
    """What happens around the due time, in this order; each at most once.

    The first three remind people, so nobody hears of one promise more than three times unless it
    breaks while nothing ran.
    """

    WARN = "warn"
    DUE = "due"
    HELP = "help"
    BREAK = "break"


class Outcome(StrEnum):
    """What became of a promise; an open one has none."""

    OPEN = ""
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


WARN_BEFORE: Final = timedelta(minutes=5)
MOST_NUDGES: Final = 3
_ORDER: Final = tuple(Step)


class Promise(Struct, frozen=True, kw_only=True):
    """Somebody will be told until `due_at`. `interval` is how long they were to wait for it.

    `taken` is the last step that was taken, None before the first one.
    """

    made_at: datetime
    due_at: datetime
    interval: timedelta
    taken: Step | None = None


class Taken(Struct, frozen=True):
    """A step that is due; `late` is how long ago it should have been taken.

    `nudges`: people are told of it. A break tells nobody, unless what should have come before it
    was missed.
    """

    step: Step
    late: timedelta
    nudges: bool


def moments(promise: Promise) -> dict[Step, datetime]:
    """When each step is due, in order. A warning that would come with the promise is left out."""
    found = {
        Step.WARN: promise.due_at - WARN_BEFORE,
        Step.DUE: promise.due_at,
        Step.HELP: promise.due_at + promise.interval / 2,
        Step.BREAK: promise.due_at + promise.interval,
    }
    if found[Step.WARN] <= promise.made_at:
        del found[Step.WARN]
    return found


def next_moment(promise: Promise) -> datetime | None:
    """When the next step is due; None after the last one."""
    return min((at for _, at in _ahead(promise)), default=None)


def step(promise: Promise, *, now: datetime) -> Taken | None:
    """Return the step to take now, the last one where several were missed; None: not yet."""
    reached = [(one, at) for one, at in _ahead(promise) if at <= now]
    if not reached:
        return None
    last, at = reached[-1]
    return Taken(last, now - at, nudges=last is not Step.BREAK or len(reached) > 1)


def raised(promise: Promise, every: timedelta, *, due_at: datetime) -> Promise:
    """It became worse, and `due_at` is when the next word would be promised now, after `every`.

    Never later than before: whoever waits for a word keeps the time they were told.
    """
    sooner = min(promise.due_at, due_at)
    return replace(promise, due_at=sooner, interval=min(promise.interval, every))


def _ahead(promise: Promise) -> Iterable[tuple[Step, datetime]]:
    done = -1 if promise.taken is None else _ORDER.index(promise.taken)
    return [(one, at) for one, at in moments(promise).items() if _ORDER.index(one) > done]


def lateness(due_at: datetime, told_at: datetime) -> timedelta:
    """How late the word came; nothing when it was in time."""
    return max(timedelta(), told_at - due_at)
