"""The same again, too late to reopen: a new incident that names the one it repeats."""

from datetime import datetime

from django.db import transaction

from evenfall.incidents import errors, events
from evenfall.incidents.actions import moving
from evenfall.incidents.actions.editing import changeable
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Incident
from evenfall.incidents.queries.sight import seen


def link_recurrence(*, incident_id: int, of_id: int | None, now: datetime, actor: str) -> None:
    """Say that an older incident came back as this one; None takes that back.

    Only a lower number can be named, so no circle can come about. Raises IncidentNotFound,
    NotPossible (merged), CannotRecur (with the rule).
    """
    with transaction.atomic():
        incident = changeable(incident_id)
        before_id = incident.recurrence_of_id
        if before_id == of_id:
            return
        older = None if of_id is None else _older(incident, of_id)
        incident.recurrence_of = older
        incident.save(update_fields=["recurrence_of"])
        fact = events.RecurrenceLinked(
            **moving.about(incident, By(actor=actor, at=now)),
            of_id=of_id,
            of_title=older.title if older else "",
            before_id=before_id,
        )
        moving.save([incident], [fact], now=now)


def _older(incident: Incident, of_id: int) -> Incident:
    older = seen(Incident.objects.filter(id=of_id)).first()
    if older is None:
        raise errors.IncidentNotFound(incident_id=of_id)
    reason = _refusal(incident, older)
    if reason:
        raise errors.CannotRecur(incident_id=incident.pk, of_id=of_id, reason=reason)
    return older


def _refusal(incident: Incident, older: Incident) -> str:
    if older.pk >= incident.pk:
        return "only an older incident can come back"
    if older.is_private and not incident.is_private:
        return "that one is private, and whoever sees this one must not learn of it"
    if older.state == State.MERGED.value:
        return f"that one was merged; name incident {older.merged_into_id} instead"
    return ""
