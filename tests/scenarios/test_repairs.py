"""An alert mends a real HAProxy with three real backends, or calls people when it cannot.

A real Alertmanager tells of a bad backend. The runbook isolates it, scales out, restarts it and
lets it in again; a runner on "their machine" does what is not HAProxy's.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct
from tests.factories.haproxy import Backend, Balancer, balancer
from tests.factories.ports import free_port
from tests.scenarios import backend_server
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.setting import Team, make_team
from tests.scenarios.tools import alertmanager, process

NAMES = ("app1", "app2", "app3")
SPARE = "app4"


class World(Struct, frozen=True, kw_only=True):
    installation: Installation
    api: Api
    team: Team
    web: Balancer
    folder: Path
    ports: dict[str, int]
    relay: int

    def answers(self) -> set[str]:
        """Who answers behind the balancer."""
        return {httpx.get(f"http://127.0.0.1:{self.web.front}/").text for _ in range(16)}

    def alert(self, name: str, *, is_over: bool = False) -> None:
        """Tell the real Alertmanager, as Prometheus does."""
        now = datetime.now(UTC)
        labels = {"alertname": name, "severity": "critical", "server": "app2"}
        ends_at = now if is_over else now + timedelta(hours=1)
        told = {"labels": labels, "startsAt": now - timedelta(minutes=1), "endsAt": ends_at}
        body = [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in told.items()}]
        url = f"http://127.0.0.1:{self.relay}/api/v2/alerts"
        httpx.post(url, json=body).raise_for_status()

    def repair(self, name: str, *states: str) -> dict[str, Any]:
        """The repair of the alert of this name, once it is in one of these states."""

        def look() -> dict[str, Any] | None:
            found = [one for one in self.api.get("/repairs")["items"] if one["title"] == name]
            return found[0] if found and found[0]["state"] in states else None

        return eventually(look, within_s=90, what=f"a repair of {name} that is {states}")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("repairs")
    ports = {name: free_port() for name in (*NAMES, SPARE)}
    with ExitStack() as stack:
        for name in (*NAMES, SPARE):
            stack.callback(backend_server.stop, folder, name)
        for name in NAMES:
            backend_server.start(folder, name, ports[name])
        backends = {name: Backend(name=name, port=ports[name]) for name in NAMES}
        spare = {SPARE: ports[SPARE]}
        web = stack.enter_context(balancer(folder, backends=backends, spare=spare))
        installation = stack.enter_context(running(folder))
        api = installation.first_admin().api()
        team = make_team(api, kind="alertmanager")
        hook = f"{installation.url}/in/{team.key}/alertmanager"
        relay = stack.enter_context(alertmanager(folder, webhook=hook))
        stack.enter_context(_runner(folder, installation, api))
        yield World(
            installation=installation,
            api=api,
            team=team,
            web=web,
            folder=folder,
            ports=ports,
            relay=relay,
        )


def _runner(folder: Path, installation: Installation, api: Api) -> Any:
    """A real runner process with a list of its own."""
    names = ", ".join(f'"{name}"' for name in (*NAMES, SPARE))
    program = f'"{sys.executable}", "{Path(backend_server.__file__)}"'
    commands = "".join(
        f"""
