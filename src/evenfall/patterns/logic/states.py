"""The life of a pattern."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """The values are stored and shown."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    MENDING = "being mended"
    MENDED = "mended"
    ACCEPTED = "accepted"


class Verdict(StrEnum):
    """What people said of a pair of incidents; the values are stored."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


S = State
TRANSITIONS: Final = {
    S.SUSPECTED: (S.CONFIRMED, S.MENDING, S.ACCEPTED),
    S.CONFIRMED: (S.MENDING, S.MENDED, S.ACCEPTED),
    S.MENDING: (S.MENDED, S.CONFIRMED, S.ACCEPTED),
    S.MENDED: (S.CONFIRMED, S.MENDING),
    S.ACCEPTED: (S.CONFIRMED, S.MENDING),
}
WANT_REASON: Final = frozenset({S.ACCEPTED})
QUIET: Final = frozenset({S.ACCEPTED})
"""People decided to live with it: it is counted, and nobody is called about it."""

LIVE: Final = frozenset({S.SUSPECTED, S.CONFIRMED, S.MENDING})
"""It may come back at any time, and people do not live with it."""


def may_become(state: State, wanted: State) -> bool:
    return wanted in TRANSITIONS[state]


def after_return(state: State) -> State:
    """The state once it came back: what was mended was not."""
    return S.CONFIRMED if state is S.MENDED else state
