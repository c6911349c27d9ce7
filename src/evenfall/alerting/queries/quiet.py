"""Silences and maintenance windows, and what a silence would hold."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import Q
from msgspec import Struct

from evenfall.alerting.errors import MaintenanceNotFound, SilenceNotFound
from evenfall.alerting.logic.matchers import Matcher, Operator, accepts_all, from_json
from evenfall.alerting.logic.quiet import INTEGRATION, values_of
from evenfall.alerting.models import Alert, MaintenanceWindow, Silence
from evenfall.alerting.queries.alerts import IS_LIVE, AlertRow, alerts
from evenfall.catalog import queries as catalog_queries
from evenfall.platform import pages

_OURS = ("service", "environment", "severity", INTEGRATION)
_SHOWN = 10
_PREVIEWED = 5000
_MOST_BETWEEN = 500


class SilenceView(Struct, frozen=True, kw_only=True):
    """`state` is pending, active or expired. Times are UTC."""

    id: int
    public_id: UUID
    matchers: tuple[Matcher, ...]
    comment: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    created_by: str
    created_by_name: str
    state: str


class MaintenanceView(Struct, frozen=True, kw_only=True):
    """`state` is pending, active or expired; empty scopes mean everything. Times are UTC.

    `series_id` is the recurring maintenance it is one time of.
    """

    id: int
    name: str
    services: tuple[str, ...]
    service_ids: tuple[int, ...]
    environments: tuple[str, ...]
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    created_by: str
    created_by_name: str
    state: str
    series_id: int | None = None


class Preview(Struct, frozen=True):
    """How many live alerts match now, and the newest of them; `is_cut`: there may be more."""

    count: int
    newest: tuple[AlertRow, ...]
    is_cut: bool = False


def silences_page(
    *, expired: bool = False, now: datetime, cursor: str | None = None
) -> pages.Page[SilenceView]:
    """Fifty silences: those that are not over by their end, or those that are, newest first."""
    rows = Silence.objects.all()
    page = (
        pages.keyset(rows.filter(ends_at__lte=now), order=("-ends_at", "-id"), cursor=cursor)
        if expired
        else pages.keyset(rows.filter(ends_at__gt=now), order=("ends_at", "id"), cursor=cursor)
    )
    return page.holding([_silence(row, now) for row in page.items])


def current_silences(*, now: datetime, expired_since: datetime) -> list[SilenceView]:
    """All silences that are not over, or were not before `expired_since`; for amtool."""
    rows = Silence.objects.filter(ends_at__gt=expired_since).order_by("ends_at", "id")[:1000]
    return [_silence(row, now) for row in rows]


def silence(silence_id: int, *, now: datetime) -> SilenceView:
    """Raise SilenceNotFound when there is none."""
    row = Silence.objects.filter(id=silence_id).first()
    if row is None:
        raise SilenceNotFound(silence_id=silence_id)
    return _silence(row, now)


def _silence(row: Silence, now: datetime) -> SilenceView:
    return SilenceView(
        id=row.id,
        public_id=row.public_id,
        matchers=from_json(row.matchers),
        comment=row.comment,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        created_at=row.created_at,
        created_by=row.created_by,
        created_by_name=row.created_by_name,
        state=_state(row, now),
    )


def _state(row: Silence | MaintenanceWindow, now: datetime) -> str:
    if row.ends_at <= now:
        return "expired"
    return "pending" if row.starts_at > now else "active"


def maintenance_page(
    *, expired: bool = False, now: datetime, cursor: str | None = None
) -> pages.Page[MaintenanceView]:
    """Fifty windows: those that are not over by their end, or those that are, newest first."""
    rows = MaintenanceWindow.objects.all()
    page = (
        pages.keyset(rows.filter(ends_at__lte=now), order=("-ends_at", "-id"), cursor=cursor)
        if expired
        else pages.keyset(rows.filter(ends_at__gt=now), order=("ends_at", "id"), cursor=cursor)
    )
    return page.holding(_windows(page.items, now))


def maintenance_ahead(*, now: datetime) -> list[MaintenanceView]:
    """Every window that is not over and that somebody announced by itself, by its end."""
    rows = MaintenanceWindow.objects.filter(ends_at__gt=now, series=None)
    return _windows(list(rows.order_by("ends_at", "id")), now)


def maintenance_between(since: datetime, until: datetime) -> list[MaintenanceView]:
    """The windows that any of this time was in, whatever their state."""
    rows = MaintenanceWindow.objects.filter(starts_at__lt=until, ends_at__gt=since)
    return _windows(list(rows.order_by("starts_at", "id")[:_MOST_BETWEEN]), now=until)


def maintenance(maintenance_id: int, *, now: datetime) -> MaintenanceView:
    """Raise MaintenanceNotFound when there is none."""
    row = MaintenanceWindow.objects.filter(id=maintenance_id).first()
    if row is None:
        raise MaintenanceNotFound(maintenance_id=maintenance_id)
    return _windows([row], now)[0]


def _windows(rows: Sequence[MaintenanceWindow], now: datetime) -> list[MaintenanceView]:
    services = catalog_queries.services({number for row in rows for number in row.service_ids})
    return [
        MaintenanceView(
            id=row.id,
            name=row.name,
            services=tuple(services[n].name for n in row.service_ids if n in services),
            service_ids=tuple(row.service_ids),
            environments=tuple(row.environments),
            matchers=from_json(row.matchers),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            created_at=row.created_at,
            created_by=row.created_by,
            created_by_name=row.created_by_name,
            state=_state(row, now),
            series_id=row.series_id,
        )
        for row in rows
    ]


def preview(matchers: Sequence[Matcher]) -> Preview:
    """What a silence with these matchers would hold now, among the newest 5,000 live alerts."""
    looked_at = list(islice(live_values(matchers, newest_first=True), _PREVIEWED))
    ids = [number for number, values, *_ in looked_at if accepts_all(matchers, values)]
    return Preview(
        count=len(ids),
        newest=tuple(alerts(ids[:_SHOWN]).values()),
        is_cut=len(looked_at) == _PREVIEWED,
    )


def live_values(
    matchers: Sequence[Matcher], *, newest_first: bool = False
) -> Iterable[tuple[int, dict[str, str], int | None, str]]:
    """Yield (id, what matchers see, service id, environment) of live alerts that may match.

    Equality of labels is left to the database; the rest the caller checks.
    """
    for number, labels, slug, environment, severity, service_id, integration_id in _narrowed(
        matchers, newest_first=newest_first
    ):
        values = values_of(
            labels,
            service=slug or "",
            environment=environment,
            severity=severity,
            integration_id=integration_id,
        )
        yield number, values, service_id, environment


def _narrowed(
    matchers: Sequence[Matcher], *, newest_first: bool
) -> Iterable[tuple[int, dict[str, str], str, str, str, int, int]]:
    rows = Alert.objects.filter(IS_LIVE, _narrow(matchers))
    rows = rows.order_by("-id" if newest_first else "id")
    columns = (
        "id",
        "labels",
        "service__slug",
        "environment",
        "severity",
        "service_id",
        "integration_id",
    )
    return rows.values_list(*columns).iterator(chunk_size=1000)


def _narrow(matchers: Sequence[Matcher]) -> Q:
    wanted = {
        matcher.name: matcher.value
        for matcher in matchers
        if matcher.operator is Operator.EQUAL and matcher.value and matcher.name not in _OURS
    }
    return Q(labels__contains=wanted) if wanted else Q()
