"""Web Push from the subscription of a browser to its answer, and with every fault of the service.

The push service is the fake; the browser is this file: it has the keys and decrypts.
"""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import http_ece
import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct, field
from tests.scenarios.installation import Api, Installation, Person, eventually, running
from tests.scenarios.rehearsal import Stage, stage
from tests.scenarios.setting import Team, make_team

PUSH = "push"
METHODS = "/profile/contact-methods"


class Device(Struct):
    """A browser that is subscribed; `endpoint` and `name` are those of the push service."""

    stage: Stage
    application_key: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = b"sixteen bytes, ."
    name: str = ""
    endpoint: str = ""

    def subscribe(self) -> "Device":
        told = self.stage.act(PUSH, "subscribe", key=self.application_key)
        self.name, self.endpoint = told["id"], told["endpoint"]
        return self

    @property
    def subscription(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {
            "endpoint": self.endpoint,
            "p256dh": _unpadded(point),
            "auth": _unpadded(self.auth),
        }

    def received(self) -> list[dict[str, Any]]:
        """What the service worker got, oldest first, with its urgency on the wire."""
        return [
            {**self._read(sent["body"]["payload"]), "wire": sent["body"]["urgency"]}
            for sent in self.stage.messages(PUSH)
            if sent["to"] == self.name and sent["arrived"]
        ]

    def _read(self, payload: str) -> dict[str, Any]:
        plain: bytes = http_ece.decrypt(
            base64.b64decode(payload),
            private_key=self.key,
            auth_secret=self.auth,
            version="aes128gcm",
        )
        read: dict[str, Any] = json.loads(plain)
        return read

    def wait_for(self, *, words: str = "", key: str = "title") -> dict[str, Any]:
        return eventually(
            lambda: next(
                (one for one in reversed(self.received()) if key in one and words in str(one[key])),
                None,
            ),
            what=lambda: f"{words or key}; it got {self.received()}",
        )

    def wait_for_closing(self, tag: str) -> dict[str, Any]:
        return eventually(
            lambda: next(
                (one for one in self.received() if "closed" in one and one["tag"] == tag), None
            ),
            what=lambda: f"the end of {tag}; it got {self.received()}",
        )


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class World(Struct, kw_only=True):
    installation: Installation
    ada: Person
    api: Api
    team: Team
    stage: Stage
    device: Device
    method_id: int = 0
    minutes: float = 0.0

    def alert(self, title: str) -> None:
        url = f"{self.installation.url}/in/{self.team.key}"
        assert httpx.post(url, json={"summary": title, "severity": "critical"}).status_code == 202

    def paged(self, title: str) -> dict[str, Any]:
        self.alert(title)
        return self.device.wait_for(words=title)

    def page_status(self, title: str) -> str:
        pages = self.api.get("/pages")["items"]
        return next((str(p["status"]) for p in pages if title in p["content"]["title"]), "")

    def method(self) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.api.get("/contact-methods")["items"]
        return next(one for one in found if one["id"] == self.method_id)

    def notice(self, title: str) -> tuple[str, int, str]:
        """State, attempts and reason of the first notice by push with this title."""
        rows = self.installation.rows(
            "SELECT state, attempts, reason FROM notifications_notice WHERE kind = 'webpush'"
            " AND content->>'title' LIKE %s AND purpose = 'page' ORDER BY id LIMIT 1",
            f"%{title}%",
        )
        return rows[0] if rows else ("", 0, "")

    def wait_for_notice(self, title: str, state: str, *, attempts: int) -> None:
        eventually(
            lambda: self.notice(title)[:2] == (state, attempts),
            what=lambda: f"{title} is {state} after {attempts}; it is {self.notice(title)}",
        )

    def plan(self, kind: str, **about: object) -> None:
        """A fault for the next page: a closing is not urgent, and nothing else can be read."""
        self.stage.plan(PUSH, kind, **about, containing="high")

    def settle(self) -> None:
        """Leave no open incident that an alert could join, and no storm that makes a list."""
        for one in self.api.get("/incidents", state="live")["items"]:
            self.api.post(f"/incidents/{one['id']}/resolve", comment="Over.")
        self.installation.wait_until_quiet()
        self.pass_time(1.1)
        self.installation.wait_until_quiet()
        self.stage.clear(PUSH)

    def pass_time(self, minutes: float) -> None:
        self.minutes += minutes
        self.installation.move_clock(minutes=minutes)
        self.stage.act(PUSH, "clock", ahead_s=self.minutes * 60)

    def visit(self) -> dict[str, Any]:
        """What the page's script does when the device opens Evenfall."""
        page = self.ada.browser.get("/profile/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert found, page.text
        sent = {"csrfmiddlewaretoken": found[1], "endpoint": self.device.endpoint}
        answer = self.ada.browser.post(f"{METHODS}/push/seen/", data=sent)
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        fakes = stack.enter_context(stage())
        installation = stack.enter_context(running(tmp_path_factory.mktemp("push")))
        ada = installation.first_admin()
        key = re.search(r'data-key="([^"]+)"', ada.browser.get(f"{METHODS}/devices/").text)
        assert key
        world = World(
            installation=installation,
            ada=ada,
            api=ada.api(),
            team=make_team(ada.api(), kind="json"),
            stage=fakes,
            device=Device(fakes, key[1]).subscribe(),
        )
        _enable(world)
        yield world
        assert "Traceback" not in installation.log.read_text()


def _enable(world: World) -> None:
    world.ada.browser.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) Chrome/128.0"
    world.ada.post(f"{METHODS}/push/", **world.device.subscription, model="Pixel 8", is_app="yes")
    asked = world.device.wait_for(words="Confirm this device")
    (method,) = world.api.get("/contact-methods")["items"]
    world.method_id = method["id"]
    assert (method["label"], method["state"]) == ("Evenfall app on Pixel 8", "unverified")
    assert httpx.post(asked["respond_url"], data={"action": "verify"}).status_code == 200
    assert world.method()["state"] == "verified"


@pytest.fixture(autouse=True)
def _fresh(world: World) -> None:
    world.settle()


def test_a_page_rings_and_its_button_acknowledges(world: World) -> None:
    got = world.paged("Checkout is down")
    assert (got["urgency"], got["wire"], got["badge"]) == ("high", "high", 1)
    assert [one["action"] for one in got["actions"]] == ["acknowledge", "on_it"]

    answer = httpx.post(got["respond_url"], data={"action": "acknowledge"})

    assert answer.status_code == 200
    assert world.page_status("Checkout is down") == "acknowledged"
    closing = world.device.wait_for_closing(got["tag"])
    assert closing["title"] == "Acknowledged by Ada"
    httpx.post(got["respond_url"], data={"action": "acknowledge"})  # a second tap
    assert world.page_status("Checkout is down") == "acknowledged"


def test_a_silent_check_is_answered_by_the_device_alone(world: World) -> None:
    world.api.post(f"/contact-methods/{world.method_id}/check")
    asked = world.device.wait_for(key="check")
    assert world.method()["check_state"] == "asked"
    assert httpx.post(asked["check"]).status_code == 204
    assert world.method()["check_state"] == "works"
    assert httpx.post(f"{asked['check'][:-5]}/").status_code == 410


def test_a_device_that_is_gone_is_mended_by_its_next_visit(world: World) -> None:
    told = world.visit()
    assert told["state"] == "verified"
    world.stage.act(PUSH, "expire", id=world.device.name)
    world.alert("Card payments fail")
    world.wait_for_notice("Card payments fail", "failed", attempts=1)
    assert world.method()["state"] == "broken"
    eventually(
        lambda: "no longer works" in world.ada.browser.get("/inbox/").text, what="a repair task"
    )
    assert world.visit()["state"] == "broken"

    world.device.subscribe()
    moved = httpx.post(
        f"{world.installation.url}{METHODS}/push/moved/{told['pass']}/",
        data=world.device.subscription,
    )

    assert moved.status_code == 204
    assert world.method()["state"] == "verified"
    assert len(world.api.get("/contact-methods")["items"]) == 1
    check = world.device.wait_for(key="check")
    assert httpx.post(check["check"]).status_code == 204
    world.settle()
    world.paged("Card payments fail again")


@pytest.mark.parametrize(
    ("status", "wait"), [(429, 60), (500, None), (503, 60)], ids=["429", "500", "503"]
)
def test_a_service_that_is_busy_is_asked_again(world: World, status: int, wait: int | None) -> None:
    title = f"Answer {status}"
    world.plan("status", status=status, retry_after_s=wait)
    world.alert(title)
    world.wait_for_notice(title, "planned", attempts=1)
    world.pass_time(1.2)
    world.wait_for_notice(title, "accepted", attempts=2)
    world.device.wait_for(words=title)


def test_a_message_that_is_refused_for_its_size_is_not_sent_again(world: World) -> None:
    world.plan("status", status=413)
    world.alert("Too large")
    world.wait_for_notice("Too large", "failed", attempts=1)
    assert world.method()["state"] == "verified"


def test_a_message_taken_and_never_shown_is_repeated_by_the_policy(world: World) -> None:
    world.plan("lose")
    world.alert("Lost on the way")
    world.wait_for_notice("Lost on the way", "accepted", attempts=1)
    assert all("Lost on the way" not in one["title"] for one in world.device.received())
    for _ in range(4):  # the default policy: five minutes each until it comes round
        world.pass_time(10.1)
        if any("Lost on the way" in str(one.get("title")) for one in world.device.received()):
            return
    world.device.wait_for(words="Lost on the way")


def test_a_connection_cut_after_the_message_was_taken_sends_it_again(world: World) -> None:
    world.plan("crash")
    world.alert("Cut in the middle")
    world.device.wait_for(words="Cut in the middle")
    world.wait_for_notice("Cut in the middle", "planned", attempts=1)
    world.pass_time(0.5)
    world.wait_for_notice("Cut in the middle", "accepted", attempts=2)
    tags = [one["tag"] for one in world.device.received() if "Cut in" in one["title"]]
    assert len(tags) == 2
    assert len(set(tags)) == 1, "the device must show one of them"


def test_a_service_that_hangs_is_left_and_asked_again(world: World) -> None:
    world.plan("hang", seconds=30)
    world.alert("Hanging")
    world.wait_for_notice("Hanging", "planned", attempts=1)
    world.pass_time(0.5)
    world.wait_for_notice("Hanging", "accepted", attempts=2)
