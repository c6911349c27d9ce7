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


@dataclass(frozen=True, kw_only=True)
class OverrideMoved(AboutRota):
    """The shift that was agreed on has other times now, and its override goes with it."""

    kind = "oncall.override_moved"
    override_id: int
