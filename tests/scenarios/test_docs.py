"""What the documentation says to do is done here, as its readers would, and looked at."""

import base64
import hashlib
import hmac
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct
from tests import documentation
from tests.documentation import ROOT, Block
from tests.factories.ports import free_port
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.setting import Team, make_team
from tests.scenarios.tools import need, process

pytestmark = pytest.mark.timeout(300)
EXAMPLE = "http://127.0.0.1:8420"
HOW_TO = "docs/how-to/"
# what every block with an integration key leaves behind: the states of its alerts by their titles
BECOMES = {
    ("README.md", "pagerduty"): {"Checkout is down": "open"},
    ("README.md", "json"): {"Disk is full": "open"},
    (f"{HOW_TO}connect-anything-with-json.md", "json"): {"Disk is full": "resolved"},
    (f"{HOW_TO}connect-oncall-and-goalert-senders.md", "json"): {"The queue is long": "resolved"},
    (f"{HOW_TO}connect-opsgenie-tools.md", "json"): {"Checkout is down": "resolved"},
    (f"{HOW_TO}connect-pagerduty-tools.md", "pagerduty"): {"Checkout is down": "resolved"},
    (f"{HOW_TO}connect-prometheus.md", "prometheus"): {},
}
GRAFANA = {
    "receiver": "evenfall",
    "status": "firing",
    "orgId": 1,
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "Queue is long", "grafana_folder": "Shop", "severity": "error"},
            "annotations": {"summary": "The queue has 1200 entries"},
            "startsAt": "2026-11-20T22:04:10Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://grafana.example.org/alerting/grafana/ab12/view?orgId=1",
            "fingerprint": "57c6d9296de2ad39",
            "silenceURL": "http://grafana.example.org/alerting/silence/new?alertmanager=grafana",
            "dashboardURL": "http://grafana.example.org/d/shop?orgId=1",
            "panelURL": "http://grafana.example.org/d/shop?orgId=1&viewPanel=2",
            "values": {"A": 1200, "C": 1},
            "valueString": "[ var='A' labels={} value=1200 ]",
        }
    ],
    "groupLabels": {"alertname": "Queue is long"},
    "commonLabels": {"alertname": "Queue is long"},
    "commonAnnotations": {},
    "externalURL": "http://grafana.example.org/",
    "version": "1",
    "groupKey": '{}/{}:{alertname="Queue is long"}',
    "truncatedAlerts": 0,
    "title": "[FIRING:1] Queue is long",
    "state": "alerting",
    "message": "**Firing**",
}

STEP = "step"
PAGES_OF_STEPS = sorted({one.page for one in documentation.blocks("sh") if one.note == STEP})


class World(Struct, frozen=True, kw_only=True):
    """An installation with a service "checkout", somebody on call, three alerts, an incident."""

    installation: Installation
    api: Api
    team: Team
    folder: Path
    alert_id: int
    incident_id: int

    def key(self, kind: str) -> tuple[str, int]:
        """Make an integration of this kind; return its key and its id."""
        made = self.api.post(
            "/integrations", name=f"docs {kind}", kind=kind, service_id=self.team.service_id
        )
        return str(made["key"]), int(made["integration"]["id"])

    def states(self, integration_id: int) -> dict[str, str]:
        found = self.api.get("/alerts", state="all", integration_id=integration_id)["items"]
        return {alert["title"]: alert["state"] for alert in found}

    def filled_in(self, text: str, key: str = "") -> str:
        """Return a text of the documentation with our own address, key and numbers in it."""
        ours = self.installation.url
        text = text.replace(EXAMPLE, ours).replace("https://evenfall.example.org", ours)
        text = text.replace(EXAMPLE.removeprefix("http://"), ours.removeprefix("http://"))
        text = text.replace("/alerts/1/", f"/alerts/{self.alert_id}/").replace("YOUR_KEY", key)
        return re.sub(r"\b17\b", str(self.incident_id), text)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("docs")
    with running(folder) as installation:
        api = installation.first_admin().api()
        team = make_team(api, kind="json")
        _send(installation, team.key, *("First", "Second", "Third"))
        alerts = eventually(
            lambda: found if len(found := api.get("/alerts")["items"]) == 3 else None,
            what="three alerts",
        )
        incident = api.post("/incidents", title="Slow search", team_id=team.team_id, page=False)
        yield World(
            installation=installation,
            api=api,
            team=team,
            folder=folder,
            alert_id=alerts[0]["id"],
            incident_id=incident["id"],
        )


