"""Somebody saw the same: they join the incident instead of declaring a second one."""

from datetime import datetime

from django.db import transaction

from evenfall.incidents.actions import moving, noting
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.roles import seat
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import RoleAssignment


def join_incident(
    *, incident_id: int, title: str, text: str, user_id: int, now: datetime, actor: str
) -> None:
    """Note what the person saw, and let whoever has no role in it yet look on.

    Raises IncidentNotFound, NotPossible (over, merged), NoteTooLong.
    """
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.require_live(incident)
        held = RoleAssignment.objects.filter(
            incident=incident, user_id=user_id, ended_at__isnull=True
        )
        if not held.exists():
            by = By(actor=actor, at=now, user_id=user_id)
            _, facts = seat(incident, CrewRole.OBSERVER, user_id, by)
            moving.save([incident], facts, now=now)
        noting.add_note(
            incident_id=incident_id,
            text="\n\n".join(part for part in (_seen(title), text.strip()) if part),
            user_id=user_id,
            now=now,
            actor=actor,
        )


def _seen(title: str) -> str:
    said = one_line(title)
    return f"Seen too: {said}" if said else "Seen too."
