"""Mattermost and Microsoft Teams from an address to an answer, with what can go wrong."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from msgspec import Struct
from tests.scenarios.installation import Api, Installation, Person, eventually, running
from tests.scenarios.rehearsal import Stage, add_provider, stage
from tests.scenarios.setting import Team, make_key, make_service, make_team

pytestmark = pytest.mark.usefixtures("quiet_afterwards")
SECRETS = ("mattermost-bot-token", "mattermost-command-token", "the-secret-of-a-workflow")
BOT, COMMAND, SIGNATURE = SECRETS
ADA = "ada.lovelace"
OWN = "@ada.lovelace"  # what Mattermost's fake calls the channel of the bot with her
HER_FLOW = "flow-of-ada"
TEAM_FLOW = "flow-of-the-team"


class World(Struct, frozen=True, kw_only=True):
    installation: Installation
    api: Api
    team: Team
    stage: Stage
    mattermost: int
    teams: int
    methods: dict[str, int]

    def send_alert(self, title: str) -> None:
        """Of a service of its own: alerts of one service become one incident."""
        service = make_service(self.api, team_id=self.team.team_id, name=title)
        key = make_key(self.api, kind="json", service_id=service["id"])
        body = {"summary": title, "severity": "critical"}
        answer = httpx.post(f"{self.installation.url}/in/{key}", json=body)
        assert answer.status_code == 202

    def page(self, title: str, vendor: str) -> dict[str, Any]:
        """Page Ada over this vendor alone, and return what reaches her."""
        self.only(vendor)
        self.send_alert(title)
        return self.arrived(title, vendor)

    def arrived(self, title: str, vendor: str) -> dict[str, Any]:
        to = OWN if vendor == "mattermost" else HER_FLOW
        return self.stage.message(vendor, containing=title, to=to)

    def only(self, vendor: str) -> None:
        rule = {"urgency": "high", "kind": vendor, "delay_minutes": 0, "hours": "always"}
        self.api.put("/profile/rules", rules=[rule])

    def again(self, message: dict[str, Any], vendor: str = "mattermost") -> dict[str, Any]:
        """The same message as it is now."""
        found: dict[str, Any] = self.stage.messages(vendor)[message["number"] - 1]
        return found

    def tap(self, message: dict[str, Any], label: str, *, user: str = ADA) -> None:
        self.stage.act("mattermost", "tap", number=message["number"], label=label, user_name=user)

    def acknowledge(self, title: str, message: dict[str, Any], vendor: str) -> None:
        """With a button in Mattermost; for Teams behind the link, in a browser without sign-in."""
        if vendor == "mattermost":
            self.tap(message, "Acknowledge")
        else:
            url, browser = links(message)["Acknowledge"], Person(self.installation.url, "")
            assert "Acknowledge" in browser.browser.get(url).text
            assert self.state_of(title) == "open"
            browser.post(url, action="acknowledge")
        self.wait_for(title, "acknowledged")

    def last_call(self, vendor: str) -> int:
        """The answer to the vendor's last call of us, 0 where there is none yet."""
        made = self.stage.callbacks(vendor)
        return int(made[-1]["status"]) if made else 0

    def incident(self, title: str) -> dict[str, Any]:
        found = self.api.get("/incidents", state="all")["items"]
        return next((one for one in found if title in one["title"]), {})

    def state_of(self, title: str) -> str:
        return str(self.incident(title).get("state"))

    def wait_for(self, title: str, state: str) -> None:
        eventually(
            lambda: self.state_of(title) == state,
            what=lambda: f"{title} is {state}, not {self.state_of(title)}",
        )

    def wait_for_refusal(self, title: str) -> None:
        """Until the first try of the page is over, and another one is planned."""
        query = (
            "SELECT 1 FROM notifications_notice WHERE state = 'planned' AND attempts = 1"
            " AND content->>'title' LIKE %s"
        )
        eventually(lambda: self.installation.rows(query, f"%{title}%"), what=f"{title} is refused")

    def method(self, kind: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.api.get("/contact-methods")["items"]
        return next(one for one in found if one["kind"] == kind)

    def flow(self, name: str) -> str:
        path = f"/teams/workflows/{name}/triggers/manual/paths/invoke"
        return f"{self.stage.url}{path}?api-version=1&sig={SIGNATURE}"


def links(card: dict[str, Any]) -> dict[str, str]:
    return {action["title"]: action["url"] for action in card["body"]["actions"]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        fakes = stack.enter_context(stage())
        installation = stack.enter_context(running(tmp_path_factory.mktemp("chats")))
        api = installation.first_admin().api()
        world = World(
            installation=installation,
            api=api,
            team=make_team(api, kind="json"),
            stage=fakes,
            mattermost=add_provider(
                api,
                "mattermost",
                "Chat",
                api_url=f"{fakes.url}/mattermost",
                bot_token=BOT,
                command_token=COMMAND,
                team="ops",
            ),
            teams=add_provider(api, "teams", "Teams", hosts="127.0.0.1"),
            methods={},
        )
        _verify(world, "mattermost", address=f"@{ADA.title()}", to=OWN)
        _verify(world, "teams", address=world.flow(HER_FLOW), to=HER_FLOW)
        yield world


def _verify(world: World, kind: str, *, address: str, to: str) -> None:
    method = world.api.post("/contact-methods", kind=kind, address=address)
    world.methods[kind] = int(method["id"])
    _type_code(world, kind, to)


def _type_code(world: World, kind: str, to: str) -> None:
    told = world.stage.message(kind, containing="The code is", to=to)
    code = re.search(r"\d{6}", told["text"])
    assert code, told
    world.api.post(f"/contact-methods/{world.methods[kind]}/verify", code=code[0])
    assert world.method(kind)["state"] == "verified"


def test_mattermost_a_page_is_acknowledged_with_a_button(world: World) -> None:
    message = world.page("Tapped there", "mattermost")
    world.stage.plan("mattermost", "bad_signature")
    world.tap(message, "Acknowledge")
    eventually(lambda: world.last_call("mattermost") == 403, what="a refusal")
    world.tap(message, "Acknowledge", user="mallory")
    world.stage.message("mattermost", containing="does not know who you are", to="only mallory")
    assert world.state_of("Tapped there") == "open"
    world.stage.plan("mattermost", "duplicate_callback")
    world.tap(message, "Acknowledge")
    world.wait_for("Tapped there", "acknowledged")
    edits = eventually(lambda: world.again(message)["body"]["edits"], what="the post changes")
    assert "✓ You acknowledged" in edits[-1]


def test_mattermost_taps_that_come_out_of_order_leave_the_later_state(world: World) -> None:
    message = world.page("Reversed there", "mattermost")
    world.stage.plan("mattermost", "reversed_callbacks")
    world.tap(message, "Acknowledge")
    world.tap(message, "I'm on it")
    world.wait_for("Reversed there", "acknowledged")
    assert world.incident("Reversed there")["mobilised_at"]


@pytest.mark.parametrize("vendor", ["mattermost", "teams"])
@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("status", {"status": 500}),
        ("status", {"status": 429, "retry_after_s": 30}),
        ("crash", {}),
        ("hang", {"seconds": 12}),
    ],
)
def test_a_page_survives(world: World, vendor: str, kind: str, about: dict[str, Any]) -> None:
    title = f"Survives {vendor} {kind} {about.get('status', '')}".strip()
    world.stage.plan(vendor, kind, **about, containing=title)
    world.only(vendor)
    world.send_alert(title)
    world.wait_for_refusal(title)
    world.installation.move_clock(minutes=1)
    world.acknowledge(title, world.arrived(title, vendor), vendor)


