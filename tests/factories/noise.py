"""Pages of problems as the noise audit reads them, made as real ones come: by alerts."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.factories.incidents import make_arrival
from tests.factories.paging import PagedTeam

from evenfall.alerting.logic.states import key_hash
from evenfall.alerting.models import Alert, Integration
from evenfall.incidents import actions as incidents
from evenfall.incidents.models import IncidentAlert
from evenfall.insights import actions
from evenfall.paging.models import Page

_numbers = itertools.count(1)


def make_alert(
    world: PagedTeam,
    integration: Integration,
    name: str,
    at: datetime,
    *,
    severity: str = "error",
    labels: dict[str, str] | None = None,
) -> Alert:
    """An alert that was decided to page; its labels have its name."""
    key = f"{name}/{next(_numbers)}"
    return Alert.objects.create(
        integration=integration,
        dedup_key=key,
        key_hash=key_hash(key),
        severity=severity,
        environment="PROD",
        service=world.service,
        team=world.team,
        outcome="page",
        urgency="high",
        decided_at=at,
        summary=f"{name} is bad",
        labels={"alertname": name, **(labels or {})},
        search=" ".join([name, *(labels or {}).values()]).lower(),
        starts_at=at,
        opened_at=at,
        last_seen_at=at,
    )


def page_for(
    world: PagedTeam,
    integration: Integration,
    name: str,
    at: datetime,
    *,
    severity: str = "error",
    labels: dict[str, str] | None = None,
    acknowledge: bool = False,
    work: bool = False,
    useless: bool = False,
    over_after: timedelta | None = None,
) -> Page:
    """A page about an alert of that name, and what people did about it.

    `over_after`: then its source says that it is over. `useless`: a person ends it as such.
    """
    alert = make_alert(world, integration, name, at, severity=severity, labels=labels)
    arrival = make_arrival(
        alert_id=alert.pk, service_id=world.service.pk, team_id=world.team.pk, now=at
    )
    incidents.open_or_join(arrivals=[arrival], now=at)
    number = IncidentAlert.objects.get(alert_id=alert.pk).incident_id
    later, ada = at + timedelta(minutes=1), world.ada.pk
    if acknowledge or work:
        incidents.acknowledge_incident(
            incident_id=number, user_id=ada, now=later, actor=f"user:{ada}"
        )
    if work:
        incidents.add_note(
            incident_id=number, text="Restarted it", now=later, actor=f"user:{ada}", user_id=ada
        )
    if useless:
        incidents.resolve_incident(
            incident_id=number, user_id=ada, not_actionable=True, now=later, actor=f"user:{ada}"
        )
    if over_after is not None:
        _end(alert, number, at + over_after)
    return Page.objects.filter(subject=f"incident:{number}").latest("id")


def _end(alert: Alert, incident_id: int, at: datetime) -> None:
    alert.state, alert.resolved_at = "resolved", at
    alert.resolved_by = f"integration:{alert.integration_id}"
    alert.save()
    incidents.resolve_incident(incident_id=incident_id, user_id=None, now=at, actor="system")


def record(pages: Sequence[Page]) -> None:
    """Write them down, as the reactions do."""
    actions.record_pages(page_ids=[page.pk for page in pages])
