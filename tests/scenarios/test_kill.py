"""``kill -9`` at each step of a page: nothing is lost, at most one double, back within 15 s.

Each case stops (SIGSTOP) the process that would take the next step, so that the page surely rests
at that step, kills one process, lets the rest go on, and looks at what reached the provider.
"""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

import httpx
import psutil
import pytest
from msgspec import Struct, field
from tests.scenarios.bars import allowed
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.setting import Team, make_team

RECOVERY_S = allowed(15.0)
VICTIMS = ("web", "worker intake", "worker paging", "worker slow", "postgres")


class Provider(Struct):
    """A web hook of the responder's own; can hold its answers back."""

    port: int = 0
    arrived: list[dict[str, Any]] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    def pages(self, title: str) -> list[dict[str, Any]]:
        return [n for n in self.arrived if n["type"] == "notice" and title in n["title"]]


@contextmanager
def provider() -> Iterator[Provider]:
    seen = Provider()
    seen.let_go.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            notice = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.arrived.append(notice)
            if notice["type"] == "notice":
                seen.let_go.wait(30)
            body = json.dumps({"challenge": notice.get("challenge", "")}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        @override
        def handle_error(self, *_: object) -> None:
            """A client that was killed is what this file is about."""

    server = Server(("127.0.0.1", 0), Handler)
    seen.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield seen
    finally:
        seen.let_go.set()
        server.shutdown()
        server.server_close()


class World(Struct, frozen=True, kw_only=True):
    """One installation for all cases; each case moves the clock on and uses a title of its own."""

    installation: Installation
    api: Api
    team: Team
    provider: Provider

    def send(self, title: str) -> None:
        """Send as tools do: again after a 503, which promises that nothing was taken."""
        eventually(lambda: self._is_accepted(title), within_s=RECOVERY_S, what="an answer of 202")

    def _is_accepted(self, title: str) -> bool:
        answer = httpx.post(
            f"{self.installation.url}/v2/enqueue",
            json={
                "routing_key": self.team.key,
                "event_action": "trigger",
                "dedup_key": title,
                "payload": {
                    "summary": title,
                    "source": "test",
                    "severity": "critical",
                    "custom_details": {},
                    "group": title,
                },
            },
            timeout=10,
        )
        assert answer.status_code in {202, 503}, answer.text
        assert answer.status_code == 202 or "retry-after" in answer.headers
        return answer.status_code == 202

    @contextmanager
    def stopped(self, words: str) -> Iterator[None]:
        """Freeze a process; it may be killed meanwhile."""
        frozen = psutil.Process(self.installation.pid_of(words))
        os.kill(frozen.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            if frozen.is_running():
                os.kill(frozen.pid, signal.SIGCONT)

    def has_alert(self, title: str) -> bool:
        return any(title in alert["title"] for alert in self.api.get("/alerts")["items"])

    def incident(self, title: str) -> dict[str, Any] | None:
        found = [i for i in self.api.get("/incidents")["items"] if i["title"] == title]
        return found[0] if found else None


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        hook = stack.enter_context(provider())
        installation = stack.enter_context(running(tmp_path_factory.mktemp("kill")))
        api = installation.first_admin().api()
        team = make_team(api, kind="pagerduty")
        api.post(
            "/contact-methods",
            kind="webhook",
            address=f"http://127.0.0.1:{hook.port}/",
            label="test",
        )
        eventually(
            lambda: api.get("/contact-methods")["items"][0]["state"] == "verified",
            what="the challenge answered",
        )
        user_rules = [_at_once("high"), _at_once("low")]
        api.put("/profile/rules", rules=user_rules)
        yield World(installation=installation, api=api, team=team, provider=hook)


def _at_once(urgency: str) -> dict[str, object]:
    return {"urgency": urgency, "kind": "webhook", "delay_minutes": 0}


@pytest.fixture
def case(world: World, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give a title of its own; afterwards close the incident and leave the minute behind."""
    title = request.node.name.removeprefix("test_killed_").replace("_", " ")
    yield title
    world.provider.let_go.set()
    world.installation.wait_ready()
    incident = world.incident(title)
    assert incident is not None, "the incident is lost"
    world.api.post(f"/incidents/{incident['id']}/resolve")
    world.installation.move_clock(minutes=45)  # past every window that would join the next one


def _proves_delivery(world: World, title: str, since: float) -> None:
    eventually(
        lambda: world.provider.pages(title),
        within_s=max(0.1, RECOVERY_S - (time.monotonic() - since)),
        what=f"{title} reaching the provider",
    )
    world.installation.wait_ready()
    tries = Counter(notice["id"] for notice in world.provider.pages(title))
    assert sum(tries.values()) <= 2, f"more than one double: {tries}"
    assert len(tries) == 1, f"a double must carry the same id: {tries}"


def _kill(world: World, victim: str) -> float:
    world.installation.kill(victim)
    return time.monotonic()


@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_after_the_alert_was_accepted(world: World, case: str, victim: str) -> None:
    with world.stopped("worker intake"):
        world.send(case)
        killed_at = _kill(world, victim)
    _proves_delivery(world, case, killed_at)


@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_after_the_alert_was_decided(world: World, case: str, victim: str) -> None:
    with world.stopped("worker paging"):
        world.send(case)
        eventually(lambda: world.has_alert(case), what="the alert")
        killed_at = _kill(world, victim)
    _proves_delivery(world, case, killed_at)


@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_while_the_provider_has_it(world: World, case: str, victim: str) -> None:
    world.provider.let_go.clear()
    world.send(case)
    eventually(lambda: world.provider.pages(case), what="the provider called")
    killed_at = _kill(world, victim)
    world.provider.let_go.set()
    _is_settled(world, case, killed_at)
    _proves_delivery(world, case, killed_at)


def _is_settled(world: World, title: str, since: float) -> None:
    """The notice ends as delivered or accepted: nobody waits for it any longer."""

    def settled() -> bool:
        try:
            incident = world.incident(title)
            notices = world.api.get("/inbox")["items"]
        except (httpx.HTTPError, AssertionError):
            return False  # the web process or its database is just coming back
        states = [n["state"] for n in notices if title in n["title"] and n["kind"] == "webhook"]
        return incident is not None and bool(states) and set(states) <= {"accepted", "delivered"}

    limit = max(0.1, RECOVERY_S - (time.monotonic() - since))
    eventually(settled, within_s=limit, what=f"the notice of {title} settled")


@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_right_after_the_acknowledgement(world: World, case: str, victim: str) -> None:
    world.send(case)
    incident = eventually(lambda: world.incident(case), what="the incident")
    eventually(lambda: world.provider.pages(case), what="the provider called")
    world.api.post(f"/incidents/{incident['id']}/acknowledge")
    killed_at = _kill(world, victim)
    world.installation.wait_ready()
    assert time.monotonic() - killed_at < RECOVERY_S
    found = eventually(lambda: _incident_again(world, case), within_s=RECOVERY_S)
    assert found["state"] == "acknowledged"
    world.installation.move_clock(minutes=6)  # past the first step of the policy
    eventually(lambda: _paging_has_passed(world), what="a pass of paging at the new time")
    assert len(world.provider.pages(case)) == 1, "an acknowledged page calls nobody"


def _incident_again(world: World, title: str) -> dict[str, Any] | None:
    """The incident, once the server of a database that ended has left all its connections."""
    try:
        return world.incident(title)
    except AssertionError:
        return None


def _paging_has_passed(world: World) -> bool:
    """The lane of paging has beaten at the moved clock, so it has looked at what is due."""
    newest: Callable[[], Any] = lambda: world.installation.rows(  # noqa: E731 - one look
        "SELECT at FROM platform_beat WHERE name = 'paging'"
    )[0][0]
    offset = float((world.installation.folder / "clock").read_text())
    return bool(newest().timestamp() > time.time() + offset - 5)
