"""Calls from a number to a key: two providers, every fault that their documentation names."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from msgspec import Struct
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.rehearsal import Stage, add_provider, stage
from tests.scenarios.setting import Team, make_key, make_service, make_team

from evenfall.fakes.twilio import signature

ADA = "+491701234567"
TOKEN = "token-of-the-account"
KEYS = "Press 4 to acknowledge, 6 to escalate, 0 to hear it again."


class World(Struct, frozen=True, kw_only=True):
    installation: Installation
    api: Api
    team: Team
    stage: Stage
    twilio: int
    vonage: int

    def calm(self) -> None:
        """Let enough time pass that the next page comes alone, and nobody is in trouble."""
        for incident in self.api.get("/incidents", state="live")["items"]:
            self.api.post(f"/incidents/{incident['id']}/resolve")
        self.installation.wait_until_quiet()
        self.tick(minutes=3)
        self.installation.wait_until_quiet()

    def tick(self, *, minutes: float) -> None:
        self.installation.move_clock(minutes=minutes)
        ahead = float((self.installation.folder / "clock").read_text())
        self.stage.act("vonage", "dashboard", clock_ahead_s=ahead)

    def send_alert(self, title: str) -> None:
        """A problem in a service of its own, so that no open incident takes it in."""
        service = make_service(self.api, team_id=self.team.team_id, name=title)
        key = make_key(self.api, kind="json", service_id=service["id"])
        url = f"{self.installation.url}/in/{key}"
        body = {"summary": f"{title} > 5%", "severity": "critical"}
        assert httpx.post(url, json=body).status_code == 202

    def calls(self, vendor: str) -> list[dict[str, Any]]:
        """What it was asked to call, not to write."""
        texts = ("Messages.json", "message_type")
        return [
            one
            for one in self.stage.messages(vendor)
            if not any(word in one["body"] for word in ("Body", *texts))
        ]

    def alert(self, title: str, vendor: str = "twilio") -> None:
        """Page Ada, and wait until her telephone rings."""
        before = len(self.calls(vendor))
        self.send_alert(title)
        self.rings(vendor, before + 1)

    def rings(self, vendor: str, count: int) -> None:
        eventually(
            lambda: len(self.calls(vendor)) >= count,
            what=lambda: f"call {count} of {vendor}; it has {self.stage.messages(vendor)}",
        )

    def on_the_line(self, vendor: str, act: str, **how: str) -> list[str]:
        """Do something with the telephone; returns what is said then."""
        answer = self.stage.act(vendor, f"calls/{act}", to=ADA, **how)
        said: list[str] = answer["said"]
        return said

    def state_of(self, title: str) -> str:
        found = self.api.get("/incidents")["items"]
        return next((str(one["state"]) for one in found if title in one["title"]), "")

    def wait_for(self, title: str, state: str) -> None:
        eventually(lambda: self.state_of(title) == state, what=f"{title} is {state}")

    def tries(self, title: str) -> int:
        """How often the first call about this was tried."""
        query = (
            "SELECT attempts FROM notifications_notice"
            " WHERE kind = 'voice' AND content->>'title' LIKE %s ORDER BY id LIMIT 1"
        )
        return int(self.installation.rows(query, f"%{title}%")[0][0])

    def wait_for_notice(self, title: str, state: str, reason: str = "") -> None:
        """Until the first call about this has this state, for this reason."""
        query = (
            "SELECT state, reason FROM notifications_notice"
            " WHERE kind = 'voice' AND content->>'title' LIKE %s ORDER BY id LIMIT 1"
        )
        eventually(
            lambda: self.installation.rows(query, f"%{title}%")[:1] == [(state, reason)],
            what=f"the call about {title} is {state}",
        )

    def settle(self, title: str) -> None:
        """Acknowledge on the page, so that nothing more comes of it."""
        found = self.api.get("/incidents")["items"]
        number = next(one["id"] for one in found if title in one["title"])
        self.api.post(f"/incidents/{number}/acknowledge")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        fakes = stack.enter_context(stage())
        installation = stack.enter_context(running(tmp_path_factory.mktemp("voice")))
        api = installation.first_admin().api()
        twilio = add_provider(
            api,
            "twilio",
            "Twilio",
            account_sid=f"AC{'0' * 32}",
            auth_token=TOKEN,
            sender="+15005550006",
            api_url=f"{fakes.url}/twilio",
        )
        vonage = add_provider(
            api,
            "vonage",
            "Vonage",
            api_key="abcd1234",
            api_secret="secret",
            signature_secret="rehearsal",
            sender="447700900001",
            application_id="78d335fa-323d-0114-9c3d-d6f0d48968cf",
            private_key=_private_key(),
            api_url=f"{fakes.url}/vonage",
        )
        fakes.act("vonage", "dashboard", api_key="abcd1234")
        world = World(
            installation=installation,
            api=api,
            team=make_team(api, kind="json"),
            stage=fakes,
            twilio=twilio,
            vonage=vonage,
        )
        _verify(world)
        rule = {"urgency": "high", "kind": "voice", "delay_minutes": 0}
        api.put("/profile/rules", rules=[rule])
        yield world


def _private_key() -> str:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _verify(world: World) -> None:
    """The code is read to Ada, digit by digit and twice."""
    method = world.api.post("/contact-methods", kind="voice", address="0049 170 1234567")
    world.rings("twilio", 1)
    said = world.on_the_line("twilio", "pick-up")
    assert said[0] == said[1]
    digits = re.findall(r"\d", said[0])
    assert len(digits) == 6
    world.api.post(f"/contact-methods/{method['id']}/verify", code="".join(digits))


def test_a_page_is_read_and_acknowledged_with_a_key(world: World) -> None:
    world.calm()
    world.alert("Error rate")
    said = world.on_the_line("twilio", "pick-up")
    assert said[0].startswith("This is Evenfall. Critical. Error rate above 5 percent. Since ")
    assert said[0].endswith(KEYS)
    assert said[0] == said[1]
    assert world.on_the_line("twilio", "press", key="9")[0].startswith("That key does nothing")
    assert world.on_the_line("twilio", "press", key="0") == said
    assert world.on_the_line("twilio", "press", key="4") == ["Acknowledged. Good luck."]
    world.wait_for("Error rate", "acknowledged")
    world.wait_for_notice("Error rate", "delivered")


def test_a_key_hands_the_page_on(world: World) -> None:
    world.calm()
    world.alert("Handed on")
    world.on_the_line("twilio", "pick-up")
    before = len(world.calls("twilio"))
    assert world.on_the_line("twilio", "press", key="6")[0].startswith("Escalated.")
    world.rings("twilio", before + 1)  # the next step finds the same person: a team of one
    world.settle("Handed on")
    assert world.on_the_line("twilio", "pick-up")[0].startswith("Somebody has already")


def test_the_voice_speaks_the_language_of_the_listener(world: World) -> None:
    world.calm()
    world.api.put("/me", name="Ada", time_zone="Europe/Berlin", language="de")
    world.alert("Langsam")
    assert world.on_the_line("twilio", "pick-up")[0].startswith("Hier ist Evenfall. Kritisch.")
    assert world.on_the_line("twilio", "press", key="4") == ["Bestätigt. Viel Erfolg."]
    world.api.put("/me", name="Ada", time_zone="Europe/Berlin", language="en")


def test_a_machine_acknowledges_nothing(world: World) -> None:
    world.calm()
    world.alert("Voice mail")
    assert world.on_the_line("twilio", "pick-up", by="machine") == []
    world.wait_for_notice("Voice mail", "failed", "answered by a machine")
    assert world.state_of("Voice mail") == "open"


def test_where_a_machine_picks_up_a_text_message_follows(world: World) -> None:
    """The number proved that it can be called; one tap makes it a number for texts too."""
    voice = world.api.get("/contact-methods")["items"][0]
    texts = world.api.post(f"/contact-methods/{voice['id']}/twin")
    assert (texts["kind"], texts["state"]) == ("sms", "verified")
    world.calm()
    world.alert("Written after all")
    world.on_the_line("twilio", "pick-up", by="machine")
    world.stage.message("twilio", containing="Written after all", to=ADA)
    assert world.api.http.delete(f"/contact-methods/{texts['id']}").status_code == 204


def test_who_hangs_up_without_a_key_was_reached_and_acknowledges_nothing(world: World) -> None:
    world.calm()
    world.alert("Hung up")
    world.on_the_line("twilio", "pick-up")
    world.on_the_line("twilio", "hang-up")
    world.wait_for_notice("Hung up", "delivered")
    assert world.state_of("Hung up") == "open"


def test_a_busy_line_is_tried_again_by_the_other_provider(world: World) -> None:
    world.calm()
    world.alert("Busy")
    before = len(world.calls("vonage"))
    world.on_the_line("twilio", "end", **{"as": "busy"})
    world.wait_for_notice("Busy", "planned", "the line was busy")
    world.tick(minutes=0.5)
    world.rings("vonage", before + 1)
    assert world.on_the_line("vonage", "pick-up")[-1].endswith(KEYS)
    assert world.on_the_line("vonage", "press", key="4") == ["Acknowledged. Good luck."]
    world.wait_for("Busy", "acknowledged")
    assert world.tries("Busy") == 2


def test_nobody_picks_up(world: World) -> None:
    world.calm()
    world.alert("Unheard")
    world.on_the_line("twilio", "end", **{"as": "no-answer"})
    world.wait_for_notice("Unheard", "failed", "nobody picked up")


def test_the_second_provider_calls_when_the_first_is_down(world: World) -> None:
    world.calm()
    world.stage.plan("twilio", "status", status=503)
    world.alert("First is down", "vonage")
    said = world.on_the_line("vonage", "pick-up")
    assert (said[0], len(said)) == (said[1], 2)
    assert world.on_the_line("vonage", "press", key="5")[0].startswith("That key does nothing")
    assert world.on_the_line("vonage", "press") == ["Goodbye."]
    world.wait_for_notice("First is down", "delivered")
    assert world.state_of("First is down") == "open"


def test_a_machine_is_told_from_a_person_in_any_order(world: World) -> None:
    world.calm()
    world.stage.plan("twilio", "status", status=503)
    world.stage.plan("vonage", "reversed_callbacks")
    world.alert("Backwards", "vonage")
    assert world.on_the_line("vonage", "pick-up", by="machine") == []
    world.wait_for_notice("Backwards", "failed", "answered by a machine")


@pytest.mark.parametrize("fault", ["duplicate_callback", "reversed_callbacks", "early_callback"])
def test_reports_come_twice_and_in_any_order(world: World, fault: str) -> None:
    world.calm()
    world.stage.plan("twilio", fault)
    world.alert(f"With {fault}")
    world.on_the_line("twilio", "pick-up")
    assert world.on_the_line("twilio", "press", key="4") == ["Acknowledged. Good luck."]
    world.wait_for(f"With {fault}", "acknowledged")
    world.wait_for_notice(f"With {fault}", "delivered")


@pytest.mark.parametrize("vendor", ["twilio", "vonage"])
def test_what_is_not_signed_changes_nothing(world: World, vendor: str) -> None:
    world.calm()
    if vendor == "vonage":
        world.stage.plan("twilio", "status", status=503)
    world.stage.plan(vendor, "bad_signature")
    world.alert(f"Forged at {vendor}", vendor)
    world.on_the_line(vendor, "pick-up")
    if vendor == "vonage":
        world.on_the_line(vendor, "press", key="4")
    refused = [made["status"] for made in world.stage.callbacks(vendor)][-1]
    assert refused == 403
    world.wait_for_notice(f"Forged at {vendor}", "accepted")
    assert world.state_of(f"Forged at {vendor}") == "open"


def test_a_lost_answer_ends_in_a_second_call_at_most(world: World) -> None:
    world.calm()
    before = len(world.calls("twilio")), len(world.calls("vonage"))
    world.stage.plan("twilio", "crash")
    world.alert("Cut off")
    world.on_the_line("twilio", "pick-up")
    assert world.on_the_line("twilio", "press", key="4") == ["Acknowledged. Good luck."]
    world.wait_for("Cut off", "acknowledged")
    world.tick(minutes=1)
    made = len(world.calls("twilio")) - before[0], len(world.calls("vonage")) - before[1]
    assert made == (1, 1)
    world.on_the_line("vonage", "pick-up")
    assert world.on_the_line("vonage", "press", key="4") == ["This was already answered."]


def test_a_provider_that_hangs_is_left(world: World) -> None:
    world.calm()
    world.stage.plan("twilio", "hang", seconds=6)
    world.alert("Hanging", "vonage")
    world.on_the_line("vonage", "pick-up")
    world.on_the_line("vonage", "press", key="4")
    world.wait_for("Hanging", "acknowledged")


def test_a_call_about_nothing_is_refused_quietly(world: World) -> None:
    url = (
        f"{world.installation.url}/callbacks/twilio/{world.twilio}/voice/key/?notice=9999&attempt=1"
    )
    form = {"Digits": "4", "CallSid": "CA1"}
    headers = {"X-Twilio-Signature": signature(url, form, TOKEN)}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    assert httpx.post(url, content=urlencode(form), headers=headers).status_code == 404
    assert httpx.post(url, content=urlencode(form)).status_code == 403
    assert "Traceback" not in world.installation.log.read_text()
