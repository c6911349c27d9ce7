"""What follows when a rollout fails: people hear of it.

Batches come in the order of the journal.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from evenfall.platform.events import Event, Recorded
from evenfall.rollouts import actions, queries
from evenfall.rollouts.events import (
    RolloutFrozen,
    RolloutProven,
    RolloutReturned,
    RolloutStarted,
    RolloutTroubled,
    RolloutTurnedBack,
)
from evenfall.rollouts.logic.states import GOING_BACK, State

type Failure = RolloutTurnedBack | RolloutFrozen | RolloutTroubled
FAILURES: tuple[type[Event], ...] = (RolloutTurnedBack, RolloutFrozen, RolloutTroubled)


type Span = RolloutStarted | RolloutReturned | RolloutProven
SPANS: tuple[type[Event], ...] = (RolloutStarted, RolloutReturned, RolloutProven)


def follow_spans(events: Sequence[Recorded[Span]], *, now: datetime) -> None:
    """Charge what was spent of the budget meanwhile to the rollout."""
    del now
    for rollout_id in sorted({one.event.rollout_id for one in events}):
        actions.charge_budget(rollout_id=rollout_id)


def follow_failures(events: Sequence[Recorded[Failure]], *, now: datetime) -> None:
    """Declare an incident for each version that failed by itself; what people ended, they know."""
    for recorded in events:
        fact = recorded.event
        if isinstance(fact, RolloutTurnedBack):
            _turned_back(fact, now)
        elif isinstance(fact, RolloutFrozen):
            _frozen(fact, now)
        elif fact.state in GOING_BACK:
            _stuck(fact, now)


def _turned_back(fact: RolloutTurnedBack, now: datetime) -> None:
    if fact.outcome != State.ROLLED_BACK:
        return
    is_return = queries.rollout(fact.rollout_id).is_return
    actions.open_incident(
        rollout_id=fact.rollout_id,
        title=f"the way back to {fact.version} failed"
        if is_return
        else f"{fact.version} was rolled back",
        text=f"{fact.reason}\n\nIt had {fact.weight} % of the requests. "
        f"All of them go back to {fact.stable_version or 'the stable side'}.",
        is_urgent=is_return,
        now=now,
    )


def _frozen(fact: RolloutFrozen, now: datetime) -> None:
    actions.open_incident(
        rollout_id=fact.rollout_id,
        title=f"{fact.version} fails and cannot be rolled back",
        text=f"{fact.reason}\n\nIt stays at {fact.weight} % of the requests until somebody "
        "promotes it or takes it back by hand.",
        is_urgent=True,
        now=now,
    )


_IS_TRIED: Final = {
    State.RETURNING: "It is tried again each second.",
    State.RESTORING: "The old side is kept no more, so its version is deployed there again first. "
    "Roll back once more to order it anew.",
}


def _stuck(fact: RolloutTroubled, now: datetime) -> None:
    actions.open_incident(
        rollout_id=fact.rollout_id,
        title=f"the way back from {fact.version} is blocked",
        text=f"{fact.trouble}\n\n{_IS_TRIED[State(fact.state)]}",
        is_urgent=True,
        now=now,
    )
