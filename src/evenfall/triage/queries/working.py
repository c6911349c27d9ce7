"""Work in progress of a team, and how promises were kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from evenfall.identity import queries as identity_queries
from evenfall.triage.logic.clocks import Clock, Kind, Status
from evenfall.triage.logic.states import State
from evenfall.triage.models import Item
from evenfall.triage.queries.items import clocks_of
from evenfall.triage.queries.settings import team_review

_TOLD = (Status.KEPT, Status.BROKEN)
REPORTED_KINDS = (Kind.FIRST_RESPONSE, Kind.DECISION, Kind.RESOLUTION)
MOST = 2000


@dataclass(frozen=True, kw_only=True)
class Lane:
    """How many items a team has in work, and how many it may have."""

    count: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One kind of promise: how many were kept and broken, and the median of what it took.

    `median_business` and `median_wall` are None without an answer; `n` says of how many they are.
    """

    kind: Kind
    kept: int
    broken: int
    n: int
    median_business: timedelta | None
    median_wall: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The items reported in a stretch of time (UTC, half-open)."""

    since: datetime
    until: datetime
    items: int
    open: int
    lines: tuple[Line, ...]


def work_in_progress(team_id: int) -> Lane:
    """Items in work of the team; without a limit it may have one for each member."""
    count = Item.objects.filter(team_id=team_id, state=State.ACTIVE.value).count()
    limit = team_review(team_id).wip_limit
    if limit is None:
        limit = max(1, len(identity_queries.team_members(team_id)))
    return Lane(count=count, limit=limit)


def report(*, team_id: int | None, since: datetime, until: datetime, now: datetime) -> Report:
    """How the promises of these items were kept; the newest 2,000 of them."""
    rows = Item.objects.filter(reported_at__gte=since, reported_at__lt=until)
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    found = list(rows.order_by("-reported_at")[:MOST])
    clocks = [clock for of_item in clocks_of(found, now=now).values() for clock in of_item]
    return Report(
        since=since,
        until=until,
        items=len(found),
        open=sum(row.ended_at is None for row in found),
        lines=tuple(_line(kind, clocks) for kind in REPORTED_KINDS),
    )


def _line(kind: Kind, clocks: Sequence[Clock]) -> Line:
    """A running clock that is late is broken already; its time is not known yet."""
    told = [one for one in clocks if one.kind is kind and one.target is not None]
    counted = Counter(one.status for one in told)
    ended = [one for one in clocks if one.kind is kind and one.status in _TOLD and one.is_over]
    return Line(
        kind=kind,
        kept=counted[Status.KEPT],
        broken=counted[Status.BROKEN],
        n=len(ended),
        median_business=_median([one.elapsed for one in ended]),
        median_wall=_median([one.wall_elapsed for one in ended]),
    )


def _median(times: Sequence[timedelta]) -> timedelta | None:
    if not times:
        return None
    return timedelta(seconds=median(time.total_seconds() for time in times))
