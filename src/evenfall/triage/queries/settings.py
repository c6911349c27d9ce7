"""What items are measured by, and how teams review."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform.crypto import token_hash
from evenfall.triage import errors
from evenfall.triage.logic.calendar import WORKING_WEEK, Calendar, Hours, Version
from evenfall.triage.logic.priority import DEFAULT_TARGETS, Priority, Targets
from evenfall.triage.models import (
    BusinessCalendar,
    CalendarVersion,
    PriorityTargets,
    TeamReview,
)

USUAL = Calendar(versions=(Version(zone=ZoneInfo("UTC"), hours=WORKING_WEEK),))
"""The hours of a team that chose no calendar."""


class CalendarView(Struct, frozen=True, kw_only=True):
    """A calendar as it is now; `hours` are (weekday from 0, start, end) in minutes."""

    id: int
    name: str
    zone: str
    hours: tuple[tuple[int, int, int], ...]
    country: str
    region: str
    company_days: tuple[date, ...]
    since: datetime
    versions: int


class TargetsView(Struct, frozen=True, kw_only=True):
    """Minutes of business time; None promises nothing. `since` None: as Evenfall comes."""

    priority: Priority
    first_response: int | None
    decision: int | None
    next_contact: int | None
    resolution: int | None
    around_the_clock: bool
    since: datetime | None


class TeamReviewView(Struct, frozen=True, kw_only=True):
    """How a team reviews; `intake_hint` are the last characters of its open form's secret."""

    team_id: int
    calendar_id: int | None = None
    wip_limit: int | None = None
    weekly_hours: float | None = None
    intake_hint: str = ""
    takes_strays: bool = False


class Intake(Struct, frozen=True, kw_only=True):
    """The team behind a form without sign-in."""

    team_id: int
    team: str


def calendars() -> list[CalendarView]:
    """All calendars by name, as they are now."""
    rows = BusinessCalendar.objects.prefetch_related("versions").order_by("name")
    return [_calendar_view(row) for row in rows]


def calendar(calendar_id: int) -> CalendarView:
    """Raise `CalendarNotFound` when there is none."""
    row = BusinessCalendar.objects.prefetch_related("versions").filter(id=calendar_id).first()
    if row is None:
        raise errors.CalendarNotFound(calendar_id=calendar_id)
    return _calendar_view(row)


def calendars_by_id(ids: Collection[int | None]) -> dict[int | None, Calendar]:
    """These calendars with all their versions, in one query; None stands for the usual hours."""
    versions = defaultdict[int | None, list[CalendarVersion]](list)
    for row in CalendarVersion.objects.filter(calendar_id__in=set(ids) - {None}).order_by("since"):
        versions[row.calendar_id].append(row)
    known = {number: _calendar(rows) for number, rows in versions.items()}
    return {None: USUAL, **known}


class Book:
    """The targets of all times, in one query."""

    def __init__(self) -> None:
        self._rows = list(PriorityTargets.objects.order_by("since", "id"))

    def at(self, at: datetime) -> dict[Priority, Targets]:
        """What is promised to whatever was reported at this instant."""
        found = dict(DEFAULT_TARGETS)
        for row in self._rows:
            if row.since <= at:
                found[Priority(row.priority)] = _targets(row)
        return found


def targets(*, now: datetime) -> list[TargetsView]:
    """What is promised now, by priority."""
    last = {row.priority: row.since for row in PriorityTargets.objects.order_by("since")}
    return [
        TargetsView(
            priority=priority,
            first_response=_minutes(found.first_response),
            decision=_minutes(found.decision),
            next_contact=_minutes(found.next_contact),
            resolution=_minutes(found.resolution),
            around_the_clock=found.around_the_clock,
            since=last.get(priority.value),
        )
        for priority, found in Book().at(now).items()
    ]


def team_review(team_id: int) -> TeamReviewView:
    """How the team reviews; the usual where nothing is set."""
    row = TeamReview.objects.filter(team_id=team_id).first()
    if row is None:
        return TeamReviewView(team_id=team_id)
    return TeamReviewView(
        team_id=team_id,
        calendar_id=row.calendar_id,
        wip_limit=row.wip_limit,
        weekly_hours=row.weekly_hours,
        intake_hint=row.intake_hint,
        takes_strays=row.takes_strays,
    )


def stray_team() -> int | None:
    """The team with the tickets of alerts that no team has.

    It is the oldest team until one is chosen; None only where there is no team at all.
    """
    chosen = TeamReview.objects.filter(takes_strays=True).values_list("team_id", flat=True)
    return chosen.first() or min((one.id for one in identity_queries.teams()), default=None)


def intake(secret: str) -> Intake:
    """The team behind a form's secret. Raises `IntakeNotFound`, whatever is the reason."""
    row = TeamReview.objects.filter(intake_hash=token_hash(secret)).first()
    if row is None:
        raise errors.IntakeNotFound
    return Intake(team_id=row.team_id, team=identity_queries.team(row.team_id).name)


def _calendar(rows: Sequence[CalendarVersion]) -> Calendar:
    return Calendar(versions=tuple(_version(row) for row in rows))


def _version(row: CalendarVersion) -> Version:
    return Version(
        zone=ZoneInfo(row.zone),
        hours=tuple(sorted(Hours(*part) for part in row.hours)),
        country=row.country,
        region=row.region,
        company_days=frozenset(row.company_days),
        since=row.since,
    )


def _calendar_view(row: BusinessCalendar) -> CalendarView:
    versions = sorted(row.versions.all(), key=lambda version: version.since)
    last = versions[-1]
    return CalendarView(
        id=row.pk,
        name=row.name,
        zone=last.zone,
        hours=tuple((day, starts, ends) for day, starts, ends in last.hours),
        country=last.country,
        region=last.region,
        company_days=tuple(last.company_days),
        since=last.since,
        versions=len(versions),
    )


def _targets(row: PriorityTargets) -> Targets:
    return Targets(
        first_response=_time(row.first_response),
        decision=_time(row.decision),
        next_contact=_time(row.next_contact),
        resolution=_time(row.resolution),
        around_the_clock=row.around_the_clock,
    )


def _time(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


def _minutes(time: timedelta | None) -> int | None:
    return None if time is None else int(time / timedelta(minutes=1))
