"""How far a setting reaches: a service, a team, or the whole site."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.releases.logic.words import SITE, Scope
from evenfall.releases.models import DeployWindow, Freeze, StandardChange, Stop

_WIDTHS: Final = {Scope.SERVICE: 1, Scope.TEAM: 2, Scope.SITE: 3}


class ScopeView(Struct, frozen=True, kw_only=True):
    """`name` is that of the service or team, "the whole site" for neither.

    `owner_id` is the team that answers for it, None for the site.
    """

    kind: Scope
    name: str
    service_id: int | None = None
    team_id: int | None = None
    owner_id: int | None = None

    @property
    def width(self) -> int:
        return _WIDTHS[self.kind]

    def covers(self, service_id: int, team_id: int) -> bool:
        """Whether a service of this team is in it."""
        if self.kind is Scope.SITE:
            return True
        return self.service_id == service_id or self.team_id == team_id


def scope_views(
    rows: Sequence[Stop] | Sequence[Freeze] | Sequence[DeployWindow] | Sequence[StandardChange],
) -> list[ScopeView]:
    """The scope of each row; two queries at most."""
    service_ids = {row.service_id for row in rows if row.service_id is not None}
    team_ids = {row.team_id for row in rows if row.team_id is not None}
    services = catalog_queries.services(service_ids) if service_ids else {}
    teams = {one.id: one.name for one in identity_queries.teams(team_ids)} if team_ids else {}
    return [_view(row.service_id, row.team_id, services, teams) for row in rows]


def scope_of(service_id: int | None, team_id: int | None) -> ScopeView:
    """Raises ServiceNotFound, TeamNotFound."""
    if service_id is not None:
        service = catalog_queries.service(service_id)
        return _view(service_id, None, {service_id: service}, {})
    team = identity_queries.team(team_id) if team_id is not None else None
    return _view(None, team_id, {}, {team.id: team.name} if team else {})


def _view(
    service_id: int | None,
    team_id: int | None,
    services: dict[int, catalog_queries.ServiceView],
    teams: dict[int, str],
) -> ScopeView:
    if service_id is not None:
        service = services[service_id]
        return ScopeView(
            kind=Scope.SERVICE,
            name=service.name,
            service_id=service_id,
            owner_id=service.team_id,
        )
    if team_id is not None:
        return ScopeView(
            kind=Scope.TEAM, name=f"team {teams[team_id]}", team_id=team_id, owner_id=team_id
        )
    return ScopeView(kind=Scope.SITE, name=SITE)
