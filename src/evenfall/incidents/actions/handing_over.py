"""What somebody is told who gets a role: a card that is kept, and a message."""

from datetime import datetime
from typing import Any, Final

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.roles import MEANING, CrewRole
from evenfall.incidents.logic.severity import Sev, loudness
from evenfall.incidents.logic.tasks import TaskState
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import HandoverCard, Incident, Note, RoleAssignment
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News, Urgency

PURPOSE: Final = "role"
MOST_NOTES: Final = 5
MOST_TASKS: Final = 50


def keep_card(
    incident: Incident, row: RoleAssignment, before: RoleAssignment, *, next_steps: str, by: By
) -> HandoverCard:
    """Keep what the successor has to know, as it is now."""
    return HandoverCard.objects.create(
        incident=incident,
        assignment=row,
        from_user_id=before.user_id,
        state=incident.state,
        severity=incident.severity,
        next_steps=next_steps,
        tasks=_open_tasks(incident),
        notes=_newest_notes(incident),
        given_at=by.at,
    )


def card_of(incident_id: int, handover_id: int) -> HandoverCard:
    """Return the card with its assignment; raises HandoverNotFound."""
    cards = HandoverCard.objects.select_related("assignment")
    card = cards.filter(id=handover_id, incident_id=incident_id).first()
    if card is None:
        raise errors.HandoverNotFound(incident_id=incident_id, handover_id=handover_id)
    return card


def tell(incident: Incident, row: RoleAssignment, by: By) -> None:
    """Tell somebody who did not take the role themselves. Command cannot wait for the morning."""
    if by.actor == f"user:{row.user_id}":
        return
    role = CrewRole(row.role)
    title = f"You are {role.value} of incident #{incident.pk}"
    notices_to(
        incident,
        row,
        title=title,
        lines=(incident.headline, f"The {role.value} {MEANING[role]}."),
        user_id=row.user_id,
        urgency=Urgency.HIGH if role is CrewRole.COMMANDER else Urgency.LOW,
        now=by.at,
    )


def notices_to(
    incident: Incident,
    row: RoleAssignment,
    *,
    title: str,
    lines: tuple[str, ...],
    user_id: int,
    urgency: Urgency,
    now: datetime,
) -> None:
    """Plan a message to one person by every channel they can be reached by."""
    content = Content(
        title=title,
        lines=lines,
        url=f"/incidents/{incident.pk}/",
        severity=loudness(Sev(incident.severity)).value,
        tag=f"role:{row.pk}:{user_id}",
    )
    news = News(user_id=user_id, subject=f"role:{row.pk}", urgency=urgency, content=content)
    notifications_actions.tell_people(news=[news], purpose=PURPOSE, now=now)


def _open_tasks(incident: Incident) -> list[dict[str, Any]]:
    rows = incident.tasks.filter(state=TaskState.OPEN.value).order_by("position", "id")
    some = list(rows[:MOST_TASKS])
    names = identity_queries.names(row.owner_id for row in some)
    return [
        {
            "id": row.pk,
            "title": row.title,
            "owner": names.get(row.owner_id or 0, ""),
            "due_at": None if row.due_at is None else row.due_at.isoformat(),
        }
        for row in some
    ]


def _newest_notes(incident: Incident) -> list[dict[str, Any]]:
    rows = list(Note.objects.filter(incident=incident).order_by("-id")[:MOST_NOTES])
    names = identity_queries.actor_names({row.actor for row in rows})
    return [
        {
            "author": names.get(row.actor, row.actor),
            "text": one_line(row.text, length=500),
            "written_at": row.written_at.isoformat(),
        }
        for row in rows
    ]
