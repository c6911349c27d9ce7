"""Facts of overrides."""

from dataclasses import dataclass

from evenfall.oncall.events.rotas import AboutRota


@dataclass(frozen=True, kw_only=True)
class OverrideAdded(AboutRota):
    kind = "oncall.override_added"
    override_id: int


@dataclass(frozen=True, kw_only=True)
class OverrideCancelled(AboutRota):
    kind = "oncall.override_cancelled"
    override_id: int
