"""Facts of on-call."""

from evenfall.oncall.events.fairness import (
    LoadWeightsChanged,
    ProposalApplied,
    ProposalUndone,
    ReliefOffered,
    WorkProfileChanged,
)
from evenfall.oncall.events.overrides import OverrideAdded, OverrideCancelled
from evenfall.oncall.events.rotas import RotaChanged, RotaCreated, RotaDeleted

__all__ = [
    "LoadWeightsChanged",
    "OverrideAdded",
    "OverrideCancelled",
    "ProposalApplied",
    "ProposalUndone",
    "ReliefOffered",
    "RotaChanged",
    "RotaCreated",
    "RotaDeleted",
    "WorkProfileChanged",
]
