"""What follows when a rollout fails: people hear of it.

Batches come in the order of the journal.
"""

from collections.abc import Sequence
from datetime import datetime

from evenfall.platform.events import Event, Recorded
from evenfall.rollouts import actions
from evenfall.rollouts.events import (
    RolloutFrozen,
    RolloutProven,
    RolloutReturned,
    RolloutStarted,
    RolloutTroubled,
    RolloutTurnedBack,
)
from evenfall.rollouts.logic.states import State

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
        elif fact.state == State.RETURNING:
            _stuck(fact, now)


def _turned_back(fact: RolloutTurnedBack, now: datetime) -> None:
    if fact.outcome != State.ROLLED_BACK:
        return
    actions.open_incident(
        rollout_id=fact.rollout_id,
        title=f"{fact.version} was rolled back",
        text=f"{fact.reason}\n\nIt had {fact.weight} % of the requests. "
        f"All of them go back to {fact.stable_version or 'the stable side'}.",
        is_urgent=False,
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


def _stuck(fact: RolloutTroubled, now: datetime) -> None:
    actions.open_incident(
        rollout_id=fact.rollout_id,
        title=f"the way back from {fact.version} is blocked",
        text=f"{fact.trouble}\n\nIt is tried again each second.",
        is_urgent=True,
        now=now,
    )
