"""What everything that is written needs to know: who writes, when, and what names mean."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from evenfall.identity.permissions import Permission, Viewer
from evenfall.manifests import errors
from evenfall.manifests.logic.reading import Thing
from evenfall.manifests.queries.names import Names


class Hands(Struct, frozen=True, kw_only=True):
    """`secrets` are values by reference; `new_keys` collects the keys of new integrations."""

    names: Names
    viewer: Viewer
    now: datetime
    secrets: dict[str, str] = field(default_factory=dict)
    new_keys: dict[Thing, str] = field(default_factory=dict)

    @property
    def signed(self) -> dict[str, Any]:
        """When and by whom, as every action wants it."""
        return {"now": self.now, "actor": self.viewer.actor}

    def secret(self, field_name: str, reference: str) -> str:
        """The value that was given for a reference. Raises SecretNotGiven."""
        value = self.secrets.get(reference, "")
        if not value:
            raise errors.SecretNotGiven(field=field_name, reference=reference)
        return value

    def team(self, key: str | None) -> int | None:
        """The id of a team whose things whoever applies may manage. Raises as `manage`."""
        team_id = self.names.id_or_none("teams", key)
        self.manage(team_id)
        return team_id

    def manage(self, team_id: int | None = None) -> None:
        """Raise `Forbidden` unless things of this team (None: of the site) may be managed."""
        self.viewer.check(Permission.MANAGE, team_id=team_id)
