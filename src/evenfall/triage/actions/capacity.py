"""Weeks are measured when they are over; leads hear once that too much comes in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.db import transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.notifications.ports import Content
from evenfall.platform.events import publish
from evenfall.triage import events, queries
from evenfall.triage.actions.moving import monday_of
from evenfall.triage.actions.telling import leads, notify
from evenfall.triage.logic.capacity import IN_A_ROW, WEEK, Verdict, judge
from evenfall.triage.models import CapacityWeek, TeamReview

BATCH = 20
FURTHEST = 8 * WEEK
"""After a long outage no older weeks are measured."""


class Measured(Struct, frozen=True, kw_only=True):
    """How many teams were measured, and when the next week is over."""

    done: int
    next_due: datetime


def watch_capacity(*, now: datetime) -> Measured:
    """Measure the weeks that are over for some teams of which they are not known yet."""
    last = monday_of(now.astimezone(UTC).date()) - WEEK
    known = CapacityWeek.objects.filter(monday=last).values_list("team_id", flat=True)
    left = sorted({team.id for team in identity_queries.teams()} - set(known))[:BATCH]
    for team_id in left:
        _measure(team_id, last, now)
    over = datetime.combine(last + 2 * WEEK, time(), UTC)
    return Measured(done=len(left), next_due=over)


@transaction.atomic
def _measure(team_id: int, last: date, now: datetime) -> None:
    """Locks the review of the team: whoever comes second finds the week measured."""
    TeamReview.objects.get_or_create(team_id=team_id)
    TeamReview.objects.select_for_update().get(team_id=team_id)
    rows = [_row(team_id, monday, now) for monday in _missing(team_id, last)]
    CapacityWeek.objects.bulk_create(rows)
    verdict = judge(queries.loads(team_id))
    if rows and verdict.tell:
        CapacityWeek.objects.filter(team_id=team_id, monday=last).update(told_at=now)
        _tell(team_id, verdict, now)


def _missing(team_id: int, last: date) -> Iterator[date]:
    """The weeks since the last that is known; of a team that is new, as many as an alarm needs."""
    weeks = CapacityWeek.objects.filter(team_id=team_id).order_by("-monday")
    known = weeks.values_list("monday", flat=True).first()
    monday = last - (IN_A_ROW - 1) * WEEK if known is None else max(known + WEEK, last - FURTHEST)
    while monday <= last:
        yield monday
        monday += WEEK


def _row(team_id: int, monday: date, now: datetime) -> CapacityWeek:
    load = queries.week_load(team_id, monday=monday)
    return CapacityWeek(
        team_id=team_id,
        monday=monday,
        items=load.items,
        inflow_hours=load.inflow,
        hours=load.hours,
        measured_at=now,
    )


def _tell(team_id: int, verdict: Verdict, now: datetime) -> None:
    team = identity_queries.team(team_id)
    lines = [
        f"Week of {week.monday:%d %b %Y}: {week.inflow:.0f} h of P1 and P2 came in, "
        f"{week.hours:.0f} h were there."
        for week in verdict.run
    ]
    more = f"With {verdict.missing:.0f} h more a week all of it would have fitted."
    content = Content(
        title=f"More urgent work than hours: {team.name}",
        lines=(*lines, more),
        url=f"/triage/?team={team_id}",
        tag=f"capacity-{team_id}",
    )
    notify(f"team:{team_id}", content, readers=leads(team_id), now=now)
    publish(
        events.CapacityExceeded(
            team_id=team_id,
            monday=verdict.run[-1].monday.isoformat(),
            weeks=len(verdict.run),
            missing_hours=round(verdict.missing, 1),
            at=now,
        )
    )
