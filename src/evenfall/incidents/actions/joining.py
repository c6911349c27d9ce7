"""Alerts become incidents: a whole batch in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from msgspec import Struct, field

from evenfall.alerting.ports import Severity, Urgency
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.incidents import events
from evenfall.incidents.actions import calling, counting, moving
from evenfall.incidents.actions.briefing import Known, briefs_of
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.content import AlertBrief
from evenfall.incidents.logic.grouping import Arrival, Group, grouped
from evenfall.incidents.logic.severity import higher
from evenfall.incidents.logic.states import LIVE, REOPEN_BY_ALERT, REOPENABLE, State
from evenfall.incidents.logic.titles import TITLE_LENGTH
from evenfall.incidents.models import ENDED_STATES, Incident
from evenfall.platform.events import SYSTEM, Event, published_together
from evenfall.platform.recordset import json_rows

MOST_TRIES: Final = 5

# Which of the alerts are part of an incident, where the groups sit, and the newest incident of each
# that ended lately: rows of (what, group key, alert or incident).
_LOOK: Final = """
SELECT 'alert', '', alert_id FROM incidents_incidentalert WHERE alert_id = ANY(%(alerts)s)
 UNION ALL
SELECT 'seat', group_key, coalesce(merged_into_id, id) FROM incidents_incident
 WHERE holds_group AND group_key = ANY(%(keys)s)
 UNION ALL
(SELECT DISTINCT ON (group_key) 'ended', group_key, id FROM incidents_incident
  WHERE group_key = ANY(%(keys)s) AND state = ANY(%(ended)s) AND resolved_at >= %(since)s
  ORDER BY group_key, resolved_at DESC)
"""

# What opens here is paged in the same transaction, and its first alerts are all it has.
# The partial unique index decides who opens the incident of a group; whoever comes second waits
# for the first to commit and then joins. The keys come sorted (`grouped`).
_OPEN: Final = """
INSERT INTO incidents_incident
    (group_key, holds_group, title, description, state, severity, declared_severity,
     severity_set_by_person, urgency, environment, declared, not_actionable, is_paged, service_id,
     team_id, policy_id, alert_count, open_alert_count, detected_at, opened_at, state_at,
     changed_at)
SELECT group_key, TRUE, title, '', 'open', severity, severity, FALSE, urgency, environment, FALSE,
       FALSE, TRUE, service_id, team_id, policy_id, alerts, alerts, opened_at, opened_at, opened_at,
       %s
  FROM jsonb_to_recordset(%s::jsonb)
       AS fresh (group_key text, title text, severity text, urgency text, environment text,
                 service_id bigint, team_id bigint, policy_id bigint, alerts int,
                 opened_at timestamptz)
    ON CONFLICT (group_key) WHERE holds_group DO NOTHING
RETURNING *
"""

_JOIN: Final = """
INSERT INTO incidents_incidentalert
    (incident_id, alert_id, service_id, title, severity, is_open, is_held, log_lines,
     cause_alert_id, joined_at)
SELECT incident_id, alert_id, service_id, title, severity, TRUE, cause_alert_id IS NOT NULL,
       log_lines, cause_alert_id, %s
  FROM jsonb_to_recordset(%s::jsonb)
       AS fresh (incident_id bigint, alert_id bigint, service_id bigint, title text, severity text,
                 log_lines jsonb, cause_alert_id bigint)
