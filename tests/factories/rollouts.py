"""Targets and rollouts for tests, and how a worker works on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.factories.catalog import make_service
from tests.factories.identity import NOW

from evenfall.catalog.models import Service
from evenfall.rollouts import actions
from evenfall.rollouts.actions import TargetWish
from evenfall.rollouts.drains import work_rollouts
from evenfall.rollouts.models import Rollout, Target

PLAN: Mapping[str, Any] = {
    "strategy": "canary",
    "steps": [
        {"setWeight": 20},
        {"pause": {"duration": 2}},
        {"setWeight": 50},
        {"pause": {"duration": 2}},
    ],
    "guard": {"least": 5, "least_errors": 3},
    "watch": "1h",
}


def make_target(
    *,
    kind: str = "haproxy",
    traffic: Mapping[str, str],
    service: Service | None = None,
    plan: Mapping[str, Any] = PLAN,
    deploy_kind: str = "none",
    deploy: Mapping[str, str] | None = None,
    now: datetime = NOW,
) -> Target:
    """Where a service runs: version 1 on the blue side, nothing on the green one."""
    wish = TargetWish(
        environment="PROD",
        traffic_kind=kind,
        traffic=traffic,
        deploy_kind=deploy_kind,
        deploy=deploy or {},
        plan=plan,
        blue_version="1",
    )
    owner = service or make_service()
    number = actions.add_target(service_id=owner.pk, wish=wish, now=now, actor="user:1")
    return Target.objects.get(id=number)


def work(now: datetime, *, most: int = 20) -> None:
    """All that is due now, as a worker does it: decisions and what they lead to."""
    for _ in range(most):
        if not work_rollouts(now).done:
            return
    raise AssertionError("a rollout does not come to rest")


def fresh(rollout_id: int) -> Rollout:
    return Rollout.objects.select_related("target").get(id=rollout_id)
