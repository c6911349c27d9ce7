"""Integrations as people see them; never a key."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Count, QuerySet
from msgspec import Struct

from evenfall.alerting.errors import IntegrationNotFound
from evenfall.alerting.logic.snippets import KINDS
from evenfall.alerting.models import Alert, Integration
from evenfall.alerting.queries.alerts import IS_LIVE
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.platform import pages


class IntegrationView(Struct, frozen=True, kw_only=True):
    """`key_hint` is the end of the key; `live_count` how many of its alerts are not resolved."""

    id: int
    name: str
    kind: str
    kind_label: str
    key_hint: str
    service_id: int | None
    service: str
    team_id: int | None
    team: str
    environment: str
    mapping: Mapping[str, str]
    has_secret: bool
    is_enabled: bool
    created_at: datetime
    last_signal_at: datetime | None
    last_error: str
    previous_key_until: datetime | None
    live_count: int


def integrations_page(*, cursor: str | None = None, size: int = 50) -> pages.Page[IntegrationView]:
    """Integrations by name."""
    page = pages.keyset(Integration.objects.all(), order=("name", "id"), cursor=cursor, size=size)
    return page.holding(_views(page.items))


def integration(integration_id: int) -> IntegrationView:
    """Raise IntegrationNotFound when there is none."""
    row = Integration.objects.filter(id=integration_id).first()
    if row is None:
        raise IntegrationNotFound(integration_id=integration_id)
    return _views([row])[0]


def find_integrations(text: str, *, limit: int = 5) -> list[IntegrationView]:
    """The first by name that match; for the search box."""
    rows: QuerySet[Integration] = Integration.objects.filter(name__icontains=text)
    return _views(rows.order_by("name", "id")[:limit])


def integration_names() -> list[tuple[int, str]]:
    """All of them by name, as (id, name); for choices."""
    return list(Integration.objects.order_by("name", "id").values_list("id", "name"))


def all_integrations() -> list[IntegrationView]:
    """Every integration by name."""
    return _views(Integration.objects.order_by("name", "id"))


def keyed_by(digests: Mapping[int, bytes]) -> set[int]:
    """Which of these integrations have just this key now, by its hash; one query, or none."""
    if not digests:
        return set()
    rows = Integration.objects.filter(id__in=digests).values_list("id", "key_hash")
    return {number for number, found in rows if bytes(found) == digests[number]}


def has_signal() -> bool:
    """Whether anything ever arrived: an alert, or a signal that opened none."""
    return (
        Alert.objects.exists() or Integration.objects.filter(last_signal_at__isnull=False).exists()
    )


def _views(rows: Collection[Integration] | QuerySet[Integration]) -> list[IntegrationView]:
    rows = list(rows)
    services = catalog_queries.services({row.service_id for row in rows if row.service_id})
    teams = {
        team.id: team.name
        for team in identity_queries.teams({r.team_id for r in rows if r.team_id})
    }
    live = dict(
        Alert.objects.filter(IS_LIVE, integration_id__in=[row.id for row in rows])
        .values_list("integration_id")
        # all that it asks for is in an index: counting ids would read the whole table
        .annotate(count=Count("*"))
        .order_by()
    )
    return [
        IntegrationView(
            id=row.id,
            name=row.name,
            kind=row.kind,
            kind_label=KINDS[row.kind].label if row.kind in KINDS else row.kind,
            key_hint=row.key_hint,
            service_id=row.service_id,
            service=services[row.service_id].name if row.service_id in services else "",
            team_id=row.team_id,
            team=teams.get(row.team_id or 0, ""),
            environment=row.environment,
            mapping=row.mapping,
            has_secret=row.secret is not None,
            is_enabled=row.is_enabled,
            created_at=row.created_at,
            last_signal_at=row.last_signal_at,
            last_error=row.last_error,
            previous_key_until=row.previous_key_until,
            live_count=live.get(row.id, 0),
        )
        for row in rows
    ]
