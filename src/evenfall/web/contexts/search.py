"""Search over everything that has a name. Each domain finds its own; here they stand together."""

from collections.abc import Callable, Iterable

from msgspec import Struct, field

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.oncall import queries as oncall_queries

_MOST = 6


class Hit(Struct, frozen=True, kw_only=True):
    """One thing found. badge: a word for the `badge` tag, or ""."""

    title: str
    url: str
    detail: str = ""
    badge: str = ""


class Group(Struct, frozen=True):
    title: str
    icon: str
    hits: tuple[Hit, ...]


class Found(Struct, frozen=True):
    query: str
    groups: list[Group] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups)


type Finder = Callable[[str], Iterable[Hit]]


def search(text: str) -> Found:
    """What matches, at most six of each kind, one query a domain; nothing for an empty text."""
    query = " ".join(text.split())
    if not query:
        return Found(query)
    groups = [Group(title, icon, tuple(find(query))) for title, icon, find in _FINDERS]
    return Found(query, [group for group in groups if group.hits])


def _incidents(text: str) -> Iterable[Hit]:
    for view in incidents_queries.find_incidents(text, limit=_MOST):
        yield Hit(
            title=view.headline,
            url=f"/incidents/{view.id}/",
            detail=f"Incident {view.id}" + (f", {view.service.name}" if view.service else ""),
            badge=view.state,
        )


def _alerts(text: str) -> Iterable[Hit]:
    for row in alerting_queries.find_alerts(text, limit=_MOST):
        yield Hit(
            title=row.title,
            url=f"/alerts/{row.id}/",
            detail=f"Alert {row.id}" + (f", {row.service}" if row.service else ""),
            badge=row.state,
        )


def _integrations(text: str) -> Iterable[Hit]:
    for view in alerting_queries.find_integrations(text, limit=_MOST):
        yield Hit(title=view.name, url=f"/integrations/{view.id}/", detail=view.kind_label)


def _services(text: str) -> Iterable[Hit]:
    for view in catalog_queries.find_services(text, limit=_MOST):
        yield Hit(title=view.name, url=f"/services/{view.slug}/", detail=f"Tier {view.tier}")


def _people(text: str) -> Iterable[Hit]:
    for person in identity_queries.find_people(text, limit=_MOST):
        yield Hit(title=person.name, url=f"/people/{person.id}/", detail=person.email)


def _teams(text: str) -> Iterable[Hit]:
    for team in identity_queries.find_teams(text, limit=_MOST):
        yield Hit(title=team.name, url=f"/teams/{team.slug}/")


def _rotas(text: str) -> Iterable[Hit]:
    for rota in oncall_queries.find_rotas(text, limit=_MOST):
        yield Hit(title=rota.name, url=f"/rotas/{rota.id}/", detail=rota.description)


_FINDERS: tuple[tuple[str, str, Finder], ...] = (
    ("Incidents", "incident", _incidents),
    ("Alerts", "alert", _alerts),
    ("Services", "service", _services),
    ("Rotas", "rota", _rotas),
    ("People", "person", _people),
    ("Teams", "team", _teams),
    ("Integrations", "integration", _integrations),
)
