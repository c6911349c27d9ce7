"""Slack from a token to a tap: direct messages, a channel that shows incidents, both ways in."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from msgspec import Struct
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.rehearsal import Stage, add_provider, stage
from tests.scenarios.setting import Team, make_key, make_service, make_team

pytestmark = pytest.mark.usefixtures("quiet_afterwards")
BOT = "xoxb-rehearsal-0123456789"
APP = "xapp-rehearsal-0123456789"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ADA = "U0ADA00001"


class World(Struct, frozen=True, kw_only=True):
    installation: Installation
    api: Api
    team: Team
    stage: Stage
    provider_id: int
    channel: str

    def send_alert(self, title: str) -> None:
        """Send an alert of a service of its own, so that each is an incident of its own."""
        service = make_service(self.api, team_id=self.team.team_id, name=f"Service of {title}")
        key = make_key(self.api, kind="json", service_id=service["id"])
        url = f"{self.installation.url}/in/{key}"
        body = {"summary": title, "severity": "critical"}
        assert httpx.post(url, json=body).status_code == 202

    def alert(self, title: str) -> dict[str, Any]:
        """Page Ada, and return the direct message that reaches her."""
        self.send_alert(title)
        return self.stage.message("slack", containing=title, to=ADA)

    def shown(self, *words: str) -> dict[str, Any]:
        """The message in the channel as it is now, as soon as it says all this."""
        return eventually(
            lambda: next(
                (
                    one
                    for one in self.stage.messages("slack")
                    if one["to"] == self.channel and all(word in one["text"] for word in words)
                ),
                None,
            ),
            what=lambda: f"the channel says {words}; it says {self.stage.messages('slack')}",
        )

    def tap(self, message: dict[str, Any], action: str, *, user: str = ADA) -> None:
        self.stage.act(
            "slack",
            "tap",
            user=user,
            channel=message["body"]["channel"],
            ts=message["body"]["ts"],
            action=f"evenfall.{action}",
        )

    def command(self, text: str) -> None:
        self.stage.act("slack", "command", user=ADA, text=text)

    def told(self, words: str, *, user: str = ADA) -> dict[str, Any]:
        """What Evenfall told this person alone."""
        found = self.stage.message("slack", containing=words, to=user)
        assert found["body"]["response_type"] == "ephemeral"
        return found

    def incident(self, title: str) -> dict[str, Any]:
        found = self.api.get("/incidents", state="all")["items"]
        return next((one for one in found if title in one["title"]), {})

    def wait_for(self, title: str, state: str) -> dict[str, Any]:
        return eventually(
            lambda: found if (found := self.incident(title)).get("state") == state else None,
            what=lambda: f"{title} is {state}, not {self.incident(title).get('state')}",
        )

    def use_sockets(self, *, on: bool) -> None:
        """Let Slack bring what people do over Socket Mode, or by calling us."""
        base = f"{self.installation.url}/callbacks/slack/{self.provider_id}"
        ahead = float((self.installation.folder / "clock").read_text())
        urls = (
            {}
            if on
            else {
                "interactions_url": f"{base}/interactions",
                "commands_url": f"{base}/commands",
            }
        )
        self.stage.act("slack", "setup", signing_secret=SECRET, seconds_ahead=ahead, **urls)

    def rooms(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get("/chat/rooms")["items"]
        return found

    def sockets(self) -> dict[str, int]:
        found: dict[str, int] = self.stage.act("slack", "sockets")
        return found

    def wait_for_refusal(self, title: str) -> None:
        query = (
            "SELECT 1 FROM notifications_notice WHERE kind = 'slack' AND content->>'title' LIKE %s"
            " AND (attempts > 1 OR (attempts = 1 AND state = 'planned'))"
        )
        eventually(
            lambda: self.installation.rows(query, f"%{title}%"),
            within_s=40,
            what=f"{title} is refused",
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        fakes = stack.enter_context(stage())
        installation = stack.enter_context(running(tmp_path_factory.mktemp("slack")))
        api = installation.first_admin().api()
        provider_id = add_provider(
            api,
            "slack",
            "Workspace",
            bot_token=BOT,
            app_token=APP,
            signing_secret=SECRET,
            api_url=f"{fakes.url}/slack/api",
        )
        fakes.act("slack", "member", user=ADA, email="ada@example.org", name="ada")
        channel = fakes.act("slack", "channel", name="incidents")["id"]
        world = World(
            installation=installation,
            api=api,
            team=make_team(api, kind="json"),
            stage=fakes,
            provider_id=provider_id,
            channel=channel,
        )
        world.use_sockets(on=True)
        _add_by_hand(world)
        api.post("/chat/rooms", provider_id=provider_id, address=channel, name="#incidents")
        eventually(lambda: world.sockets()["open"], what="a connection of Socket Mode")
        yield world


def _add_by_hand(world: World) -> None:
    """Ada gives the address of her Slack account, and types the code that comes there."""
    method = world.api.post("/contact-methods", kind="slack", address="Ada@example.org")
    told = world.stage.message("slack", containing="code", to=ADA)
    code = re.search(r"\d{6}", told["text"])
    assert code, told
    world.api.post(f"/contact-methods/{method['id']}/verify", code=code[0])


def test_the_room_takes_a_test_message(world: World) -> None:
    room = next(one for one in world.rooms() if one["name"] == "#incidents")
    world.api.post(f"/chat/rooms/{room['id']}/test")
    world.shown("Evenfall can write here")


def test_a_page_is_acknowledged_with_a_button_over_the_socket(world: World) -> None:
    world.use_sockets(on=True)
    message = world.alert("Tapped")
    assert "Acknowledge" in message["text"]
    world.tap(message, "acknowledge")
    world.wait_for("Tapped", "acknowledged")
    world.told("You acknowledged")


def test_an_incident_is_one_message_from_open_to_resolved(world: World) -> None:
    world.use_sockets(on=True)
    world.send_alert("Followed")
    shown = world.shown("Followed", "State*\nopen", "Acknowledge")
    world.tap(shown, "on_it")
    world.wait_for("Followed", "acknowledged")
    assert world.shown("Followed", "On it: Ada")["number"] == shown["number"]
    world.tap(world.shown("Followed", "On it: Ada"), "resolve")
    incident = world.wait_for("Followed", "resolved")
    over = world.shown("Followed", "Resolved by Ada")
    assert over["number"] == shown["number"]
    assert "Acknowledge" not in over["text"]
    places = world.api.get(f"/incidents/{incident['id']}/chat")["places"]
    assert [(one["room"], one["state"]) for one in places] == [("#incidents", "shown")]


def test_over_http_a_page_is_acknowledged_once_and_only_with_the_signature(world: World) -> None:
    world.use_sockets(on=False)
    message = world.alert("Signed")
    world.stage.plan("slack", "bad_signature")
    world.tap(message, "acknowledge")
    eventually(
        lambda: [one for one in world.stage.callbacks("slack") if one["status"] == 403],
        what="a refusal",
    )
    assert world.incident("Signed")["state"] == "open"

    world.stage.plan("slack", "duplicate_callback")
    world.tap(message, "acknowledge")
    world.wait_for("Signed", "acknowledged")
    query = "SELECT count(*) FROM paging_page_answer JOIN paging_page ON paging_page.id = page_id"
    answers = f"{query} WHERE paging_page.content->>'title' LIKE %s"
    assert world.installation.rows(answers, "%Signed%") == [(1,)]


def test_taps_that_come_in_the_wrong_order_leave_the_right_state(world: World) -> None:
    world.use_sockets(on=False)
    message = world.alert("Reversed")
    world.stage.plan("slack", "reversed_callbacks")
    world.tap(message, "acknowledge")
    world.tap(message, "on_it")
    world.wait_for("Reversed", "acknowledged")
    world.shown("Reversed", "On it: Ada")


def test_the_command_works_both_ways(world: World) -> None:
    world.use_sockets(on=False)
    world.command("oncall")
    world.told("Checkout: Ada")
    world.use_sockets(on=True)
    world.command("incident The shop is slow")
    incident = world.wait_for("The shop is slow", "open")
    world.told("is declared")
    world.command(f"resolve {incident['id']}")
    world.wait_for("The shop is slow", "resolved")
    world.command("dance")
    world.told("There is no command")


def test_a_stranger_who_taps_changes_nothing(world: World) -> None:
    world.use_sockets(on=True)
    world.stage.act("slack", "member", user="U0EVE00001", email="eve@example.org")
    world.send_alert("Not yours")
    world.tap(world.shown("Not yours"), "acknowledge", user="U0EVE00001")
    world.told("does not know who you are", user="U0EVE00001")
    assert world.incident("Not yours")["state"] == "open"


def test_the_socket_is_opened_again_when_slack_refreshes_it(world: World) -> None:
    world.use_sockets(on=True)
    before = world.sockets()["opened"]
    world.stage.act("slack", "disconnect", reason="refresh_requested")
    eventually(lambda: world.sockets()["opened"] > before, what="another connection")
    world.stage.plan("slack", "duplicate_callback")
    world.tap(world.alert("Refreshed"), "acknowledge")
    world.wait_for("Refreshed", "acknowledged")


def test_an_incident_gets_a_channel_of_its_own(world: World) -> None:
    incident = world.api.post("/incidents", title="Alone", severity="SEV3", page=False)
    world.api.post(f"/incidents/{incident['id']}/chat/room")
    room = eventually(
        lambda: (
            found
            if (found := world.api.get(f"/incidents/{incident['id']}/chat")["room"])["url"]
            else None
        ),
        what="the channel",
    )
    assert room["name"] == f"inc-{incident['id']}-alone"
    assert room["url"].startswith("https://rehearsal.slack.com/archives/C")
    assert room["missing"] == []


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("status", {"status": 500}),
        ("status", {"status": 429, "retry_after_s": 30}),
        ("refuse", {"code": 5}),
        ("crash", {}),
        ("hang", {"seconds": 12}),
    ],
)
def test_a_page_survives(world: World, kind: str, about: dict[str, Any]) -> None:
    """The channel is switched off meanwhile, so that the fault meets the page."""
    world.use_sockets(on=True)
    room = next(one for one in world.rooms() if one["name"] == "#incidents")
    world.api.post(f"/chat/rooms/{room['id']}/switch", is_on=False)
    title = f"Survives {kind} {about.get('status', '')}".strip()
    world.stage.plan("slack", kind, **about, containing=title)
    world.send_alert(title)
    world.wait_for_refusal(title)
    world.installation.move_clock(minutes=1)
    message = world.stage.message("slack", containing=title, to=ADA)
    world.tap(message, "acknowledge")
    world.wait_for(title, "acknowledged")
    world.api.post(f"/chat/rooms/{room['id']}/switch", is_on=True)


def test_a_message_in_the_channel_survives_what_can_go_wrong(world: World) -> None:
    incident = world.api.post("/incidents", title="Through thick", severity="SEV3", page=False)
    world.shown("Through thick")
    for kind, about in (
        ("status", {"status": 429, "retry_after_s": 1}),
        ("crash", {}),
        ("status", {"status": 503}),
    ):
        world.stage.plan("slack", kind, **about, containing=f"And thin {kind}")
        world.api.put(f"/incidents/{incident['id']}/title", title=f"And thin {kind}")
        world.shown(f"And thin {kind}")


def test_a_channel_that_is_archived_is_switched_off(world: World) -> None:
    channel = world.stage.act("slack", "channel", name="soon-gone")["id"]
    about = {"provider_id": world.provider_id, "address": channel, "name": "#soon-gone"}
    world.api.post("/chat/rooms", **about)
    world.stage.act("slack", "archive", channel=channel)
    world.api.post("/incidents", title="Into nothing", severity="SEV3", page=False)
    room = eventually(
        lambda: next(
            (one for one in world.rooms() if one["name"] == "#soon-gone" and not one["is_on"]),
            None,
        ),
        what="the room is switched off",
    )
    assert room["off_reason"] == "Slack: the channel is archived"
    log = world.installation.log.read_text()
    assert "Traceback" not in log
    assert not [secret for secret in (BOT, APP, SECRET) if secret in log]
