"""Telegram from a token to a tap: polled, called, with every fault that its documentation names."""

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
ANSWERS = ["Acknowledge", "I'm on it", "Escalate", "Get help"]
TOKEN = "123456789:AAErehearsal-of-telegram-0123456789"
ADA = 4711
GROUP = -1001234567890


class World(Struct, frozen=True, kw_only=True):
    installation: Installation
    api: Api
    team: Team
    stage: Stage
    provider_id: int

    def send_alert(self, title: str) -> None:
        """Of a service of its own: alerts of one service become one incident."""
        service = make_service(self.api, team_id=self.team.team_id, name=title)
        key = make_key(self.api, kind="json", service_id=service["id"])
        body = {"summary": title, "severity": "critical"}
        answer = httpx.post(f"{self.installation.url}/in/{key}", json=body)
        assert answer.status_code == 202

    def alert(self, title: str) -> dict[str, Any]:
        """Page Ada, and return the message that reaches her."""
        self.send_alert(title)
        return self.stage.message("telegram", containing=title, to=str(ADA))

    def again(self, message: dict[str, Any]) -> dict[str, Any]:
        """The same message as it is now."""
        found: dict[str, Any] = self.stage.messages("telegram")[message["number"] - 1]
        return found

    def callbacks(self, count: int) -> list[int]:
        """The answers to the updates that were posted to us, as soon as there are so many."""
        found = eventually(
            lambda: made if len(made := self.stage.callbacks("telegram")) >= count else None,
            what=f"{count} updates by web hook",
        )
        return [one["status"] for one in found]

    def method(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get("/contact-methods")["items"][0]
        return found

    def wait_for_refusal(self, title: str) -> None:
        """Until the first try of the page is over, and another one is planned."""
        query = (
            "SELECT 1 FROM notifications_notice WHERE kind = 'telegram' AND state = 'planned'"
            " AND attempts = 1 AND content->>'title' LIKE %s"
        )
        eventually(lambda: self.installation.rows(query, f"%{title}%"), what=f"{title} is refused")

    def tap(self, message: dict[str, Any], label: str, *, user: int = ADA) -> None:
        self.stage.act("telegram", "tap", number=message["number"], label=label, user_id=user)

    def say(self, text: str, **where: int) -> None:
        self.stage.act("telegram", "say", bot=TOKEN, user_id=ADA, text=text, **where)

    def incident(self, title: str) -> dict[str, Any]:
        found = self.api.get("/incidents", state="all")["items"]
        return next((one for one in found if title in one["title"]), {})

    def state_of(self, title: str) -> str:
        return str(self.incident(title).get("state"))

    def wait_for(self, title: str, state: str) -> None:
        eventually(
            lambda: self.state_of(title) == state,
            what=f"{title} is {state}; there is {self.api.get('/incidents', state='all')}",
        )

    def use(self, updates: str) -> None:
        """Change how updates come in, and wait until Telegram knows."""
        values = {
            "bot_name": "acme_pager_bot",
            "updates": updates,
            "api_url": f"{self.stage.url}/telegram",
        }
        self.api.put(f"/providers/{self.provider_id}", name="Bot", values=values)
        info = f"{self.stage.url}/telegram/bot{TOKEN}/getWebhookInfo"
        eventually(
            lambda: bool(httpx.get(info).json()["result"]["url"]) == (updates == "webhook"),
            what=f"Telegram knows of {updates}",
        )


def keyboard(message: dict[str, Any]) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = message["body"]["reply_markup"]["inline_keyboard"]
    return rows


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        fakes = stack.enter_context(stage())
        installation = stack.enter_context(running(tmp_path_factory.mktemp("telegram")))
        api = installation.first_admin().api()
        provider_id = add_provider(
            api,
            "telegram",
            "Bot",
            bot_token=TOKEN,
            bot_name="acme_pager_bot",
            updates="poll",
            api_url=f"{fakes.url}/telegram",
        )
        world = World(
            installation=installation,
            api=api,
            team=make_team(api, kind="json"),
            stage=fakes,
            provider_id=provider_id,
        )
        _add_by_hand(world)
        yield world


def _add_by_hand(world: World) -> None:
    """Ada presses Start, types the number that the bot answers, and then the code."""
    world.say("/start")
    number = world.stage.message("telegram", containing="The number of this chat is", to=str(ADA))
    assert f"is {ADA}." in number["text"]
    method = world.api.post("/contact-methods", kind="telegram", address=str(ADA))
    _type_code(world, int(method["id"]))


def _type_code(world: World, method_id: int) -> None:
    told = world.stage.message("telegram", containing="The code is", to=str(ADA))
    code = re.search(r"\d{6}", told["text"])
    assert code, told
    world.api.post(f"/contact-methods/{method_id}/verify", code=code[0])
    assert world.method()["state"] == "verified"


def test_a_page_is_acknowledged_with_a_tap(world: World) -> None:
    message = world.alert("Tapped")
    assert [key["text"] for row in keyboard(message) for key in row] == ANSWERS
    world.tap(message, "Acknowledge")
    world.wait_for("Tapped", "acknowledged")
    world.stage.message("telegram", containing="You acknowledged", to="query")
    changed = eventually(lambda: world.again(message)["body"]["edits"], what="the message changes")
    assert "✓ You acknowledged" in changed[-1]
    left = [key["text"] for row in keyboard(world.again(message)) for key in row]
    assert left == ANSWERS[1:]


def test_a_stranger_who_taps_changes_nothing(world: World) -> None:
    message = world.alert("Not yours")
    world.tap(message, "Acknowledge", user=666)
    world.stage.message("telegram", containing="does not know who you are", to="query")
    assert world.state_of("Not yours") == "open"
    world.tap(message, "I'm on it")
    world.wait_for("Not yours", "acknowledged")


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("status", {"status": 500}),
        ("status", {"status": 429, "retry_after_s": 30}),
        ("crash", {}),
        ("hang", {"seconds": 12}),
    ],
)
def test_a_page_survives(world: World, kind: str, about: dict[str, Any]) -> None:
    title = f"Survives {kind} {about.get('status', '')}".strip()
    world.stage.plan("telegram", kind, **about, containing=title)
    world.send_alert(title)
    world.wait_for_refusal(title)
    world.installation.move_clock(minutes=1)
    message = world.stage.message("telegram", containing=title, to=str(ADA))
    world.tap(message, "Acknowledge")
    world.wait_for(title, "acknowledged")


