"""What the rest of a budget allows: OK, WARN, FROZEN, with room between freezing and thawing.

Frozen when nothing is left; thawed when `thaw_from` of it is back, or a new window began. Without
data a state stays what it was. (After the error budget policy of the Site Reliability Workbook.)
"""

from datetime import datetime
from typing import Final

from evenfall.slo.logic.spec import Policy
from evenfall.slo.logic.states import BudgetState

_EDGE: Final = 1e-9
"""Sums of floats: a budget that is used up to the last event is used up."""


def state_after(
    before: BudgetState, *, rest: float | None, policy: Policy, is_new_window: bool = False
) -> BudgetState:
    """The state with this share of the budget left; `rest` None is unknown."""
    if rest is None:
        return BudgetState.UNKNOWN if is_new_window else before
    if rest <= _EDGE:
        return BudgetState.FROZEN
    is_held = before is BudgetState.FROZEN and not is_new_window
    if is_held and rest < policy.thaw_from - _EDGE:
        return BudgetState.FROZEN
    return BudgetState.WARN if rest < policy.warn_below - _EDGE else BudgetState.OK


def may_pass(state: BudgetState, *, exception_until: datetime | None, now: datetime) -> bool:
    """Whether a change may go on: the budget allows it, or an approved exception holds."""
    if state is not BudgetState.FROZEN:
        return True
    return exception_until is not None and now < exception_until
