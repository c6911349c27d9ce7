"""The states of an alert and what may move it from one to the next."""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b


class AlertState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Move(StrEnum):
    """What happens to an alert after it was opened."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


# Nothing leads out of RESOLVED: the same problem again is a new alert, so that each has its own
# beginning, its own decision and its own end.
TRANSITIONS: Mapping[tuple[AlertState, Move], AlertState] = {
    (AlertState.OPEN, Move.ACKNOWLEDGE): AlertState.ACKNOWLEDGED,
    (AlertState.OPEN, Move.RESOLVE): AlertState.RESOLVED,
    (AlertState.ACKNOWLEDGED, Move.RESOLVE): AlertState.RESOLVED,
}

_KEY_BYTES = 16


def after(state: AlertState, move: Move) -> AlertState | None:
    """Return the next state, or None when the move changes nothing from here."""
    return TRANSITIONS.get((state, move))


def moves_into(state: AlertState) -> tuple[AlertState, ...]:
    """Return the states from which one move leads to `state`."""
    return tuple(source for (source, _), target in TRANSITIONS.items() if target is state)


def key_hash(dedup_key: str) -> bytes:
    """Return 16 bytes that stand for a deduplication key in the index of open alerts."""
    return blake2b(dedup_key.encode(), digest_size=_KEY_BYTES).digest()
