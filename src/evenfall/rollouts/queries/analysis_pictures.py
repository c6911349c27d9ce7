"""Analyses as they are drawn: both sides of each metric."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from evenfall.platform.charts import Limit, Line, LineChart, line_chart
from evenfall.rollouts.logic.analysis.findings import figure
from evenfall.rollouts.logic.analysis.settings import Kind
from evenfall.rollouts.logic.analysis.spreads import Spread, spreads
from evenfall.rollouts.queries.analyses import MetricView, Point

NEW: Final = "New side"
STABLE: Final = "Stable side"
BASELINE: Final = "Baseline"
_LEAST: Final = timedelta(minutes=1)


class Picture(Struct, frozen=True, kw_only=True):
    """A metric as it is drawn; `chart` is None where nothing was measured. `beside` names what the
    new side is compared with.
    """

    chart: LineChart | None
    beside: str
    spreads: tuple[Spread, ...]


def picture(view: MetricView, *, is_baseline: bool = False) -> Picture:
    """Both sides over time, and how their values are spread."""
    beside = BASELINE if is_baseline else STABLE
    return Picture(chart=_chart(view, beside), beside=beside, spreads=_spreads(view.points, beside))


def series_chart(
    new: Sequence[tuple[datetime, float | None]], stable: Sequence[tuple[datetime, float | None]]
) -> LineChart | None:
    """Both sides of whatever was asked; None where neither has a point."""
    times = [at for at, _ in (*new, *stable)]
    if not times:
        return None
    start, end = min(times), max(times)
    return line_chart(
        [
            Line(name=NEW, points=new, kind="main"),
            Line(name=STABLE, points=stable, kind="other"),
        ],
        start=start,
        end=max(end, start + _LEAST),
        words=figure,
    )


def _chart(view: MetricView, beside: str) -> LineChart | None:
    if not view.points:
        return None
    start, end = view.points[0].at, view.points[-1].at
    return line_chart(
        [
            Line(name=NEW, points=[(one.at, one.new) for one in view.points], kind="main"),
            Line(name=beside, points=[(one.at, one.stable) for one in view.points], kind="other"),
        ],
        start=start,
        end=max(end, start + _LEAST),
        limits=_limits(view),
        words=figure,
    )


def _limits(view: MetricView) -> list[Limit]:
    """The conditions that the values must keep; a comparison has no fixed ones."""
    if view.metric.kind is not Kind.CONDITION:
        return []
    both = view.metric.conditions
    found = [(both.success, "Success", "good"), (both.failure, "Failure", "bad")]
    return [
        Limit(name=f"{name} {one}", value=one.number, kind=kind)
        for one, name, kind in found
        if one is not None
    ]


def _spreads(points: Sequence[Point], beside: str) -> tuple[Spread, ...]:
    new = [one.new for one in points if one.new is not None]
    stable = [one.stable for one in points if one.stable is not None]
    return spreads([(NEW, "main", new), (beside, "other", stable)])
