"""Facts of overrides."""

from evenfall.oncall.events.rotas import AboutRota


class OverrideAdded(AboutRota, frozen=True, kw_only=True):
    kind = "oncall.override_added"
    override_id: int


class OverrideCancelled(AboutRota, frozen=True, kw_only=True):
    kind = "oncall.override_cancelled"
    override_id: int


class OverrideMoved(AboutRota, frozen=True, kw_only=True):
    """The shift that was agreed on has other times now, and its override goes with it."""

    kind = "oncall.override_moved"
    override_id: int
