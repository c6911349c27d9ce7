"""What people write on an incident: its severity and its title."""

from datetime import datetime

from django.db import transaction

from evenfall.catalog.ports import Environment
from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling, counting, moving
from evenfall.incidents.actions.declaring import check_severity
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import Refusal, State
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident


def set_severity(*, incident_id: int, severity: Sev | None, now: datetime, actor: str) -> None:
    """Set how bad it is, whatever the alerts say; None lets the alerts decide again.

    Raises IncidentNotFound, NotPossible (merged), SeverityTooHigh (outside production).
    """
    with transaction.atomic():
        incident = changeable(incident_id)
        if severity is not None:
            check_severity(severity, Environment(incident.environment))
        before = incident.severity
        by = By(actor=actor, at=now)
        incident.severity_set_by_person = severity is not None
        incident.save(update_fields=["severity_set_by_person"])
        if severity is None:
            facts = counting.refresh([incident], by)
        else:
            incident.severity = severity.value
            facts = [
                events.SeverityChanged(
                    **moving.about(incident, by),
                    before=before,
                    after=severity.value,
                    by_person=True,
                )
            ]
        moving.save([incident], facts, now=now)
        calling.update(incident, now=now)


def rename(*, incident_id: int, title: str, now: datetime, actor: str) -> None:
    """Give it a better title. Raises IncidentNotFound, NotPossible (merged), TitleMissing."""
    wanted = one_line(title)
    if not wanted:
        raise errors.TitleMissing(field="title")
    with transaction.atomic():
        incident = changeable(incident_id)
        before = incident.title
        if wanted == before:
            return
        incident.title, incident.title_set_by_person, incident.lead_title = wanted, True, ""
        incident.save(update_fields=["title", "title_set_by_person", "lead_title"])
        fact = events.IncidentRenamed(
            **moving.about(incident, By(actor=actor, at=now)), before=before, after=wanted
        )
        moving.save([incident], [fact], now=now)
        calling.update(incident, now=now)


def changeable(incident_id: int) -> Incident:
    """Return the row, locked; raises IncidentNotFound, NotPossible (merged)."""
    incident = moving.lock(incident_id)
    if State(incident.state) is State.MERGED:
        raise errors.NotPossible(incident_id=incident_id, reason=Refusal.FROZEN.value)
    return incident
