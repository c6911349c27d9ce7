"""How far a release is in one stage."""

import enum
from collections.abc import Mapping
from typing import Final


class State(enum.StrEnum):
    """A passage: one release through one stage.

    Planned: nobody asked the gates yet. Gated: at least one gate does not pass. Approved: all
    pass. Deployed: it runs there and is watched. Proven: the watch is over and it was good.
    """

    PLANNED = "planned"
    GATED = "gated"
    APPROVED = "approved"
    DEPLOYING = "deploying"
    DEPLOYED = "deployed"
    PROVEN = "proven"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    CANCELLED = "cancelled"


WAITING: Final = frozenset({State.PLANNED, State.GATED, State.APPROVED})
"""Before the deploy; its gates are asked again and again."""
RUNNING: Final = frozenset({State.DEPLOYED, State.PROVEN})
"""The version runs there, unless a later one does."""
UNDER_WAY: Final = WAITING | {State.DEPLOYING}
OPEN: Final = UNDER_WAY | {State.DEPLOYED}
ENDED: Final = frozenset({State.FAILED, State.ROLLED_BACK, State.CANCELLED})
_BACK: Final = frozenset({State.FAILED, State.ROLLED_BACK})

TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    State.PLANNED: frozenset({State.GATED, State.APPROVED, State.DEPLOYING, State.CANCELLED}),
    State.GATED: frozenset({State.APPROVED, State.DEPLOYING, State.CANCELLED}),
    State.APPROVED: frozenset({State.GATED, State.DEPLOYING, State.CANCELLED}),
    State.DEPLOYING: frozenset({State.DEPLOYED, *_BACK}),
    State.DEPLOYED: frozenset({State.PROVEN, *_BACK}),
    # what was good for an hour may turn out to be bad the day after
    State.PROVEN: _BACK,
    State.FAILED: frozenset({State.ROLLED_BACK}),
    State.ROLLED_BACK: frozenset(),
    State.CANCELLED: frozenset(),
}


def may_become(state: State, wanted: State) -> bool:
    return wanted in TRANSITIONS[state]
