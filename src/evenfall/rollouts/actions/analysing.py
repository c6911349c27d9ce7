"""The lanes of the analysis, asked each second: what they say of a rollout now.

The fast ones look at what the traffic port counted since the last look; the slow ones were judged
when they were measured (`measuring`), and their word is repeated here as long as it is fresh.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from evenfall.platform.wakeups import wake
from evenfall.rollouts.actions.analysing_counts import look_at_counts
from evenfall.rollouts.actions.filling_queries import fill_in
from evenfall.rollouts.actions.objectives import with_objective
from evenfall.rollouts.logic.analysis import settings
from evenfall.rollouts.logic.analysis.findings import Finding, Lane
from evenfall.rollouts.logic.analysis.settings import Settings
from evenfall.rollouts.logic.verdicts import Outcome, Verdict
from evenfall.rollouts.models import AnalysedMetric, Analysis, AnalysisRun, Rollout
from evenfall.rollouts.ports import Question

MEASURE: Final = "rollouts.measure"
LANE: Final = "metrics"
STALE: Final = timedelta(seconds=60)
"""Metrics that nobody measured for so long beyond their interval are not known any more."""


def analyse(question: Question, *, now: datetime) -> list[Verdict]:
    """The lane "analysis" of a rollout: see `ports.Judge`. The first call begins the run."""
    run = AnalysisRun.objects.filter(
        rollout_id=question.rollout_id, name=question.analysis
    ).first() or begin_run(question, now=now)
    found = settings.read(run.settings)
    fast = look_at_counts(run, found, now=now)
    counting = [one for one in fast if _counts(one, found)]
    verdicts = [Verdict(outcome=one.outcome, reason=one.reason, lane=one.lane) for one in counting]
    return [*verdicts, *_slow(run, found, now=now)]


@transaction.atomic
def begin_run(question: Question, *, now: datetime) -> AnalysisRun:
    """Freeze what is measured now; a change of it counts from the next rollout on.

    Where two begin it, one does. An analysis that the target does not have is the usual one.
    """
    rollout = Rollout.objects.select_related("target").get(id=question.rollout_id)
    known = {one.name: one.settings for one in Analysis.objects.filter(target=rollout.target_id)}
    document = known.get(question.analysis) or known.get("")
    found = settings.read(document) if document else settings.NOTHING_SAID
    document = settings.written(with_objective(found, rollout.target))
    run, is_new = AnalysisRun.objects.get_or_create(
        rollout=rollout, name=question.analysis, defaults={"settings": document, "started_at": now}
    )
    if is_new:
        _add_metrics(run, rollout, settings.read(document), now=now)
    return run


def _add_metrics(run: AnalysisRun, rollout: Rollout, found: Settings, *, now: datetime) -> None:
    rows = [
        AnalysedMetric(
            run=run, place=place, name=one.name, due_at=now + timedelta(seconds=one.delay_s)
        )
        for place, one in enumerate(found.metrics)
    ]
    for row, one in zip(rows, found.metrics, strict=True):
        fill_in(row, one, rollout)
    AnalysedMetric.objects.bulk_create(rows)
    if rows:
        run.due_at = min(row.due_at for row in rows)
        run.save(update_fields=["due_at"])
        wake(MEASURE)


def _counts(finding: Finding, found: Settings) -> bool:
    """Whether it has a say: a test that need not pass is heard only when it fails."""
    free = {
        Lane.SEQUENTIAL: found.sequential is not None and not found.sequential.must_pass,
        Lane.BURN: found.burn is not None and bool(found.burn.name),
    }
    return finding.outcome is Outcome.FAIL or not free.get(finding.lane, False)


def _slow(run: AnalysisRun, found: Settings, *, now: datetime) -> list[Verdict]:
    """What the metrics said when they were measured last; what is old is not known any more."""
    counting = [one for one in found.metrics if not one.is_dry_run]
    if not counting:
        return []
    patience = STALE + timedelta(seconds=max(one.interval_s + one.delay_s for one in counting))
    since_ = run.judged_at or run.started_at
    if run.outcome == Outcome.FAIL or (run.judged_at and now - since_ <= patience):
        return [Verdict(outcome=Outcome(run.outcome), reason=run.reason, lane=LANE)]
    reason = f"No metric was measured since {since_:%H:%M:%S} UTC."
    return [Verdict(outcome=Outcome.NO_DATA, reason=reason, lane=LANE)]
