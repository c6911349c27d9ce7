"""How much urgent work came in, beside the hours that there were for it."""

from datetime import UTC, date, datetime, time

from django.db.models import Count, FloatField, Sum, Value
from django.db.models.functions import Coalesce

from evenfall.triage.logic.bandwidth import UNKNOWN_EFFORT
from evenfall.triage.logic.capacity import URGENT, WEEK, Verdict, WeekLoad, judge
from evenfall.triage.logic.states import State
from evenfall.triage.models import CapacityWeek, Item
from evenfall.triage.queries.bandwidth import week_hours

MOST_WEEKS = 26
_NO_WORK = (State.DECLINED, State.DUPLICATE, State.PROMOTED)


def week_load(team_id: int, *, monday: date) -> WeekLoad:
    """What was reported in this week (UTC) and is P1 or P2 now; without an estimate it counts 4 h.

    Not counted: what was declined, a duplicate, or became an incident. A team without members has
    no hours and no work.
    """
    hours = week_hours(team_id, monday=monday)
    starts = datetime.combine(monday, time(), UTC)
    came = Item.objects.filter(
        team_id=team_id,
        priority__in=[one.value for one in URGENT],
        reported_at__gte=starts,
        reported_at__lt=starts + WEEK,
    ).exclude(state__in=[one.value for one in _NO_WORK])
    effort = Coalesce("effort_hours", Value(UNKNOWN_EFFORT), output_field=FloatField())
    found = came.aggregate(n=Count("id"), effort=Sum(effort))
    inflow = 0.0 if hours is None else found["effort"] or 0.0
    return WeekLoad(monday=monday, inflow=inflow, hours=hours or 0.0, items=found["n"])


def loads(team_id: int) -> list[WeekLoad]:
    """The last weeks as they were measured, oldest first."""
    rows = CapacityWeek.objects.filter(team_id=team_id).order_by("-monday")[:MOST_WEEKS]
    return [
        WeekLoad(
            monday=row.monday,
            inflow=row.inflow_hours,
            hours=row.hours,
            items=row.items,
            told=row.told_at is not None,
        )
        for row in reversed(rows)
    ]


def capacity(team_id: int) -> Verdict:
    """Whether more urgent work comes in than the team has hours for, by complete weeks."""
    return judge(loads(team_id))
