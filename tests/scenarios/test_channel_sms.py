"""Text messages from an account to an answer: two providers, with every fault they can have."""

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

SID = "AC" + "0123456789abcdef" * 2
PHONE = "+491701234567"
TWILIO, VONAGE = "twilio", "vonage"
ADDRESS = {TWILIO: PHONE, VONAGE: PHONE[1:]}
OWN_NUMBER = "+15005550006"
HINTS_REST_MINUTES = 31


class World(Struct, kw_only=True):
    installation: Installation
    api: Api
    team: Team
    stage: Stage
    minutes: float = 0.0
    services: int = 0

    def alert(self, title: str, vendor: str = TWILIO) -> "Text":
        """Page Ada, and return the text that reaches her over this vendor."""
        self.send_alert(title)
        return self.text(title, vendor)

    def send_alert(self, title: str) -> None:
        """Each alert is of a service of its own, so that none joins the incident of another."""
        self.services += 1
        name = f"Shop {self.services}"
        service = make_service(self.api, team_id=self.team.team_id, name=name)
        key = make_key(self.api, kind="json", service_id=service["id"])
        url, body = f"{self.installation.url}/in/{key}", {"summary": title, "severity": "critical"}
        assert httpx.post(url, json=body).status_code == 202

    def text(self, title: str, vendor: str = TWILIO) -> "Text":
        found = self.stage.message(vendor, containing=title, to=ADDRESS[vendor])
        return Text(world=self, vendor=vendor, title=title, words=found["text"])

    def write(self, text: str, vendor: str = TWILIO) -> None:
        done = self.stage.act(vendor, "reply", **{"from": ADDRESS[vendor]}, text=text)
        assert done["status"] in {200, 204}, done

    def state_of(self, title: str) -> str:
        found = [
            *self.api.get("/incidents")["items"],
            *self.api.get("/incidents", state="resolved")["items"],
        ]
        return next((str(one["state"]) for one in found if title in one["title"]), "")

    def wait_for(self, title: str, state: str) -> None:
        eventually(lambda: self.state_of(title) == state, what=f"{title} is {state}")

    def notice(self, title: str) -> dict[str, Any]:
        """The first notice with this title that went out as a text: the policy may add others."""
        rows = self.installation.rows(
            "SELECT id, state, reason, attempts FROM notifications_notice"
            " WHERE kind = 'sms' AND content->>'title' LIKE %s AND purpose = 'page'"
            " ORDER BY id LIMIT 1",
            f"%{title}%",
        )
        names = ("id", "state", "reason", "attempts")
        return dict(zip(names, rows[0], strict=True)) if rows else {}

    def wait_for_notice(self, title: str, state: str) -> dict[str, Any]:
        return eventually(
            lambda: found if (found := self.notice(title)).get("state") == state else None,
            what=lambda: f"the notice of {title} is {state}; it is {self.notice(title)}",
        )

    def tries(self, title: str) -> list[tuple[Any, ...]]:
        return self.installation.rows(
            "SELECT via, accepted, delivered, detail, cost FROM notifications_attempt"
            " WHERE notice_id = %s ORDER BY id",
            self.notice(title)["id"],
        )

    def forgive(self, *, minutes: float = 2.1) -> None:
        """Let the time pass after which a provider that failed is asked first again."""
        self.minutes += minutes
        self.installation.move_clock(minutes=minutes)
        self.stage.act(VONAGE, "dashboard", clock_ahead_s=self.minutes * 60)

    def method(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get("/contact-methods")["items"][0]
        return found


class Text(Struct, frozen=True, kw_only=True):
    """A text as its reader sees it."""

    world: World
    vendor: str
    title: str
    words: str

    @property
    def code(self) -> str:
        found = re.search(r"Reply (\d+) to acknowledge", self.words)
        assert found, self.words
        return found[1]

    @property
    def link(self) -> str:
        return self.words.splitlines()[-1]

    def answer(self, words: str) -> None:
        self.world.write(f"{self.code} {words}", self.vendor)

    def finish(self) -> None:
        """Resolve it, so that it pages nobody again."""
        self.answer("resolve")
        self.world.wait_for(self.title, "resolved")
        self.world.installation.wait_until_quiet()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        fakes = stack.enter_context(stage())
        installation = stack.enter_context(running(tmp_path_factory.mktemp("sms")))
        api = installation.first_admin().api()
        world = World(
            installation=installation,
            api=api,
            team=make_team(api, kind="json"),
            stage=fakes,
        )
        _set_up_providers(world)
        _verify_phone(world)
        yield world
        assert "Traceback" not in installation.log.read_text()


def _set_up_providers(world: World) -> None:
    callbacks = f"{world.installation.url}/callbacks"
    first = add_provider(
        world.api,
        TWILIO,
        "Twilio",
        account_sid=SID,
        auth_token="a token",
        sender=OWN_NUMBER,
        api_url=f"{world.stage.url}/twilio",
    )
    second = add_provider(
        world.api,
        VONAGE,
        "Vonage",
        api_key="abcd1234",
        api_secret="a secret",
        signature_secret="a signature secret",
        sender="447700900001",
        api_url=f"{world.stage.url}/vonage",
    )
    world.stage.act(TWILIO, "console", sms_url=f"{callbacks}/twilio/{first}/sms/received/")
    world.stage.act(
        VONAGE,
        "dashboard",
        signature_secret="a signature secret",
        inbound_url=f"{callbacks}/vonage/{second}/sms/received/",
    )


def _verify_phone(world: World) -> None:
    rules = [{"urgency": "high", "kind": "sms"}, {"urgency": "low", "kind": "email"}]
    method = world.api.post("/contact-methods", kind="sms", address="0049 170 / 123 45 67")
    assert method["address"] == PHONE
    text = world.stage.message(TWILIO, containing="The code is", to=PHONE)["text"]
    code = re.search(r"\d{6}", text)
    assert code, text
    world.api.post(f"/contact-methods/{method['id']}/verify", code=code[0])
    world.api.put("/profile/rules", rules=rules)


def test_a_page_is_answered_by_text(world: World) -> None:
    world.forgive()
    text = world.alert("Answered")
    assert re.match(r"CRITICAL Shop \d+: Answered\n", text.words)
    text.answer("ack")
    world.wait_for("Answered", "acknowledged")
    assert world.stage.message(TWILIO, containing="Acknowledged: ", to=PHONE)
    world.wait_for_notice("Answered", "delivered")
    assert world.tries("Answered")[0][:3] == ("Twilio", True, True)
    text.finish()


def test_the_link_of_a_text_shows_the_page_and_does_nothing(world: World) -> None:
    world.forgive()
    text = world.alert("Linked")
    assert len(text.link) < 60
    shown = httpx.get(text.link, follow_redirects=True)
    assert "Linked" in shown.text
    assert "/r/" in str(shown.url)
    assert world.state_of("Linked") == "open"
    code = text.link.rstrip("/")
    forged = code[:-1] + ("y" if code.endswith("x") else "x")
    assert httpx.get(f"{forged}/").status_code == 410
    text.finish()


def test_a_number_is_enough_and_a_word_where_one_page_is_open(world: World) -> None:
    world.forgive(minutes=HINTS_REST_MINUTES)
    first, second = world.alert("One of two"), world.alert("Two of two")
    world.write("ok")
    question = world.stage.message(TWILIO, containing="Several pages are open", to=PHONE)
    assert f"{first.code}: " in question["text"]
    assert f"{second.code}: " in question["text"]
    world.write(first.code)
    world.wait_for("One of two", "acknowledged")
    world.write("OK!")
    world.wait_for("Two of two", "acknowledged")
    first.finish()
    second.finish()


def test_two_machines_do_not_answer_each_other_for_ever(world: World) -> None:
    world.forgive(minutes=HINTS_REST_MINUTES)
    world.stage.clear(TWILIO)
    for number in range(5):
        world.write(f"This mailbox is not read, ticket {number} of 999.")
    said = [one["text"] for one in world.stage.messages(TWILIO)]
    eventually(lambda: len(world.stage.messages(TWILIO)) >= 3, what=f"three hints, not {said}")
    text = world.alert("After the machines")
    hints = [one for one in world.stage.messages(TWILIO) if "No page waits" in one["text"]]
    assert len(hints) == 3
    text.finish()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "status", "status": 500}, "500"),
        ({"kind": "status", "status": 429, "retry_after_s": 30}, "429"),
        ({"kind": "refuse", "code": 20003}, "Authenticate"),
        ({"kind": "hang", "seconds": 30}, "did not answer|no answer"),
    ],
    ids=["error", "too many", "no access", "hangs"],
)
def test_the_second_provider_takes_over(world: World, fault: dict[str, Any], words: str) -> None:
    world.forgive()
    title = f"Taken over after {fault['kind']} {fault.get('status', '')}".strip()
    world.stage.plan(TWILIO, **fault, containing=title)
    text = world.alert(title, VONAGE)
    text.answer("bin dran")
    world.wait_for_notice(title, "delivered")
    eventually(lambda: len(world.tries(title)) == 2, what="both tries are kept")
    tries = {row[0]: row for row in world.tries(title)}
    refused, taken = tries["Twilio"], tries["Vonage"]
    assert not refused[1]
    assert re.search(words, refused[3])
    assert taken[1:3] == (True, True)
    assert str(taken[4]) == "0.074000"
    text.finish()


