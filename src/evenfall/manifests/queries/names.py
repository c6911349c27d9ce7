"""Keys of what is there: how a manifest names it, and which row that is."""

from collections.abc import Mapping

from msgspec import Struct, field

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.manifests.logic.keys import keys
from evenfall.manifests.logic.reading import Thing
from evenfall.manifests.models import Managed
from evenfall.oncall import queries as oncall_queries
from evenfall.paging import queries as paging_queries
from evenfall.runbooks import queries as runbooks_queries

PEOPLE = "people"
RUNBOOKS = "runbooks"


class UnknownName(Exception):
    """A manifest names something that is not there."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"There is no {_SINGULAR[kind]} “{key}”.")
        self.kind, self.key = kind, key


_SINGULAR: Mapping[str, str] = {
    "teams": "team",
    "services": "service",
    "rotas": "rota",
    "policies": "policy",
    PEOPLE: "person with the address",
    RUNBOOKS: "runbook that can be started",
}


# what is there for a time only: known by key are those that a bundle wrote
_NAMELESS = ("silences", "maintenance", "recurring_maintenance")


class Names(Struct, frozen=True):
    """Ids by kind and key, and keys by kind and id. Applying adds what it makes.

    `managed` is what bundles wrote.
    """

    managed: Mapping[Thing, Managed] = field(default_factory=dict)
    _ids: dict[str, dict[str, int]] = field(default_factory=dict)
    _keys: dict[str, dict[int, str]] = field(default_factory=dict)

    def add(self, kind: str, own_id: int, key: str) -> None:
        self._ids.setdefault(kind, {})[key] = own_id
        self._keys.setdefault(kind, {})[own_id] = key

    def id(self, kind: str, key: str) -> int:
        """The row that this key means. Raises UnknownName."""
        found = self._ids.get(kind, {}).get(key)
        if found is None:
            raise UnknownName(kind, key)
        return found

    def id_or_none(self, kind: str, key: str | None) -> int | None:
        return None if key is None else self.id(kind, key)

    def key(self, kind: str, own_id: int | None) -> str | None:
        """How a manifest names this row; None for none, and for one that is gone."""
        return None if own_id is None else self._keys.get(kind, {}).get(own_id)

    def has(self, kind: str, key: str) -> bool:
        return key in self._ids.get(kind, {})


def names(managed: Mapping[Thing, Managed]) -> Names:
    """Everything that can be named, in a query for each kind; by what all bundles manage."""
    taken: dict[str, dict[int, str]] = {}
    for thing, row in managed.items():
        taken.setdefault(thing.kind, {})[row.own_id] = thing.key
    found = Names(managed=managed)
    for kind in _NAMELESS:
        for own_id, key in taken.get(kind, {}).items():
            found.add(kind, own_id, key)
    for kind, pairs in _with_own_keys().items():
        for own_id, key in pairs.items():
            found.add(kind, own_id, key)
    for kind, titles in _with_titles().items():
        known = {own_id: key for own_id, key in taken.get(kind, {}).items() if own_id in titles}
        for own_id, key in keys(titles.items(), taken=known).items():
            found.add(kind, own_id, key)
    return found


def _with_own_keys() -> dict[str, dict[int, str]]:
    return {
        "teams": {team.id: team.slug for team in identity_queries.teams()},
        "services": {one.id: one.slug for one in catalog_queries.services().values()},
        PEOPLE: {one.id: one.email for one in identity_queries.active_people()},
        RUNBOOKS: runbooks_queries.runnable_slugs(),
    }


def _with_titles() -> dict[str, dict[int, str]]:
    return {
        "rotas": {rota.id: rota.name for rota in oncall_queries.rotas()},
        "policies": paging_queries.policy_names(),
        "integrations": dict(alerting_queries.integration_names()),
        "inhibitions": {one.id: one.name for one in alerting_queries.inhibitions()},
    }


def managed_things() -> dict[Thing, Managed]:
    """What bundles wrote, with the name of the bundle of each."""
    rows = Managed.objects.select_related("bundle")
    return {Thing(row.kind, row.key): row for row in rows}