[commands.{what}]
argv = [{program}, "{what}", "{folder}", "{{name}}", "{{port}}"]
parameters.name = {{ type = "choice", values = [{names}] }}
parameters.port = {{ type = "number", least = 1024, most = 65535 }}
"""
        for what in ("start", "stop", "restart", "hang")
    )
    allow = folder / "allowed.toml"
    allow.write_text(commands)
    allow.chmod(0o600)
    token = folder / "token"
    token.write_text(api.post("/runners", name="web-1")["token"])
    command = [sys.executable, "-m", "evenfall.cli.main", "runner", "--name", "web-1"]
    command += ["--url", installation.url, "--allow", str(allow), "--token-file", str(token)]
    return process(command, log=folder / "runner.log")


def _balancing(world: World, action: str, server: str, **test: str) -> dict[str, Any]:
    settings = {"address": world.web.address, "action": action, "backend": "web", "server": server}
    return {"kind": "haproxy", "settings": {**settings, "least_up": test.pop("least_up", "1")}}


def _command(world: World, what: str, server: str, *, undo: str = "") -> dict[str, Any]:
    arguments = f"name={server}\nport={world.ports[server]}"
    settings = {"runner": "web-1", "command": what, "arguments": arguments}
    if undo:
        settings |= {"undo_command": undo, "undo_arguments": arguments}
    return {"kind": "script", "settings": settings}


def _tested(condition: str) -> dict[str, Any]:
    test = {"test_kind": "condition", "test": {"condition": condition}}
    return {**test, "test_window_s": 20, "test_every_s": 1}


def _runbook(world: World, title: str, steps: dict[str, dict[str, Any]]) -> int:
    owner = {"team_id": world.team.team_id}
    made = world.api.post("/runbooks", title=title, text="# What it does", owner=owner)
    for name, step in steps.items():
        fields = {"name": name, "title": name.capitalize(), "time_limit_s": 30, **step}
        world.api.post(f"/runbooks/{made['slug']}/steps", **fields)
    return int(made["id"])


def _mending(world: World, title: str) -> int:
    """Isolate app2, scale out by app4, restart app2, let it in again."""
    enough = _tested("enough_up")
    steps = {
        "isolate": {**_balancing(world, "maint", "app2"), **_tested("no_sessions")},
        "start": _command(world, "start", SPARE, undo="stop"),
        "scale_out": {**_balancing(world, "ready", SPARE, least_up="3"), **enough},
        "restart": _command(world, "restart", "app2"),
        "let_in": {**_balancing(world, "ready", "app2"), **_tested("server_up")},
    }
    return _runbook(world, title, steps)


def _rule(world: World, alert: str, runbook_id: int, *, within_s: int) -> None:
    world.api.post(
        "/rules",
        name=f"Mend {alert}",
        condition=f'labels.alertname == "{alert}"',
        effects={"outcome": "automate", "runbook_id": runbook_id, "clear_within_s": within_s},
    )


def _incidents(world: World, alert: str) -> list[dict[str, Any]]:
    found = world.api.get("/incidents", state="live")["items"]
    return [one for one in found if alert in one["title"]]


def _open_pages(world: World) -> list[int]:
    return [one["id"] for one in world.api.get("/pages", open_only=True)["items"]]


def test_a_bad_backend_is_isolated_replaced_restarted_and_nobody_is_called(world: World) -> None:
    before = _open_pages(world)
    _rule(world, "Mendable", _mending(world, "Mend a backend"), within_s=300)
    (world.folder / "app2.ill").touch()
    world.web.wait_until(lambda servers: not servers["app2"].is_up)

    world.alert("Mendable")
    world.repair("Mendable", "watching", "gave_up")
    world.web.wait_until(lambda servers: all(one.is_up for one in servers.values()))
    assert world.answers() == {*NAMES, SPARE}
    world.alert("Mendable", is_over=True)
    repair = world.repair("Mendable", "healed", "gave_up")

    assert repair["state"] == "healed", repair
    run = world.api.get(f"/runs/{repair['run_id']}")
    assert (run["state"], run["is_automatic"]) == ("ok", True)
    assert _incidents(world, "Mendable") == []
    assert _open_pages(world) == before


def test_what_does_not_help_is_undone_and_pages(world: World) -> None:
    backend_server.stop(world.folder, SPARE)
    maint = f"set server web/{SPARE} state maint\n"
    _tell(world, maint)
    runbook_id = _mending(world, "Mend a backend, in vain")
    _rule(world, "Stubborn", runbook_id, within_s=2)
    before = _open_pages(world)

    world.alert("Stubborn")
    repair = world.repair("Stubborn", "gave_up")

    assert "did not clear within 2 s" in repair["why"]
    assert eventually(lambda: _incidents(world, "Stubborn"), within_s=60, what="an incident")
    assert eventually(lambda: _open_pages(world) != before, within_s=60, what="a page")
    run_id = repair["run_id"]
    ended = eventually(
        lambda: found if (found := world.api.get(f"/runs/{run_id}"))["ended_at"] else None,
        within_s=60,
        what="the end of the undo",
    )
    # a restart has no way back, and people are told so; all else stands as before
    assert ended["state"] == "failed"
    servers = world.web.servers()
    assert {name: one.state for name, one in servers.items()} == {
        **dict.fromkeys(NAMES, "ready"),
        SPARE: "maint",
    }
    assert not (world.folder / f"{SPARE}.pid").exists()


def _tell(world: World, line: str) -> None:
    from evenfall.integrations.haproxy import runtime  # noqa: PLC0415 - only here

    runtime.tell(world.web.address, line.strip(), time_limit_s=5)
