"""Incidents for tests, opened the way the product opens them."""

import itertools
from collections.abc import Sequence
from datetime import datetime

from tests.factories.identity import NOW

from evenfall.alerting.ports import Severity, Urgency
from evenfall.identity.models import User
from evenfall.incidents import actions
from evenfall.incidents.actions import Arrival
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.models import HandoverCard, Incident, IncidentAlert
from evenfall.incidents.ports import Sev

_alert_ids = itertools.count(1_000)


def make_arrival(
    key: str | None = None,
    *,
    alert_id: int | None = None,
    title: str = "Checkout answers 5xx",
    severity: Severity = Severity.ERROR,
    urgency: Urgency = Urgency.HIGH,
    environment: str = "PROD",
    service_id: int | None = None,
    team_id: int | None = None,
    policy_id: int | None = None,
    log_lines: Sequence[str] = (),
    now: datetime = NOW,
) -> Arrival:
    """An alert that wants an incident; of a new group unless a key is given."""
    number = alert_id or next(_alert_ids)
    return Arrival(
        alert_id=number,
        group_key=key,
        title=title,
        severity=severity,
        urgency=urgency,
        environment=environment,
        at=now,
        service_id=service_id,
        team_id=team_id,
        policy_id=policy_id,
        log_lines=tuple(log_lines),
    )


def open_incident(*arrivals: Arrival, now: datetime = NOW) -> Incident:
    """The incident that these alerts open or join (one alert of its own when none is given)."""
    wanted = arrivals or (make_arrival(now=now),)
    actions.open_or_join(arrivals=wanted, now=now)
    alert = IncidentAlert.objects.get(alert_id=wanted[0].alert_id)
    return Incident.objects.get(id=alert.incident_id)


def make_crew(
    incident: Incident, commander: User, deputy: User, *, now: datetime = NOW
) -> dict[str, int | str]:
    """Somebody in command to whom it was handed over, their deputy, and a task."""
    for role, user in (("commander", deputy), ("commander", commander), ("deputy", deputy)):
        actions.give_role(
            incident_id=incident.pk,
            role=CrewRole(role),
            user_id=user.pk,
            now=now,
            actor=f"user:{user.pk}",
        )
    task_id = actions.add_task(incident_id=incident.pk, title="Call", now=now, actor="system")
    handover = HandoverCard.objects.get(incident=incident)
    return {"task_id": task_id, "handover_id": handover.pk, "crew_role": "commander"}


def declare(
    title: str = "Shop is slow",
    *,
    severity: Sev = Sev.SEV3,
    service_id: int | None = None,
    team_id: int | None = None,
    page: bool = False,
    is_private: bool = False,
    now: datetime = NOW,
    actor: str = "system",
) -> Incident:
    """An incident declared by hand; it pages nobody unless asked to."""
    number = actions.declare_incident(
        title=title,
        severity=severity,
        service_id=service_id,
        team_id=team_id,
        page=page,
        is_private=is_private,
        now=now,
        actor=actor,
    )
    return Incident.objects.get(id=number)
