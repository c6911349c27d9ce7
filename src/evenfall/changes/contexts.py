"""What pages and API operations need before they act: what to look for, and who may."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.changes import queries
from evenfall.changes.logic.density import Density, density, first_day
from evenfall.changes.ports import ChangeKind
from evenfall.changes.queries import ChangeView, Filters
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer

_DIGITS = 18


def filters_of(query: Mapping[str, str], zone: ZoneInfo) -> Filters:
    """Read the filters from the address; what makes no sense filters nothing.

    `from` and `to` are days in the zone, both included.
    """
    until = _day(query.get("to"))
    return Filters(
        kind=_word(ChangeKind, query.get("kind")),
        service_id=number_of(query.get("service")),
        team_id=number_of(query.get("team")),
        environment=_word(Environment, query.get("environment")) or "",
        text=query.get("q", "").replace("\0", "").strip()[:200],
        source_id=number_of(query.get("source")),
        since=_midnight(_day(query.get("from")), zone),
        until=_midnight(until + timedelta(days=1) if until else None, zone),
    )


def number_of(text: str | None) -> int | None:
    """Read an id; None for anything else. Eighteen digits always fit a bigint."""
    is_one = text and text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if text and is_one else None


def zone_of(request: HttpRequest) -> ZoneInfo:
    return ZoneInfo(viewer_of(request).time_zone)


def responder_of(request: HttpRequest, service_id: int | None) -> Viewer:
    """Return the viewer when they may report changes of this service; None: of no service."""
    viewer = viewer_of(request)
    team_id = None if service_id is None else catalog_queries.service(service_id).team_id
    viewer.check(Permission.RESPOND, team_id=team_id)
    return viewer


def density_of(filters: Filters, *, zone: ZoneInfo, now: datetime) -> Density:
    """The calendar of the last half year, with the same filters but those of time."""
    today = now.astimezone(zone).date()
    since = _midnight(first_day(today), zone)
    counted = queries.daily_counts(
        Filters(
            kind=filters.kind,
            service_id=filters.service_id,
            team_id=filters.team_id,
            environment=filters.environment,
            text=filters.text,
            source_id=filters.source_id,
            since=since,
        ),
        zone=zone,
    )
    counts: dict[date, int] = {}
    for one in counted:
        counts[one.day] = counts.get(one.day, 0) + one.count
    return density(counts, today=today)


def rows_of(views: list[ChangeView]) -> list[dict[str, Any]]:
    """Changes with the services they are of; one query for all services."""
    services = catalog_queries.services({view.service_id for view in views if view.service_id})
    return [{"change": view, "service": services.get(view.service_id or 0)} for view in views]


def choices() -> dict[str, Any]:
    """What the filters offer."""
    return {
        "kinds": list(ChangeKind),
        "environments": list(Environment),
        "services": list(catalog_queries.services().values()),
        "teams": identity_queries.teams(),
    }


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    # a night without midnight (the clocks go forward) begins with its first hour: fold says so
    return None if day is None else datetime.combine(day, time(), zone)


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None


def _word[W: StrEnum](words: type[W], text: str | None) -> W | None:
    return words(text) if text in {word.value for word in words} else None
