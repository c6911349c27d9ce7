"""Lists of incidents: by state, severity, service, team, environment and text."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from django.db.models import Count, Q, QuerySet
from msgspec import Struct

from evenfall.catalog.ports import Environment
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import LIVE, State
from evenfall.incidents.models import IS_LIVE, Incident, IncidentAlert
from evenfall.incidents.queries.sight import seen
from evenfall.incidents.queries.views import IncidentView, incident_views
from evenfall.platform import pages

NEWEST_FIRST: Final = ("-opened_at", "-id")


class Show(StrEnum):
    """Which incidents a list shows; `LIVE` are those somebody works on, or should."""

    LIVE = "live"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    FIXING = "fixing"
    MONITORING = "monitoring"
    PAUSED = "paused"
    RESOLVED = "resolved"
    REVIEW = "review"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"
    ALL = "all"


class Filters(Struct, frozen=True, kw_only=True):
    """What to look for; None and "" leave a field open. `text` may be a number ("17", "#17").

    `at_least`: as bad as this, or worse.
    """

    show: Show = Show.LIVE
    severity: Sev | None = None
    at_least: Sev | None = None
    service_id: int | None = None
    team_id: int | None = None
    environment: Environment | None = None
    text: str = ""


def incidents_page(
    filters: Filters, *, cursor: str | None = None, size: int = 50
) -> pages.Page[IncidentView]:
    """Return one page, newest first."""
    page = pages.keyset(_filtered(filters), order=NEWEST_FIRST, cursor=cursor, size=size)
    return page.holding(incident_views(page.items))


def live_incidents(
    *, team_ids: Collection[int] | None = None, limit: int = 20
) -> list[IncidentView]:
    """Return what is being worked on, or should be, newest first; of these teams, when given."""
    rows = seen(Incident.objects.filter(IS_LIVE))
    if team_ids is not None:
        rows = rows.filter(team_id__in=team_ids)
    return incident_views(list(rows.order_by(*NEWEST_FIRST)[:limit]))


class LiveTrouble(Struct, frozen=True, kw_only=True):
    """A live incident and the services that it or its alerts are about, of those asked for."""

    id: int
    title: str
    severity: Sev
    environment: Environment
    is_private: bool
    service_ids: frozenset[int]


def live_troubles(service_ids: Collection[int]) -> list[LiveTrouble]:
    """Return what is live and about any of these services, the worst first; two queries."""
    rows = seen(Incident.objects.filter(IS_LIVE)).order_by("severity", "id")
    about = IncidentAlert.objects.filter(service_id__in=service_ids, incident__in=rows.order_by())
    found: dict[int, set[int]] = {}
    for incident_id, service_id in about.values_list("incident_id", "service_id").distinct():
        if service_id is not None:
            found.setdefault(incident_id, set()).add(service_id)
    own = Q(service_id__in=service_ids)
    return [_trouble(row, found, service_ids) for row in rows.filter(own | Q(id__in=found))]


def _trouble(
    row: Incident, found: Mapping[int, Collection[int]], asked: Collection[int]
) -> LiveTrouble:
    own = {row.service_id} if row.service_id in asked and row.service_id is not None else set()
    return LiveTrouble(
        id=row.pk,
        title=row.title,
        severity=Sev(row.severity),
        environment=Environment(row.environment),
        is_private=row.is_private,
        service_ids=frozenset(own | set(found.get(row.pk, ()))),
    )


def live_counts() -> dict[State, int]:
    """Return how many incidents are in each live state, in the order of the states."""
    rows = seen(Incident.objects.filter(IS_LIVE)).values_list("state")
    found = dict(rows.annotate(Count("id")).order_by())
    return {state: found.get(state.value, 0) for state in State if state in LIVE}


def waiting_and_in_hand() -> tuple[int, int]:
    """Return how many incidents nobody has answered, and how many somebody has."""
    counts = live_counts()
    waiting = counts.pop(State.OPEN)
    return waiting, sum(counts.values())


def find_incidents(text: str, *, limit: int = 5) -> list[IncidentView]:
    """Return the newest incidents that match: for the search box."""
    rows = _filtered(Filters(show=Show.ALL, text=text))
    return incident_views(list(rows.order_by(*NEWEST_FIRST)[:limit]))


def _filtered(filters: Filters) -> QuerySet[Incident]:
    rows = seen(_shown(filters.show))
    given = {
        "severity": filters.severity,
        "service_id": filters.service_id,
        "team_id": filters.team_id,
        "environment": filters.environment,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if filters.at_least is not None:
        rows = rows.filter(severity__lte=filters.at_least)
    return rows.filter(_matching(filters.text)) if filters.text.strip() else rows


def _shown(show: Show) -> QuerySet[Incident]:
    if show is Show.ALL:
        return Incident.objects.all()
    if show is Show.LIVE:
        return Incident.objects.filter(IS_LIVE)
    return Incident.objects.filter(state=show.value)


def _matching(text: str) -> Q:
    wanted = text.strip()
    number = wanted.removeprefix("#")
    by_title = Q(title__icontains=wanted)
    # eighteen digits fit a bigint; more would be an error of the database
    return by_title | Q(id=int(number)) if number.isdecimal() and len(number) <= 18 else by_title  # noqa: PLR2004 - said above
