"""What can be done with rollouts. Import this module, not its parts."""

from evenfall.rollouts.actions.analysing import MEASURE, analyse
from evenfall.rollouts.actions.charging import charge_budget
from evenfall.rollouts.actions.claiming import Errand, claim_rollout, give_back, next_due
from evenfall.rollouts.actions.incidents import open_incident
from evenfall.rollouts.actions.judging import look_around
from evenfall.rollouts.actions.measuring import measure_due, next_measurement_due
from evenfall.rollouts.actions.setting_analyses import (
    Which,
    checked_metric,
    remove_analysis,
    remove_metric,
    set_analysis,
    set_metric,
)
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
from evenfall.rollouts.actions.trying_metrics import Tried, try_metric
from evenfall.rollouts.actions.wishing import (
    go_on,
    hold,
    promote,
    roll_back,
    roll_back_service,
)

__all__ = [
    "MEASURE",
    "WORK",
    "Answer",
    "Errand",
    "TargetWish",
    "Tried",
    "Which",
    "add_target",
    "analyse",
    "change_target",
    "charge_budget",
    "checked_metric",
    "checked_plan",
    "claim_rollout",
    "give_back",
    "go_on",
    "hold",
    "look_around",
    "measure_due",
    "next_due",
    "next_measurement_due",
    "open_incident",
    "promote",
    "remove_analysis",
    "remove_metric",
    "remove_target",
    "roll_back",
    "roll_back_service",
    "set_analysis",
    "set_metric",
    "settle",
    "start_rollout",
    "touch",
    "try_metric",
]
