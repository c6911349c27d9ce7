"""A budget closes the gate, a signed exception opens it; and the recipes for pipelines as printed.

All of it through the API and the command line of a whole installation, as a pipeline would.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from msgspec import Struct
from tests.scenarios.installation import PASSWORD, Api, Installation, Person, eventually, running
from tests.scenarios.setting import make_service

HOW_TO = Path(__file__).parents[2] / "docs/how-to/gate-a-pipeline.md"
OF = ("--service", "orders", "--version", "1.4.2", "--environment", "PROD")
MEANWHILE = {"make": "exit 0", "pip": "exit 0"}
"""What a recipe calls besides us."""
NEVER = datetime.min.replace(tzinfo=UTC)


class World(Struct, kw_only=True):
    installation: Installation
    folder: Path
    api: Api
    second: Api
    indicator_id: int
    objective_id: int
    pushes: int = 0

    def push(self, *, good: int, total: int) -> None:
        """Tell what came to be, and wait until the objective was evaluated a minute later."""
        self.pushes += 1
        at = self.installation.now() - timedelta(minutes=2)
        self.api.post(
            f"/indicators/{self.indicator_id}/counts",
            key=f"push-{self.pushes}",
            minutes=[{"at": at.isoformat(), "good": good, "total": total}],
        )
        self.installation.move_clock(minutes=1)
        moved = self.installation.now()
        eventually(lambda: self._evaluated_at() > moved, what="an evaluation of a minute later")

    def state(self) -> str:
        return str(self.api.get(f"/objectives/{self.objective_id}")["budget"]["state"])

    def rest(self) -> float:
        found = self.api.get(f"/objectives/{self.objective_id}/budget")["budget"]
        return float(found["rest"])

    def _evaluated_at(self) -> datetime:
        found = self.api.get(f"/objectives/{self.objective_id}/budget")["budget"]
        return datetime.fromisoformat(found["evaluated_at"]) if found else NEVER

    def shell(self, *commands: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run them as a job of a CI does: one after the other until one fails."""
        environ = {
            **self.installation.environ,
            "EVENFALL_URL": self.installation.url,
            "EVENFALL_TOKEN": self.api.token,
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            **more,
        }
        words = ["bash", "-e", "-c", "\n".join(commands)]
        return subprocess.run(
            words,
            env=environ,
            cwd=self.folder,
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )

    def gate(self) -> tuple[int, dict[str, Any]]:
        """What a pipeline sees: the exit code, and the answer of the budget."""
        done = self.shell(f"evenfall gate {' '.join(OF)} --json")
        found = yaml.safe_load(done.stdout)
        (budget,) = [one for one in found["gates"] if one["name"] == "budget"]
        return done.returncode, budget

    def check(self) -> httpx.Response:
        asked = {"service": "orders", "version": "1.4.2", "environment": "PROD"}
        return self.api.http.get("/gate", params=asked)

    def answers(self) -> tuple[int, int]:
        """The exit code of the command line, and the status of the check over HTTP."""
        return self.gate()[0], self.check().status_code


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("gate")
    tools = {"evenfall": f'exec {sys.executable} -m evenfall.cli.main "$@"', "deploy.sh": "exit 0"}
    for name, text in {**tools, **MEANWHILE}.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    with running(folder) as installation:
        api = installation.first_admin().api()
        team_id = api.post("/teams", name="Payments", description="")["id"]
        service = make_service(api, team_id=team_id, name="Orders")
        make_service(api, team_id=team_id, name="Shop")
        _stage(api, "orders", gates=["budget"])
        _stage(api, "shop", gates=["quality"], quality=[{"name": "unit-tests"}])
        objective = api.post(
            "/objectives",
            name="Orders arrive",
            service_id=service["id"],
            target=0.9,
            window={"span": "1h"},
            indicator={"name": "Orders", "service_id": service["id"], "origin": "pushed"},
        )
        (indicator,) = api.get("/indicators", service_id=service["id"])["items"]
        yield World(
            installation=installation,
            folder=folder,
            api=api,
            second=_manager(installation, api, "ben@example.org"),
            indicator_id=indicator["id"],
            objective_id=objective["id"],
        )


def _stage(api: Api, slug: str, **rules: object) -> None:
    api.put(
        f"/services/{slug}/stages",
        stages=[{"name": "PROD", "environment": "PROD", "rules": rules}],
    )


def _manager(installation: Installation, api: Api, email: str) -> Api:
    link = api.post("/invitations", email=email, role="manager")["link"]
    person = Person(installation.url, email)
    person.post(link, name="Ben", password=PASSWORD, time_zone="Europe/Berlin", language="en")
    return person.api("view", "respond", "manage")


