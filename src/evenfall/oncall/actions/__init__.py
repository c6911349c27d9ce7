"""The writes of on-call: each function is one use case and owns its transaction."""

from evenfall.oncall.actions.overrides import add_override, cancel_override, take_duty
from evenfall.oncall.actions.rotas import (
    change_rota,
    create_rota,
    delete_rota,
    replan_rota,
    set_members,
)
from evenfall.oncall.actions.weights import change_load_weights, change_work_profile

__all__ = [
    "add_override",
    "cancel_override",
    "change_load_weights",
    "change_rota",
    "change_work_profile",
    "create_rota",
    "delete_rota",
    "replan_rota",
    "set_members",
    "take_duty",
]
