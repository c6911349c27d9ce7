"""The tables of on-call. Rows are written by `actions` only."""

from evenfall.oncall.models.fairness import (
    AppliedProposal,
    LoadWeights,
    ReliefOffer,
    WorkProfile,
)
from evenfall.oncall.models.overrides import MOST_OVERRIDE_DAYS, Override
from evenfall.oncall.models.rotas import MOST_SHIFT_HOURS, Layer, Member, Plan, Rota

__all__ = [
    "MOST_OVERRIDE_DAYS",
    "MOST_SHIFT_HOURS",
    "AppliedProposal",
    "Layer",
    "LoadWeights",
    "Member",
    "Override",
    "Plan",
    "ReliefOffer",
    "Rota",
    "WorkProfile",
]
