"""Trying a metric before it counts: both sides are asked for the last minutes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from evenfall.rollouts import errors
from evenfall.rollouts.actions.filling_queries import queries_of, values_of
from evenfall.rollouts.actions.setting_analyses import checked_metric
from evenfall.rollouts.models import Rollout, Target
from evenfall.rollouts.models.targets import other
from evenfall.telemetry import actions as telemetry
from evenfall.telemetry.ports import Answer, Query

LOOK_BACK: Final = timedelta(minutes=30)
MOST_STEPS: Final = 360


class Tried(Struct, frozen=True, kw_only=True):
    """What one side answered to `query`; `problem` says why it would be no value."""

    side: str
    query: str
    points: tuple[tuple[datetime, float], ...]
    problem: str


def try_metric(*, target_id: int, wish: Mapping[str, Any], now: datetime) -> list[Tried]:
    """Ask for both sides as they run now, the new one first; nothing is kept.

    Of a metric that the traffic port counts there is nothing to ask: the list is empty. Raises
    TargetNotFound, AnalysisUnclear, QueryInvalid, SourceNotFound. Not for use in a transaction.
    """
    target = Target.objects.filter(id=target_id, removed_at=None).first()
    if target is None:
        raise errors.TargetNotFound
    metric = checked_metric(wish)
    if not metric.source_id:
        return []
    texts = queries_of(metric, *values_of(_as_if(target), metric))
    step = max(timedelta(seconds=metric.interval_s), LOOK_BACK / MOST_STEPS)
    asked = [
        (metric.source_id, Query(text=text, at=now, start=now - LOOK_BACK, step=step))
        for text in texts
    ]
    answers = telemetry.read_metrics(asked, now=now)
    return [
        _tried(side, text, answer)
        for side, text, answer in zip(("new", "stable"), texts, answers, strict=True)
    ]


def _as_if(target: Target) -> Rollout:
    """A rollout to the side that is not the stable one; it is never saved."""
    side = other(target.stable_side)
    return Rollout(
        target=target,
        side=side,
        version=target.running(side) or target.running(target.stable_side),
        stable_version=target.running(target.stable_side),
        plan=target.plan,
    )


def _tried(side: str, query: str, answer: Answer) -> Tried:
    problem = answer.problem
    if not problem and len(answer.series) > 1:
        problem = f"It found {len(answer.series)} series; make it one, such as by sum()."
    if not problem and not answer.series:
        problem = "Nothing in the last half hour fits. In a rollout that is no data, never a pass."
    samples = answer.series[0].samples if answer.series else ()
    points = tuple((one.at, one.value) for one in samples)
    return Tried(side=side, query=query, points=points, problem=problem)