@pytest.mark.parametrize("vendor", ["mattermost", "teams"])
def test_a_message_that_is_lost_is_followed_by_the_policy(world: World, vendor: str) -> None:
    title = f"Lost by {vendor}"
    world.stage.plan(vendor, "lose", containing=title)
    assert not world.page(title, vendor)["arrived"]
    world.installation.move_clock(minutes=6)
    eventually(
        lambda: [
            one for one in world.stage.messages(vendor) if title in one["text"] and one["arrived"]
        ],
        what="the next round",
    )
    world.api.post(f"/incidents/{world.incident(title)['id']}/resolve")


def test_mattermost_a_channel_shows_each_incident_in_one_post(world: World) -> None:
    room = world.api.post(
        "/chat/rooms", provider_id=world.mattermost, address="ops/incidents", name="Incidents"
    )
    world.only("teams")
    world.send_alert("Shown there")
    card = world.stage.message("mattermost", containing="Shown there", to="ops/incidents")
    world.tap(card, "Acknowledge")
    world.wait_for("Shown there", "acknowledged")
    eventually(lambda: world.again(card)["body"]["edits"], what="the post changes")
    number = world.incident("Shown there")["id"]
    told = _command(world, f"resolve {number}", COMMAND)
    assert "resolved" in told["text"]
    world.wait_for("Shown there", "resolved")
    world.api.post(f"/chat/rooms/{room['id']}/switch", is_on=False)


