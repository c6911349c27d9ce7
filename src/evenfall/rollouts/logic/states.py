"""The states of a rollout, and what leads from one to the next."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a rollout is. Traffic follows from it: see `deciding.wanted`."""

    QUEUED = "queued"
    """Another version has to make place first."""
    DEPLOYING = "deploying"
    """The new version is being put on its side; nobody is led there."""
    STEPPING = "stepping"
    PROMOTING = "promoting"
    """All traffic shall go to the new side, and it is not yet seen to."""
    WATCHING = "watching"
    """It has all traffic; the old side is kept warm."""
    FROZEN = "frozen"
    """It failed and there is no way back by itself: weights stay, people decide."""
    RESTORING = "restoring"
    """It shall go back, and the old side is gone: the stable version is put there first. Traffic
    stays as it is until then, for nobody could answer it there.
    """
    RETURNING = "returning"
    """All traffic shall go to the stable side, and it is not yet seen to."""
    PROVEN = "proven"
    ROLLED_BACK = "rolled_back"
    ABORTED = "aborted"
    """Somebody ended it by hand, and all traffic is on the stable side."""
    SUPERSEDED = "superseded"
    """Another version took its place before it was promoted."""

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


ENDED: Final = frozenset({State.PROVEN, State.ROLLED_BACK, State.ABORTED, State.SUPERSEDED})
LIVE: Final = tuple(state for state in State if state not in ENDED)
AHEAD: Final = frozenset({State.STEPPING, State.PROMOTING, State.WATCHING})
"""The new side has traffic, or may get it: a failing verdict counts."""


GOING_BACK: Final = frozenset({State.RESTORING, State.RETURNING})
"""It was decided; nothing leads forward any more."""


class Wish(StrEnum):
    """What a person asked for and was not done yet."""

    NONE = ""
    NEXT = "next"
    """Go on from the step that waits."""
    PROMOTE = "promote"
    """All traffic now; in a watch: it is good, end the watch."""
    ABORT = "abort"
    """Back to stable. It wins over everything else."""


class Deployed(StrEnum):
    """How the deploy stands."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
