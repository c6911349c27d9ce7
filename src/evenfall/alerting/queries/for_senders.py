"""What the sender of alerts may ask with its integration's key: about its own alerts only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.alerting.logic.states import AlertState, key_hash
from evenfall.alerting.models import Alert, Signal, SignalBatch
from evenfall.alerting.queries.alerts import IS_LIVE, LIVE

# resolved alerts have no index by key: they are looked for among the newest alerts of all
_SEARCHED = 100_000
_POSITION_BITS = 10


class StoredSignal(Struct, frozen=True, kw_only=True):
    """A signal as received; `is_waiting` says that the pipeline has not read it yet."""

    id: int
    received_at: datetime
    body: bytes
    is_waiting: bool


class OwnAlert(Struct, frozen=True, kw_only=True):
    """An alert as its sender looks at it. Times are UTC; `signal_id` opened it."""

    id: int
    dedup_key: str
    summary: str
    severity: str
    state: str
    source: str
    count: int
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    details: Mapping[str, Any]
    extra: Mapping[str, Any]
    is_held: bool
    opened_at: datetime
    last_seen_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    resolved_at: datetime | None
    resolved_by: str
    signal_id: int | None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_acknowledged(self) -> bool:
        return self.state == AlertState.ACKNOWLEDGED


def signals_at(integration_id: int, *, format_name: str, at: datetime) -> list[StoredSignal]:
    """The signals that came in this very microsecond."""
    found = Signal.objects.filter(received_at=at, integration_id=integration_id, format=format_name)
    return [
        StoredSignal(
            id=row.id,
            received_at=row.received_at,
            body=bytes(row.body),
            is_waiting=_is_waiting(row.id),
        )
        for row in found.order_by("id")[:10]
    ]


def _is_waiting(signal_id: int) -> bool:
    first = signal_id >> _POSITION_BITS << _POSITION_BITS
    return SignalBatch.objects.filter(first_id__in={first, signal_id}).exists()


def own_alert(
    integration_id: int, *, dedup_key: str, alert_id: int | None = None, at: datetime | None = None
) -> OwnAlert | None:
    """The newest alert of this key, or the one of this number; None where there is none.

    With `at`: the one that was not over at that moment. Of resolved alerts only those among the
    newest 100,000 are found by key.
    """
    rows = Alert.objects.filter(integration_id=integration_id)
    if alert_id is not None:
        return _first(rows.filter(id=alert_id), at)
    live = rows.filter(IS_LIVE, key_hash=key_hash(dedup_key))
    newest = Alert.objects.order_by("-id").values_list("id", flat=True).first() or 0
    lately = rows.filter(dedup_key=dedup_key, id__gt=newest - _SEARCHED)
    return _first(live, at) or _first(lately, at)


def _first(rows: QuerySet[Alert], at: datetime | None) -> OwnAlert | None:
    if at is not None:
        still = Q(resolved_at__isnull=True) | Q(resolved_at__gte=at)
        rows = rows.filter(still, opened_at__lte=at)
    row = rows.order_by("-id").first()
    return None if row is None else _own(row)


def _own(row: Alert) -> OwnAlert:
    return OwnAlert(
        id=row.id,
        dedup_key=row.dedup_key,
        summary=row.summary,
        severity=row.severity,
        state=row.state,
        source=row.source,
        count=row.count,
        labels=row.labels,
        annotations=row.annotations,
        details=row.details,
        extra=row.extra,
        is_held=row.silence_id is not None,
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        signal_id=row.signal_id,
    )
