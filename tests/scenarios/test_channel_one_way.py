"""ntfy, Pushover, UnifiedPush and Apprise: from an address to an answer, and with their faults."""

import base64
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, override

import httpx
import pytest
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.rehearsal import Stage, add_provider, stage
from tests.scenarios.setting import Team, make_team

from evenfall.fakes.all import all_vendors
from evenfall.fakes.faults import FaultKind
from evenfall.fakes.vendor import Vendor

NTFY, PUSHOVER, UNIFIEDPUSH, APPRISE = "ntfy", "pushover", "unifiedpush", "apprise"
TOPIC = "private-pages"
USER = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"
TOKEN = "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
ANYTHING = "anything"
pytestmark = pytest.mark.usefixtures("quiet_afterwards")


class Anything(Vendor):
    """A service of somebody's own that takes JSON."""

    name = ANYTHING
    faults_known = frozenset({FaultKind.STATUS})

    @override
    def routes(self) -> Sequence[BaseRoute]:
        return [Route("/hook", self._take, methods=["POST"])]

    async def _take(self, request: Request) -> Response:
        body = await request.json()
        text = f"{body['title']}\n{body['message']}"
        if (answer := await self.strike(self.faults.next(text=text))) is not None:
            return answer
        self.keep(to="hook", text=text, body=body)
        return JSONResponse({})


