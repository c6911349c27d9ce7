"""Targets and rollouts for tests, and how a worker works on them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tests.factories.catalog import make_service
from tests.factories.identity import NOW

from evenfall.catalog.models import Service
from evenfall.rollouts import actions, ports
from evenfall.rollouts.actions import TargetWish
from evenfall.rollouts.drains import work_rollouts
from evenfall.rollouts.errors import PortFailed
from evenfall.rollouts.models import Rollout, Target
from evenfall.rollouts.ports import Capabilities, Counts, FieldType, Seen, Split, StepField

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


class Switchboard:
    """A traffic port that is nothing but memory; `trouble` is raised, `counts` are shown."""

    name = "switchboard"
    label = "Switchboard"
    fields: Sequence[StepField] = (
        StepField(name="line", label="Line", required=False),
        StepField(name="token", label="Token", type=FieldType.SECRET, required=False),
    )
    capabilities = Capabilities(headers=True, counts=True, baseline=True)

    def __init__(self) -> None:
        self.applied: list[Split] = []
        self.trouble = ""
        self.counts: dict[str, Counts] = {}

    def check(self, settings: Mapping[str, str]) -> None:
        """Anything goes."""

    def apply(
        self,
        settings: Mapping[str, str],
        split: Split,
        *,
        time_limit_s: float,
    ) -> Seen:
        if self.trouble:
            raise PortFailed(reason=self.trouble)
        self.applied.append(split)
        return self.read(settings, split, time_limit_s=time_limit_s)

    def read(
        self,
        settings: Mapping[str, str],
        split: Split,
        *,
        time_limit_s: float,
    ) -> Seen:
        if self.trouble:
            raise PortFailed(reason=self.trouble)
        fits = bool(self.applied) and self.applied[-1] == split
        return Seen(fits=fits, words=f"{split.weight} %", counts=self.counts)

    def share(self, side: str) -> int:
        """The per cent that it has now; before anything was set all of it is blue's."""
        return self.applied[-1].share(side) if self.applied else 100 * (side == "blue")

    def serve(self, side: str, requests: int, *, errors: int = 0) -> None:
        """Count so many requests more on a side."""
        before = self.counts.get(side, Counts())
        self.counts[side] = Counts(
            requests=before.requests + requests, errors=before.errors + errors
        )


@contextmanager
def switchboard() -> Iterator[Switchboard]:
    """Offer it for the time of the block; another one of the name comes back after."""
    one = Switchboard()
    ports.register_traffic_port(one)
    yield one
    ports.register_traffic_port(Switchboard())