def test_a_cut_connection_may_double_a_text_and_loses_none(world: World) -> None:
    world.forgive()
    world.stage.plan(TWILIO, "crash", containing="Cut off")
    text = world.alert("Cut off")
    assert world.text("Cut off", VONAGE).code == text.code
    world.wait_for_notice("Cut off", "delivered")
    eventually(
        lambda: (
            sorted(row[:3] for row in world.tries("Cut off"))
            == [("Twilio", True, True), ("Vonage", True, True)]
        ),
        what=lambda: f"both are known to have it: {world.tries('Cut off')}",
    )
    text.finish()


def test_a_text_that_does_not_arrive_is_known(world: World) -> None:
    world.forgive()
    world.stage.plan(TWILIO, "lose", code=30003, containing="Lost")
    text = world.alert("Lost")
    lost = world.wait_for_notice("Lost", "failed")
    assert "the telephone is off or cannot be reached (error 30003)" in lost["reason"]
    assert world.method()["state"] == "verified"
    text.finish()


@pytest.mark.parametrize("fault", ["duplicate_callback", "reversed_callbacks", "early_callback"])
@pytest.mark.parametrize("vendor", [TWILIO, VONAGE])
def test_reports_come_as_they_like(world: World, fault: str, vendor: str) -> None:
    world.forgive()
    title = f"{fault} of {vendor}"
    if vendor == VONAGE:
        world.stage.plan(TWILIO, "status", status=503, containing=title)
    world.stage.plan(vendor, fault, containing=title)
    text = world.alert(title, vendor)
    world.wait_for_notice(title, "delivered")
    taken = eventually(
        lambda: [row for row in world.tries(title) if row[1] and row[2]], what="the try is kept"
    )
    assert len(taken) == 1
    text.finish()


