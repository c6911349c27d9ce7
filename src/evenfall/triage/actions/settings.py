"""Calendars and targets, always as a new version, and how a team reviews."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from msgspec import Struct
from msgspec.structs import asdict

from evenfall.identity import queries as identity_queries
from evenfall.platform.crypto import new_token, token_hash
from evenfall.platform.events import publish
from evenfall.platform.public_holidays import is_known
from evenfall.triage import errors, events, queries
from evenfall.triage.logic.calendar import DAY_MINUTES, Hours
from evenfall.triage.logic.priority import Priority
from evenfall.triage.models import (
    BusinessCalendar,
    CalendarVersion,
    PriorityTargets,
    TeamReview,
)

PREFIX = "evf_intake_"
HINT_LENGTH = 4
LONGEST_TARGET = 60 * 8 * 260
"""Minutes: a year of business days. With the fewest hours a clock still ends in a lifetime."""
FEWEST_HOURS = 60
MOST_DAYS = 366
_WEEKDAYS = 7


class CalendarWish(Struct, frozen=True, kw_only=True):
    """A calendar as it is to be from now on; hours as in `Hours`."""

    name: str
    zone: str
    hours: tuple[Hours, ...]
    country: str = ""
    region: str = ""
    company_days: tuple[date, ...] = ()


class TargetsWish(Struct, frozen=True, kw_only=True):
    """Minutes of business time; None promises nothing."""

    first_response: int | None
    decision: int | None
    next_contact: int | None
    resolution: int | None
    around_the_clock: bool = False


class ReviewWish(Struct, frozen=True, kw_only=True):
    calendar_id: int | None = None
    wip_limit: int | None = None
    weekly_hours: float | None = None
    takes_strays: bool = False


@transaction.atomic
def set_calendar(*, calendar_id: int | None, wish: CalendarWish, now: datetime, actor: str) -> int:
    """Make a calendar, or give it another version from now on; what passed stays as it was.

    Raises `CalendarNotFound`, `ItemIncomplete`.
    """
    _check_calendar(wish, calendar_id)
    before: dict[str, Any] = {}
    if calendar_id is None:
        row = BusinessCalendar.objects.create(name=wish.name.strip(), created_at=now)
    else:
        before = _calendar_words(queries.calendar(calendar_id))
        row = BusinessCalendar.objects.select_for_update().get(id=calendar_id)
        row.name = wish.name.strip()
        row.save(update_fields=["name"])
    _save_version(row, wish, now, actor)
    after = _calendar_words(queries.calendar(row.pk))
    publish(
        events.CalendarChanged(
            calendar_id=row.pk, name=row.name, before=before, after=after, at=now, actor=actor
        )
    )
    return row.pk


def _save_version(row: BusinessCalendar, wish: CalendarWish, now: datetime, actor: str) -> None:
    CalendarVersion.objects.create(
        calendar=row,
        since=now,
        zone=wish.zone,
        hours=[[one.day, one.starts, one.ends] for one in sorted(wish.hours)],
        country=wish.country,
        region=wish.region,
        company_days=sorted(set(wish.company_days)),
        set_by=actor,
    )


@transaction.atomic
def set_targets(*, priority: Priority, wish: TargetsWish, now: datetime, actor: str) -> None:
    """Promise something else to whatever is reported from now on. Raises `ItemIncomplete`."""
    given = asdict(wish)
    for name, minutes in given.items():
        if name != "around_the_clock" and minutes is not None:
            _check_minutes(name, minutes)
    known = {one.priority: one for one in queries.targets(now=now)}[priority]
    PriorityTargets.objects.create(priority=priority.value, since=now, set_by=actor, **given)
    before = {name: getattr(known, name) for name in given}
    publish(
        events.TargetsChanged(
            priority=priority.value, before=before, after=given, at=now, actor=actor
        )
    )


@transaction.atomic
def set_team_review(*, team_id: int, wish: ReviewWish, now: datetime, actor: str) -> None:
    """Say by which calendar a team works from now on, and its limits.

    One team takes what belongs to nobody: the one that did until now does not any more. Raises
    `TeamNotFound`, `CalendarNotFound`, `ItemIncomplete`.
    """
    identity_queries.team(team_id)
    if wish.calendar_id is not None:
        queries.calendar(wish.calendar_id)
    if wish.wip_limit is not None and not 1 <= wish.wip_limit <= 1000:  # noqa: PLR2004 - see there
        raise errors.ItemIncomplete(reason="A limit is from 1 to 1,000 items.", field="wip_limit")
    if wish.weekly_hours is not None and not 0 <= wish.weekly_hours <= 2000:  # noqa: PLR2004 - see there
        raise errors.ItemIncomplete(reason="From 0 to 2,000 hours a week.", field="weekly_hours")
    known, given = queries.team_review(team_id), asdict(wish)
    before = {name: getattr(known, name) for name in given}
    if wish.takes_strays and not known.takes_strays:
        _relieve_others(now, actor)
    TeamReview.objects.update_or_create(team_id=team_id, defaults=given)
    publish(
        events.TeamReviewChanged(team_id=team_id, before=before, after=given, at=now, actor=actor)
    )


def _relieve_others(now: datetime, actor: str) -> None:
    for row in TeamReview.objects.select_for_update().filter(takes_strays=True):
        TeamReview.objects.filter(pk=row.pk).update(takes_strays=False)
        before, after = {"takes_strays": True}, {"takes_strays": False}
        publish(
            events.TeamReviewChanged(
                team_id=row.team_id, before=before, after=after, at=now, actor=actor
            )
        )


@transaction.atomic
def open_intake(*, team_id: int, now: datetime, actor: str) -> str:
    """Return the secret of a new form without sign-in, which nobody can show again; an older ends.

    Raises `TeamNotFound`.
    """
    identity_queries.team(team_id)
    secret = new_token(PREFIX)
    stored = {"intake_hash": token_hash(secret), "intake_hint": secret[-HINT_LENGTH:]}
    TeamReview.objects.update_or_create(team_id=team_id, defaults=stored)
    after = {"intake": "open"}
    publish(events.TeamReviewChanged(team_id=team_id, after=after, at=now, actor=actor))
    return secret


@transaction.atomic
def close_intake(*, team_id: int, now: datetime, actor: str) -> None:
    """Let the form answer as if it had never been. Raises `IntakeNotFound`."""
    rows = TeamReview.objects.filter(team_id=team_id, intake_hash__isnull=False)
    if not rows.update(intake_hash=None, intake_hint=""):
        raise errors.IntakeNotFound
    after = {"intake": "closed"}
    publish(events.TeamReviewChanged(team_id=team_id, after=after, at=now, actor=actor))


def _check_calendar(wish: CalendarWish, calendar_id: int | None) -> None:
    if not wish.name.strip():
        raise errors.ItemIncomplete(reason="Give the calendar a name.", field="name")
    others = BusinessCalendar.objects.exclude(id=calendar_id or 0)
    if others.filter(name=wish.name.strip()).exists():
        raise errors.ItemIncomplete(reason="Another calendar has this name.", field="name")
    if wish.zone not in available_timezones():
        raise errors.ItemIncomplete(
            reason="Give a time zone of IANA, such as Europe/Berlin.", field="zone"
        )
    ZoneInfo(wish.zone)
    if not is_known(wish.country, wish.region):
        raise errors.ItemIncomplete(
            reason="No holidays are known there. Use codes of ISO 3166, such as DE and BY.",
            field="country",
        )
    if len(wish.company_days) > MOST_DAYS:
        raise errors.ItemIncomplete(reason="At most 366 days.", field="company_days")
    _check_hours(wish.hours)


def _check_hours(hours: Sequence[Hours]) -> None:
    for one in hours:
        is_day = 0 <= one.day < _WEEKDAYS
        if not (is_day and 0 <= one.starts < one.ends <= DAY_MINUTES):
            raise errors.ItemIncomplete(
                reason="Hours end after they start, on the same day.", field="hours"
            )
    if sum(one.ends - one.starts for one in hours) < FEWEST_HOURS:
        raise errors.ItemIncomplete(reason="A week needs at least one hour.", field="hours")
    if _overlap(sorted(hours)):
        raise errors.ItemIncomplete(reason="Hours of one day overlap.", field="hours")


def _overlap(hours: Iterable[Hours]) -> bool:
    return any(one.day == two.day and two.starts < one.ends for one, two in pairwise(hours))


def _check_minutes(name: str, minutes: int) -> None:
    if not 1 <= minutes <= LONGEST_TARGET:
        raise errors.ItemIncomplete(reason="From 1 minute to 2,080 hours.", field=name)


def _calendar_words(view: queries.CalendarView) -> dict[str, Any]:
    return {
        "name": view.name,
        "zone": view.zone,
        "hours": [list(part) for part in view.hours],
        "country": view.country,
        "region": view.region,
        "company_days": [day.isoformat() for day in view.company_days],
    }
