"""Reads of analyses: what is measured at a target, and what was found in a rollout."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from msgspec import Struct

from evenfall.rollouts.logic.analysis import settings
from evenfall.rollouts.logic.analysis.findings import Finding, Lane
from evenfall.rollouts.logic.analysis.settings import Kind, Metric, Settings
from evenfall.rollouts.logic.verdicts import Outcome
from evenfall.rollouts.models import AnalysedMetric, Analysis, AnalysisRun, Measurement
from evenfall.telemetry import queries as telemetry_queries

MOST_POINTS: Final = 600
OWN_COUNT: Final = "Counted by the traffic port"


class AnalysisView(Struct, frozen=True, kw_only=True):
    """What is measured; `version` is 0 where nobody said so yet."""

    target_id: int
    name: str
    version: int
    settings: Settings
    changed_at: datetime | None
    changed_by: str


class Point(Struct, frozen=True, kw_only=True):
    """One measurement of both sides; None is no value."""

    at: datetime
    new: float | None
    stable: float | None


class MetricView(Struct, frozen=True, kw_only=True):
    """One metric of a run. `finding` is None before the first judgement; `label` is that of a
    comparison: pass, high, low, no_data, no_data_fails, too_few. `points` are the last ones.
    """

    metric: Metric
    source: str
    query: str
    stable_query: str
    finding: Finding | None
    label: str
    problem: str
    is_over: bool
    measured_at: datetime | None
    due_at: datetime
    points: Sequence[Point]

    @property
    def samples(self) -> tuple[int, int]:
        """How many values there are of the side that has fewer, and how many it takes."""
        if self.metric.kind is Kind.CONDITION:
            return len(self.points), max(self.metric.counting.count, 1)
        numbers = self.finding.numbers if self.finding else {}
        have = min(numbers.get("samples", 0), numbers.get("baseline_samples", 0))
        return int(have), self.metric.rule.samples


class GroupView(Struct, frozen=True, kw_only=True):
    """What a group brings to the score: `points` of its `weight`."""

    name: str
    score: float
    weight: float
    points: float
    passed: int
    judged: int


class ScoreView(Struct, frozen=True, kw_only=True):
    """The score, 0 to 100, and how it came about."""

    value: float
    outcome: Outcome
    reason: str
    what_would_change: str
    groups: Sequence[GroupView]


class RunView(Struct, frozen=True, kw_only=True):
    """An analysis of a rollout; `outcome` is what the metrics say together, None before that."""

    id: int
    rollout_id: int
    name: str
    settings: Settings
    outcome: Outcome | None
    reason: str
    score: ScoreView | None
    fast: Sequence[Finding]
    metrics: Sequence[MetricView]
    started_at: datetime
    judged_at: datetime | None
    ended_at: datetime | None


def analysis(target_id: int, name: str = "") -> AnalysisView:
    """What is measured at a target, or what may be said about it first."""
    row = Analysis.objects.filter(target_id=target_id, name=name).first()
    if row is None:
        return _nothing(target_id, name)
    return _analysis(row)


def runs(rollout_id: int) -> list[RunView]:
    """The analyses of a rollout, in the order in which they began; five queries at most."""
    rows = list(AnalysisRun.objects.filter(rollout_id=rollout_id).order_by("started_at", "id"))
    metrics = list(AnalysedMetric.objects.filter(run__in=rows).order_by("place"))
    points, sources = _points(metrics), _sources(rows)
    by_run = defaultdict[int, list[AnalysedMetric]](list)
    for one in metrics:
        by_run[one.run_id].append(one)
    return [_run(row, by_run[row.pk], points, sources) for row in rows]


def _analysis(row: Analysis) -> AnalysisView:
    return AnalysisView(
        target_id=row.target_id,
        name=row.name,
        version=row.version,
        settings=settings.read(row.settings),
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )


def _nothing(target_id: int, name: str) -> AnalysisView:
    return AnalysisView(
        target_id=target_id,
        name=name,
        version=0,
        settings=settings.NOTHING_SAID,
        changed_at=None,
        changed_by="",
    )


def _points(metrics: Iterable[AnalysedMetric]) -> Mapping[int, list[Point]]:
    """The last measurements of each metric, the oldest first."""
    newest = Window(RowNumber(), partition_by="metric_id", order_by=F("at").desc())
    rows = Measurement.objects.filter(metric__in=list(metrics)).annotate(newest=newest)
    rows = rows.filter(newest__lte=MOST_POINTS).order_by("at")
    found = defaultdict[int, list[Point]](list)
    for metric, at, new, stable in rows.values_list("metric_id", "at", "new", "stable"):
        found[metric].append(Point(at=at, new=new, stable=stable))
    return found


def _sources(rows: Sequence[AnalysisRun]) -> Mapping[int, str]:
    if not any(metric["source"] for row in rows for metric in row.settings["metrics"]):
        return {}
    return source_names()


def _run(
    row: AnalysisRun,
    metrics: Sequence[AnalysedMetric],
    points: Mapping[int, Sequence[Point]],
    sources: Mapping[int, str],
) -> RunView:
    found = settings.read(row.settings)
    return RunView(
        id=row.pk,
        rollout_id=row.rollout_id,
        name=row.name,
        settings=found,
        outcome=Outcome(row.outcome) if row.outcome else None,
        reason=row.reason,
        score=_score(row.score),
        fast=[_finding(one) for one in row.fast],
        metrics=[
            _metric(one, found.metrics[one.place], points.get(one.pk, ()), sources)
            for one in metrics
        ],
        started_at=row.started_at,
        judged_at=row.judged_at,
        ended_at=row.ended_at,
    )


def _metric(
    row: AnalysedMetric, metric: Metric, points: Sequence[Point], sources: Mapping[int, str]
) -> MetricView:
    gone = "a source that is gone"
    return MetricView(
        metric=metric,
        source=sources.get(metric.source_id, gone) if metric.source_id else OWN_COUNT,
        query=row.query or metric.query,
        stable_query=row.stable_query or metric.stable_query,
        finding=_finding(row.finding) if row.finding else None,
        label=row.finding.get("label", ""),
        problem=row.problem,
        is_over=row.is_over,
        measured_at=row.measured_at,
        due_at=row.due_at,
        points=points,
    )


def _finding(kept: Mapping[str, Any]) -> Finding:
    return Finding(
        lane=Lane(kept["lane"]),
        outcome=Outcome(kept["outcome"]),
        reason=kept["reason"],
        what_would_change=kept["what_would_change"],
        numbers=kept["numbers"],
    )


def _score(kept: Mapping[str, Any] | None) -> ScoreView | None:
    if kept is None:
        return None
    return ScoreView(
        value=kept["value"],
        outcome=Outcome(kept["outcome"]),
        reason=kept["reason"],
        what_would_change=kept["what_would_change"],
        groups=[
            GroupView(**one, points=round(one["score"] * one["weight"] / 100, 2))
            for one in kept["groups"]
        ],
    )


def source_names() -> dict[int, str]:
    """The metric sources that may be asked."""
    return {one.id: one.name for one in telemetry_queries.sources()}
