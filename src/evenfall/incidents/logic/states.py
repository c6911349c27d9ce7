"""The life of an incident as one table.

Later states (investigating, fixing, monitoring, review) become rows of the same table; whatever
asks "is it still being worked on?" asks `LIVE`, never a single state.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class State(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    MERGED = "merged"


LIVE: Final = frozenset({State.OPEN, State.ACKNOWLEDGED})
"""States in which somebody works on it, or should."""


class Act(StrEnum):
    """What can happen to an incident; `ALARM` is whatever makes it need a human anew."""

    ACKNOWLEDGE = "acknowledge"
    MOBILISE = "mobilise"
    ALARM = "alarm"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    MERGE = "merge"


TRANSITIONS: Final[dict[tuple[State, Act], State]] = {
    (State.OPEN, Act.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.OPEN, Act.MOBILISE): State.ACKNOWLEDGED,
    (State.OPEN, Act.ALARM): State.OPEN,
    (State.OPEN, Act.RESOLVE): State.RESOLVED,
    (State.OPEN, Act.MERGE): State.MERGED,
    (State.ACKNOWLEDGED, Act.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Act.MOBILISE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Act.ALARM): State.OPEN,
    (State.ACKNOWLEDGED, Act.RESOLVE): State.RESOLVED,
    (State.ACKNOWLEDGED, Act.MERGE): State.MERGED,
    (State.RESOLVED, Act.REOPEN): State.OPEN,
    # Doing twice what is done already is not an error: two people tap at the same moment.
    (State.RESOLVED, Act.RESOLVE): State.RESOLVED,
}

REOPEN_BY_PERSON: Final = timedelta(days=3)
"""Later than this it is a new incident, so that times to resolve stay honest."""

REOPEN_BY_ALERT: Final = timedelta(minutes=10)
"""The same group of alerts back within this time: the fix did not hold, it is the same incident."""


class Refusal(StrEnum):
    """Why an act is not possible; the values are shown to people."""

    FROZEN = "it was merged into another incident and is frozen"
    OVER = "it is resolved; reopen it first"
    NOT_RESOLVED = "it is not resolved"
    TOO_LATE = "it was resolved too long ago; declare a new incident"


@dataclass(frozen=True, slots=True)
class Move:
    """The state after an act; `changed` is False when the act changes nothing."""

    state: State
    changed: bool


def move(state: State, act: Act) -> Move | Refusal:
    """Decide what an act makes of a state, or why it does not."""
    after = TRANSITIONS.get((state, act))
    if after is not None:
        return Move(after, changed=after is not state)
    if state is State.MERGED:
        return Refusal.FROZEN
    return Refusal.NOT_RESOLVED if act is Act.REOPEN else Refusal.OVER


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
