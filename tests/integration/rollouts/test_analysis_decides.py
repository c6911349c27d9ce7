"""Rollouts that the analysis decides, from the first request to the last; time is moved."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import Struct, field
from tests.factories.analysis import analyse_by
from tests.factories.identity import NOW
from tests.factories.rollouts import fresh, make_target, work
from tests.factories.telemetry import MetricServer, make_source, metric_server

from evenfall.rollouts import actions, drains, ports
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.models import AnalysisRun, Rollout
from evenfall.rollouts.ports import Capabilities, Counts, Seen, Split, StepField

pytestmark = pytest.mark.django_db
TICK = timedelta(seconds=1.1)
STEPS = [{"setWeight": 50}, {"pause": {"duration": 30}}]


class Balancer(Struct):
    """A traffic port that does at once what it is told, and counts what comes."""

    name: str = "counting"
    label: str = "A balancer of the tests"
    fields: Sequence[StepField] = ()
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(counts=True))
    split: Split | None = None
    counts: dict[str, Counts] = field(default_factory=lambda: {"blue": Counts(), "green": Counts()})

    def check(self, settings: Mapping[str, str]) -> None:
        """Nothing can be wrong."""

    def apply(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        self.split = split
        return self.read(settings, split, time_limit_s=time_limit_s)

    def read(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        return Seen(fits=self.split == split, words="as it was told", counts=dict(self.counts))

    def share(self, side: str) -> int:
        return self.split.share(side) if self.split else 100 * (side == "blue")

    def take(self, requests: int, rates: Mapping[str, float], dice: random.Random) -> None:
        """So many requests, of which each side fails its share."""
        for side, counts in self.counts.items():
            mine = requests * self.share(side) // 100
            self.counts[side] = Counts(
                requests=counts.requests + mine,
                errors=counts.errors + dice.binomialvariate(mine, rates.get(side, 0.0)),
            )


class Stage(Struct, kw_only=True):
    """Version 2 on its way to the green side, and so many requests a second to both."""

    balancer: Balancer
    rollout_id: int
    requests: int = 40
    rates: dict[str, float] = field(default_factory=lambda: {"blue": 0.001})
    dice: random.Random = field(default_factory=lambda: random.Random(2026))
    now: datetime = NOW

    @property
    def row(self) -> Rollout:
        return fresh(self.rollout_id)

    def tick(self) -> State:
        self.now += TICK
        self.balancer.take(self.requests, self.rates, self.dice)
        drains.measure(self.now)
        work(self.now)
        return State(self.row.state)

    def until(self, state: State, *, most: int) -> int:
        """How many ticks it takes until it is in this state."""
        for ticks in range(1, most + 1):
            if self.tick() is state:
                return ticks
        raise AssertionError(f"still {self.row.state}: {self.row.reason}")


@pytest.fixture
def balancer() -> Balancer:
    found = Balancer()
    ports.register_traffic_port(found)
    return found


@pytest.fixture
def server() -> Iterator[MetricServer]:
    with metric_server() as running:
        yield running


def begun(balancer: Balancer, *metrics: Mapping[str, Any], may_fail: float = 5.0) -> Stage:
    plan: dict[str, Any] = {"strategy": "canary", "steps": STEPS, "watch": "1m"}
    plan["guard"] = {"most_percent": may_fail}
    target = make_target(kind=balancer.name, traffic={}, plan=plan)
    analyse_by(target, *metrics)
    rollout_id = actions.start_rollout(target_id=target.pk, version="2", now=NOW, actor="user:1")
    stage = Stage(balancer=balancer, rollout_id=rollout_id)
    work(NOW)
    stage.until(State.STEPPING, most=5)
    return stage


def latency(server: MetricServer) -> dict[str, Any]:
    return {
        "name": "Latency",
        "source": make_source(server.url),
        "query": 'latency{version="$version"}',
        "interval": 1,
        "samples": 20,
        "increase": 1.1,
    }


def answering(server: MetricServer, *, new: float, stable: float) -> None:
    dice = random.Random(7)

    def told(asked: Mapping[str, str]) -> list[dict[str, Any]]:
        middle = new if 'version="2"' in asked["query"] else stable
        return [{"metric": {}, "value": [0, str(dice.gauss(middle, middle / 10))]}]

    server.answer = told


def test_a_good_version_is_promoted_and_proven(balancer: Balancer, server: MetricServer) -> None:
    answering(server, new=0.2, stable=0.2)
    stage = begun(balancer, latency(server))
    stage.until(State.WATCHING, most=60)
    assert stage.balancer.share("green") == 100
    stage.until(State.PROVEN, most=90)


def test_5xx_are_taken_back_in_less_than_five_seconds(balancer: Balancer) -> None:
    """From the first error to all traffic on the stable side, at 20 requests a second."""
    stage = begun(balancer)
    for _ in range(10):
        stage.tick()
    stage.rates["green"] = 0.5
    took = stage.until(State.ROLLED_BACK, most=5) * TICK
    assert took < timedelta(seconds=5)
    assert balancer.share("blue") == 100
    assert "requests failed" in stage.row.reason


def test_a_slow_version_is_taken_back(balancer: Balancer, server: MetricServer) -> None:
    answering(server, new=0.3, stable=0.2)
    stage = begun(balancer, latency(server))
    stage.until(State.ROLLED_BACK, most=30)
    assert "Latency: The new side is" in stage.row.reason


def test_two_percent_of_errors_are_taken_back_at_low_traffic(balancer: Balancer) -> None:
    """Two requests a second to each side; the stable one has an error in a thousand.

    The guard is set so high that it says nothing: this is for the sequential test.
    """
    stage = begun(balancer, may_fail=50.0)
    stage.requests, stage.rates["green"] = 4, 0.02
    stage.until(State.ROLLED_BACK, most=600)
    assert "failed on the new side" in stage.row.reason
    assert balancer.share("green") == 0


def test_without_data_it_holds_and_asks_complaint_16_27(
    balancer: Balancer, server: MetricServer
) -> None:
    """argo-rollouts#1905, flagger#1035, #1011: neither back nor forth, and on when there are."""
    stage = begun(balancer, latency(server))
    for _ in range(45):
        stage.tick()
    assert stage.row.state == State.STEPPING
    assert "Too little data for 1 of 1 metric." in stage.row.reason
    answering(server, new=0.2, stable=0.2)
    stage.until(State.WATCHING, most=40)


def test_the_run_ends_with_the_rollout_and_tells_what_decided(balancer: Balancer) -> None:
    stage = begun(balancer)
    stage.rates["green"] = 1.0
    stage.until(State.ROLLED_BACK, most=6)
    stage.tick()
    run = AnalysisRun.objects.get(rollout_id=stage.rollout_id)
    assert run.ended_at is not None
    failed = [one for one in run.fast if one["outcome"] == "fail"]
    assert failed
    assert all(one["what_would_change"] for one in failed)
