"""The picture of a rollout: how many requests of each side failed, as the guard looks at them."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from evenfall.platform.charts import Limit, Line, LineChart, Mark, Point, line_chart
from evenfall.rollouts.logic.guard import Counts, since, total
from evenfall.rollouts.models import Tally
from evenfall.rollouts.queries.rollouts import RolloutView

SHOWN: Final = timedelta(minutes=10)


def failures_chart(view: RolloutView, *, now: datetime) -> LineChart | None:
    """The last ten minutes in per cent; None where the traffic port counts nothing.

    Each point is of the window of the guard that ends there: the limit is one of that window, and
    a second alone is above it as often as not.
    """
    end = min(view.ended_at or now, now)
    start = max(end - SHOWN, view.started_at - timedelta(seconds=1))
    window = timedelta(seconds=view.plan.guard.window_s)
    rows = list(Tally.objects.filter(rollout_id=view.id, at__gte=start - window).order_by("at"))
    if not rows:
        return None
    pairs = list(pairwise(rows))
    new = _within(window, ((b.at, since(_new(a), _new(b))) for a, b in pairs))
    stable = _within(
        window,
        ((b.at, since(_stable(a), _stable(b)) if _are_one(a, b) else None) for a, b in pairs),
    )
    beside = "Baseline" if view.plan.baseline else "Stable"
    marks = [Mark(at=at, name=name) for at, name in _moments(view) if at is not None]
    return line_chart(
        [
            Line(name=f"New, {view.version}", points=_from(start, new), kind="main"),
            Line(
                name=f"{beside}, {view.stable_version or 'unknown'}",
                points=_from(start, stable),
                kind="other",
            ),
        ],
        start=start,
        end=max(end, start + timedelta(seconds=1)),
        limits=[Limit(name="may fail", value=view.plan.guard.most_percent)],
        marks=marks,
        lowest=0.0,
        highest=max(view.plan.guard.most_percent * 2, 1.0),
        words="{:.3g} %".format,
    )


def _within(window: timedelta, parts: Iterable[tuple[datetime, Counts | None]]) -> Iterator[Point]:
    """What failed in the window before each moment; of what cannot be compared (None) anew."""
    kept = deque[tuple[datetime, Counts]]()
    for at, counts in parts:
        if counts is None:
            kept.clear()
            yield at, None
            continue
        kept.append((at, counts))
        while kept[0][0] <= at - window:
            kept.popleft()
        yield at, _percent(total([one for _, one in kept]))


def _from(start: datetime, points: Iterable[Point]) -> list[Point]:
    return [point for point in points if point[0] >= start]


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
