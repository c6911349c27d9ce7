"""What a monitor saw: looks, outages, and points for charts."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.monitors.logic import lengths
from evenfall.monitors.models import Check, Outage, Tally
from evenfall.platform import pages

_MOST_POINTS = 20_000


class CheckLine(Struct, frozen=True, kw_only=True):
    """One look."""

    at: datetime
    result: str
    duration_ms: int | None
    value: float | None
    note: str

    @property
    def took(self) -> str:
        """Its time in words; "" where none was measured."""
        return "" if self.duration_ms is None else lengths.measured(self.duration_ms)


class OutageLine(Struct, frozen=True, kw_only=True):
    """One outage; `until_at` is None while it lasts."""

    id: int
    from_at: datetime
    until_at: datetime | None
    reason: str
    ended_by: str


class PointLine(Struct, frozen=True):
    """One look or one hour: when, its result, its time (mean of an hour) and value."""

    at: datetime
    result: str
    ms: float | None
    value: float | None


def checks_page(
    monitor_id: int, *, cursor: str | None = None, size: int = 50
) -> pages.Page[CheckLine]:
    """Looks, newest first."""
    rows = Check.objects.filter(monitor_id=monitor_id)
    found = pages.keyset(rows, order=("-at", "-id"), cursor=cursor, size=size)
    names = ("at", "result", "duration_ms", "value", "note")
    return found.holding(
        [CheckLine(**{name: getattr(row, name) for name in names}) for row in found.items]
    )


def outages(monitor_id: int, *, limit: int = 50) -> list[OutageLine]:
    """The newest outages first."""
    rows = Outage.objects.filter(monitor_id=monitor_id).order_by("-from_at", "-id")[:limit]
    names = ("id", "from_at", "until_at", "reason", "ended_by")
    return [OutageLine(**{name: getattr(row, name) for name in names}) for row in rows]


def points(
    monitor_id: int, *, since: datetime, until: datetime, by_hour: bool = False
) -> Sequence[PointLine]:
    """What is drawn, oldest first: each look, or each hour."""
    if by_hour:
        return _hours(monitor_id, since, until)
    rows = Check.objects.filter(monitor_id=monitor_id, at__gte=since, at__lt=until)
    wanted = rows.order_by("-at").values_list("at", "result", "duration_ms", "value")
    return [PointLine(*row) for row in wanted[:_MOST_POINTS]][::-1]


def _hours(monitor_id: int, since: datetime, until: datetime) -> list[PointLine]:
    rows = Tally.objects.filter(
        monitor_id=monitor_id, span="hour", starts_at__gte=since, starts_at__lt=until
    )
    return [
        PointLine(
            row.starts_at,
            "bad" if row.bad else "good" if row.good else "unknown",
            row.took_ms / row.timed if row.timed else None,
            None,
        )
        for row in rows.order_by("starts_at")
    ]
