"""What on-call does when a fact is reported."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.oncall import actions
from evenfall.oncall.events import (
    OverrideAdded,
    OverrideCancelled,
    OverrideMoved,
    RotaChanged,
    RotaCreated,
    RotaDeleted,
)
from evenfall.platform.events import Recorded

PLAN_EVENTS = (RotaChanged, RotaDeleted)
SCHEDULE_EVENTS = (*PLAN_EVENTS, OverrideAdded, OverrideCancelled, OverrideMoved)

STAND_IN_EVENTS = (RotaCreated, *SCHEDULE_EVENTS)

type ScheduleFact = RotaChanged | RotaDeleted | OverrideAdded | OverrideCancelled | OverrideMoved


def follow_requests(events: Sequence[Recorded[ScheduleFact]], *, now: datetime) -> None:
    """Shifts moved or have somebody else now: the requests about them move too, or end.

    What was agreed on moves with a change of the plan only: an override made later wins anyway.
    """
    facts = [recorded.event for recorded in events]
    replanned = {fact.rota_id for fact in facts if isinstance(fact, PLAN_EVENTS)}
    actions.follow_requests(rota_ids=replanned, with_agreed=True, now=now)
    others = {fact.rota_id for fact in facts} - replanned
    actions.follow_requests(rota_ids=others, now=now)


def plan_notices_again(events: Sequence[Recorded[ScheduleFact]], *, now: datetime) -> None:
    """The schedule of these rotas changed: what people are told of it is planned again."""
    actions.replan(rota_ids={recorded.event.rota_id for recorded in events}, now=now)


def stand_in_where_absent(
    events: Sequence[Recorded[ScheduleFact | RotaCreated]], *, now: datetime
) -> None:
    """The schedule changed: somebody who is away may be on call by it now, or no longer."""
    actions.stand_in(rota_ids={recorded.event.rota_id for recorded in events}, now=now)
