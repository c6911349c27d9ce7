"""What can be done with rollouts. Import this module, not its parts."""

from evenfall.rollouts.actions.claiming import Errand, claim_rollout, next_due
from evenfall.rollouts.actions.incidents import open_incident
from evenfall.rollouts.actions.judging import look_around
from evenfall.rollouts.actions.settling import settle
from evenfall.rollouts.actions.starting import WORK, start_rollout
from evenfall.rollouts.actions.targets import (
    TargetWish,
    add_target,
    change_target,
    checked_plan,
    remove_target,
)
from evenfall.rollouts.actions.touching import Answer, touch
from evenfall.rollouts.actions.wishing import (
    go_on,
    hold,
    promote,
    roll_back,
    roll_back_service,
)

__all__ = [
    "WORK",
    "Answer",
    "Errand",
    "TargetWish",
    "add_target",
    "change_target",
    "checked_plan",
    "claim_rollout",
    "go_on",
    "hold",
    "look_around",
    "next_due",
    "open_incident",
    "promote",
    "remove_target",
    "roll_back",
    "roll_back_service",
    "settle",
    "start_rollout",
    "touch",
]
