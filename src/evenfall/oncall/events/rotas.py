"""Facts of rotas. `before` and `after` hold a whole rota or override as its query shows it."""

from typing import Any, override

from msgspec import field

from evenfall.platform.events import Event


class AboutRota(Event, frozen=True, kw_only=True):
    """A change of a rota or of something that belongs to it."""

    rota_id: int
    team_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"rota:{self.rota_id}", f"team:{self.team_id}", "oncall")


class RotaCreated(AboutRota, frozen=True, kw_only=True):
    kind = "oncall.rota_created"


class RotaChanged(AboutRota, frozen=True, kw_only=True):
    """Name, zone, coverage, plan or members changed."""

    kind = "oncall.rota_changed"


class RotaDeleted(AboutRota, frozen=True, kw_only=True):
    """Nobody is on call by this rota any more; what it said about the past stays."""

    kind = "oncall.rota_deleted"