@pytest.mark.parametrize("vendor", [TWILIO, VONAGE])
def test_reports_with_a_wrong_signature_are_refused(world: World, vendor: str) -> None:
    world.forgive()
    title, before = f"Forged {vendor}", len(world.stage.callbacks(vendor))
    if vendor == VONAGE:
        world.stage.plan(TWILIO, "status", status=503, containing=title)
    world.stage.plan(vendor, "bad_signature", containing=title)
    text = world.alert(title, vendor)
    eventually(
        lambda: sum(one["status"] == 403 for one in world.stage.callbacks(vendor)[before:]) >= 2,
        what="the reports are refused",
    )
    assert world.notice(title)["state"] == "accepted"
    text.finish()


def test_a_landline_ends_the_way_and_asks_for_repair(world: World) -> None:
    world.forgive()
    world.stage.plan(TWILIO, "refuse", code=21614, containing="To a landline")
    world.send_alert("To a landline")
    eventually(lambda: world.method()["state"] == "broken", what="the number is switched off")
    reason = world.method()["broken_reason"]
    world.write("START")
    assert "not a valid mobile number" in reason
    eventually(lambda: world.method()["state"] == "verified", what="START mends it")
    code = world.installation.rows(
        "SELECT max(reply_code) FROM notifications_notice WHERE content->>'title' LIKE %s",
        "%To a landline",
    )
    world.write(f"{code[0][0]} resolve")
    world.wait_for("To a landline", "resolved")


def test_stop_ends_texts_and_start_brings_them_back(world: World) -> None:
    world.forgive()
    world.installation.wait_until_quiet()
    world.write("stop")
    eventually(lambda: world.method()["state"] == "broken", what="STOP switches it off")
    reason = world.method()["broken_reason"]
    world.write("Start")  # at once: whatever fails below, the other tests need the number
    assert re.search("STOP was sent|unsubscribed", reason)
    eventually(
        lambda: any("no longer works" in one["title"] for one in world.api.get("/inbox")["items"]),
        what="the repair task",
    )
    eventually(lambda: world.method()["state"] == "verified", what="START brings it back")
    world.alert("After START").finish()
