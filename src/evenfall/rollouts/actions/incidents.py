"""Telling people that a version failed: an incident, or a line in the one that is open already."""

from datetime import datetime

from django.db import transaction

from evenfall.alerting.ports import Urgency
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.incidents import actions as incidents_actions
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Sev
from evenfall.incidents.queries import Filters
from evenfall.notifications import queries as notifications_queries
from evenfall.platform.events import SYSTEM
from evenfall.rollouts.models import Rollout


@transaction.atomic
def open_incident(*, rollout_id: int, title: str, text: str, is_urgent: bool, now: datetime) -> int:
    """Return the number of the incident of this rollout; it is declared once.

    Where people work on one of this service already, it gets a note instead. `is_urgent`: people
    are called at once, for there is no way back by itself.
    """
    link = notifications_queries.absolute(f"/rollouts/{rollout_id}/analysis/")
    text = f"{text}\n\nWhat was measured, and what decided: {link}"
    rows = Rollout.objects.select_for_update(no_key=True, of=("self",)).select_related("target")
    row = rows.get(id=rollout_id)
    if row.incident_number is not None and not is_urgent:
        return row.incident_number
    row.incident_number = _known(row, text, now) if not is_urgent else None
    if row.incident_number is None:
        row.incident_number = _declared(row, title, text, is_urgent=is_urgent, now=now)
    row.save(update_fields=["incident_number"])
    return row.incident_number


def _known(row: Rollout, text: str, now: datetime) -> int | None:
    filters = Filters(
        service_id=row.target.service_id, environment=Environment(row.target.environment)
    )
    found = incidents_queries.incidents_page(filters, size=1).items
    if not found:
        return None
    incidents_actions.add_note(
        incident_id=found[0].id, text=text, user_id=None, now=now, actor=SYSTEM
    )
    return found[0].id


def _declared(row: Rollout, title: str, text: str, *, is_urgent: bool, now: datetime) -> int:
    environment = Environment(row.target.environment)
    worst = Sev.SEV2 if is_urgent else Sev.SEV3
    service = catalog_queries.service(row.target.service_id)
    return incidents_actions.declare_incident(
        title=f"{service.name}: {title}"[:200],
        description=text,
        severity=worst if environment is Environment.PROD else Sev.SEV4,
        environment=environment,
        urgency=Urgency.HIGH if is_urgent else Urgency.LOW,
        service_id=service.id,
        request_key=f"rollout:{row.pk}:{is_urgent}",
        now=now,
        actor=SYSTEM,
    )
