"""Rollouts that are analysed, for tests."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.factories.catalog import make_service
from tests.factories.identity import NOW

from evenfall.catalog.models import Service
from evenfall.rollouts.actions import setting_analyses
from evenfall.rollouts.actions.setting_analyses import Which
from evenfall.rollouts.logic.plan import Plan, read_plan, written
from evenfall.rollouts.models import AnalysisRun, Rollout, Tally, Target
from evenfall.rollouts.ports import Question

ERRORS: dict[str, Any] = {
    "name": "Errors",
    "source": 0,
    "interval": 5,
    "groups": ["errors"],
    "samples": 5,
}


def make_target(
    *,
    service: Service | None = None,
    environment: str = "PROD",
    plan: Plan | None = None,
    now: datetime = NOW,
) -> Target:
    """A service behind a balancer, on its blue side."""
    plan = plan or read_plan({"steps": [{"setWeight": 10}, {"pause": {"duration": "5m"}}]})
    return Target.objects.create(
        service=service or make_service(),
        environment=environment,
        traffic_kind="none",
        deploy_kind="none",
        plan=written(plan),
        blue_version="v1",
        changed_at=now,
        changed_by="system",
    )


def make_rollout(target: Target | None = None, *, now: datetime = NOW) -> Rollout:
    """v2 on its way to the green side, with ten per cent of the requests."""
    target = target or make_target(now=now)
    return Rollout.objects.create(
        target=target,
        version="v2",
        stable_version="v1",
        side="green",
        plan=target.plan,
        state="stepping",
        since=now,
        weight=10,
        started_by="system",
        started_at=now,
    )


def analyse_by(target: Target, *metrics: Mapping[str, Any], **more: Any) -> None:
    """Say what is measured at the target."""
    version = setting_analyses.version_of(target.pk, "")
    setting_analyses.set_analysis(
        which=Which(target_id=target.pk, version=version),
        wish={"metrics": list(metrics), **more},
        now=NOW,
        actor="system",
    )


def question_of(rollout: Rollout, analysis: str = "") -> Question:
    """What the engine asks the lanes."""
    return Question(
        rollout_id=rollout.pk,
        service_id=rollout.target.service_id,
        environment=rollout.target.environment,
        version=rollout.version,
        stable_version=rollout.stable_version,
        state=rollout.state,
        step=0,
        analysis=analysis,
        since=rollout.since,
    )


def count(
    rollout: Rollout,
    *,
    new: Sequence[tuple[int, int]],
    stable: tuple[int, int] = (0, 180),
    start: datetime = NOW,
) -> datetime:
    """Count errors and requests of each second from `start` on; returns the last second."""
    last = Tally.objects.filter(rollout=rollout).order_by("-at").first()
    at = start if last is None else last.at
    if last is None:
        last = Tally(rollout=rollout, new_requests=0, new_errors=0)
        last.stable_requests, last.stable_errors, last.at = 0, 0, at
        last.save()
    rows = list[Tally]()
    for errors, requests in new:
        at += timedelta(seconds=1)
        last = Tally(
            rollout=rollout,
            at=at,
            new_errors=last.new_errors + errors,
            new_requests=last.new_requests + requests,
            stable_errors=last.stable_errors + stable[0],
            stable_requests=last.stable_requests + stable[1],
        )
        rows.append(last)
    Tally.objects.bulk_create(rows)
    return at


def run_of(rollout: Rollout) -> AnalysisRun:
    return AnalysisRun.objects.get(rollout=rollout)
