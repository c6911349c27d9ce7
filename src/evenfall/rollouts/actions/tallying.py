"""The counters of the traffic port, kept for an hour, and what the guard makes of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from evenfall.rollouts.logic.guard import Counts, Reading, judge_errors, since
from evenfall.rollouts.logic.plan import Plan
from evenfall.rollouts.logic.verdicts import Outcome, Verdict
from evenfall.rollouts.models import Rollout, Tally
from evenfall.rollouts.models.targets import other
from evenfall.rollouts.ports import BASELINE

KEPT: Final = timedelta(hours=1)


def keep_tally(
    row: Rollout, counts: Mapping[str, Counts], *, is_baseline: bool = False, now: datetime
) -> None:
    """Write down where the counters stand; nothing where the port has none.

    `is_baseline`: fresh instances of the stable version take requests, and are compared with.
    """
    if not counts:
        return
    beside = BASELINE if is_baseline else other(row.side)
    new, stable = counts.get(row.side, Counts()), counts.get(beside, Counts())
    Tally.objects.get_or_create(
        rollout=row,
        at=now,
        defaults={
            "new_requests": new.requests,
            "new_errors": new.errors,
            "stable_requests": stable.requests,
            "stable_errors": stable.errors,
            "is_baseline": is_baseline,
        },
    )
    if now.second == 0:  # now and then is often enough
        Tally.objects.filter(rollout=row, at__lt=now - KEPT).delete()


def guard_verdicts(row: Rollout, plan: Plan, *, now: datetime) -> list[Verdict]:
    """The guard's verdict; none where the port counts nothing.

    All of the window can fail, but only what was measured at this step's traffic can pass.
    """
    window = timedelta(seconds=plan.guard.window_s)
    readings = readings_of(row.pk, since_=now - window - timedelta(seconds=5))
    if not readings:
        return []
    verdict = judge_errors(plan.guard, readings, now=now)
    if verdict.outcome is Outcome.PASS:
        here = [one for one in readings if one.at > row.since]
        verdict = judge_errors(plan.guard, here, now=now)
    return [verdict]


def readings_of(rollout_id: int, *, since_: datetime) -> list[Reading]:
    """What both sides did between two looks, oldest first."""
    rows = Tally.objects.filter(rollout_id=rollout_id, at__gte=since_).order_by("at")
    return [reading(before, after) for before, after in pairwise(rows)]


def reading(before: Tally, after: Tally) -> Reading:
    """What both sides did between two rows; two counters of different sides have no difference."""
    is_one = before.is_baseline == after.is_baseline
    return Reading(
        at=after.at,
        new=since(
            Counts(requests=before.new_requests, errors=before.new_errors),
            Counts(requests=after.new_requests, errors=after.new_errors),
        ),
        stable=since(
            Counts(requests=before.stable_requests, errors=before.stable_errors),
            Counts(requests=after.stable_requests, errors=after.stable_errors),
        )
        if is_one
        else Counts(),
    )
