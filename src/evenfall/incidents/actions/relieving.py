"""Roles as time passes: relief for long command, the end of an incident, its reopening."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import events
from evenfall.incidents.actions import handing_over, moving, roles
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.naming import name_insiders
from evenfall.incidents.logic.roles import CrewRole, Ending, Heir
from evenfall.incidents.logic.tasks import TaskState
from evenfall.incidents.models import LIVE_STATES, Incident, RoleAssignment, Task
from evenfall.incidents.queries.succession import next_commander
from evenfall.notifications.ports import Urgency
from evenfall.platform.events import Event, publish

BATCH: Final = 50
SYSTEM: Final = "system"


class Relieved(Struct, frozen=True):
    """How many commanders were looked at, and when the next one is due."""

    done: int
    next_due: datetime | None


class Ended(Struct, frozen=True, kw_only=True):
    """An incident needs nobody any more; `into_id` when it went into another one."""

    incident_id: int
    at: datetime
    into_id: int | None = None


class Reopened(Struct, frozen=True, kw_only=True):
    """An incident needs people again; `user_id` is whoever said so, None for alerts."""

    incident_id: int
    by: By


@transaction.atomic
def offer_command_relief(*, now: datetime) -> Relieved:
    """Ask the deputy, or the lieutenant on call, to take over from those who command for long.

    Once for each assignment. On-call's own offers of relief are about too many pages in a shift;
    this one is about one incident that lasts. Locks the incidents (those that somebody works on
    at this moment wait for the next pass), then the assignments.
    """
    held = RoleAssignment.objects.filter(ended_at=None, relief_due_at__isnull=False)
    due = held.filter(relief_due_at__lte=now).order_by("relief_due_at", "id")
    ids = list(due.values_list("incident_id", flat=True)[:BATCH])
    locked = Incident.objects.filter(id__in=ids).order_by("id")
    incidents = {row.pk: row for row in locked.select_for_update(skip_locked=True, no_key=True)}
    rows = list(due.filter(incident_id__in=incidents).select_for_update())
    facts = [fact for row in rows for fact in _relieve(incidents[row.incident_id], row, now)]
    if facts:
        publish(*facts)
    following = held.order_by("relief_due_at").values_list("relief_due_at", flat=True).first()
    return Relieved(done=len(rows), next_due=following)


def end_roles(*, ended: Sequence[Ended]) -> None:
    """End the roles of incidents that are over, at the time when they were; tasks follow a merge.

    An incident that lives again meanwhile keeps its people. One query when there is nothing to do.
    """
    over = {one.incident_id: one for one in ended}
    with transaction.atomic():
        rows = RoleAssignment.objects.filter(incident_id__in=over, ended_at=None)
        rows = rows.exclude(incident__state__in=LIVE_STATES)
        moving.lock_many(set(rows.values_list("incident_id", flat=True)))
        for row in rows.select_for_update(of=("self",)).order_by("id"):
            roles.end(row, Ending.OVER, at=over[row.incident_id].at)
        _move_tasks({one.incident_id: one.into_id for one in ended if one.into_id is not None})


def restore_command(*, reopened: Sequence[Reopened]) -> None:
    """Somebody commands reopened incidents again, where somebody did before.

    The person who reopened it; where alerts did, within minutes, whoever commanded last.
    """
    by = {one.incident_id: one.by for one in reopened}
    with transaction.atomic():
        last = _last_commanders(list(by))
        for incident in moving.lock_many(last):
            if incident.state not in LIVE_STATES:
                continue
            held = incident.roles.filter(role=CrewRole.COMMANDER.value, ended_at=None)
            if held.exists():
                continue
            said = by[incident.pk]
            who = said.user_id or last[incident.pk]
            _, facts = roles.seat(incident, CrewRole.COMMANDER, who, said, why="It was reopened.")
            moving.save([incident], facts, now=said.at)


def _last_commanders(incident_ids: Sequence[int]) -> dict[int, int]:
    rows = RoleAssignment.objects.filter(
        incident_id__in=incident_ids, role=CrewRole.COMMANDER.value
    )
    return dict(rows.order_by("started_at", "id").values_list("incident_id", "user_id"))


def _move_tasks(into: Mapping[int, int]) -> None:
    """A merged incident is frozen: what is still to be done goes on where the work goes on."""
    for incident_id, into_id in into.items():
        tasks = Task.objects.filter(incident_id=incident_id, state=TaskState.OPEN.value)
        tasks.update(incident_id=into_id)


def _relieve(incident: Incident, row: RoleAssignment, now: datetime) -> Sequence[Event]:
    row.relief_due_at = None
    if incident.state not in LIVE_STATES:
        row.save(update_fields=["relief_due_at"])
        return []
    found = next_commander(incident.pk, team_id=incident.team_id, leaving_id=row.user_id, now=now)
    row.relief_offered_at = now
    row.relief_offered_to_id = None if found is None else found.user_id
    row.save(update_fields=["relief_due_at", "relief_offered_at", "relief_offered_to_id"])
    _tell(incident, row, found, now)
    return [
        events.CommandReliefOffered(
            **moving.about(incident, By(actor=SYSTEM, at=now)),
            role=row.role,
            user_id=row.user_id,
            people=() if found is None else (events.CrewMember(user_id=found.user_id),),
            seconds=(now - row.started_at).total_seconds(),
        )
    ]


def _tell(incident: Incident, row: RoleAssignment, found: Heir | None, now: datetime) -> None:
    """The one who is asked and the one who is tired; each learns of the other."""
    name_insiders(incident, [found.user_id if found else None], at=now)
    names = identity_queries.names([row.user_id, found.user_id if found else None])
    asked = (
        f"{names[found.user_id]} was asked to take over."
        if found
        else "There is no deputy and no lieutenant on call. Hand over to somebody."
    )
    texts = {row.user_id: (f"You command incident #{incident.pk} for four hours", asked)}
    if found:
        title = f"Take command of incident #{incident.pk}?"
        texts[found.user_id] = (title, f"{names[row.user_id]} is in command for four hours.")
    for user_id, (title, line) in texts.items():
        handing_over.notices_to(
            incident,
            row,
            title=title,
            lines=(line, incident.headline),
            user_id=user_id,
            urgency=Urgency.LOW,
            now=now,
        )