def test_mattermost_the_command_wants_its_token(world: World) -> None:
    assert "Checkout: Ada" in _command(world, "oncall", COMMAND)["text"]
    assert _command(world, "oncall", "another")["text"] == ""
    assert world.last_call("mattermost") == 403


def _command(world: World, text: str, token: str) -> Any:
    url = f"{world.installation.url}/callbacks/mattermost/{world.mattermost}/command/"
    return world.stage.act("mattermost", "command", url=url, token=token, user_name=ADA, text=text)


def test_mattermost_who_left_is_asked_to_mend_it(world: World) -> None:
    world.stage.act("mattermost", "leave", user_name=ADA)
    world.only("mattermost")
    world.send_alert("Nobody there")
    eventually(lambda: world.method("mattermost")["state"] == "broken", what="it is broken")
    assert "deactivated" in world.method("mattermost")["broken_reason"]
    world.stage.act("mattermost", "leave", user_name=ADA, back=True)
    _mend(world, "mattermost", OWN)


def test_teams_a_page_is_acknowledged_behind_a_link(world: World) -> None:
    card = world.page("Linked", "teams")
    assert list(links(card)) == ["Acknowledge", "I'm on it", "Escalate", "Get help", "Open"]
    world.acknowledge("Linked", card, "teams")


def test_teams_a_refusal_hidden_in_a_200_is_found(world: World) -> None:
    world.stage.plan("teams", "refuse", code=200, containing="Hidden")
    world.only("teams")
    world.send_alert("Hidden")
    world.wait_for_refusal("Hidden")
    world.installation.move_clock(minutes=1)
    world.acknowledge("Hidden", world.arrived("Hidden", "teams"), "teams")


def test_teams_a_channel_gets_a_card_for_each_state(world: World) -> None:
    room = world.api.post(
        "/chat/rooms", provider_id=world.teams, address=world.flow(TEAM_FLOW), name="Teams"
    )
    assert SIGNATURE not in str(world.api.get("/chat/rooms"))
    world.only("mattermost")
    world.send_alert("Carded")
    card = world.stage.message("teams", containing="Carded", to=TEAM_FLOW)
    assert list(links(card)) == ["Open and answer"]
    world.tap(world.arrived("Carded", "mattermost"), "Acknowledge")
    world.wait_for("Carded", "acknowledged")
    world.installation.move_clock(minutes=1)
    later = world.stage.message("teams", containing="cknowledged", to=TEAM_FLOW)
    assert later["number"] > card["number"]
    world.api.post(f"/chat/rooms/{room['id']}/switch", is_on=False)


def test_teams_a_workflow_that_was_deleted_is_reported_and_its_address_stays_secret(
    world: World,
) -> None:
    world.stage.act("teams", "delete", name=HER_FLOW)
    world.only("teams")
    world.send_alert("Deleted")
    eventually(lambda: world.method("teams")["state"] == "broken", what="it is broken")
    assert "WorkflowNotFound" in world.method("teams")["broken_reason"]
    assert SIGNATURE not in str(world.api.get("/contact-methods"))
    world.stage.act("teams", "delete", name=HER_FLOW, back=True)
    _mend(world, "teams", HER_FLOW)
    log = world.installation.log.read_text()
    assert not [secret for secret in SECRETS if secret in log]
    assert "Traceback" not in log


def _mend(world: World, kind: str, to: str) -> None:
    world.installation.move_clock(minutes=1)
    world.stage.clear(kind)
    world.api.post(f"/contact-methods/{world.methods[kind]}/ask")
    _type_code(world, kind, to)
