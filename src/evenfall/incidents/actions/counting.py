"""What an incident says of its alerts: how many, how many are open, how bad."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

from evenfall.alerting.ports import Severity
from evenfall.incidents import events
from evenfall.incidents.actions import moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.severity import AlertState, incident_severity
from evenfall.incidents.models import Incident
from evenfall.platform.events import Event

_COUNT: Final = """
SELECT incident_id, severity, is_open, count(*)
  FROM incidents_incidentalert
 WHERE incident_id = ANY(%s)
 GROUP BY incident_id, severity, is_open
"""


def refresh(incidents: Sequence[Incident], by: By) -> list[Event]:
    """Count anew and return SeverityChanged for each incident whose severity moved with it.

    One statement for all of them; the incidents are locked, so no alert joins meanwhile.
    """
    tallies = _tallies([incident.pk for incident in incidents])
    return [
        fact
        for incident in incidents
        for fact in _refresh(incident, tallies.get(incident.pk, []), by)
    ]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many alerts of an incident are in the same state."""

    alert: AlertState
    count: int


def _refresh(incident: Incident, tallies: Sequence[Tally], by: By) -> list[Event]:
    incident.alert_count = sum(tally.count for tally in tallies)
    incident.open_alert_count = sum(tally.count for tally in tallies if tally.alert.is_open)
    before = Severity(incident.severity)
    after = incident_severity(
        before,
        set_by_person=incident.severity_set_by_person,
        alerts=[tally.alert for tally in tallies],
    )
    incident.severity = after.value
    if after is before:
        return []
    return [
        events.SeverityChanged(**moving.about(incident, by), before=before.value, after=after.value)
    ]


def _tallies(incident_ids: Sequence[int]) -> dict[int, list[Tally]]:
    found: dict[int, list[Tally]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(incident_ids)])
        for incident_id, severity, is_open, count in cursor.fetchall():
            tally = Tally(AlertState(Severity(severity), is_open=is_open), count)
            found.setdefault(incident_id, []).append(tally)
    return found
