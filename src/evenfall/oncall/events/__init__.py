"""Facts of on-call."""

from evenfall.oncall.events.overrides import OverrideAdded, OverrideCancelled
from evenfall.oncall.events.rotas import RotaChanged, RotaCreated, RotaDeleted

__all__ = [
    "OverrideAdded",
    "OverrideCancelled",
    "RotaChanged",
    "RotaCreated",
    "RotaDeleted",
]
