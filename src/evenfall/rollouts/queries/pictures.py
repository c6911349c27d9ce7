"""The picture of a rollout: how many requests of each side failed, second by second."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from evenfall.platform.charts import Limit, Line, LineChart, Mark, line_chart
from evenfall.rollouts.logic.guard import Counts, since
from evenfall.rollouts.models import Tally
from evenfall.rollouts.queries.rollouts import RolloutView

SHOWN: Final = timedelta(minutes=10)


def failures_chart(view: RolloutView, *, now: datetime) -> LineChart | None:
    """The last ten minutes in per cent; None where the traffic port counts nothing."""
    end = min(view.ended_at or now, now)
    start = max(end - SHOWN, view.started_at - timedelta(seconds=1))
    rows = list(Tally.objects.filter(rollout_id=view.id, at__gte=start).order_by("at"))
    if not rows:
        return None
    pairs = list(pairwise(rows))
    new = [(after.at, _percent(since(_new(before), _new(after)))) for before, after in pairs]
    stable = [
        (
            after.at,
            _percent(since(_stable(before), _stable(after))) if _are_one(before, after) else None,
        )
        for before, after in pairs
    ]
    beside = "Baseline" if view.plan.baseline else "Stable"
    marks = [Mark(at=at, name=name) for at, name in _moments(view) if at is not None]
    return line_chart(
        [
            Line(name=f"New, {view.version}", points=new, kind="main"),
            Line(name=f"{beside}, {view.stable_version or 'unknown'}", points=stable, kind="other"),
        ],
        start=start,
        end=max(end, start + timedelta(seconds=1)),
        limits=[Limit(name="may fail", value=view.plan.guard.most_percent)],
        marks=marks,
        lowest=0.0,
        highest=max(view.plan.guard.most_percent * 2, 1.0),
        words="{:.3g} %".format,
    )


def _moments(view: RolloutView) -> list[tuple[datetime | None, str]]:
    return [(view.promoted_at, "All traffic"), (view.decided_at, "All traffic back")]


def _are_one(before: Tally, after: Tally) -> bool:
    """Counters of the stable side and of the baseline have no difference."""
    return before.is_baseline == after.is_baseline


def _percent(counts: Counts) -> float | None:
    return counts.percent if counts.requests else None


def _new(row: Tally) -> Counts:
    return Counts(requests=row.new_requests, errors=row.new_errors)


def _stable(row: Tally) -> Counts:
    return Counts(requests=row.stable_requests, errors=row.stable_errors)
