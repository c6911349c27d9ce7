"""Facts of rotas. `before` and `after` hold a whole rota or override as its query shows it."""

from dataclasses import dataclass, field
from typing import Any, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class AboutRota(Event):
    """A change of a rota or of something that belongs to it."""

    rota_id: int
    team_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"rota:{self.rota_id}", f"team:{self.team_id}", "oncall")


@dataclass(frozen=True, kw_only=True)
class RotaCreated(AboutRota):
    kind = "oncall.rota_created"


@dataclass(frozen=True, kw_only=True)
class RotaChanged(AboutRota):
    """Name, zone, coverage, plan or members changed."""

    kind = "oncall.rota_changed"


@dataclass(frozen=True, kw_only=True)
class RotaDeleted(AboutRota):
    """Nobody is on call by this rota any more; what it said about the past stays."""

    kind = "oncall.rota_deleted"
