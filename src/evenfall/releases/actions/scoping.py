"""How far a setting reaches, as people say it."""

from collections.abc import Collection
from typing import Any

from msgspec import Struct

from evenfall.catalog.ports import Environment
from evenfall.releases import errors, queries
from evenfall.releases.queries.scopes import ScopeView


class Reach(Struct, frozen=True, kw_only=True):
    """A service, a team, or neither for the whole site."""

    service_id: int | None = None
    team_id: int | None = None

    @property
    def columns(self) -> dict[str, Any]:
        return {"service_id": self.service_id, "team_id": self.team_id}

    @property
    def ids(self) -> tuple[int | None, int | None]:
        return self.service_id, self.team_id


def checked(reach: Reach) -> ScopeView:
    """Raises OneScope, ServiceNotFound, TeamNotFound."""
    if reach.service_id is not None and reach.team_id is not None:
        raise errors.OneScope(field="team_id")
    return queries.scope_of(*reach.ids)


def environments_of(words: Collection[str]) -> list[str]:
    """Raises EnvironmentMissing for none or a strange one."""
    known = [one.value for one in Environment]
    if not words or set(words) - set(known):
        raise errors.EnvironmentMissing(field="environments")
    return [one for one in known if one in set(words)]
