"""What tools made for Alertmanager may read with an integration's key: only its own alerts."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from msgspec import Struct

from evenfall.alerting.logic.matchers import Matcher, Operator
from evenfall.alerting.logic.quiet import INTEGRATION
from evenfall.alerting.models import Alert, Integration, Silence
from evenfall.alerting.queries.alerts import IS_LIVE
from evenfall.catalog import queries as catalog_queries

LIMIT = 20_000


class KeyHolder(Struct, frozen=True, kw_only=True):
    """The integration of a key; `service_slug` is empty where it has no service."""

    id: int
    name: str
    service_slug: str

    @property
    def scope(self) -> Matcher:
        """What every silence made with the key must match: its service, else its integration.

        Keys are in the configuration of many machines. One that leaks must not be able to silence
        what others send.
        """
        if self.service_slug:
            return Matcher("service", Operator.EQUAL, self.service_slug)
        return self.own

    @property
    def own(self) -> Matcher:
        """What covers nothing but the alerts sent with this key."""
        return Matcher(INTEGRATION, Operator.EQUAL, str(self.id))

    def may_change(self, matchers: Collection[Matcher]) -> bool:
        """Say whether a silence is within the scope; the service may have come later."""
        return self.scope in matchers or self.own in matchers


class SentAlert(Struct, frozen=True, kw_only=True):
    """A live alert as its sender would look at it. Times are UTC."""

    dedup_key: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    url: str
    starts_at: datetime
    last_seen_at: datetime
    expires_at: datetime | None
    silence_id: UUID | None


def key_holder(key: str, *, now: datetime) -> KeyHolder | None:
    """Return whose key this is; None for nobody's, disabled ones and old ones past their time."""
    digest = hashlib.sha256(key.encode(errors="replace")).digest()
    current = Q(key_hash=digest)
    previous = Q(previous_key_hash=digest, previous_key_until__gt=now)
    row = Integration.objects.filter(current | previous, is_enabled=True).first()
    if row is None:
        return None
    services = catalog_queries.services({row.service_id}) if row.service_id else {}
    slug = services[row.service_id].slug if row.service_id in services else ""
    return KeyHolder(id=row.id, name=row.name, service_slug=slug)


def sent_alerts(integration_id: int) -> list[SentAlert]:
    """The live alerts of an integration, oldest first; two queries, however many."""
    rows = list(Alert.objects.filter(IS_LIVE, integration_id=integration_id).order_by("id")[:LIMIT])
    silences = dict(
        Silence.objects.filter(id__in={row.silence_id for row in rows if row.silence_id})
        .values_list("id", "public_id")
        .order_by("id")
    )
    return [_sent(row, silences) for row in rows]


def _sent(row: Alert, silences: Mapping[int, UUID]) -> SentAlert:
    return SentAlert(
        dedup_key=row.dedup_key,
        labels=row.labels,
        annotations=row.annotations,
        url=str(row.extra.get("url", "")),
        starts_at=row.starts_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        silence_id=silences.get(row.silence_id) if row.silence_id else None,
    )
