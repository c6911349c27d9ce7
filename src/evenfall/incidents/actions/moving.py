"""How an incident moves: the row in memory changes, the fact is returned, the caller saves both.

Every function wants the row locked (`lock`, `lock_many`) and changes it as the table in
`logic.states` allows. Rows are always locked in the order of their ids, pages only after
incidents: so nobody waits in a circle.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import batched
from typing import Final, TypedDict

from django.db import connection
from msgspec import Struct

from evenfall.incidents import errors, events
from evenfall.incidents.logic import states
from evenfall.incidents.logic.states import LIVE, Act, Move, Refusal, State
from evenfall.incidents.models import Incident
from evenfall.platform.events import Event, publish

# What changes in batches, column and type; Django's bulk_update would write a CASE for each value.
_COLUMNS: Final = {
    "id": "bigint",
    "state": "text",
    "severity": "text",
    "urgency": "text",
    "lead_title": "text",
    "holds_group": "boolean",
    "is_paged": "boolean",
    "alert_count": "int",
    "open_alert_count": "int",
    "state_at": "timestamptz",
    "state_by_id": "bigint",
    "state_reason": "text",
    "resume_by": "timestamptz",
    "resume_told_at": "timestamptz",
    "acknowledged_at": "timestamptz",
    "acknowledged_by_id": "bigint",
    "mobilised_at": "timestamptz",
    "mobilised_by_id": "bigint",
    "mitigated_at": "timestamptz",
    "resolved_at": "timestamptz",
    "resolved_by_id": "bigint",
    "closed_at": "timestamptz",
}
_SAVE: Final = f"""
UPDATE incidents_incident incident
   SET changed_at = %s, {", ".join(f"{name} = fresh.{name}" for name in _COLUMNS if name != "id")}
  FROM unnest({", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())})
       AS fresh ({", ".join(_COLUMNS)})
 WHERE incident.id = fresh.id
"""  # noqa: S608 - names of our own columns only
_FREES_GROUPS: Final = frozenset({State.RESOLVED, State.DECLINED})
_REGAIN: Final = """
UPDATE incidents_incident child
   SET holds_group = TRUE
 WHERE child.id IN (SELECT max(merged.id) FROM incidents_incident merged
                     WHERE merged.merged_into_id = ANY(%s) AND merged.group_key <> ''
                     GROUP BY merged.group_key)
   AND NOT EXISTS (SELECT FROM incidents_incident holder
                    WHERE holder.group_key = child.group_key AND holder.holds_group)
"""


class By(Struct, frozen=True, kw_only=True):
    """Who did it and when: `user_id` is None for the system; `at` is aware UTC."""

    actor: str
    at: datetime
    user_id: int | None = None


def lock(incident_id: int) -> Incident:
    """Return the row, locked until the end of the transaction; raises IncidentNotFound."""
    found = lock_many([incident_id])
    if not found:
        raise errors.IncidentNotFound(incident_id=incident_id)
    return found[0]


def lock_many(incident_ids: Collection[int]) -> list[Incident]:
    """Return those that exist, locked in the order of their ids."""
    rows = Incident.objects.filter(id__in=incident_ids)
    return list(rows.select_for_update(no_key=True).order_by("id"))


def save(incidents: Sequence[Incident], facts: Sequence[Event], *, now: datetime) -> None:
    """Write what moves in one statement and publish the facts; without facts nothing is written.

    The groups of those merged into incidents that are over become free, as their own did.
    """
    if not facts:
        return
    write(incidents, now=now)
    over = [row.pk for row in incidents if State(row.state) in _FREES_GROUPS]
    if over:
        Incident.objects.filter(merged_into_id__in=over, holds_group=True).update(holds_group=False)
    publish(*facts)


def write(incidents: Sequence[Incident], *, now: datetime) -> None:
    """Write what moves, without publishing; `save` is what an action ends with."""
    if not incidents:
        return
    with connection.cursor() as cursor:
        columns = [[getattr(row, name) for row in incidents] for name in _COLUMNS]
        cursor.execute(_SAVE, [now, *columns])


def require(moved: Move | Refusal, incident: Incident) -> Move:
    """Raise NotPossible with the reason when the table does not allow it."""
    if isinstance(moved, Refusal):
        raise errors.NotPossible(incident_id=incident.pk, reason=moved.value)
    return moved


def check(incident: Incident, act: Act) -> None:
    """Raise NotPossible unless the incident is in a state for this act."""
    require(states.move(State(incident.state), act), incident)


def require_live(incident: Incident) -> None:
    """Raise NotPossible when nobody works on it any more."""
    check(incident, Act.ACKNOWLEDGE)


def acknowledge(incident: Incident, by: By) -> list[Event]:
    """Somebody has seen it. The first time stands; nothing happens when it is too late."""
    moved = states.move(State(incident.state), Act.ACKNOWLEDGE)
    if isinstance(moved, Refusal) or not moved.changed:
        return []
    _enter(incident, moved.state, by)
    incident.acknowledged_at = incident.acknowledged_at or by.at
    incident.acknowledged_by_id = by.user_id
    return [
        events.IncidentAcknowledged(
            **about(incident, by), user_id=by.user_id, seconds=_age(incident, by)
        )
    ]


def mobilise(incident: Incident, by: By) -> list[Event]:
    """Somebody has hands on the keyboard; they have seen it as well."""
    moved = states.move(State(incident.state), Act.MOBILISE)
    if isinstance(moved, Refusal) or (not moved.changed and incident.mobilised_at is not None):
        return []
    seen = acknowledge(incident, by)
    incident.mobilised_at = incident.mobilised_at or by.at
    incident.mobilised_by_id = by.user_id
    mobilised = events.IncidentMobilised(
        **about(incident, by), user_id=by.user_id, seconds=_age(incident, by)
    )
    return [*seen, mobilised]


def alarm(incident: Incident, by: By, *, why: str) -> list[Event]:
    """It needs a human anew: what was in somebody's hands is open again."""
    moved = states.move(State(incident.state), Act.ALARM)
    if isinstance(moved, Refusal) or not moved.changed:
        return []
    _enter(incident, moved.state, by)
    _hands_off(incident)
    return [events.IncidentAlarmed(**about(incident, by), why=why)]


def advance(incident: Incident, by: By, act: Act) -> list[Event]:
    """Take it to the next live state: INVESTIGATE, FIX or MONITOR."""
    moved = states.move(State(incident.state), act)
    if isinstance(moved, Refusal) or not moved.changed:
        return []
    before = incident.state
    _enter(incident, moved.state, by)
    if moved.state is State.MONITORING:
        incident.mitigated_at = incident.mitigated_at or by.at
    return [
        events.IncidentMoved(
            **about(incident, by), before=before, after=incident.state, user_id=by.user_id
        )
    ]


def pause(incident: Incident, by: By, *, reason: str, resume_by: datetime) -> list[Event]:
    """Let it wait; a second time means another reason or another end."""
    moved = states.move(State(incident.state), Act.PAUSE)
    if isinstance(moved, Refusal):
        return []
    _enter(incident, moved.state, by)
    incident.state_reason, incident.resume_by = reason, resume_by
    incident.is_paged = False
    return [
        events.IncidentPaused(
            **about(incident, by), reason=reason, resume_by=resume_by, user_id=by.user_id
        )
    ]


def decline(incident: Incident, by: By, *, reason: str) -> list[Event]:
    """It is none; `save` frees its group."""
    moved = states.move(State(incident.state), Act.DECLINE)
    if isinstance(moved, Refusal) or not moved.changed:
        return []
    _enter(incident, moved.state, by)
    incident.state_reason = reason
    incident.holds_group = incident.is_paged = False
    return [events.IncidentDeclined(**about(incident, by), reason=reason, user_id=by.user_id)]


def review(incident: Incident, by: By) -> list[Event]:
    """It is over, and people want to learn from it."""
    moved = states.move(State(incident.state), Act.REVIEW)
    if isinstance(moved, Refusal) or not moved.changed:
        return []
    _enter(incident, moved.state, by)
    return [events.IncidentSentToReview(**about(incident, by), user_id=by.user_id)]


def close(incident: Incident, by: By) -> list[Event]:
    """Nothing of it is left to do."""
    moved = states.move(State(incident.state), Act.CLOSE)
    if isinstance(moved, Refusal) or not moved.changed:
        return []
    _enter(incident, moved.state, by)
    incident.closed_at = by.at
    return [events.IncidentClosed(**about(incident, by), user_id=by.user_id)]


def resolve(incident: Incident, by: By, *, by_itself: bool = False) -> list[Event]:
    """It is over; `save` frees its group."""
    moved = states.move(State(incident.state), Act.RESOLVE)
    if isinstance(moved, Refusal) or not moved.changed:
        return []
    _enter(incident, moved.state, by)
    incident.holds_group = False
    incident.is_paged = False
    incident.resolved_at = by.at
    incident.resolved_by_id = by.user_id
    return [
        events.IncidentResolved(
            **about(incident, by),
            user_id=by.user_id,
            by_itself=by_itself,
            seconds=_age(incident, by),
        )
    ]


def regain_groups(incident_ids: Collection[int]) -> None:
    """Let reopened incidents hold the groups of those merged into them, where nobody else does."""
    if not incident_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_REGAIN, [list(incident_ids)])


def reopen(incident: Incident, by: By, *, why: str, by_alert: bool = False) -> list[Event]:
    """It was not over. The caller made sure that the group is free and the window still open."""
    _enter(incident, State.OPEN, by)
    incident.holds_group = bool(incident.group_key)
    incident.resolved_at = incident.mitigated_at = None
    incident.resolved_by_id = None
    incident.acknowledged_at = None
    incident.acknowledged_by_id = None
    _hands_off(incident)
    return [events.IncidentReopened(**about(incident, by), by_alert=by_alert, why=why)]


def joined(
    incident: Incident,
    alert_ids: Sequence[int],
    by: By,
    *,
    title: str,
    is_caused: bool = False,
) -> list[Event]:
    """Alerts became part of it; one fact for each hundred, so that none grows without bound."""
    return [
        events.AlertsJoined(
            **about(incident, by),
            alert_ids=tuple(some),
            count=len(some),
            title=title,
            is_caused=is_caused,
        )
        for some in batched(alert_ids, 100)
    ]


def _enter(incident: Incident, state: State, by: By) -> None:
    """What belonged to the old state goes with it; the journal keeps it.

    Back from watching a fix, the harm has not ended: its end is said anew when it does.
    """
    if incident.state == State.MONITORING.value and state in LIVE and state is not State.MONITORING:
        incident.mitigated_at = None
    incident.state = state.value
    incident.state_at = by.at
    incident.state_by_id = by.user_id
    incident.state_reason = ""
    incident.resume_by = incident.resume_told_at = None


def _hands_off(incident: Incident) -> None:
    incident.mobilised_at = None
    incident.mobilised_by_id = None


class About(TypedDict):
    """What every fact about an incident says."""

    incident_id: int
    service_id: int | None
    at: datetime
    actor: str


def about(incident: Incident, by: By) -> About:
    return {
        "incident_id": incident.pk,
        "service_id": incident.service_id,
        "at": by.at,
        "actor": by.actor,
    }


def _age(incident: Incident, by: By) -> float:
    return max(0.0, (by.at - incident.opened_at).total_seconds())
