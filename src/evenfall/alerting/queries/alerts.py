"""Lists of alerts, and one alert."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from msgspec import Struct

from evenfall.alerting.errors import AlertNotFound
from evenfall.alerting.logic.candidate import StageResult
from evenfall.alerting.logic.states import AlertState
from evenfall.alerting.logic.updates import Severity
from evenfall.alerting.models import Alert, AlertDecision, Integration
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.platform import pages
from evenfall.platform.constants import Constant

LIVE = (AlertState.OPEN, AlertState.ACKNOWLEDGED)
IS_LIVE: Final = Q(state__in=[Constant(state) for state in LIVE])
# A text is looked for among the newest alerts only: older ones would take seconds and nobody
# looks for them by text; live ones are always looked through.
_SEARCHED = 100_000
_ROW_COLUMNS = (
    "id", "summary", "state", "severity", "environment", "outcome", "urgency", "held_by",
    "source", "labels", "count", "opened_at", "last_seen_at", "starts_at", "resolved_at",
    "acknowledged_at", "service_id", "team_id", "integration_id", "group_key", "dedup_key",
    "is_flapping", "calm_since",
)  # fmt: skip


class AlertFilter(Struct, frozen=True, kw_only=True):
    """What to list. `state`: live, open, acknowledged, resolved or all; "" or None for any."""

    state: str = "live"
    severity: str = ""
    outcome: str = ""
    environment: str = ""
    service_id: int | None = None
    team_id: int | None = None
    integration_id: int | None = None
    text: str = ""


class AlertRow(Struct, frozen=True, kw_only=True):
    """An alert in a list. Times are UTC; `labels` as sent."""

    id: int
    title: str
    state: str
    severity: str
    environment: str
    outcome: str
    urgency: str
    held_by: str
    source: str
    labels: Mapping[str, str]
    count: int
    starts_at: datetime
    opened_at: datetime
    last_seen_at: datetime
    acknowledged_at: datetime | None
    is_flapping: bool
    calm_since: datetime | None
    resolved_at: datetime | None
    service_id: int | None
    service: str
    service_slug: str
    team_id: int | None
    integration_id: int
    integration: str
    group_key: str
    dedup_key: str


class AlertView(Struct, frozen=True, kw_only=True):
    """All about one alert. `decision` holds the stage results of the last decision."""

    row: AlertRow
    team: str
    annotations: Mapping[str, str]
    details: Mapping[str, Any]
    extra: Mapping[str, Any]
    decision: tuple[StageResult, ...]
    decided_at: datetime
    expires_at: datetime | None
    acknowledged_by: str
    resolved_by: str
    resolve_reason: str
    unparsed: str
    signal_id: int | None
    last_signal_id: int | None
    policy_id: int | None

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def source_url(self) -> str:
        """Where the sender shows it; empty unless it is a web address."""
        url = str(self.extra.get("url", ""))
        return url if url.startswith(("https://", "http://")) else ""


def alerts_page(
    wanted: AlertFilter, *, cursor: str | None = None, size: int = 50
) -> pages.Page[AlertRow]:
    """One page of alerts, newest first."""
    rows = filtered(wanted).only(*_ROW_COLUMNS)
    page = pages.keyset(rows, order=("-id",), cursor=cursor, size=size)
    return page.holding(alert_rows(page.items))


def filtered(wanted: AlertFilter) -> QuerySet[Alert]:
    exact = {
        "severity": wanted.severity,
        "outcome": wanted.outcome,
        "environment": wanted.environment,
        "service_id": wanted.service_id,
        "team_id": wanted.team_id,
        "integration_id": wanted.integration_id,
    }
    rows = Alert.objects.filter(**{name: value for name, value in exact.items() if value})
    if wanted.state == "live":
        rows = rows.filter(IS_LIVE)
    elif wanted.state != "all":
        rows = rows.filter(state=wanted.state)
    return rows if not wanted.text else rows.filter(_mentions(wanted))


def _mentions(wanted: AlertFilter) -> Q:
    # half the time of LIKE, which tries every letter: this leaps over what cannot match
    found = Q(GreaterThan(StrIndex("search", Value(wanted.text.lower())), 0))
    if wanted.state not in ("resolved", "all"):
        return found
    newest = Alert.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return found & Q(id__gt=newest - _SEARCHED)


def live_counts(*, team_id: int | None = None) -> dict[str, int]:
    """How many live alerts there are of each severity."""
    rows = Alert.objects.filter(IS_LIVE)
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    counted = rows.values_list("severity").annotate(count=Count("id")).order_by()
    counts = dict(counted)
    return {severity.value: counts.get(severity.value, 0) for severity in Severity}


def alert_rows(alerts: Iterable[Alert]) -> list[AlertRow]:
    """The alerts with the names of service and integration; two queries more, however many."""
    alerts = list(alerts)
    services = catalog_queries.services({a.service_id for a in alerts if a.service_id})
    integrations = _integration_names({a.integration_id for a in alerts})
    return [_row(alert, services, integrations) for alert in alerts]


def _integration_names(ids: Collection[int]) -> dict[int, str]:
    return dict(Integration.objects.filter(id__in=ids).values_list("id", "name"))


def _row(
    alert: Alert,
    services: Mapping[int, catalog_queries.ServiceView],
    integrations: Mapping[int, str],
) -> AlertRow:
    service = services.get(alert.service_id) if alert.service_id else None
    return AlertRow(
        id=alert.id,
        title=alert.summary or alert.dedup_key,
        state=alert.state,
        severity=alert.severity,
        environment=alert.environment,
        outcome=alert.outcome,
        urgency=alert.urgency,
        held_by=alert.held_by,
        source=alert.source,
        labels=alert.labels,
        count=alert.count,
        starts_at=alert.starts_at,
        opened_at=alert.opened_at,
        last_seen_at=alert.last_seen_at,
        acknowledged_at=alert.acknowledged_at,
        is_flapping=alert.is_flapping,
        calm_since=alert.calm_since,
        resolved_at=alert.resolved_at,
        service_id=alert.service_id,
        service=service.name if service else "",
        service_slug=service.slug if service else "",
        team_id=alert.team_id,
        integration_id=alert.integration_id,
        integration=integrations.get(alert.integration_id, ""),
        group_key=alert.group_key,
        dedup_key=alert.dedup_key,
    )


def alerts(ids: Collection[int]) -> dict[int, AlertRow]:
    """These alerts by id; for lists that others keep (an incident's alerts)."""
    rows = Alert.objects.filter(id__in=ids).only(*_ROW_COLUMNS).order_by("-id")
    return {row.id: row for row in alert_rows(rows)}


class Said(Struct, frozen=True, kw_only=True):
    """What the sender said of an alert, for whom its name and its state do not matter."""

    service_id: int | None
    environment: str
    severity: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


def said(ids: Collection[int]) -> dict[int, Said]:
    """What was said of these alerts, by alert, the newest first; without those that are gone."""
    rows = Alert.objects.filter(id__in=ids).order_by("-id")
    return {
        row[0]: Said(
            service_id=row[1],
            environment=row[2],
            severity=row[3],
            labels=row[4],
            annotations=row[5],
        )
        for row in rows.values_list(
            "id", "service_id", "environment", "severity", "labels", "annotations"
        )
    }


def annotations(ids: Collection[int]) -> dict[int, dict[str, str]]:
    """What the senders told people beside the labels, by alert; without those that are gone."""
    return dict(Alert.objects.filter(id__in=ids).values_list("id", "annotations"))


def find_alerts(text: str, *, limit: int = 5) -> list[AlertRow]:
    """The newest live alerts that mention the text; for the search box."""
    rows = filtered(AlertFilter(text=text)).only(*_ROW_COLUMNS).order_by("-id")
    return alert_rows(rows[:limit])


def decisions(alert_ids: Collection[int]) -> dict[int, tuple[StageResult, ...]]:
    """What each stage said when these were decided last, the first stage first."""
    rows = AlertDecision.objects.filter(alert_id__in=alert_ids).values_list("alert_id", "stages")
    return {number: tuple(StageResult(*fields) for fields in stages) for number, stages in rows}


def alert(alert_id: int) -> AlertView:
    """Raise AlertNotFound when there is none."""
    found = Alert.objects.filter(id=alert_id).first()
    if found is None:
        raise AlertNotFound(alert_id=alert_id)
    (row,) = alert_rows([found])
    teams = identity_queries.teams({found.team_id}) if found.team_id else []
    return AlertView(
        row=row,
        team=teams[0].name if teams else "",
        annotations=found.annotations,
        details=found.details,
        extra=found.extra,
        decision=decisions([alert_id]).get(alert_id, ()),
        decided_at=found.decided_at,
        expires_at=found.expires_at,
        acknowledged_by=found.acknowledged_by,
        resolved_by=found.resolved_by,
        resolve_reason=found.resolve_reason,
        unparsed=found.unparsed,
        signal_id=found.signal_id,
        last_signal_id=found.last_signal_id,
        policy_id=found.policy_id,
    )
