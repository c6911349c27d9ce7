"""Work in progress of a team, and how promises were kept."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Sev
from evenfall.incidents.queries import IncidentView
from evenfall.oncall import queries as oncall_queries
from evenfall.triage.logic.clocks import Clock, Kind, Status
from evenfall.triage.logic.states import State
from evenfall.triage.models import Item
from evenfall.triage.queries.clocks import clocks_of
from evenfall.triage.queries.settings import team_review

_TOLD = (Status.KEPT, Status.BROKEN)
REPORTED_KINDS = (Kind.FIRST_RESPONSE, Kind.DECISION, Kind.RESOLUTION)
MOST = 2000
MOST_INCIDENTS = 50
LINE_HEADER = (
    *("promise", "kept", "broken", "in_time_percent"),
    *("median_business_hours", "median_wall_hours", "n"),
)


class Lane(Struct, frozen=True, kw_only=True):
    """How many items a team has in work, and how many it may have now.

    `away` are its people who answer a SEV1 or SEV2: each makes the limit one less.
    """

    count: int
    limit: int
    away: int = 0


class Line(Struct, frozen=True, kw_only=True):
    """One kind of promise: how many were kept and broken, and the median of what it took.

    `median_business` and `median_wall` are None without an answer; `n` says of how many they are.
    """

    kind: Kind
    kept: int
    broken: int
    n: int
    median_business: timedelta | None
    median_wall: timedelta | None

    @property
    def in_time(self) -> float | None:
        """The share that was kept, 0 to 1; None without any."""
        counted = self.kept + self.broken
        return self.kept / counted if counted else None

    @property
    def percent(self) -> int | None:
        return None if self.in_time is None else round(100 * self.in_time)


class Report(Struct, frozen=True, kw_only=True):
    """The items reported in a stretch of time (UTC, half-open)."""

    since: datetime
    until: datetime
    items: int
    open: int
    lines: tuple[Line, ...]


def work_in_progress(team_id: int, *, now: datetime) -> Lane:
    """Items in work of the team; without a limit it may have one for each member.

    Whoever answers a SEV1 or SEV2 takes their place in the lane along.
    """
    count = Item.objects.filter(team_id=team_id, state=State.ACTIVE.value).count()
    limit = team_review(team_id).wip_limit
    members = {one.person.id for one in identity_queries.team_members(team_id)}
    if limit is None:
        limit = max(1, len(members))
    away = len(members & set(responders(now=now)))
    return Lane(count=count, limit=max(limit - away, 0), away=away)


def responders(*, now: datetime) -> dict[int, IncidentView]:
    """Who works on a SEV1 or SEV2 at the moment, and on which: by answering it, or in a role."""
    filters = incidents_queries.Filters(at_least=Sev.SEV2)
    found: dict[int, IncidentView] = {}
    for view in incidents_queries.incidents_page(filters, size=MOST_INCIDENTS).items:
        answered = (view.acknowledged_by, view.mobilised_by)
        held = (role.person for role in incidents_queries.crew(view, now=now).held)
        for person in (*answered, *held):
            if person is not None:
                found.setdefault(person.id, view)
    return found


def is_on_duty(user_id: int, *, now: datetime) -> bool:
    """Whether pages come to this person first, by any rota."""
    return any(
        shift.role.value == "primary" and shift.starts_at <= now
        for shift in oncall_queries.coming_shifts(user_id, now=now)
    )


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


def line_rows(found: Report) -> list[tuple[str, ...]]:
    """The promises as cells of a table, by `LINE_HEADER`."""
    return [
        (
            line.kind.value,
            str(line.kept),
            str(line.broken),
            "" if line.percent is None else str(line.percent),
            _hours(line.median_business),
            _hours(line.median_wall),
            str(line.n),
        )
        for line in found.lines
    ]


def _hours(time: timedelta | None) -> str:
    return "" if time is None else f"{time / timedelta(hours=1):.2f}"


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
