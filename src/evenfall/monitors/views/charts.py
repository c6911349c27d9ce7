"""What a monitor saw as pictures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from evenfall.monitors import queries
from evenfall.monitors.logic import lengths
from evenfall.monitors.logic.inside import BACKUP, METRIC
from evenfall.monitors.logic.looks import Result
from evenfall.monitors.queries import BackupLine, DrillLine, MonitorView, OutageLine
from evenfall.platform.charts import Limit, Line, LineChart, Mark, line_chart

SPANS: Final = {"day": timedelta(days=1), "month": timedelta(days=30)}
_UNITS_S: Final = (3600, 60)
_BY_VALUE: Final = {METRIC: "Value", "tls": "Days left", "drift": "Differences"}
_UNITS: Final = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
_STEP: Final = 1000
_A_SECOND_MS: Final = 1000


def look_chart(
    monitor: MonitorView, outages: Sequence[OutageLine], *, span: str, now: datetime
) -> LineChart | None:
    """The times of answers, or the values of kinds that measure one; None for backups.

    What was bad or unknown has no time; outages are drawn behind the line.
    """
    if monitor.kind == BACKUP:
        return None
    start = now - SPANS[span]
    by_value = monitor.kind in _BY_VALUE
    found = queries.points(
        monitor.id, since=start, until=now, by_hour=span != "day" and not by_value
    )
    points = [(one.at, one.value if by_value else _time_of(one.result, one.ms)) for one in found]
    name = _BY_VALUE.get(monitor.kind, "Time of the answer")
    return line_chart(
        [Line(name=name, points=points, is_filled=not by_value)],
        start=start,
        end=now,
        limits=_limits(monitor),
        marks=[_mark(one, now) for one in outages],
        lowest=None if monitor.kind == METRIC else 0.0,
        words="{:.4g}".format if by_value else lengths.measured,
    )


def size_chart(backups: Sequence[BackupLine], *, now: datetime) -> LineChart | None:
    """The sizes of backups; None for fewer than two."""
    points = [(one.finished_at, float(one.size_bytes or 0)) for one in backups if one.ok][::-1]
    return _history("Size", points, now=now, words=size_words)


def drill_chart(
    drills: Sequence[DrillLine], limit: timedelta | None, *, now: datetime
) -> LineChart | None:
    """How long restores took; None for fewer than two.

    In minutes or hours where they took some, so that the lines of the picture are round.
    """
    longest = max((one.took_s for one in drills if one.ok), default=0.0)
    unit_s = next((one for one in _UNITS_S if longest >= 2 * one), 1)
    points = [(one.started_at, one.took_s / unit_s) for one in drills if one.ok][::-1]
    limits = [Limit(name="allowed", value=limit.total_seconds() / unit_s)] if limit else []

    def words(value: float) -> str:
        return lengths.measured(value * unit_s * 1000)

    return _history("Time to restore", points, limits, now=now, words=words)


def size_words(value: float) -> str:
    """A size in bytes, such as 1.2 GB."""
    place = 0
    while abs(value) >= _STEP and place + 1 < len(_UNITS):
        value, place = value / _STEP, place + 1
    return f"{value:.3g} {_UNITS[place]}"


def _history(
    name: str,
    points: list[tuple[datetime, float]],
    limits: Sequence[Limit] = (),
    *,
    now: datetime,
    words: object,
) -> LineChart | None:
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    return line_chart(
        [Line(name=name, points=points)],
        start=points[0][0],
        end=max(now, points[-1][0] + timedelta(minutes=1)),
        limits=limits,
        lowest=0.0,
        words=words,  # type: ignore[arg-type] # one of the two above
    )


def _time_of(result: str, ms: float | None) -> float | None:
    return ms if result == Result.GOOD else None


def _limits(monitor: MonitorView) -> list[Limit]:
    settings = monitor.settings
    if monitor.kind == METRIC:
        found = [Limit(name="bad", value=float(settings["limit"]))]
        if settings["clear"]:
            found.append(Limit(name="over", value=float(settings["clear"]), kind="good"))
        return found
    if monitor.kind == "tls":
        return [Limit(name="bad", value=float(settings["bad_days"]))]
    limit = settings.get("limit_ms")
    return [Limit(name="allowed", value=float(limit))] if limit else []


def _mark(outage: OutageLine, now: datetime) -> Mark:
    return Mark(
        at=outage.from_at,
        until=outage.until_at or now,
        name=f"Outage: {outage.reason}",
        kind="bad",
    )