def _send(installation: Installation, key: str, *titles: str) -> None:
    for title in titles:
        answer = httpx.post(f"{installation.url}/in/{key}", json={"summary": title})
        assert answer.status_code == 202, answer.text


def _parameters(*kinds: str) -> list[Any]:
    """The blocks of these kinds, without the steps of a longer test."""
    found = documentation.blocks(*kinds)
    alone = [block for block in found if not block.note or "=" in block.note]
    return [pytest.param(block, id=block.name) for block in alone]


def _is_about_make(block: Block) -> bool:
    return all(line.startswith("make ") for line in block.text.splitlines())


def _kind_of(text: str) -> str:
    if "/enqueue" in text:
        return "pagerduty"
    return "prometheus" if "amtool" in text or "path_prefix" in text else "json"


def _shell(
    text: str, *, cwd: Path, environ: dict[str, str], said: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run lines as a person at a shell; curl also tells the status of each answer (stderr)."""
    shims = cwd / "shims"
    shims.mkdir(exist_ok=True)
    curl = shims / "curl"
    curl.write_text(
        f"#!/bin/sh\nexec {need('curl')} -w '%{{stderr}}status=%{{http_code}}\\n' \"$@\"\n"
    )
    curl.chmod(0o755)
    path = f"{shims}:{environ.get('PATH', f'{Path(sys.executable).parent}:{os.environ["PATH"]}')}"
    return subprocess.run(
        ["/bin/sh", "-eu", "-c", text],
        cwd=cwd,
        env={**environ, "PATH": path, "HOME": str(cwd)},
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("block", _parameters("sh"))
def test_a_shell_example_does_what_it_says(world: World, block: Block) -> None:
    if _is_about_make(block):
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert {line.split()[1] for line in block.text.splitlines()} <= set(targets)
        return
    if "amtool" in block.text:
        need("amtool")
    kind = _kind_of(block.text)
    key, integration_id = world.key(kind)

    said = _run(world, block, key)

    if "YOUR_KEY" in block.text and not _tells_of_life(block):
        becomes = BECOMES[block.page, kind]
        eventually(lambda: world.states(integration_id) == becomes, what=str(becomes))
    if "evenfall login" in block.text:
        _look_at_what_the_client_did(world, said)


@pytest.mark.parametrize("page", PAGES_OF_STEPS)
def test_the_steps_of_a_page_follow_one_another(world: World, page: str) -> None:
    for block in documentation.blocks("sh"):
        if block.page == page and block.note == STEP:
            _run(world, block, "")


def _run(world: World, block: Block, key: str) -> str:
    """Run it as a reader would; return what it printed."""
    environ = {"EVENFALL_URL": world.installation.url, "EVENFALL_TOKEN": world.api.token}
    said = ""
    if "evenfall login" in block.text:
        environ, said = {}, f"{world.api.token}\n"
    done = _shell(world.filled_in(block.text, key), cwd=world.folder, environ=environ, said=said)
    assert done.returncode == 0, done.stdout + done.stderr
    statuses = re.findall(r"^status=(\d+)", done.stderr, re.MULTILINE)
    wanted = block.note.removeprefix(STEP).removeprefix("status=") or "2"
    assert len(statuses) == len(re.findall(r"\bcurl ", block.text))
    assert all(status.startswith(wanted) for status in statuses), done.stdout + done.stderr
    return done.stdout


def _tells_of_life(block: Block) -> bool:
    """It opens no alert: the job is well."""
    return "/heartbeats" in block.text


def _look_at_what_the_client_did(world: World, said: str) -> None:
    assert "Signed in to" in said
    assert f"Resolved: #{world.incident_id} Slow search" in said
    assert world.api.get(f"/incidents/{world.incident_id}")["state"] == "resolved"
    live = [incident["title"] for incident in world.api.get("/incidents")["items"]]
    assert any("Card payments fail" in title for title in live)
    kept = world.folder / ".config/evenfall/client.json"
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("block", _parameters("yaml"))
def test_a_configuration_is_accepted_by_its_own_tool(
    world: World, block: Block, tmp_path: Path
) -> None:
    name = block.text.partition("\n")[0].removeprefix("# ")
    check = {
        "prometheus.yml": ["promtool", "check", "config"],
        "alertmanager.yml": ["amtool", "check-config"],
    }[name]
    file = tmp_path / name
    file.write_text(world.filled_in(block.text, world.key(_kind_of(block.text))[0]))
    done = subprocess.run(
        [need(check[0]), *check[1:], str(file)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("block", _parameters("url"))
def test_grafana_can_post_to_the_address(world: World, block: Block) -> None:
    key, integration_id = world.key("grafana")
    url = world.filled_in(block.text.strip(), key)
    title = "The queue has 1200 entries"
    for status, state in (("firing", "open"), ("resolved", "resolved")):
        alert = {**GRAFANA["alerts"][0], "status": status}  # type: ignore[index] # a literal of ours
        answer = httpx.post(url, json={**GRAFANA, "status": status, "alerts": [alert]})
        assert answer.status_code == 200, answer.text
        eventually(lambda: world.states(integration_id), what="the alert")
        eventually(lambda: world.states(integration_id) == {title: state}, what=state)  # noqa: B023 - called at once


def _program(page: str) -> str:
    found = [block for block in documentation.blocks("python") if block.page == page]
    assert len(found) == 1
    return found[0].text


def test_every_program_is_run_here() -> None:
    pages = {block.page for block in documentation.blocks("python")}
    assert pages == {f"{HOW_TO}be-paged-by-webhook.md", f"{HOW_TO}use-the-api.md"}


def test_the_program_that_reads_all_pages_of_a_list(world: World) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _program(f"{HOW_TO}use-the-api.md")],
        env={
            **os.environ,
            "EVENFALL_URL": world.installation.url,
            "EVENFALL_TOKEN": world.api.token,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = {int(line.split()[0]) for line in done.stdout.splitlines()}
    known = {alert["id"] for alert in world.api.get("/alerts", state="all", limit=500)["items"]}
    assert len(known) >= 3
    assert told == known


def test_the_receiver_of_web_hooks_knows_who_is_who(world: World, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    method = world.api.post("/contact-methods", kind="webhook", address=url)
    file = tmp_path / "receiver.py"
    file.write_text(_program(f"{HOW_TO}be-paged-by-webhook.md").replace("8421", str(port)))
    log = tmp_path / "receiver.log"
    with ExitStack() as stack:
        secret = f"WEBHOOK_SECRET={method['secret']}"
        stack.enter_context(process([need("env"), secret, sys.executable, str(file)], log=log))
        eventually(lambda: _answers(url), what="the receiver")
        world.installation.move_clock(minutes=1)  # a second challenge may not follow at once
        world.api.post(f"/contact-methods/{method['id']}/ask")
        eventually(lambda: _state(world, method["id"]) == "verified", what="the challenge")

        world.api.post("/notices/test", contact_method_id=method["id"])

        eventually(lambda: "test" in log.read_text().lower(), what="the test page")
        assert _forged(url, method["secret"], at=time.time() - 3600) == 401
        assert _forged(url, "whsec_" + base64.b64encode(b"guess").decode(), at=time.time()) == 401
        assert _forged(url, method["secret"], at=time.time()) == 200


def _answers(url: str) -> bool:
    try:
        return httpx.post(url, json={}).status_code == 401
    except httpx.HTTPError:
        return False


def _state(world: World, method_id: int) -> str:
    found = world.api.get("/contact-methods")["items"]
    return str(next(method["state"] for method in found if method["id"] == method_id))


def _forged(url: str, secret: str, *, at: float) -> int:
    """POST as anybody could who has this secret; return the status."""
    body = b'{"type": "notice", "id": "notice-0", "title": "Forged"}'
    signed = b"notice-0.%d." % at + body
    digest = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256)
    headers = {
        "webhook-id": "notice-0",
        "webhook-timestamp": str(int(at)),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
    return httpx.post(url, content=body, headers=headers).status_code
