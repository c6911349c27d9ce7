"""Private incidents: who is named, and what happens when one becomes private."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling, moving
from evenfall.incidents.actions.editing import changeable
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.naming import name_insiders
from evenfall.incidents.models import Incident


def set_privacy(
    *, incident_id: int, is_private: bool, user_id: int | None, now: datetime, actor: str
) -> None:
    """Let only those named see it, or everybody again; whoever says so is named.

    Incidents that were merged into it follow. What its pages say from now on tells nothing; what
    was sent before stays with whoever got it. Raises IncidentNotFound, NotPossible (merged).
    """
    with transaction.atomic():
        incident = changeable(incident_id)
        if incident.is_private == is_private:
            return
        incident.is_private = is_private
        Incident.objects.filter(merged_into=incident).update(is_private=is_private)
        incident.save(update_fields=["is_private"])
        name_insiders(incident, [user_id], at=now)
        by = By(actor=actor, at=now, user_id=user_id)
        fact = events.PrivacyChanged(**moving.about(incident, by), is_private=is_private)
        moving.save([incident], [fact], now=now)
        calling.update(incident, now=now)


def add_insiders(*, incident_id: int, user_ids: Sequence[int], now: datetime, actor: str) -> None:
    """Let these people see a private incident.

    Raises IncidentNotFound, NobodyNamed, UserNotFound.
    """
    if not user_ids:
        raise errors.NobodyNamed(field="user_ids")
    with transaction.atomic():
        incident = changeable(incident_id)
        people = [identity_queries.person(number) for number in dict.fromkeys(user_ids)]
        name_insiders(incident, [person.id for person in people], at=now)
        fact = events.InsidersAdded(
            **moving.about(incident, By(actor=actor, at=now)),
            who=", ".join(person.name for person in people),
        )
        moving.save([incident], [fact], now=now)


def name_called(*, called: Mapping[int, Iterable[int]], now: datetime) -> None:
    """Whoever is called for a private incident may see it; `called` are people by incident."""
    for incident in Incident.objects.filter(id__in=called.keys(), is_private=True):
        name_insiders(incident, called[incident.pk], at=now)
