"""What the pages of incidents say, for a whole batch in a fixed number of queries."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.db import connection
from msgspec import Struct
from msgspec.structs import replace

from evenfall.alerting.ports import Severity
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.changes import queries as changes_queries
from evenfall.incidents.logic.content import AlertBrief, Brief, Change, Place, page_brief
from evenfall.incidents.logic.grouping import Arrival
from evenfall.incidents.logic.severity import WORST_FIRST, Sev, loudness
from evenfall.incidents.logic.titles import TITLE_LENGTH
from evenfall.incidents.models import Incident
from evenfall.paging.ports import PageContent

ALERTS_READ: Final = 8
RECENT: Final = timedelta(hours=6)
"""A change of the service itself within this time says more than one of what it needs."""

_SAID: Final = Brief.__struct_fields__

_WORST: Final = """
SELECT alert.incident_id, alert.title, alert.severity, alert.log_lines
  FROM unnest(%s::bigint[]) AS incident (id)
 CROSS JOIN LATERAL (
       SELECT *, row_number() OVER (
                 ORDER BY is_open DESC, array_position(%s::text[], severity::text), id) AS rank
         FROM incidents_incidentalert
        WHERE incident_id = incident.id
        ORDER BY rank
        LIMIT %s) AS alert
 ORDER BY alert.incident_id, alert.rank
"""


class Known(Struct, frozen=True, kw_only=True):
    """What was read already: services, and the alerts of incidents, the worst first."""

    services: Mapping[int, ServiceView] = MappingProxyType({})
    alerts: Mapping[int, Sequence[AlertBrief]] = MappingProxyType({})


NOTHING: Final = Known()


def with_services(incidents: Iterable[Incident], known: Known = NOTHING) -> Known:
    """The same with the services of these incidents; those are read that are not known."""
    wanted = {row.service_id for row in incidents if row.service_id} - known.services.keys()
    if not wanted:
        return known
    return replace(known, services={**known.services, **catalog_queries.services(wanted)})


def contents(
    incidents: Sequence[Incident],
    *,
    now: datetime,
    known: Known = NOTHING,
) -> dict[int, PageContent]:
    """Return what the page of each incident says, by the incident's id.

    `known` is what was read already.
    """
    services = with_services(incidents, known).services
    changes = _last_changes({row.service_id for row in incidents if row.service_id}, now=now)
    near = _changes_near([row for row in incidents if row.service_id], changes, now=now)
    unread = [row.pk for row in incidents if row.pk not in known.alerts]
    alerts = {**known.alerts, **_worst_alerts(unread)}
    return {
        row.pk: _content(
            row,
            service=services.get(row.service_id or 0),
            alerts=alerts.get(row.pk, []),
            last_change=near.get(row.service_id or 0) or changes.get(row.service_id or 0),
        )
        for row in incidents
    }


def _content(
    row: Incident,
    *,
    service: ServiceView | None,
    alerts: Sequence[AlertBrief],
    last_change: Change | None,
) -> PageContent:
    if row.is_private:
        return _private_content(row)
    brief = page_brief(
        title=row.headline,
        severity=loudness(Sev(row.severity)),
        description=row.description,
        since=row.opened_at,
        url=f"{settings.EVENFALL.public_url}/incidents/{row.pk}/",
        place=_place(service),
        alerts=alerts,
        alert_count=row.alert_count,
        last_change=last_change,
    )
    said = {name: getattr(brief, name) for name in _SAID}
    return PageContent(**{**said, "severity": brief.severity.value})


def _private_content(row: Incident) -> PageContent:
    """What a lock screen, and everybody who sees pages, may read of a private incident."""
    return PageContent(
        title=f"Private incident #{row.pk}",
        severity=loudness(Sev(row.severity)).value,
        summary="Sign in to see what it is about.",
        since=row.opened_at,
        url=f"{settings.EVENFALL.public_url}/incidents/{row.pk}/",
    )


def _place(service: ServiceView | None) -> Place:
    if service is None:
        return Place()
    return Place(
        service=service.name,
        runbook_url=service.runbook_url,
        dashboard_url=service.dashboard_url,
    )


def _last_changes(services: Collection[int], *, now: datetime) -> dict[int, Change]:
    return {
        number: Change(summary=change.summary, at=change.at)
        for number, change in changes_queries.last_changes(services, now).items()
    }


def _changes_near(
    incidents: Sequence[Incident], known: Mapping[int, Change], *, now: datetime
) -> dict[int, Change]:
    """The last change of what a service needs, where its own is older than some hours.

    What broke the checkout is more often the database of an hour ago than its own deploy of last
    week. Nothing is asked where every service changed lately.
    """
    since = now - RECENT
    quiet = {
        row.service_id
        for row in incidents
        if row.service_id and (row.service_id not in known or known[row.service_id].at < since)
    }
    needs = catalog_queries.near_needs(quiet) if quiet else {}
    found = changes_queries.last_changes({n for near in needs.values() for n in near}, now)
    recent = {number: one for number, one in found.items() if one.at >= since}
    names = catalog_queries.services(set(recent)) if recent else {}
    last: dict[int, Change] = {}
    for service_id, near in needs.items():
        mine = [(recent[number].at, number) for number in near if number in recent]
        if mine:
            at, number = max(mine)
            said = f"{names[number].name}: {recent[number].summary}"
            last[service_id] = Change(summary=said, at=at)
    return last


def briefs_of(arrivals: Iterable[Arrival]) -> list[AlertBrief]:
    """The first few alerts of an incident that has no others, the worst first."""
    worst = sorted(arrivals, key=lambda arrival: WORST_FIRST.index(arrival.severity))
    return [
        AlertBrief(
            title=arrival.title[:TITLE_LENGTH],
            severity=arrival.severity,
            details={"log_lines": list(arrival.log_lines)},
        )
        for arrival in worst[:ALERTS_READ]
    ]


def _worst_alerts(incident_ids: Sequence[int]) -> dict[int, list[AlertBrief]]:
    """Return the first few alerts of each incident: open before over, worst first, oldest first."""
    worst_first = [severity.value for severity in WORST_FIRST]
    found: dict[int, list[AlertBrief]] = {}
    if not incident_ids:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_WORST, [list(incident_ids), worst_first, ALERTS_READ])
        for incident_id, title, severity, log_lines in cursor.fetchall():
            details = {"log_lines": json.loads(log_lines)}
            brief = AlertBrief(title=title, severity=Severity(severity), details=details)
            found.setdefault(incident_id, []).append(brief)
    return found
