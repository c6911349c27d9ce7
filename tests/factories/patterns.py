"""Incidents that are like each other, for tests."""

from datetime import datetime

from tests.factories.identity import NOW

from evenfall.catalog.models import Service
from evenfall.catalog.ports import Environment
from evenfall.incidents import actions as incidents
from evenfall.incidents.models import Incident
from evenfall.incidents.ports import Sev
from evenfall.patterns import actions, drains
from evenfall.patterns.models import Pattern

TITLE = "Payments time out while cards are checked"


def seen(
    title: str = TITLE,
    *,
    service: Service | None = None,
    environment: Environment = Environment.PROD,
    at: datetime = NOW,
    compared: bool = True,
) -> Incident:
    """An incident that was declared at `at` and compared with all before."""
    number = incidents.declare_incident(
        title=title,
        severity=Sev.SEV3,
        service_id=service.pk if service else None,
        environment=environment,
        page=False,
        now=at,
        actor="system",
    )
    actions.compare_soon(incident_ids=[number], now=at)
    if compared:
        drains.compare(at)
    return Incident.objects.get(id=number)


def make_pattern(
    title: str = TITLE, *, service: Service | None = None, now: datetime = NOW
) -> Pattern:
    """A pattern of two incidents that a person confirmed."""
    older, newer = (seen(title, service=service, at=now) for _ in range(2))
    number = actions.confirm_pair(incident_id=newer.pk, other_id=older.pk, now=now, actor="system")
    return Pattern.objects.get(id=number)
