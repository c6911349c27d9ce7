"""What comes in and goes out of the review, and how old is what waits."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncWeek
from msgspec import Struct

from evenfall.triage.models import Item
from evenfall.triage.models.items import OPEN_STATES

_WEEK = timedelta(weeks=1)


class FlowWeek(Struct, frozen=True, kw_only=True):
    """A week from `monday` (UTC): what was reported, what ended, and what was open at its end."""

    monday: date
    reported: int
    ended: int
    open: int


class Ages(Struct, frozen=True, kw_only=True):
    """How old open items are; the times are None without any."""

    n: int
    median: timedelta | None = None
    oldest: timedelta | None = None


def flow(*, team_id: int | None, since: datetime, until: datetime) -> list[FlowWeek]:
    """The weeks that touch a stretch of time, oldest first. Three queries, however many."""
    first = _monday(since)
    starts = datetime.combine(first, datetime.min.time(), UTC)
    rows = _of(team_id)
    came = _by_week(rows.filter(reported_at__gte=starts), "reported_at")
    went = _by_week(rows.filter(ended_at__gte=starts), "ended_at")
    waits = rows.filter(reported_at__lt=starts).exclude(ended_at__lt=starts).count()
    found = []
    for week in range((_monday(until) - first) // _WEEK + 1):
        monday = first + week * _WEEK
        waits += came[monday] - went[monday]
        found.append(FlowWeek(monday=monday, reported=came[monday], ended=went[monday], open=waits))
    return found


def ages(*, team_id: int | None, now: datetime) -> Ages:
    """Of all that is open now."""
    times = _of(team_id).filter(state__in=OPEN_STATES).values_list("reported_at", flat=True)
    found = [now - at for at in times]
    if not found:
        return Ages(n=0)
    middle = timedelta(seconds=median(age.total_seconds() for age in found))
    return Ages(n=len(found), median=middle, oldest=max(found))


def flow_rows(weeks: Sequence[FlowWeek]) -> list[tuple[str, ...]]:
    """The weeks as cells of a table: monday, reported, ended, open."""
    return [
        (one.monday.isoformat(), str(one.reported), str(one.ended), str(one.open)) for one in weeks
    ]


def _of(team_id: int | None) -> QuerySet[Item]:
    rows = Item.objects.all()
    return rows if team_id is None else rows.filter(team_id=team_id)


def _by_week(rows: QuerySet[Item], column: str) -> Counter[date]:
    weeks = rows.annotate(week=TruncWeek(column, tzinfo=UTC)).values_list("week")
    return Counter({week.date(): n for week, n in weeks.annotate(n=Count("id")).order_by()})


def _monday(at: datetime) -> date:
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())
