"""The fast lanes: what the traffic port counted since the last look, and what that means."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from evenfall.platform.metrics import counter
from evenfall.rollouts.actions.tallying import KEPT, reading, readings_of
from evenfall.rollouts.logic.analysis import burn, guard, sprt
from evenfall.rollouts.logic.analysis.burn import Burn
from evenfall.rollouts.logic.analysis.findings import Finding
from evenfall.rollouts.logic.analysis.settings import Settings
from evenfall.rollouts.logic.analysis.sprt import Sequential, SequentialState
from evenfall.rollouts.logic.guard import Counts, Reading
from evenfall.rollouts.logic.plan import read_written
from evenfall.rollouts.logic.verdicts import Outcome
from evenfall.rollouts.models import AnalysisRun, Rollout, Tally

failures = counter(
    "evenfall_rollout_lane_failures_total",
    "Analyses of rollouts that a lane failed, by lane",
    ("lane",),
)


def look_at_counts(run: AnalysisRun, found: Settings, *, now: datetime) -> list[Finding]:
    """Judge what was counted since the last look, and keep it; nothing where nothing is counted.

    One worker at a time asks about a rollout; should two do, the late one changes nothing.
    """
    readings = _new_readings(run)
    if not readings and run.counted_at is None:
        return []
    state, findings = _sequential(read_state(run.sequential), readings, found.sequential)
    if found.burn is not None:
        findings.append(_burning(run, found.burn, now=now))
    told = [_guarding(run, now=now), *findings]
    changed = AnalysisRun.objects.filter(id=run.pk, counted_at=run.counted_at).update(
        sequential=msgspec.to_builtins(state),
        counted_at=readings[-1].at if readings else run.counted_at,
        fast=[msgspec.to_builtins(one) for one in told],
    )
    if changed:
        note_failures(run.fast, told)
    return findings


def note_failures(before: Sequence[Mapping[str, Any]], findings: Sequence[Finding]) -> None:
    """Count each lane once for each run that it fails."""
    failed = {one["lane"] for one in before if one["outcome"] == Outcome.FAIL}
    for one in findings:
        if one.outcome is Outcome.FAIL and one.lane not in failed:
            failures.labels(one.lane.value).inc()


def read_state(kept: Mapping[str, Any]) -> SequentialState:
    """The state of the sequential test as it was kept."""
    if not kept:
        return SequentialState()
    sides = {name: Counts(**kept[name]) for name in ("canary", "stable", "ever")}
    return SequentialState(round=kept["round"], **sides)


def share_of(rollout_id: int, *, start: datetime, end: datetime) -> tuple[Counts, Counts]:
    """What the new side and the stable one had between two moments.

    Two rows are enough however long it was; of a counter that was reset in between it is what came
    after the reset.
    """
    rows = Tally.objects.filter(rollout_id=rollout_id, at__gte=start, at__lte=end)
    first, last = rows.order_by("at").first(), rows.order_by("-at").first()
    if first is None or last is None:
        return Counts(), Counts()
    alike = rows.filter(is_baseline=last.is_baseline).order_by("at").first() or last
    return reading(first, last).new, reading(alike, last).stable


def _new_readings(run: AnalysisRun) -> list[Reading]:
    return readings_of(run.rollout_id, since_=run.counted_at or run.started_at - KEPT)


def _sequential(
    state: SequentialState, readings: Sequence[Reading], test: Sequential | None
) -> tuple[SequentialState, list[Finding]]:
    """The test after these readings; a failure stands, whatever was read after it."""
    if test is None:
        return state, []
    state, finding = sprt.look(state, canary=Counts(), stable=Counts(), test=test)
    for one in readings:
        if finding.outcome is Outcome.FAIL:
            break
        state, finding = sprt.look(state, canary=one.new, stable=one.stable, test=test)
    return state, [finding]


def _burning(run: AnalysisRun, rule: Burn, *, now: datetime) -> Finding:
    windows = (timedelta(seconds=burn.LONG_S), timedelta(seconds=burn.SHORT_S))
    long, short = (share_of(run.rollout_id, start=now - window, end=now)[0] for window in windows)
    return burn.look(long, short, rule)


def _guarding(run: AnalysisRun, *, now: datetime) -> Finding:
    """The guard has a verdict of its own; here it is told like the others, to be shown."""
    rollout = Rollout.objects.only("plan").get(id=run.rollout_id)
    rule = read_written(rollout.plan).guard
    start = now - timedelta(seconds=rule.window_s + 5)
    return guard.look(rule, readings_of(run.rollout_id, since_=start), now=now)
