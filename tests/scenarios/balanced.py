"""Services behind one real balancer, watched by a real Prometheus, whose next versions are judged.

Beside the till, which a test leads itself, three services get a new version as soon as everything
runs. Whatever is worse about it is worse from its first request on.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, override

import httpx
from msgspec import Struct, field
from tests.factories.haproxy import Backend, Balancer, backend, balancer
from tests.scenarios.bars import allowed
from tests.scenarios.crowd import Answered, Crowd
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.setting import make_service, make_team
from tests.scenarios.tools import prometheus_by

from evenfall.rollouts.logic.analysis.presets import preset

SWITCH_S = 1.0
PER_SECOND = 44
SIDES = ("blue", "green")
GUARD = {"most_percent": 5, "window": 30, "least": 20, "least_errors": 3}
PLAN: dict[str, Any] = {
    "strategy": "canary",
    "steps": [{"setWeight": 50}, {"pause": {"duration": 3}}],
    "guard": GUARD,
    "watch": "1h",
}
SAMPLES = 10
ANSWER_S = 0.03
"""Seconds that an answer of a judged service takes."""


class Judged(Struct, frozen=True, kw_only=True):
    """A service, how many requests a second it has, and its next version."""

    service: str
    per_second: float
    steps: list[dict[str, Any]]
    takes_s: float = ANSWER_S
    fails_each: int = 0
    asks_prometheus: bool = True


GOOD = Judged(
    service="basket",
    per_second=36,
    steps=[{"setWeight": 25}, {"setWeight": 50}, {"analysis": {"duration": 5}}],
)
SLOW = Judged(
    service="search",
    per_second=16,
    steps=[{"setWeight": 50}, {"analysis": {"duration": "1h"}}],
    takes_s=0.15,
)
SELDOM = Judged(
    service="prices",
    per_second=40,
    # four requests a second on the new side
    steps=[{"setWeight": 10}, {"analysis": {"duration": "2h"}}],
    fails_each=50,
    asks_prometheus=False,
)
JUDGED = (GOOD, SLOW, SELDOM)


class Case(Struct, frozen=True, kw_only=True):
    """A service whose next version is on its way."""

    service: str
    green: Backend
    crowd: Crowd
    rollout_id: int = 0


class Outcome(Struct, frozen=True, kw_only=True):
    """How a rollout stands, what was measured of it, and how many requests got no answer."""

    rollout: dict[str, Any]
    run: dict[str, Any]
    lost: int


class Taken(Outcome, frozen=True, kw_only=True):
    """How long a way back took: since the first bad answer, and since the decision.

    `answered` is how often the bad version answered, `errors` how often with an error.
    """

    bad_s: float
    switch_s: float
    asked: int
    answered: int
    errors: int

    @override
    def __str__(self) -> str:
        return (
            f"{self.bad_s:.2f} s from the first bad answer to the last of the bad version,"
            f" {self.switch_s:.2f} s from the decision; {self.lost} of {self.asked} requests lost"
        )

    def check(self, *, within_s: float) -> None:
        assert self.bad_s < allowed(within_s)
        assert self.switch_s < allowed(SWITCH_S)
        assert not self.lost


class World(Struct, frozen=True, kw_only=True):
    installation: Installation
    api: Api
    proxy: Balancer
    crowd: Crowd
    cases: dict[str, Case] = field(default_factory=dict)

    @property
    def till(self) -> Case:
        return Case(service="till", green=self.proxy.backends["green1"], crowd=self.crowd)

    @property
    def green(self) -> Backend:
        return self.till.green

    def start(self, version: str, service: str = "till") -> int:
        return int(self.api.post("/rollouts", service=service, version=version)["id"])

    def state(self, number: int) -> str:
        return str(self.api.get(f"/rollouts/{number}")["state"])

    def until(
        self, number: int, *states: str, within_s: float = 40, pace_s: float = 0.05
    ) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            try:
                found: dict[str, Any] = self.api.get(f"/rollouts/{number}")
            except (httpx.HTTPError, AssertionError):
                return None
            return found if found["state"] in states else None

        what = f"{states} of rollout {number}"
        return eventually(look, within_s=within_s, what=what, pace_s=pace_s)

    def until_served_by(self, *names: str) -> None:
        wanted = set(names)
        eventually(
            lambda: {one.who for one in self.crowd.answers[-40:]} == wanted, what=f"{wanted}"
        )

    def unix(self, told: str) -> float:
        """A moment that the installation tells, by the clock of whoever asks it."""
        moved = self.installation.now() - datetime.now(UTC)
        return (datetime.fromisoformat(told) - moved).timestamp()

    def run(self, case: Case) -> Any:
        """What was measured, and what it said."""
        (found,) = self.api.get(f"/rollouts/{case.rollout_id}/analyses")["items"]
        return found

    def measured(
        self, case: Case, *, is_bad: Callable[[Answered], bool], since: float = 0.0
    ) -> Taken:
        """Wait for the way back, and for as many requests as show that it is complete."""
        rollout = self.until(case.rollout_id, "rolled_back", within_s=110, pace_s=0.5)
        ended = datetime.now(UTC).timestamp()
        eventually(lambda: len(case.crowd.since(ended + 0.5)) > case.crowd.per_second)
        asked = list(case.crowd.answers)
        seen = [one for one in asked if one.at > since]
        of_bad = [one for one in seen if one.who == case.green.name]
        last = max(one.at for one in of_bad)
        assert {one.who for one in seen if one.at > ended + 0.5} == {f"{case.service}-blue"}
        return Taken(
            rollout=rollout,
            run=self.run(case),
            lost=len(case.crowd.lost()),
            bad_s=last - min(one.at for one in seen if is_bad(one)),
            switch_s=last - self.unix(rollout["decided_at"]),
            asked=len(asked),
            answered=len(of_bad),
            errors=sum(is_error(one) for one in of_bad),
        )


def is_error(one: Answered) -> bool:
    return one.status == 500


def begun(stack: ExitStack, folder: Path) -> World:
    """Start everything, and the rollouts of all that is judged."""
    web = {f"{side}1": stack.enter_context(backend(f"till-{side}")) for side in SIDES}
    others = {one.service: _servers(stack, one) for one in JUDGED}
    proxy = stack.enter_context(balancer(folder, backends=web, others=others))
    port = stack.enter_context(prometheus_by(folder, _scraping(proxy)))
    installation = stack.enter_context(running(folder))
    api = installation.first_admin().api()
    team = make_team(api, kind="pagerduty", name="Till")
    _lead(api, proxy, service="till", backend="web", sides=("blue1", "green1"), plan=PLAN)
    source = api.post("/metric-sources", name="Metrics", url=f"http://127.0.0.1:{port}")["id"]
    host = f"127.0.0.1:{proxy.front}"
    crowd = stack.enter_context(Crowd(host=host, path="/", per_second=PER_SECOND))
    found = World(installation=installation, api=api, proxy=proxy, crowd=crowd)
    for one in JUDGED:
        make_service(api, team_id=team.team_id, name=one.service.title())
        _judge(api, proxy, one, source=source)
        people = Crowd(host=host, path=f"/{one.service}/", per_second=one.per_second)
        green = others[one.service]["green"]
        green.deploy("2", takes_s=one.takes_s, fails_each=one.fails_each)
        found.cases[one.service] = Case(
            service=one.service,
            green=green,
            crowd=stack.enter_context(people),
            rollout_id=found.start("2", one.service),
        )
    return found


def _servers(stack: ExitStack, one: Judged) -> dict[str, Backend]:
    return {
        side: stack.enter_context(
            backend(f"{one.service}-{side}", service=one.service, takes_s=ANSWER_S)
        )
        for side in SIDES
    }


def _scraping(proxy: Balancer) -> str:
    """Settings of a Prometheus that reads all versions, and the balancer itself."""
    ports = [one.port for servers in proxy.others.values() for one in servers.values()]
    jobs = {"services": ports, "balancer": [proxy.exporter]}
    lines = [
        f"  - job_name: {name}\n    static_configs: [{{targets: {_addresses(found)}}}]"
        for name, found in jobs.items()
    ]
    every = "global: {scrape_interval: 1s, scrape_timeout: 1s}"
    return "\n".join([every, "scrape_configs:", *lines, ""])


def _addresses(ports: list[int]) -> list[str]:
    return [f"127.0.0.1:{port}" for port in ports]


def _lead(  # what a place is made of
    api: Api,
    proxy: Balancer,
    *,
    service: str,
    backend: str,
    sides: tuple[str, str],
    plan: dict[str, Any],
) -> int:
    """Say where a service runs."""
    traffic = {"address": proxy.address, "backend": backend, "blue": sides[0], "green": sides[1]}
    made = api.post(
        "/rollout-targets",
        service=service,
        traffic_kind="haproxy",
        traffic=traffic,
        plan=plan,
        blue_version="1",
    )
    return int(made["id"])


def _judge(api: Api, proxy: Balancer, one: Judged, *, source: int) -> None:
    """Say where it runs, and what is measured: the ready queries, often and with few values."""
    plan = {"strategy": "canary", "steps": one.steps, "guard": GUARD, "watch": "4h"}
    target = _lead(
        api, proxy, service=one.service, backend=one.service, sides=("blue", "green"), plan=plan
    )
    if not one.asks_prometheus:
        return
    often = {"source": source, "interval": 2, "window": 2, "samples": SAMPLES}
    ready = ("http_errors", "haproxy_errors", "http_latency", "haproxy_latency")
    metrics = [_ready(key) | often for key in ready]
    metrics[1]["name"] = "Errors at the balancer"
    metrics[2]["increase"] = 1.5
    metrics[3]["dry_run"] = True  # its average is over 1024 requests: slow to say anything
    api.put(f"/rollout-targets/{target}/analysis", version=0, settings={"metrics": metrics})


def _ready(key: str) -> dict[str, Any]:
    found = preset(key)
    assert found is not None
    return dict(found.said)
