"""What becomes of alerts after they joined: worse, held back, acknowledged or over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from evenfall.alerting.ports import Severity, Urgency
from evenfall.incidents import events
from evenfall.incidents.actions import calling, counting, moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.severity import (
    higher,
)
from evenfall.incidents.logic.states import LIVE, State
from evenfall.incidents.logic.titles import TITLE_LENGTH
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.paging.ports import Response
from evenfall.platform.events import SYSTEM, Event


class AlertChange(Struct, frozen=True, kw_only=True):
    """An alert was decided again; `calls` when people are to be called for it (and not held)."""

    alert_id: int
    title: str
    severity: Severity
    urgency: Urgency
    calls: bool
    is_held: bool


class AlertEnd(Struct, frozen=True, kw_only=True):
    alert_id: int
    title: str
    at: datetime


def update_alerts(*, changes: Sequence[AlertChange], now: datetime) -> None:
    """Alerts became better or worse, or a silence came or went; the last word of each counts.

    An incident that became urgent is paged anew; one whose open alerts are all held back stops
    paging and stays open; one whose silence ended is paged again. Locks incidents, then pages.
    """
    last = {change.alert_id: change for change in changes}
    if not last:
        return
    with transaction.atomic():
        rows, incidents = known_alerts(last)
        if not rows:
            return
        for row in rows:
            change = last[row.alert_id]
            row.title = change.title[:TITLE_LENGTH]
            row.severity = change.severity.value
            row.is_held = change.is_held
        IncidentAlert.objects.bulk_update(rows, ["title", "severity", "is_held"], batch_size=500)
        _follow(rows, incidents, last, now=now)


def _follow(
    rows: Sequence[IncidentAlert],
    incidents: Mapping[int, Incident],
    last: Mapping[int, AlertChange],
    *,
    now: datetime,
) -> None:
    by = By(actor=SYSTEM, at=now)
    live = [row for row in incidents.values() if State(row.state) in LIVE]
    before = {row.pk: row.severity for row in live}
    urgent = _raise_urgency(rows, incidents, last)
    facts = counting.refresh(live, by)
    facts += calling.alarm([incidents[number] for number in sorted(urgent)], by)
    moving.write(live, now=now)  # the urgency of an open incident changes without a fact
    moving.save(live, facts, now=now)
    asked = {row.incident_id for row in rows if last[row.alert_id].calls}
    worse = {row.pk for row in live if row.severity != before[row.pk]}
    calling.call([row for row in live if row.pk in asked], by, urgent=urgent, worse=worse)
    quiet = _all_held([row.pk for row in live if row.pk not in asked])
    calling.stop([row for row in live if row.pk in quiet], reason="its alerts are held back", by=by)


def acknowledge_alerts(*, by: Mapping[int, By], now: datetime) -> None:
    """Somebody took note of an alert, here or where it came from: nobody else is called.

    `by` says of each alert who did it. Locks incidents, then pages.
    """
    if not by:
        return
    with transaction.atomic():
        rows, incidents = known_alerts(by)
        for row in rows:
            if row.cause_alert_id is not None:
                continue  # whoever has seen a guest knows nothing of what its host has
            incident, who = incidents[row.incident_id], by[row.alert_id]
            facts = moving.acknowledge(incident, who) if who.at >= incident.state_at else []
            moving.save([incident], facts, now=now)
            if facts:
                calling.answer(incident, Response.ACKNOWLEDGE, who, via="alert")


def end_alerts(*, ends: Sequence[AlertEnd], now: datetime) -> None:
    """Alerts are over; incidents without an open alert resolve by themselves, their pages stop.

    Locks incidents, then pages.
    """
    known = {end.alert_id: end for end in ends}
    if not known:
        return
    by = By(actor=SYSTEM, at=now)
    with transaction.atomic():
        rows, incidents = known_alerts(known)
        ended = [row for row in rows if row.is_open]
        if not ended:
            return
        for row in ended:
            row.is_open = False
            row.ended_at = known[row.alert_id].at
        IncidentAlert.objects.bulk_update(ended, ["is_open", "ended_at"], batch_size=500)
        touched = list({row.incident_id: incidents[row.incident_id] for row in ended}.values())
        before = {row.pk: row.headline for row in touched}
        facts = counting.refresh(touched, by)
        facts += _recovered(ended, incidents, known, by)
        over = [incident for incident in touched if counting.is_over(incident)]
        facts += [fact for row in over for fact in moving.resolve(row, by, by_itself=True)]
        moving.save(touched, facts, now=now)
        calling.stop(over, reason="all its alerts ended", by=by)
        calling.retell([row for row in touched if row.headline != before[row.pk]], now=now)


def known_alerts(alert_ids: Iterable[int]) -> tuple[list[IncidentAlert], dict[int, Incident]]:
    """Return the alerts that belong to an incident, and these incidents, locked.

    A merge may move alerts before their incident is locked; then the new one is locked as well.
    """
    wanted = IncidentAlert.objects.filter(alert_id__in=list(alert_ids)).order_by("id")
    incidents: dict[int, Incident] = {}
    rows = list(wanted)
    while missing := {row.incident_id for row in rows} - incidents.keys():
        incidents |= {row.pk: row for row in moving.lock_many(missing)}
        rows = list(wanted.all())
    return rows, incidents


def _raise_urgency(
    rows: Sequence[IncidentAlert],
    incidents: Mapping[int, Incident],
    last: Mapping[int, AlertChange],
) -> set[int]:
    urgent = set()
    for row in rows:
        incident, change = incidents[row.incident_id], last[row.alert_id]
        after = higher(Urgency(incident.urgency), change.urgency)
        if change.calls and after.value != incident.urgency and State(incident.state) in LIVE:
            incident.urgency = after.value
            urgent.add(incident.pk)
    return urgent


def _all_held(incident_ids: Sequence[int]) -> set[int]:
    alerts = IncidentAlert.objects.filter(incident_id__in=incident_ids, is_open=True)
    calling_still = alerts.filter(is_held=False).values_list("incident_id", flat=True)
    return set(alerts.values_list("incident_id", flat=True)) - set(calling_still)


def _recovered(
    ended: Sequence[IncidentAlert],
    incidents: Mapping[int, Incident],
    known: Mapping[int, AlertEnd],
    by: By,
) -> list[Event]:
    of_incident: dict[int, list[IncidentAlert]] = {}
    for row in ended:
        of_incident.setdefault(row.incident_id, []).append(row)
    return [
        events.AlertsRecovered(
            **moving.about(incidents[number], By(actor=by.actor, at=known[rows[-1].alert_id].at)),
            count=len(rows),
            open_count=incidents[number].open_alert_count,
            title=rows[0].title,
        )
        for number, rows in of_incident.items()
    ]
