"""Rollouts of a whole installation: a real HAProxy, two versions, and people who use them.

The bars: from the first error to the last request on the bad version less than five seconds at
twenty requests a second on it, and not one request lost on the way there or back.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from tests.factories.haproxy import Backend, Balancer, backend, balancer
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.setting import make_team

WORKER = "worker slow"  # it has the lane of rollouts too
BAR_S = 5.0
PER_SECOND = 44
THREADS = 4
PLAN: dict[str, Any] = {
    "strategy": "canary",
    "steps": [{"setWeight": 50}, {"pause": {"duration": 3}}],
    "guard": {"most_percent": 5, "window": 30, "least": 20, "least_errors": 3},
    "watch": "1h",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """One request: when its answer came, its status (0 for none), and who gave it."""

    at: float
    status: int
    who: str


@dataclass(kw_only=True)
class Crowd:
    """So many people that there are forty-odd requests a second."""

    url: str
    answers: list[Answered] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        for _ in range(THREADS):
            thread = threading.Thread(target=self._ask, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        with httpx.Client(trust_env=False, timeout=5) as client:
            while not self._stop.wait(THREADS / PER_SECOND):
                self.answers.append(self._one(client))

    def _one(self, client: httpx.Client) -> Answered:
        try:
            answer = client.get(self.url)
        except httpx.HTTPError as error:
            return Answered(time.monotonic(), 0, type(error).__name__)
        return Answered(time.monotonic(), answer.status_code, answer.text)

    def lost(self) -> list[Answered]:
        """Those that no version answered: nothing at all, or an error of the proxy itself."""
        return [one for one in list(self.answers) if one.status not in {200, 500}]

    def since(self, at: float) -> list[Answered]:
        return [one for one in list(self.answers) if one.at > at]


@dataclass(frozen=True, kw_only=True)
class World:
    installation: Installation
    api: Api
    proxy: Balancer
    crowd: Crowd

    @property
    def green(self) -> Backend:
        return self.proxy.backends["green1"]

    def start(self, version: str) -> int:
        return int(self.api.post("/rollouts", service="till", version=version)["id"])

    def state(self, number: int) -> str:
        return str(self.api.get(f"/rollouts/{number}")["state"])

    def until(self, number: int, *states: str, within_s: float = 40) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            try:
                found: dict[str, Any] = self.api.get(f"/rollouts/{number}")
            except (httpx.HTTPError, AssertionError):
                return None
            return found if found["state"] in states else None

        return eventually(look, within_s=within_s, what=f"{states} of rollout {number}")

    def until_served_by(self, *names: str) -> None:
        wanted = set(names)
        eventually(
            lambda: {one.who for one in self.crowd.answers[-40:]} == wanted, what=f"{wanted}"
        )

    def measured(self, act: Callable[[], None], number: int) -> float:
        """Seconds from the first error to the last answer of the bad version."""
        before = time.monotonic()
        act()
        self.until(number, "rolled_back")
        ended = time.monotonic()
        eventually(lambda: len(self.crowd.since(ended)) > PER_SECOND, what="more requests")
        seen = self.crowd.since(before)
        first = min(one.at for one in seen if one.status == 500)
        last = max(one.at for one in seen if one.who == "green1")
        assert not [one for one in self.crowd.since(ended + 0.5) if one.who == "green1"]
        return last - first


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("rollouts")
    with ExitStack() as stack:
        names = ("blue1", "green1")
        backends = {name: stack.enter_context(backend(name)) for name in names}
        proxy = stack.enter_context(balancer(folder, backends=backends))
        installation = stack.enter_context(running(folder))
        api = installation.first_admin().api()
        team = make_team(api, kind="pagerduty")
        api.post("/services", name="Till", slug="till", team_id=team.team_id)
        sides = {"blue": "blue1", "green": "green1"}
        api.post(
            "/rollout-targets",
            service="till",
            traffic_kind="haproxy",
            traffic={"address": proxy.address, "backend": "web", **sides},
            plan=PLAN,
            blue_version="1",
        )
        crowd = stack.enter_context(Crowd(url=f"http://127.0.0.1:{proxy.front}/"))
        yield World(installation=installation, api=api, proxy=proxy, crowd=crowd)


@pytest.fixture(autouse=True)
def healthy(world: World) -> Iterator[None]:
    """Each test begins with all traffic on blue, and leaves it so."""
    world.green.fails = False
    yield
    world.green.fails = False
    for one in world.api.get("/rollouts", show="live")["items"]:
        world.api.post(f"/rollouts/{one['id']}/rollback")
        world.until(one["id"], "aborted", "rolled_back")


def tell(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """What was measured stands in the output, also where all went well."""
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")


def test_a_bad_version_is_gone_within_seconds(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    number = world.start("2-bad")
    world.until(number, "stepping")
    world.until_served_by("blue1", "green1")

    took = world.measured(lambda: setattr(world.green, "fails", True), number)

    lost = world.crowd.lost()
    said = f"{took:.2f} s from the first error to the last answer of the bad version"
    tell(capsys, f"{said}; {len(lost)} of {len(world.crowd.answers)} requests lost")
    assert took < BAR_S
    assert not lost
    incident = eventually(
        lambda: world.api.get(f"/rollouts/{number}")["incident_number"], what="the incident"
    )
    title = world.api.get(f"/incidents/{incident}")["title"]
    assert title.endswith(" was rolled back")


def test_a_good_version_gets_everything_and_is_taken_back_when_it_fails_later(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    number = world.start("2")
    world.until(number, "watching")
    world.until_served_by("green1")
    assert not world.crowd.lost()
    world.installation.move_clock(minutes=50)
    world.until(number, "watching")

    took = world.measured(lambda: setattr(world.green, "fails", True), number)

    tell(capsys, f"after the promotion: {took:.2f} s; {len(world.crowd.lost())} requests lost")
    assert took < BAR_S
    assert not world.crowd.lost()
    assert {one.who for one in world.crowd.answers[-20:]} == {"blue1"}


@pytest.mark.parametrize("after_s", [0.3, 1.1, 3.6])
def test_kill_9_of_the_worker_leaves_nothing_half(world: World, after_s: float) -> None:
    """At any step: the next one finds what was wanted, and goes on; then it fails and goes back."""
    number = world.start(f"3-{after_s}")
    begun = time.monotonic()
    eventually(lambda: time.monotonic() - begun > after_s)
    before = world.installation.pid_of(WORKER)
    world.installation.kill(WORKER)
    eventually(lambda: world.installation.pid_of(WORKER) != before, what="another worker")
    world.until(number, "watching")
    weights = {name: one.weight for name, one in world.proxy.servers().items()}
    assert weights == {"blue1": 0, "green1": 256}

    world.green.fails = True
    world.installation.kill(WORKER)
    world.until(number, "rolled_back")

    weights = {name: one.weight for name, one in world.proxy.servers().items()}
    assert weights == {"blue1": 256, "green1": 0}
    assert not world.crowd.lost()


def test_one_tap_switches_in_less_than_a_second(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    number = world.start("4")
    world.until(number, "stepping")
    world.until_served_by("blue1", "green1")
    decided = time.monotonic()
    world.api.post("/rollouts/rollback", service="till")
    world.until(number, "aborted")
    eventually(lambda: len(world.crowd.since(decided)) > 2 * PER_SECOND, what="more requests")

    last = max((one.at for one in world.crowd.since(decided) if one.who == "green1"), default=0.0)

    tell(capsys, f"one tap: {max(last - decided, 0):.2f} s to the last answer of the new version")
    assert last - decided < 2.0