class World(Struct, kw_only=True):
    installation: Installation
    api: Api
    team: Team
    stage: Stage

    def alert(self, title: str) -> None:
        url = f"{self.installation.url}/in/{self.team.key}"
        assert httpx.post(url, json={"summary": title, "severity": "critical"}).status_code == 202

    def page_status(self, title: str) -> str:
        pages = self.api.get("/pages")["items"]
        return next((str(p["status"]) for p in pages if title in p["content"]["title"]), "")

    def wait_for_page(self, title: str, status: str) -> None:
        eventually(lambda: self.page_status(title) == status, what=f"{title} is {status}")

    def notice(self, kind: str, title: str, *columns: str) -> tuple[Any, ...]:
        rows = self.installation.rows(
            f"SELECT {', '.join(columns)} FROM notifications_notice WHERE kind = %s"
            " AND content->>'title' LIKE %s AND purpose = 'page' ORDER BY id DESC LIMIT 1",
            kind,
            f"%{title}%",
        )
        return rows[0] if rows else ()

    def wait_for_notice(self, kind: str, title: str, state: str, *, attempts: int) -> None:
        eventually(
            lambda: self.notice(kind, title, "state", "attempts") == (state, attempts),
            what=f"{title} by {kind} is {state}; {self.notice(kind, title, 'state', 'reason')}",
        )

    def add(self, kind: str, vendor: str, address: str, secret: str = "") -> int:
        """Add an address and prove it with the code that the vendor got."""
        made = self.api.post("/contact-methods", kind=kind, address=address, secret=secret)
        self._answer(made["id"], vendor)
        return int(made["id"])

    def prove(self, method_id: int, vendor: str) -> None:
        """Ask for a new code, for it may be asked for twice a minute only, and answer it."""
        self.stage.clear(vendor)
        self.installation.move_clock(minutes=1)
        self.api.post(f"/contact-methods/{method_id}/ask")
        self._answer(method_id, vendor)

    def _answer(self, method_id: int, vendor: str) -> None:
        code = _code_in(self.stage.message(vendor, containing="The code is")["text"])
        self.api.post(f"/contact-methods/{method_id}/verify", code=code)
        self.stage.clear(vendor)

    def method(self, kind: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.api.get("/contact-methods")["items"]
        return next(one for one in found if one["kind"] == kind)


def _code_in(text: str) -> str:
    found = re.search(r"The code is (\d{6})", text)
    assert found, text
    return found[1]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        fakes = stack.enter_context(stage([*all_vendors(), Anything()]))
        installation = stack.enter_context(running(tmp_path_factory.mktemp("oneway")))
        api = installation.first_admin().api()
        world = World(
            installation=installation,
            api=api,
            team=make_team(api, kind="json"),
            stage=fakes,
        )
        _add_all(world)
        yield world
        log = installation.log.read_text()
        assert "Traceback" not in log
        assert "tk_secret" not in log
        assert TOKEN not in log


def _add_all(world: World) -> None:
    add_provider(
        world.api, PUSHOVER, "Pushover", token=TOKEN, api_url=f"{world.stage.url}/pushover"
    )
    endpoint = world.stage.act("push", "subscribe")["endpoint"]
    host = world.stage.url.removeprefix("http://")
    world.add(NTFY, NTFY, f"http://tk_secret@{host}/ntfy/{TOPIC}")
    world.add(PUSHOVER, PUSHOVER, USER)
    world.add(UNIFIEDPUSH, "push", endpoint)
    world.add(APPRISE, ANYTHING, f"json://ada:hidden@{host}/{ANYTHING}/hook")


def test_what_is_secret_in_an_address_is_not_shown(world: World) -> None:
    shown = json.dumps(world.api.get("/contact-methods"))
    assert "tk_secret" not in shown
    assert "hidden" not in shown
    assert world.method(NTFY)["address"].endswith(f"/ntfy/{TOPIC}")
    stored = world.installation.rows("SELECT address, secret FROM notifications_contact_method")
    assert all("tk_secret" not in part and "hidden" not in part for row in stored for part in row)


def test_a_button_of_ntfy_acknowledges_and_the_others_are_told(world: World) -> None:
    world.alert("Checkout is down")
    world.stage.message(NTFY, containing="Checkout is down", to=TOPIC)
    world.stage.message(PUSHOVER, containing="Checkout is down", to=USER)

    done = world.stage.act(NTFY, "tap", topic=TOPIC, button="Acknowledge")

    assert done["status"] == 200
    assert world.page_status("Checkout is down") == "acknowledged"
    eventually(lambda: _people(world, NTFY, "cleared"), what="the clearing of ntfy's message")
    eventually(lambda: not _people(world, PUSHOVER, "ringing"), what="the end of the ringing")


def test_an_acknowledgement_in_pushover_acknowledges_the_page(world: World) -> None:
    before = len(world.stage.callbacks(PUSHOVER))
    world.alert("Card payments fail")
    message = world.stage.message(PUSHOVER, containing="Card payments fail")
    assert (message["body"]["priority"], message["body"]["retry"]) == ("2", "60")

    world.stage.plan(PUSHOVER, "duplicate_callback", containing="Invoices are late")
    world.stage.act(PUSHOVER, "acknowledge", user=USER)

    world.wait_for_page("Card payments fail", "acknowledged")
    world.wait_for_notice(PUSHOVER, "Card payments fail", "delivered", attempts=1)
    _resolve(world)
    world.alert("Invoices are late")
    world.stage.message(PUSHOVER, containing="Invoices are late")
    world.stage.act(PUSHOVER, "acknowledge", user=USER)
    world.wait_for_page("Invoices are late", "acknowledged")
    eventually(lambda: len(world.stage.callbacks(PUSHOVER)) == before + 3, what="both callbacks")
    assert {one["status"] for one in world.stage.callbacks(PUSHOVER)[before:]} == {200}


def test_a_callback_that_pushover_does_not_confirm_changes_nothing(world: World) -> None:
    world.stage.plan(PUSHOVER, "bad_signature", containing="Refunds wait")
    world.alert("Refunds wait")
    message = world.stage.message(PUSHOVER, containing="Refunds wait")
    world.stage.act(PUSHOVER, "acknowledge", user=USER)
    eventually(
        lambda: [one for one in world.stage.callbacks(PUSHOVER) if one["status"] == 403],
        what="a refusal",
    )
    assert world.page_status("Refunds wait") == "paging"
    foreign = re.sub(r"/\w[^/]*/$", "/foreign/", message["body"]["callback"])
    assert httpx.post(foreign, data={"receipt": "x"}).status_code == 403


def test_unifiedpush_brings_the_address_that_answers(world: World) -> None:
    world.alert("Search is slow")
    found = world.stage.message("push", containing="Search is slow")
    payload = json.loads(base64.b64decode(found["body"]["payload"]))
    answer = httpx.post(payload["respond_url"], data={"action": "acknowledge"})
    assert answer.status_code == 200
    assert world.page_status("Search is slow") == "acknowledged"


def test_apprise_brings_a_link_that_asks_once_more(world: World) -> None:
    world.alert("Mail is stuck")
    found = world.stage.message(ANYTHING, containing="Mail is stuck")
    assert found["body"]["type"] == "failure"
    link = re.search(r"Acknowledge: (http\S+)", found["text"])
    assert link, found["text"]
    assert httpx.get(link[1]).status_code == 200
    assert world.page_status("Mail is stuck") == "paging"
    httpx.post(link[1], data={"action": "acknowledge"})
    assert world.page_status("Mail is stuck") == "acknowledged"


@pytest.mark.parametrize(
    ("kind", "vendor"),
    [(NTFY, NTFY), (PUSHOVER, PUSHOVER), (UNIFIEDPUSH, "push"), (APPRISE, ANYTHING)],
)
def test_a_server_in_trouble_is_asked_again(world: World, kind: str, vendor: str) -> None:
    title = f"{kind} answers 503"
    world.stage.plan(vendor, "status", status=503, containing=title)
    world.alert(title)
    world.wait_for_notice(kind, title, "planned", attempts=1)
    world.installation.move_clock(minutes=0.5)
    world.wait_for_notice(kind, title, "accepted", attempts=2)


def test_a_connection_cut_after_the_message_was_taken_sends_it_again(world: World) -> None:
    for vendor in (NTFY, PUSHOVER):
        world.stage.plan(vendor, "crash", containing="Cut in the middle")
    world.alert("Cut in the middle")
    for kind in (NTFY, PUSHOVER):
        world.wait_for_notice(kind, "Cut in the middle", "planned", attempts=1)
    world.installation.move_clock(minutes=0.5)
    for kind in (NTFY, PUSHOVER):
        world.wait_for_notice(kind, "Cut in the middle", "accepted", attempts=2)
    both = [one for one in world.stage.messages(NTFY) if "Cut in" in one["text"]]
    assert len({one["body"]["sequence_id"] for one in both}) == 1, "a phone must show one"


def test_a_server_that_hangs_is_left(world: World) -> None:
    world.stage.plan(NTFY, "hang", seconds=30, containing="Hanging")
    world.alert("Hanging")
    world.wait_for_notice(NTFY, "Hanging", "planned", attempts=1)
    world.installation.move_clock(minutes=0.5)
    world.wait_for_notice(NTFY, "Hanging", "accepted", attempts=2)


def test_what_is_refused_for_good_is_switched_off_until_it_is_mended(world: World) -> None:
    world.stage.plan(NTFY, "refuse", code=40301, containing="Refused")
    world.stage.plan(PUSHOVER, "refuse", code=1, containing="Refused")
    world.alert("Refused")
    for kind in (NTFY, PUSHOVER):
        world.wait_for_notice(kind, "Refused", "failed", attempts=1)
        assert world.method(kind)["state"] == "broken"
    assert "forbidden" in world.method(NTFY)["broken_reason"]
    for kind in (NTFY, PUSHOVER):
        world.prove(world.method(kind)["id"], kind)
        assert world.method(kind)["state"] == "verified"


def _resolve(world: World) -> None:
    for one in world.api.get("/incidents", state="live")["items"]:
        world.api.post(f"/incidents/{one['id']}/resolve", comment="Over.")
    world.installation.move_clock(minutes=2.2)


def _people(world: World, vendor: str, path: str) -> Any:
    return httpx.get(f"{world.stage.url}/_/{vendor}/{path}").json()
