"""Incidents that one has to do with: merged into it, come back, its causes and consequences."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import connection
from msgspec import Struct

from evenfall.incidents.models import ENDED_STATES, Incident
from evenfall.incidents.queries.details import incidents
from evenfall.incidents.queries.sight import seen
from evenfall.incidents.queries.views import IncidentView, incident_views

# By hand, since it is on the way of the page: five ways of being related, few of them ever taken.
_RELATIVES: Final = """
SELECT 'merged' AS how, id FROM incidents_incident WHERE merged_into_id = %(id)s
UNION ALL
SELECT 'recurrences', id FROM incidents_incident WHERE recurrence_of_id = %(id)s
UNION ALL
(SELECT 'causes', cause_id FROM incidents_incidentcause
  WHERE incident_id = %(id)s ORDER BY id LIMIT %(most)s)
UNION ALL
(SELECT 'consequences', incident_id FROM incidents_incidentcause
  WHERE cause_id = %(id)s ORDER BY id LIMIT %(most)s)
UNION ALL
(SELECT 'earlier', earlier.id
   FROM incidents_incident mine
   JOIN incidents_incident earlier USING (group_key)
  WHERE mine.id = %(id)s AND mine.group_key <> '' AND mine.recurrence_of_id IS NULL
    AND earlier.state = ANY(%(ended)s) AND earlier.id < mine.id
  ORDER BY earlier.id DESC LIMIT 1)
"""
_MOST_LINKS: Final = 100


class Relatives(Struct, frozen=True, kw_only=True):
    """Each oldest first; without those that whoever asks may not see.

    `recurrences` people linked as this one come back. `earlier` is the newest of the same group of
    alerts that had ended before this one, as long as nobody said what this is a recurrence of: it
    came back too late to reopen, and people are offered to link it.
    """

    merged: tuple[IncidentView, ...] = ()
    recurrences: tuple[IncidentView, ...] = ()
    causes: tuple[IncidentView, ...] = ()
    consequences: tuple[IncidentView, ...] = ()
    earlier: IncidentView | None = None


def relatives(incident_id: int) -> Relatives:
    """One query where there are none; else a fixed number."""
    ids = _ids(incident_id)
    views = incidents({number for numbers in ids.values() for number in numbers}) if ids else {}
    earlier = _seen_of(ids.get("earlier", ()), views)
    if not earlier and "earlier" in ids:
        earlier = _earlier_seen(incident_id)
    return Relatives(
        merged=_seen_of(sorted(ids.get("merged", ())), views),
        recurrences=_seen_of(sorted(ids.get("recurrences", ())), views),
        causes=_seen_of(ids.get("causes", ()), views),
        consequences=_seen_of(ids.get("consequences", ()), views),
        earlier=next(iter(earlier), None),
    )


def _ids(incident_id: int) -> dict[str, list[int]]:
    wanted: dict[str, Any] = {
        "id": incident_id,
        "ended": list(ENDED_STATES),
        "most": _MOST_LINKS,
    }
    found: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_RELATIVES, wanted)
        for how, number in cursor.fetchall():
            found.setdefault(how, []).append(number)
    return found


def _seen_of(ids: Iterable[int], views: Mapping[int, IncidentView]) -> tuple[IncidentView, ...]:
    return tuple(views[number] for number in ids if number in views)


def _earlier_seen(incident_id: int) -> tuple[IncidentView, ...]:
    """The newest earlier one that may be seen, where the very newest may not."""
    group_key = Incident.objects.values_list("group_key", flat=True).get(id=incident_id)
    ended = seen(
        Incident.objects.filter(group_key=group_key, state__in=ENDED_STATES, id__lt=incident_id)
    )
    return tuple(incident_views(list(ended.order_by("-id")[:1])))
