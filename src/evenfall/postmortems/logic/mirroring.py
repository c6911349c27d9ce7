"""An action and its issue say the same: who follows whom, and where a person has to choose.

Both are open or closed. Beside what they are now stands what both were when they agreed last: the
side that is still there did not change, so it follows the other. A decision of people here, such as
a verified action, is never overruled by a tracker; such a difference is shown instead.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.postmortems.logic.action_life import SETTLED, WORK, ActionState, ActionStep

FIRST_WAIT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(hours=1)
EVERY: Final = timedelta(hours=1)
EVERY_SETTLED: Final = timedelta(days=1)


class Clash(StrEnum):
    """Why a person has to choose."""

    DROPPED = "dropped"
    REOPENED = "reopened"
    LINKED = "linked"
    GONE = "gone"


class Verdict(Struct, frozen=True, kw_only=True):
    """What follows: at most one of the three.

    push   open (True) or close (False) the issue
    step   what happens with the action: FINISH or REOPEN
    clash  neither follows; a person chooses
    """

    push: bool | None = None
    step: ActionStep | None = None
    clash: Clash | None = None

    @property
    def is_agreed(self) -> bool:
        return self.push is None and self.step is None and self.clash is None


def compare(state: ActionState, *, is_open: bool, is_dropped: bool, agreed: bool | None) -> Verdict:
    """What follows from the state of the action and the issue as it was just seen.

    `agreed` is whether both were open when they said the same last; None when they never did.
    """
    ours = state in WORK
    if ours == is_open:
        return Verdict()
    if agreed is None:
        return Verdict(clash=Clash.LINKED)
    if agreed == is_open:
        return Verdict(push=ours)
    if not is_open:
        return Verdict(clash=Clash.DROPPED) if is_dropped else Verdict(step=ActionStep.FINISH)
    if state in SETTLED:
        return Verdict(clash=Clash.REOPENED)
    return Verdict(step=ActionStep.REOPEN)


def step_of(clash: Clash, *, is_open: bool) -> ActionStep | None:
    """What happens with the action when a person lets the issue win; None where nothing can."""
    if clash is Clash.GONE:
        return None
    if clash is Clash.DROPPED:
        return ActionStep.REJECT
    return ActionStep.REOPEN if is_open else ActionStep.FINISH


def wait(attempts: int) -> timedelta:
    """The wait after the `attempts`-th failed try in a row (counted from 1)."""
    return min(FIRST_WAIT * (1 << min(max(attempts - 1, 0), 16)), LONGEST_WAIT)


def look_again(state: ActionState) -> timedelta:
    """When an issue is looked at though no webhook came: one may have been lost."""
    return EVERY_SETTLED if state in SETTLED else EVERY