def test_a_frozen_budget_closes_the_gate_and_a_signature_opens_it(world: World) -> None:
    # unknown is never pass: nobody has counted anything yet
    world.installation.move_clock(minutes=3)
    assert world.answers() == (3, 425)
    world.push(good=0, total=100)
    assert world.state() == "FROZEN"
    closed = _is_closed(world)
    _is_opened(world, closed["passage_id"])
    # the exception ends, and the budget comes back: only a tenth of it thaws what was frozen
    world.installation.move_clock(minutes=10)
    assert world.answers() == (1, 409)
    world.push(good=950, total=950)
    assert 0 < world.rest() < 0.1
    assert (world.state(), world.answers()) == ("FROZEN", (1, 409))
    world.push(good=200, total=200)
    assert (world.state(), world.answers()) == ("WARN", (0, 200))
    world.installation.move_clock(minutes=60)
    world.push(good=1000, total=1000)
    assert (world.state(), world.answers()) == ("OK", (0, 200))


def _is_closed(world: World) -> Any:
    """For the command line, the check over HTTP and a deploy, each with its evidence."""
    code, budget = world.gate()
    assert (code, budget["verdict"]) == (1, "fail")
    assert "Orders arrive" in budget["why"]
    assert "exception" in budget["change"]
    answer = world.check()
    closed = answer.json()
    assert (answer.status_code, closed["code"]) == (409, "releases.gate_fail")
    refused = world.shell(f"evenfall deployed {' '.join(OF)} started")
    assert refused.returncode == 1
    assert "budget" in refused.stderr
    return closed


def _is_opened(world: World, passage_id: int) -> None:
    """A security exception for five minutes opens it, once another person signed it."""
    now = world.installation.now()
    made = world.api.post(
        f"/passages/{passage_id}/exceptions",
        kind="security",
        gates=["budget"],
        reason="A hole that is used",
        expires_at=(now + timedelta(minutes=5)).isoformat(),
        review_on=(now + timedelta(days=7)).date().isoformat(),
    )
    assert world.gate()[0] == 1
    decide = f"/release-exceptions/{made['id']}/decide"
    by_oneself = world.api.http.post(decide, json={"is_signed": True})
    assert by_oneself.json()["code"] == "releases.not_by_oneself"
    assert world.second.post(decide, is_signed=True, reason="Go")["decided_by"] == "Ben"
    code, budget = world.gate()
    assert code == 0
    assert budget["exception"] == "Exception signed by Ben: A hole that is used"
    assert world.check().status_code == 200


@pytest.mark.parametrize("tool", ["GitHub Actions", "GitLab CI", "Jenkins"])
def test_the_recipes_deploy_as_they_are_printed(world: World, tool: str) -> None:
    version = f"2.0-{len(tool)}"
    commands, environ = RECIPES[tool](_printed(tool), version)
    done = world.shell(*commands, **environ)
    assert done.returncode == 0, done.stdout + done.stderr
    (release,) = [one for one in world.api.get("/releases")["items"] if one["version"] == version]
    found = world.api.get(f"/releases/{release['id']}")
    assert [one["state"] for one in found["passages"]] == ["deployed"]
    newest = world.api.get("/changes")["items"][0]
    assert newest["summary"] == f"{version} deployed to PROD"


def _printed(tool: str) -> str:
    _, _, rest = HOW_TO.read_text().partition(f"## {tool}\n```text\n")
    return rest.partition("\n```")[0]


def _of_github(text: str, version: str) -> tuple[list[str], Mapping[str, str]]:
    job = yaml.safe_load(text)["jobs"]["release"]
    steps = [one["run"] for one in job["steps"] if "run" in one and "if" not in one]
    return steps, {"OF": job["env"]["OF"].replace("${{ github.ref_name }}", version)}


def _of_gitlab(text: str, version: str) -> tuple[list[str], Mapping[str, str]]:
    found = yaml.safe_load(text)
    jobs = [found[name] for name in found["stages"]]
    steps = [line for job in jobs for line in job["script"]]
    of = found["variables"]["OF"].replace("$CI_COMMIT_TAG", version)
    return [*found["default"]["before_script"], *steps], {"OF": of}


def _of_jenkins(text: str, version: str) -> tuple[list[str], Mapping[str, str]]:
    stages, _, _ = text.partition("\n  post {")
    (of,) = re.findall(r'OF = "(.+)"', text)
    return re.findall(r"sh '(.+)'", stages), {"OF": of.replace("${env.TAG_NAME}", version)}


RECIPES = {"GitHub Actions": _of_github, "GitLab CI": _of_gitlab, "Jenkins": _of_jenkins}
