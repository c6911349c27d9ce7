"""What all metrics of a run say together, and how that came about."""

from datetime import datetime
from typing import Any, Final

import msgspec
from django.db.models import QuerySet

from evenfall.rollouts.actions.analysing_counts import failures
from evenfall.rollouts.logic.analysis import conditions, counting, judging, settings, telling
from evenfall.rollouts.logic.analysis.conditions import Phase
from evenfall.rollouts.logic.analysis.counting import Counted
from evenfall.rollouts.logic.analysis.findings import Finding, Lane
from evenfall.rollouts.logic.analysis.judging import Judgement
from evenfall.rollouts.logic.analysis.score import Marked, Score, score
from evenfall.rollouts.logic.analysis.settings import Kind, Metric, Settings
from evenfall.rollouts.logic.verdicts import Outcome, Verdict, worst
from evenfall.rollouts.models import AnalysedMetric, AnalysisRun, Measurement

MOST_COMPARED: Final = 600
_MOST_REASON: Final = 1000


def weigh(run: AnalysisRun, *, now: datetime) -> None:
    """Judge all metrics by what was measured so far, and save what comes of it."""
    found = settings.read(run.settings)
    rows = list(AnalysedMetric.objects.filter(run=run).order_by("place"))
    marks, verdicts = list[Marked](), list[Verdict]()
    for row in rows:
        metric = found.metrics[row.place]
        if metric.kind is Kind.COMPARE:
            marks.append(_compared(row, metric, until=run.rollout.promoted_at))
        else:
            verdicts += _stood(row, metric)
    AnalysedMetric.objects.bulk_update(rows, ["finding", "is_over"])
    total = score(marks, found.limits)
    if total is not None:
        verdicts.append(Verdict(outcome=total.outcome, reason=_because(total, rows, found)))
    _save(run, total, worst(verdicts), now=now)


def _compared(row: AnalysedMetric, metric: Metric, *, until: datetime | None) -> Marked:
    """Compare what was measured of both sides, without windows that overlap.

    The stable side has no requests after the promotion (`until`): what it showed before stands for
    it, or hours later nothing would be known of it any more.
    """
    latest = Measurement.objects.filter(metric=row).order_by("-at")
    before = latest if until is None else latest.filter(at__lte=until)
    judgement = judging.judge(
        _thinned(latest.values_list("new", flat=True), metric),
        _thinned(before.values_list("stable", flat=True), metric),
        metric.rule,
    )
    finding = telling.told(judgement, metric.rule)
    row.finding = _kept(finding) | {"label": judgement.label.value}
    if row.problem:
        row.finding["reason"] = f"{row.problem} {finding.reason}"
    return _mark(metric, judgement)


def _thinned(values: QuerySet[Measurement, float | None], metric: Metric) -> list[float | None]:
    return list(values[: MOST_COMPARED * metric.stride])[:: metric.stride]


def _mark(metric: Metric, judgement: Judgement) -> Marked:
    return Marked(
        name=metric.name,
        label=judgement.label,
        groups=metric.groups,
        critical=metric.rule.critical,
        is_critical_failure=judgement.is_critical_failure,
        is_dry_run=metric.is_dry_run,
    )


def _stood(row: AnalysedMetric, metric: Metric) -> list[Verdict]:
    """Where a metric with conditions stands; a dry run has no say."""
    kept = {name: value for name, value in row.counted.items() if name != "last"}
    last = Phase(row.counted.get("last", Phase.NO_VALUE.value))
    standing = counting.stand(Counted(**kept), metric.counting, last=last)
    value = _last_value(row)
    at_last = conditions.told(value, metric.conditions, problem=row.problem)
    row.finding = _kept(
        Finding(
            lane=Lane.CONDITION,
            outcome=standing.outcome,
            reason=f"{standing.reason} {at_last.reason}",
            what_would_change=f"{standing.what_would_change} {at_last.what_would_change}",
            numbers=at_last.numbers,
        )
    )
    row.is_over = standing.is_over
    if metric.is_dry_run:
        return []
    return [Verdict(outcome=standing.outcome, reason=f"{row.name}: {row.finding['reason']}")]


def _last_value(row: AnalysedMetric) -> float | None:
    values = Measurement.objects.filter(metric=row).order_by("-at").values_list("new", flat=True)
    return values.first()


def _because(total: Score, rows: list[AnalysedMetric], found: Settings) -> str:
    """The score, and the words of the metrics that made it what it is."""
    telling_rows = [
        f"{row.name}: {row.finding['reason']}"
        for row in rows
        if row.finding.get("outcome") == total.outcome and not found.metrics[row.place].is_dry_run
    ]
    return " ".join(
        [total.reason, *telling_rows] if total.outcome is not Outcome.PASS else [total.reason]
    )


def _save(run: AnalysisRun, total: Score | None, verdict: Verdict, *, now: datetime) -> None:
    if verdict.outcome is Outcome.FAIL and run.outcome != Outcome.FAIL:
        failures.labels("metrics").inc()
    run.outcome, run.reason = verdict.outcome.value, verdict.reason[:_MOST_REASON]
    run.score = None if total is None else msgspec.to_builtins(total)
    run.judged_at = now
    run.save(update_fields=["outcome", "reason", "score", "judged_at"])


def _kept(finding: Finding) -> dict[str, Any]:
    kept: dict[str, Any] = msgspec.to_builtins(finding)
    return kept
