"""``kill -9`` of the worker while a step acts: it is not run twice, and no run is lost.

The cluster is the fake. It holds a request back, so that the step surely is under way when its
worker dies; what reached the cluster tells how often something was done.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from msgspec import Struct
from tests.scenarios.bars import allowed
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.rehearsal import Stage, stage
from tests.scenarios.setting import Team, make_team

from evenfall.fakes.kubernetes import TOKEN, Kubernetes

WORKER = "worker slow"  # it has the lane of steps too
RECOVERY_S = allowed(15.0)
WEB, DB = "deployments/shop/web", "statefulsets/shop/db"
LIMIT_S = 30


class World(Struct, frozen=True, kw_only=True):
    installation: Installation
    api: Api
    team: Team
    fakes: Stage

    def runbook(self, title: str, *steps: dict[str, Any]) -> str:
        owner = {"team_id": self.team.team_id}
        made = self.api.post("/runbooks", title=title, text="# What it does", owner=owner)
        for step in steps:
            self.api.post(f"/runbooks/{made['slug']}/steps", **step)
        return str(made["slug"])

    def scale(self, name: str, workload: str, **more: Any) -> dict[str, Any]:
        """A step that scales to five; it is given up after half a minute."""
        settings = {
            "server": f"{self.fakes.url}/kubernetes",
            "token": TOKEN,
            "action": "scale",
            "workload": workload,
            "namespace": "shop",
            "name": name,
            "replicas": "5",
        }
        about = {"name": f"scale_{name}", "title": f"Scale {name}", "kind": "kubernetes"}
        return {**about, "settings": settings, "time_limit_s": LIMIT_S, **more}

    def start(self, slug: str) -> int:
        return int(self.api.post(f"/runbooks/{slug}/runs")["id"])

    def run_when(self, run_id: int, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The run, once it is so."""

        def look() -> dict[str, Any] | None:
            try:
                found: dict[str, Any] = self.api.get(f"/runs/{run_id}")
            except (httpx.HTTPError, AssertionError):
                return None
            return found if holds(found) else None

        return eventually(
            look, within_s=60, what=lambda: f"run {run_id}; it is {self._run(run_id)}"
        )

    def _run(self, run_id: int) -> Any:
        return self.api.get(f"/runs/{run_id}")

    def kill(self) -> None:
        """The worker, and wait until another one has taken its place."""
        before = self.installation.pid_of(WORKER)
        self.installation.kill(WORKER)
        eventually(
            lambda: self.installation.pid_of(WORKER) != before,
            within_s=RECOVERY_S,
            what="another worker",
        )

    def sent(self) -> list[str]:
        """What reached the cluster, in order."""
        return [f"{one['to']} {one['body']['spec']}" for one in self.fakes.messages("kubernetes")]

    def faults_planned(self) -> int:
        found = httpx.get(f"{self.fakes.url}/_/", trust_env=False).json()
        return int(found["kubernetes"]["faults_planned"])


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        fakes = stack.enter_context(stage([Kubernetes()]))
        installation = stack.enter_context(running(tmp_path_factory.mktemp("steps")))
        api = installation.first_admin().api()
        team = make_team(api, kind="pagerduty")
        yield World(installation=installation, api=api, team=team, fakes=fakes)


@pytest.fixture
def world(setting: World) -> World:
    """With a cluster as new."""
    setting.fakes.clear("kubernetes")
    return setting


def _scaled(key: str, count: int) -> str:
    return f"{key}/scale {{'replicas': {count}}}"


def test_a_step_that_was_acting_is_unknown_and_never_run_again(world: World) -> None:
    """Nobody knows what it did, so neither it nor what comes after it is done by itself."""
    slug = world.runbook("Act", world.scale("web", "deployment"), world.scale("db", "statefulset"))
    # a second request, if anybody made one, would use up the second fault
    world.fakes.plan("kubernetes", "hang", times=2, seconds=120, containing="PATCH")
    run_id = world.start(slug)
    eventually(lambda: world.faults_planned() == 1, what="the request that is held back")

    world.kill()
    found = world.run_when(run_id, lambda run: run["state"] == "running")
    assert [one["state"] for one in found["steps"]] == ["running", "planned"]
    world.installation.move_clock(minutes=2)  # past its time limit and the half minute after it
    ended = world.run_when(run_id, lambda run: run["ended_at"] is not None)

    assert ended["state"] == "unknown"
    assert [one["state"] for one in ended["steps"]] == ["unknown", "planned"]
    assert "Nobody knows whether it did its work" in ended["why"]
    assert world.faults_planned() == 1, "the cluster was asked twice"
    assert world.sent() == []


def test_the_target_is_free_again_for_who_looked(world: World) -> None:
    slug = world.runbook("Again", world.scale("web", "deployment"))
    world.fakes.plan("kubernetes", "hang", seconds=120, containing="PATCH")
    lost = world.start(slug)
    eventually(lambda: world.faults_planned() == 0, what="the request that is held back")
    world.kill()
    world.installation.move_clock(minutes=2)
    world.run_when(lost, lambda run: run["state"] == "unknown")

    again = world.run_when(world.start(slug), lambda run: run["ended_at"] is not None)

    assert again["state"] == "ok", again
    assert world.sent() == [_scaled(WEB, 5)]


def test_a_run_that_was_not_begun_is_done_by_the_next_worker(world: World) -> None:
    """Four runs act at a time; each holds a look at the cluster back, so the fifth waits."""
    busy = [
        world.runbook(f"Busy {name}", world.scale(name, "deployment"))
        for name in ("one", "two", "three", "four")
    ]
    waits = world.runbook("Waits", world.scale("db", "statefulset"))
    world.fakes.plan("kubernetes", "hang", times=4, seconds=120, containing="GET")
    for slug in busy:
        world.start(slug)
    eventually(lambda: world.faults_planned() == 0, what="four requests that are held back")
    run_id = world.start(waits)
    assert world.api.get(f"/runs/{run_id}")["state"] == "queued"

    world.kill()

    ended = world.run_when(run_id, lambda run: run["ended_at"] is not None)
    assert ended["state"] == "ok", ended
    assert world.sent() == [_scaled(DB, 5)]


def test_a_test_goes_on_and_the_undo_comes_once(world: World) -> None:
    """A look may be asked again, whoever died; what acted is not done again, and is taken back."""
    tested = {"test_kind": "condition", "test": {"condition": "rollout_finished"}}
    step = world.scale("web", "deployment", **tested, test_window_s=60, test_every_s=1)
    world.fakes.plan("kubernetes", "lose", containing="PATCH")  # it never gets ready
    run_id = world.start(world.runbook("Test", step))
    world.run_when(run_id, lambda run: len(run["steps"][0]["log"]) > 1)

    world.kill()
    world.installation.move_clock(minutes=2)
    ended = world.run_when(run_id, lambda run: run["ended_at"] is not None)

    assert (ended["state"], ended["why"]) == ("undone", "Scale web: its success test failed.")
    assert world.sent() == [_scaled(WEB, 5), _scaled(WEB, 3)]
