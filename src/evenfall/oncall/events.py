"""Facts of on-call. `before` and `after` hold a whole rota or override as its query shows it."""

from dataclasses import dataclass, field
from typing import Any, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutRota(Event):
    rota_id: int
    team_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"rota:{self.rota_id}", f"team:{self.team_id}", "oncall")


@dataclass(frozen=True, kw_only=True)
class RotaCreated(_AboutRota):
    kind = "oncall.rota_created"


@dataclass(frozen=True, kw_only=True)
class RotaChanged(_AboutRota):
    """Name, zone, coverage, plan or members changed."""

    kind = "oncall.rota_changed"


@dataclass(frozen=True, kw_only=True)
class RotaDeleted(_AboutRota):
    """Nobody is on call by this rota any more; what it said about the past stays."""

    kind = "oncall.rota_deleted"


@dataclass(frozen=True, kw_only=True)
class OverrideAdded(_AboutRota):
    kind = "oncall.override_added"
    override_id: int


@dataclass(frozen=True, kw_only=True)
class OverrideCancelled(_AboutRota):
    kind = "oncall.override_cancelled"
    override_id: int
