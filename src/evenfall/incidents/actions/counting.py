"""What an incident says of its alerts: how many, how many are open, how bad."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection
from msgspec import Struct

from evenfall.alerting.ports import Severity
from evenfall.catalog.ports import Environment
from evenfall.incidents import events
from evenfall.incidents.actions import moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.severity import (
    AlertState,
    Sev,
    incident_severity,
    loudness,
    resolves_itself,
)
from evenfall.incidents.logic.titles import Standing, one_line
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.platform.events import Event

_COUNT: Final = """
SELECT incident_id, severity, is_open, count(*), min(id)
  FROM incidents_incidentalert
 WHERE incident_id = ANY(%s)
 GROUP BY incident_id, severity, is_open
"""


def refresh(incidents: Sequence[Incident], by: By) -> list[Event]:
    """Count anew and return SeverityChanged for each incident whose severity moved with it.

    Two statements for all of them; the incidents are locked, so no alert joins meanwhile.
    """
    if not incidents:
        return []
    tallies = _tallies([incident.pk for incident in incidents])
    _lead(incidents, tallies)
    return [
        fact
        for incident in incidents
        for fact in _refresh(incident, tallies.get(incident.pk, []), by)
    ]


class Tally(Struct, frozen=True):
    """How many alerts of an incident are in the same state; `oldest` is the row of the first."""

    alert: AlertState
    count: int
    oldest: int


def _lead(incidents: Sequence[Incident], tallies: Mapping[int, Sequence[Tally]]) -> None:
    """Let an open alert speak for each incident whose first alert is over."""
    leaders = {row.pk: _leader(row, tallies.get(row.pk, ())) for row in incidents}
    wanted = [number for number in leaders.values() if number is not None]
    titles = (
        dict(IncidentAlert.objects.filter(id__in=wanted).values_list("id", "title"))
        if wanted
        else {}
    )
    for row in incidents:
        row.lead_title = one_line(titles.get(leaders[row.pk] or 0, ""))


def _leader(incident: Incident, tallies: Sequence[Tally]) -> int | None:
    oldest = [tally.oldest for tally in tallies]
    oldest_open = [tally.oldest for tally in tallies if tally.alert.is_open]
    standing = Standing(min(oldest, default=None), min(oldest_open, default=None))
    return standing.leader(named_by_person=incident.declared or incident.title_set_by_person)


def _refresh(incident: Incident, tallies: Sequence[Tally], by: By) -> list[Event]:
    incident.alert_count = sum(tally.count for tally in tallies)
    incident.open_alert_count = sum(tally.count for tally in tallies if tally.alert.is_open)
    before = Sev(incident.severity)
    after = incident_severity(
        before,
        set_by_person=incident.severity_set_by_person,
        alerts=[tally.alert for tally in tallies],
        environment=Environment(incident.environment),
    )
    incident.severity = after.value
    if after is before:
        return []
    return [
        events.SeverityChanged(**moving.about(incident, by), before=before.value, after=after.value)
    ]


def is_over(incident: Incident) -> bool:
    """Whether it resolves itself, as far as its alerts go; counted anew before."""
    state = AlertState(loudness(Sev(incident.severity)), is_open=incident.open_alert_count > 0)
    alerts = [state] if incident.alert_count else []
    return resolves_itself(declared_by_person=incident.declared, alerts=alerts)


def _tallies(incident_ids: Sequence[int]) -> dict[int, list[Tally]]:
    found: dict[int, list[Tally]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(incident_ids)])
        for incident_id, severity, is_open, count, oldest in cursor.fetchall():
            tally = Tally(AlertState(Severity(severity), is_open=is_open), count, oldest)
            found.setdefault(incident_id, []).append(tally)
    return found