def test_a_message_that_is_lost_is_followed_by_the_policy(world: World) -> None:
    world.stage.plan("telegram", "lose", containing="Lost")
    lost = world.alert("Lost")
    assert not lost["arrived"]
    world.installation.move_clock(minutes=6)
    again = eventually(
        lambda: next(
            (
                one
                for one in world.stage.messages("telegram")
                if "Lost" in one["text"] and one["arrived"]
            ),
            None,
        ),
        what="the next round",
    )
    world.tap(again, "Acknowledge")
    world.wait_for("Lost", "acknowledged")


def test_a_group_shows_each_incident_in_one_message(world: World) -> None:
    world.stage.act("telegram", "group", chat_id=GROUP)
    world.say("/id", chat_id=GROUP)
    world.stage.message("telegram", containing=f"number of this chat is {GROUP}", to=str(GROUP))
    room = world.api.post(
        "/chat/rooms", provider_id=world.provider_id, address=str(GROUP), name="Ops"
    )
    world.send_alert("Grouped")
    card = world.stage.message("telegram", containing="Grouped", to=str(GROUP))
    world.tap(card, "Acknowledge")
    world.wait_for("Grouped", "acknowledged")
    eventually(lambda: "cknowledged" in world.again(card)["body"]["text"], what="the card changes")
    world.say(f"/resolve@acme_pager_bot {world.incident('Grouped')['id']}", chat_id=GROUP)
    world.wait_for("Grouped", "resolved")
    eventually(lambda: not keyboard(world.again(card)), what="nothing is left to answer")
    world.api.post(f"/chat/rooms/{room['id']}/switch", is_on=False)


def test_updates_by_web_hook_need_their_secret_and_come_twice_or_reversed(world: World) -> None:
    world.use("webhook")
    message = world.alert("Called")
    world.stage.plan("telegram", "bad_signature")
    world.tap(message, "Acknowledge")
    assert world.callbacks(1) == [403]
    assert world.state_of("Called") == "open"
    world.stage.plan("telegram", "duplicate_callback")
    world.tap(message, "Acknowledge")
    world.wait_for("Called", "acknowledged")
    assert world.callbacks(3) == [403, 200, 200]

    message = world.alert("Reversed")
    world.stage.plan("telegram", "reversed_callbacks")
    world.tap(message, "Acknowledge")
    world.tap(message, "I'm on it")
    assert world.callbacks(5)[3:] == [200, 200]
    assert world.incident("Reversed")["mobilised_at"]
    world.use("poll")


def test_whoever_blocks_the_bot_is_asked_to_mend_it(world: World) -> None:
    world.stage.act("telegram", "block", user_id=ADA)
    world.send_alert("Blocked")
    method = eventually(
        lambda: found if (found := world.method())["state"] == "broken" else None,
        what="the contact method is broken",
    )
    assert "blocked by the user" in method["broken_reason"]
    world.say("/start")
    world.installation.move_clock(minutes=1)
    world.stage.clear("telegram")
    world.api.post(f"/contact-methods/{method['id']}/ask")
    _type_code(world, int(method["id"]))
    log = world.installation.log.read_text()
    assert TOKEN not in log
    assert "Traceback" not in log
