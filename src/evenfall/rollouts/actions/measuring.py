"""Measuring the metrics of running analyses: what is due is asked at once, then judged."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import isfinite
from typing import Final

from django.db import transaction
from django.db.models import Q
from msgspec import Struct
from msgspec.structs import asdict

from evenfall.platform.metrics import counter
from evenfall.rollouts.actions.analysing_counts import look_at_counts, share_of
from evenfall.rollouts.actions.claiming import AFTER_FAILURE
from evenfall.rollouts.actions.filling_queries import MOST_PROBLEM, fill_in
from evenfall.rollouts.actions.weighing import weigh
from evenfall.rollouts.logic.analysis import conditions, settings
from evenfall.rollouts.logic.analysis.conditions import Phase
from evenfall.rollouts.logic.analysis.counting import Counted, add, wait
from evenfall.rollouts.logic.analysis.findings import share
from evenfall.rollouts.logic.analysis.settings import Kind, Metric
from evenfall.rollouts.models import AnalysedMetric, AnalysisRun, Measurement
from evenfall.telemetry import actions as telemetry
from evenfall.telemetry.ports import Answer, Query

AT_ONCE: Final = 20
TIME_LIMIT_S: Final = 5.0
BUSY: Final = timedelta(seconds=TIME_LIMIT_S + 10)
"""After so long another worker measures what one that died had claimed."""
MOST_KEPT: Final = 2_000
"""Measurements are kept for so many intervals, and those until the promotion as long as it runs."""
ended = counter(
    "evenfall_rollout_analyses_ended_total",
    "Analyses of rollouts that are over, by what became of the rollout",
    ("outcome",),
)


class Values(Struct, frozen=True, kw_only=True):
    """What one metric measured on both sides; None is no value, `problem` says why not."""

    new: float | None = None
    stable: float | None = None
    problem: str = ""


class _Due(Struct, frozen=True):
    run: AnalysisRun
    row: AnalysedMetric
    metric: Metric


def measure_due(*, now: datetime) -> int:
    """Measure what is due and judge it; returns how many runs were looked at.

    Runs are claimed, so several workers share them. Servers are asked outside of any transaction.
    Those of a pass that fails on its way are measured again in a second.
    """
    runs = _claim(now)
    try:
        _measure(runs, now)
    except Exception:
        _give_back(runs, now)
        raise
    return len(runs)


def _measure(runs: Sequence[AnalysisRun], now: datetime) -> None:
    due = [one for run in runs if run.rollout.ended_at is None for one in _due_of(run, now)]
    values = _asked(due, now=now)
    for run in runs:
        _settle(run, [pair for pair in zip(due, values, strict=True) if pair[0].run is run], now)


def _give_back(runs: Sequence[AnalysisRun], now: datetime) -> None:
    """What was settled before is claimed no more, and stays so."""
    mine = AnalysisRun.objects.filter(id__in=[run.pk for run in runs], busy_until=now + BUSY)
    mine.update(busy_until=now + AFTER_FAILURE)


def next_measurement_due() -> datetime | None:
    """When something is to be measured next."""
    rows = AnalysisRun.objects.filter(due_at__isnull=False).order_by("due_at")
    return rows.values_list("due_at", flat=True).first()


@transaction.atomic
def _claim(now: datetime) -> list[AnalysisRun]:
    free = Q(busy_until=None) | Q(busy_until__lt=now)
    rows = AnalysisRun.objects.filter(free, Q(due_at__lte=now) | Q(rollout__ended_at__lte=now))
    rows = rows.filter(ended_at=None).select_related("rollout__target").order_by("due_at")
    found = list(rows.select_for_update(no_key=True, of=("self",), skip_locked=True)[:AT_ONCE])
    AnalysisRun.objects.filter(id__in=[one.pk for one in found]).update(busy_until=now + BUSY)
    return found


def _due_of(run: AnalysisRun, now: datetime) -> list[_Due]:
    metrics = settings.read(run.settings).metrics
    rows = AnalysedMetric.objects.filter(run=run, is_over=False, due_at__lte=now)
    return [_Due(run, row, metrics[row.place]) for row in rows.order_by("place")]


def _asked(due: Sequence[_Due], *, now: datetime) -> list[Values]:
    """The values of all metrics; those of sources are asked for together."""
    for one in due:
        if one.metric.source_id and not one.row.query:
            fill_in(one.row, one.metric, one.run.rollout)
    asking = [one for one in due if one.row.query]
    questions = [
        (one.metric.source_id, Query(text=text, at=now))
        for one in asking
        for text in (one.row.query, one.row.stable_query)
    ]
    answers = telemetry.read_metrics(questions, now=now, time_limit_s=TIME_LIMIT_S)
    found = {
        id(one): values(answers[2 * place], answers[2 * place + 1], one.metric)
        for place, one in enumerate(asking)
    }
    return [found.get(id(one)) or _own(one, now=now) for one in due]


def _own(one: _Due, *, now: datetime) -> Values:
    """What the traffic port counted; or why the query could not be filled in."""
    if one.metric.source_id:
        return Values(problem=one.row.problem)
    start = now - timedelta(seconds=one.metric.window_s)
    new, stable = share_of(one.run.rollout_id, start=start, end=now)
    return Values(new=share(new), stable=share(stable))


def values(new: Answer, stable: Answer, metric: Metric) -> Values:
    """One value of each side. What the stable side lacks matters to a comparison only."""
    ours, problem = one_value(new)
    theirs, lacks = one_value(stable)
    if metric.kind is Kind.COMPARE and lacks:
        problem = problem or f"Stable side: {lacks}"
    return Values(new=ours, stable=theirs, problem=problem)


def one_value(answer: Answer) -> tuple[float | None, str]:
    """The value of an answer and the problem with it; several series are no value."""
    if answer.problem:
        return None, answer.problem[:MOST_PROBLEM]
    if len(answer.series) > 1:
        return None, f"The query found {len(answer.series)} series; make it one, such as by sum()."
    value = answer.series[0].last if answer.series else None
    return (value if value is not None and isfinite(value) else None), ""


@transaction.atomic
def _settle(run: AnalysisRun, measured: Sequence[tuple[_Due, Values]], now: datetime) -> None:
    """Keep and judge what was measured; nothing where another worker did it meanwhile."""
    same = AnalysisRun.objects.filter(pk=run.pk, ended_at=None, due_at=run.due_at)
    if not same.select_for_update(no_key=True).exists():
        return
    if run.rollout.ended_at is not None:
        _end(run, now)
        return
    for one, found in measured:
        _keep(one, found, now)
    weigh(run, now=now)
    rows = AnalysedMetric.objects.filter(run=run, is_over=False).order_by("due_at")
    run.due_at, run.busy_until = rows.values_list("due_at", flat=True).first(), None
    run.save(update_fields=["due_at", "busy_until"])


def _end(run: AnalysisRun, now: datetime) -> None:
    """Look a last time: what decided may have been counted after the last look."""
    look_at_counts(run, settings.read(run.settings), now=run.rollout.decided_at or now)
    run.ended_at, run.due_at, run.busy_until = now, None, None
    run.save(update_fields=["ended_at", "due_at", "busy_until"])
    ended.labels(run.rollout.state).inc()


def _keep(one: _Due, found: Values, now: datetime) -> None:
    """Write down one measurement; what could not be taken is none, and is tried again soon."""
    row, phase = one.row, _phase(one.metric, found)
    if phase is not Phase.ERROR:
        Measurement.objects.get_or_create(
            metric=row,
            at=now,
            defaults={"new": found.new, "stable": found.stable, "phase": phase.value},
        )
        _forget(one, before=now - MOST_KEPT * timedelta(seconds=one.metric.interval_s))
    row.counted = {**asdict(add(counted_of(row), phase)), "last": phase.value}
    row.problem, row.measured_at = found.problem[:MOST_PROBLEM], now
    row.due_at = now + wait(phase, one.metric.counting)
    row.save()


def _forget(one: _Due, *, before: datetime) -> None:
    """What is old, but for what the stable side showed before the promotion: it shows no more."""
    rows = Measurement.objects.filter(metric=one.row, at__lt=before)
    promoted_at = one.run.rollout.promoted_at
    (rows if promoted_at is None else rows.filter(at__gt=promoted_at)).delete()


def counted_of(row: AnalysedMetric) -> Counted:
    """The measurements so far."""
    return Counted(**{name: value for name, value in row.counted.items() if name != "last"})


def _phase(metric: Metric, found: Values) -> Phase:
    if metric.kind is Kind.CONDITION:
        return conditions.measured(found.new, metric.conditions, problem=found.problem)
    if found.problem:
        return Phase.ERROR
    return Phase.NO_VALUE if found.new is None else Phase.SUCCESSFUL