"""


class Seat(Struct, frozen=True, kw_only=True):
    """An alert and the incident it becomes part of; a guest waits there for `cause_alert_id`.

    A struct, as an `Arrival` is.
    """

    incident_id: int
    alert_id: int
    service_id: int | None
    title: str
    severity: Severity
    log_lines: tuple[str, ...] = ()
    cause_alert_id: int | None = None


class _Look(Struct, frozen=True):
    """What was there before: known alerts, and for groups where they sit or sat until lately."""

    alerts: set[int]
    seats: dict[str, int]
    ended: dict[str, int]


class _Seats(Struct):
    """Where each group sits; `opened` and `reopened` name the incidents of this batch.

    `services` are those that were read on the way.
    """

    incidents: dict[str, Incident] = field(default_factory=dict)
    opened: set[int] = field(default_factory=set)
    facts: list[Event] = field(default_factory=list)
    reopened: set[int] = field(default_factory=set)
    services: dict[int, ServiceView] = field(default_factory=dict)


def open_or_join(*, arrivals: Sequence[Arrival], now: datetime) -> None:
    """Open an incident for each group without one; let the alerts of the others join.

    One page is started for each incident that is new, back within minutes, or more urgent than
    before; everybody else who joins only changes what the page says. Alerts that are part of an
    incident already are left alone, so that a batch may come twice.

    Races: any number of workers and people; see `_OPEN`, and incidents are locked by id.
    """
    if not arrivals:
        return
    with transaction.atomic(savepoint=False), published_together():
        look = _look(arrivals, now=now)
        groups = grouped(one for one in arrivals if one.alert_id not in look.alerts)
        if not groups:
            return
        seats = _seat(groups, look, now=now)
        _add_alerts(groups, seats, now=now)
        _tell(groups, seats, now=now)


def _look(arrivals: Iterable[Arrival], *, now: datetime) -> _Look:
    """Look for all of it in one statement; nothing of it is locked yet."""
    found = _Look(set(), {}, {})
    wanted: dict[str, Any] = {
        "alerts": [arrival.alert_id for arrival in arrivals],
        "keys": list({arrival.key for arrival in arrivals}),
        "ended": ENDED_STATES,
        "since": now - REOPEN_BY_ALERT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, wanted)
        for what, key, number in cursor.fetchall():
            if what == "alert":
                found.alerts.add(number)
            else:
                (found.seats if what == "seat" else found.ended)[key] = number
    return found


def _seat(groups: Sequence[Group], look: _Look, *, now: datetime) -> _Seats:
    """Find or make a locked, live incident for each group.

    An incident may be resolved between finding and locking it; then its groups look again.
    """
    seats = _Seats()
    for _ in range(MOST_TRIES):
        _take_seats(look.seats, seats)
        free = [group for group in _standing(groups, seats) if group.key not in look.seats]
        returning = _reopen([g for g in free if g.key in look.ended], look, seats, now=now)
        _open([group for group in free if group.key not in returning], seats, now=now)
        standing = _standing(groups, seats)
        if not standing:
            return seats
        look = _look([arrival for group in standing for arrival in group.arrivals], now=now)
    raise RuntimeError("the incidents of a batch were resolved faster than alerts could join")


def _standing(groups: Sequence[Group], seats: _Seats) -> list[Group]:
    return [group for group in groups if group.key not in seats.incidents]


def _take_seats(found: Mapping[str, int], seats: _Seats) -> None:
    if not found:
        return
    # one object for each incident, however many groups sit in it
    known = {row.pk: row for row in seats.incidents.values()}
    rows = {row.pk: row for row in moving.lock_many(set(found.values()))} | known
    for key, number in found.items():
        row = rows[number]
        if State(row.state) in LIVE:
            seats.incidents[key] = row


def _reopen(groups: Sequence[Group], look: _Look, seats: _Seats, *, now: datetime) -> set[str]:
    """Reopen what was resolved only minutes ago; the newest incident of a group comes back."""
    if not groups:
        return set()
    rows = [
        row
        for row in moving.lock_many([look.ended[group.key] for group in groups])
        if State(row.state) in REOPENABLE
    ]
    by = By(actor=SYSTEM, at=now)
    for row in rows:
        seats.facts += moving.reopen(row, by, by_alert=True, why="its alerts came back")
        seats.reopened.add(row.pk)
    moving.write(rows, now=now)
    moving.regain_groups(seats.reopened)
    return {row.group_key for row in rows}


def _open(groups: Sequence[Group], seats: _Seats, *, now: datetime) -> None:
    if not groups:
        return
    services = catalog_queries.services({g.service_id for g in groups if g.service_id is not None})
    seats.services |= services
    names = {number: service.name for number, service in services.items()}
    teams = {number: service.team_id for number, service in services.items()}
    fresh = [
        {
            "group_key": group.key,
            "title": group.title(service=names.get(group.service_id or 0, "")),
            "severity": group.sev.value,
            "urgency": group.urgency.value,
            "environment": group.first.environment,
            "service_id": group.service_id,
            "team_id": group.team_id or teams.get(group.service_id or 0),
            "policy_id": group.policy_id,
            "alerts": len(group.arrivals),
            "opened_at": group.opened_at,
        }
        for group in groups
    ]
    # each is ours until the transaction ends, as if locked
    for row in Incident.objects.raw(_OPEN, [now, json_rows(fresh)]):
        seats.incidents[row.group_key] = row
        seats.opened.add(row.pk)


def _add_alerts(groups: Sequence[Group], seats: _Seats, *, now: datetime) -> None:
    add_alerts(
        [
            Seat(
                incident_id=seats.incidents[group.key].pk,
                alert_id=arrival.alert_id,
                service_id=arrival.service_id,
                title=arrival.title,
                severity=arrival.severity,
                log_lines=arrival.log_lines,
            )
            for group in groups
            for arrival in group.arrivals
        ],
        now=now,
    )


def add_alerts(taken: Sequence[Seat], *, now: datetime) -> None:
    """Write alerts into incidents, which are locked; one statement."""
    rows = [
        {
            "incident_id": seat.incident_id,
            "alert_id": seat.alert_id,
            "service_id": seat.service_id,
            "title": seat.title[:TITLE_LENGTH],
            "severity": seat.severity.value,
            "log_lines": seat.log_lines,
            "cause_alert_id": seat.cause_alert_id,
        }
        for seat in taken
    ]
    with connection.cursor() as cursor:
        cursor.execute(_JOIN, [now, json_rows(rows)])


def _tell(groups: Sequence[Group], seats: _Seats, *, now: datetime) -> None:
    """Bring the incidents up to date, say what happened, and call people where it is needed."""
    by = By(actor=SYSTEM, at=now)
    incidents = {row.pk: row for row in seats.incidents.values()}
    joined = [row for row in incidents.values() if row.pk not in seats.opened]
    before = {row.pk: row.severity for row in joined}
    urgent = _raise_urgency(groups, seats)
    facts = [*_opening_facts(incidents.values(), seats), *seats.facts]
    facts += counting.refresh(joined, by)
    facts += [fact for group in groups for fact in _joined(group, seats.incidents[group.key], by)]
    facts += calling.alarm([incidents[number] for number in sorted(urgent)], by)
    # whatever became urgent has a page already, which `call` stops first
    claimed = seats.opened | calling.claim(row for row in joined if row.pk not in urgent)
    moving.save(joined, facts, now=now)
    calling.call(
        list(incidents.values()),
        by,
        urgent=urgent,
        claimed=claimed,
        known=Known(services=seats.services, alerts=_first_alerts(groups, seats)),
        worse={n for n, known in before.items() if known != incidents[n].severity},
    )


def _first_alerts(groups: Sequence[Group], seats: _Seats) -> dict[int, list[AlertBrief]]:
    """What pages say of the alerts of new incidents: nobody else has added any."""
    sitting = {seats.incidents[group.key].pk: group.arrivals for group in groups}
    return {number: briefs_of(sitting[number]) for number in seats.opened}


def _raise_urgency(groups: Sequence[Group], seats: _Seats) -> set[int]:
    """Return the known incidents that only now deserve to wake somebody."""
    urgent = set()
    for group in groups:
        incident = seats.incidents[group.key]
        before = Urgency(incident.urgency)
        after = higher(before, group.urgency)
        if after is not before and incident.pk not in seats.opened:
            urgent.add(incident.pk)
        incident.urgency = after.value
    return urgent - seats.reopened


def _opening_facts(incidents: Iterable[Incident], seats: _Seats) -> list[Event]:
    return [
        events.IncidentOpened(
            incident_id=row.pk,
            service_id=row.service_id,
            team_id=row.team_id,
            title=row.title,
            severity=row.severity,
            urgency=row.urgency,
            environment=row.environment,
            at=row.opened_at,
        )
        for row in incidents
        if row.pk in seats.opened
    ]


def _joined(group: Group, incident: Incident, by: By) -> list[Event]:
    alert_ids = [arrival.alert_id for arrival in group.arrivals]
    return moving.joined(incident, alert_ids, by, title=group.title(service=""))
