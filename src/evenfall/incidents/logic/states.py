"""The life of an incident as one table.

Whatever asks "is it still being worked on?" asks `LIVE`, never a single state. Why an open incident
is in triage and an acknowledged one is being investigated: ADR 15.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct


class State(StrEnum):
    """In the order in which an incident usually comes through them."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    FIXING = "fixing"
    MONITORING = "monitoring"
    PAUSED = "paused"
    RESOLVED = "resolved"
    REVIEW = "review"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"


LIVE: Final = frozenset(
    {State.OPEN, State.ACKNOWLEDGED, State.FIXING, State.MONITORING, State.PAUSED}
)
"""States in which somebody works on it, or should."""

ENDED: Final = frozenset({State.RESOLVED, State.REVIEW, State.CLOSED})
"""States of what was an incident and is over; each has the time when it was resolved."""

TERMINAL: Final = frozenset({State.CLOSED, State.DECLINED, State.MERGED})
"""States that nothing leads out of: what comes back is a new incident."""


class Act(StrEnum):
    """What can happen to an incident; `ALARM` is whatever makes it need a human anew."""

    ACKNOWLEDGE = "acknowledge"
    MOBILISE = "mobilise"
    ALARM = "alarm"
    INVESTIGATE = "investigate"
    FIX = "fix"
    MONITOR = "monitor"
    PAUSE = "pause"
    DECLINE = "decline"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    REVIEW = "review"
    CLOSE = "close"
    MERGE = "merge"


# Doing twice what is done already is not an error: two people tap at the same moment.
TRANSITIONS: Final[dict[tuple[State, Act], State]] = {
    (State.OPEN, Act.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.OPEN, Act.MOBILISE): State.ACKNOWLEDGED,
    (State.OPEN, Act.ALARM): State.OPEN,
    (State.OPEN, Act.DECLINE): State.DECLINED,
    (State.OPEN, Act.RESOLVE): State.RESOLVED,
    (State.OPEN, Act.MERGE): State.MERGED,
    (State.ACKNOWLEDGED, Act.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Act.MOBILISE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Act.ALARM): State.OPEN,
    (State.ACKNOWLEDGED, Act.INVESTIGATE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Act.FIX): State.FIXING,
    (State.ACKNOWLEDGED, Act.MONITOR): State.MONITORING,
    (State.ACKNOWLEDGED, Act.PAUSE): State.PAUSED,
    (State.ACKNOWLEDGED, Act.DECLINE): State.DECLINED,
    (State.ACKNOWLEDGED, Act.RESOLVE): State.RESOLVED,
    (State.ACKNOWLEDGED, Act.MERGE): State.MERGED,
    (State.FIXING, Act.ACKNOWLEDGE): State.FIXING,
    (State.FIXING, Act.MOBILISE): State.FIXING,
    (State.FIXING, Act.ALARM): State.OPEN,
    (State.FIXING, Act.INVESTIGATE): State.ACKNOWLEDGED,
    (State.FIXING, Act.FIX): State.FIXING,
    (State.FIXING, Act.MONITOR): State.MONITORING,
    (State.FIXING, Act.PAUSE): State.PAUSED,
    (State.FIXING, Act.RESOLVE): State.RESOLVED,
    (State.MONITORING, Act.ACKNOWLEDGE): State.MONITORING,
    (State.MONITORING, Act.MOBILISE): State.MONITORING,
    (State.MONITORING, Act.ALARM): State.OPEN,
    (State.MONITORING, Act.INVESTIGATE): State.ACKNOWLEDGED,
    (State.MONITORING, Act.FIX): State.FIXING,
    (State.MONITORING, Act.MONITOR): State.MONITORING,
    (State.MONITORING, Act.RESOLVE): State.RESOLVED,
    (State.PAUSED, Act.ACKNOWLEDGE): State.PAUSED,
    (State.PAUSED, Act.ALARM): State.OPEN,
    (State.PAUSED, Act.INVESTIGATE): State.ACKNOWLEDGED,
    (State.PAUSED, Act.FIX): State.FIXING,
    (State.PAUSED, Act.PAUSE): State.PAUSED,  # with another reason or for longer
    (State.PAUSED, Act.DECLINE): State.DECLINED,
    (State.PAUSED, Act.RESOLVE): State.RESOLVED,
    (State.RESOLVED, Act.RESOLVE): State.RESOLVED,
    (State.RESOLVED, Act.REOPEN): State.OPEN,
    (State.RESOLVED, Act.REVIEW): State.REVIEW,
    (State.RESOLVED, Act.CLOSE): State.CLOSED,
    (State.REVIEW, Act.RESOLVE): State.REVIEW,
    (State.REVIEW, Act.REOPEN): State.OPEN,
    (State.REVIEW, Act.REVIEW): State.REVIEW,
    (State.REVIEW, Act.CLOSE): State.CLOSED,
    (State.CLOSED, Act.CLOSE): State.CLOSED,
    (State.DECLINED, Act.DECLINE): State.DECLINED,
}

REOPENABLE: Final = frozenset(state for state, act in TRANSITIONS if act is Act.REOPEN)

REOPEN_BY_PERSON: Final = timedelta(days=3)
"""Later than this it is a new incident, so that times to resolve stay honest."""

REOPEN_BY_ALERT: Final = timedelta(minutes=10)
"""The same group of alerts back within this time: the fix did not hold, it is the same incident."""

LONGEST_PAUSE: Final = timedelta(days=30)
"""Whoever waits longer than this says so again."""


class Refusal(StrEnum):
    """Why an act is not possible; the values are shown to people."""

    FROZEN = "it was merged into another incident and is frozen"
    CLOSED = "it is closed for good; what comes back is a new incident"
    DECLINED = "it was declined for good; declare a new incident if it matters after all"
    OVER = "it is resolved; reopen it first"
    NOT_RESOLVED = "it is not resolved"
    UNSEEN = "nobody has acknowledged it yet; acknowledge it first"
    PAUSED = "it is paused; go on with it first"
    BEGUN = "the work on it has gone too far for that; go back to investigating first"
    TOO_LATE = "it was resolved too long ago; declare a new incident"


_AFTER_THE_END: Final = frozenset({Act.REOPEN, Act.REVIEW, Act.CLOSE})
_REFUSALS: Final[dict[State, Refusal]] = {
    State.OPEN: Refusal.UNSEEN,
    State.FIXING: Refusal.BEGUN,
    State.MONITORING: Refusal.BEGUN,
    State.PAUSED: Refusal.PAUSED,
    State.RESOLVED: Refusal.OVER,
    State.REVIEW: Refusal.OVER,
    State.CLOSED: Refusal.CLOSED,
    State.DECLINED: Refusal.DECLINED,
    State.MERGED: Refusal.FROZEN,
}


class Move(Struct, frozen=True):
    """The state after an act; `changed` is False when the act changes nothing."""

    state: State
    changed: bool


def move(state: State, act: Act) -> Move | Refusal:
    """Decide what an act makes of a state, or why it does not."""
    after = TRANSITIONS.get((state, act))
    if after is not None:
        return Move(after, changed=after is not state)
    if act in _AFTER_THE_END and state in LIVE:
        return Refusal.NOT_RESOLVED
    return _REFUSALS[state]


def reopen(
    state: State, resolved_at: datetime | None, *, now: datetime, window: timedelta
) -> Move | Refusal:
    """Decide about reopening: within the window (its last instant included), else not."""
    moved = move(state, Act.REOPEN)
    if isinstance(moved, Refusal):
        return moved
    if resolved_at is None or now - resolved_at > window:
        return Refusal.TOO_LATE
    return moved
