"""The server of the fakes: what it lists, how faults are planned, and what they do."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from evenfall.fakes.all import all_vendors
from evenfall.fakes.faults import FaultKind
from evenfall.fakes.server import application
from evenfall.fakes.twilio import Twilio

SID = "AC" + "0" * 32
MESSAGES = f"/twilio/2010-04-01/Accounts/{SID}/Messages.json"
FORM = {"To": "+491701234567", "From": "+15005550006", "Body": "Checkout is down"}


@pytest.fixture
def twilio() -> Twilio:
    return Twilio()


@pytest.fixture
async def http(twilio: Twilio) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application([twilio]))
    async with httpx.AsyncClient(transport=transport, base_url="http://fakes") as client:
        yield client


async def send(http: httpx.AsyncClient, **more: str) -> httpx.Response:
    return await http.post(MESSAGES, data={**FORM, **more}, auth=(SID, "a token"))


async def test_each_fake_is_listed_with_what_it_knows(http: httpx.AsyncClient) -> None:
    found = (await http.get("/_/")).json()
    assert found["twilio"]["messages"] == 0
    assert "hang" in found["twilio"]["faults_known"]


async def test_a_message_is_taken_and_can_be_read(http: httpx.AsyncClient) -> None:
    answer = await send(http)
    assert answer.status_code == 201
    assert answer.json()["status"] == "queued"
    (message,) = (await http.get("/_/twilio/messages")).json()
    assert (message["to"], message["text"]) == (FORM["To"], FORM["Body"])
    resource = f"/twilio/2010-04-01/Accounts/{SID}/Messages/{answer.json()['sid']}.json"
    assert (await http.get(resource, auth=(SID, "a token"))).json()["body"] == FORM["Body"]


async def test_without_credentials_nothing_is_taken(http: httpx.AsyncClient) -> None:
    answer = await http.post(MESSAGES, data=FORM)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    answer = await http.post(MESSAGES, data=FORM, auth=("AC-another", "a token"))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "status", "status": 503}, 503, None),
        ({"kind": "refuse", "code": 21614}, 400, 21614),
        ({"kind": "refuse", "code": 20003}, 401, 20003),
        ({"kind": "lose"}, 201, None),
    ],
)
async def test_a_fault_strikes_as_often_as_it_was_planned(
    http: httpx.AsyncClient, fault: dict[str, Any], status: int, code: int | None
) -> None:
    planned = await http.post("/_/twilio/faults", json={**fault, "times": 2})
    assert planned.json() == {"planned": 2}
    answers = [await send(http) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 201]
    assert answers[0].json().get("code") == code


async def test_a_fault_may_ask_to_wait(http: httpx.AsyncClient) -> None:
    fault = {"kind": "status", "status": 429, "retry_after_s": 7}
    await http.post("/_/twilio/faults", json=fault)
    assert (await send(http)).headers["retry-after"] == "7"


async def test_a_fault_waits_for_its_words(http: httpx.AsyncClient) -> None:
    fault = {"kind": "status", "status": 500, "containing": "second"}
    await http.post("/_/twilio/faults", json=fault)
    assert (await send(http)).status_code == 201
    assert (await send(http, Body="the second one")).status_code == 500


@pytest.mark.parametrize(
    "body", ["no json", "[]", "{}", '{"kind": "what"}', '{"kind": "hang", "colour": "red"}']
)
async def test_what_is_no_fault_is_refused_with_those_that_are(
    http: httpx.AsyncClient, body: str
) -> None:
    answer = await http.post("/_/twilio/faults", content=body)
    assert answer.status_code == 422
    assert "bad_signature" in answer.text


async def test_a_fault_that_a_fake_does_not_know_is_refused(
    http: httpx.AsyncClient, twilio: Twilio
) -> None:
    twilio.faults_known = frozenset({FaultKind.HANG})
    answer = await http.post("/_/twilio/faults", json={"kind": "crash"})
    assert answer.status_code == 422
    assert "twilio has no fault crash; it knows: hang" in answer.text


async def test_forgetting_ends_messages_and_faults(http: httpx.AsyncClient) -> None:
    await send(http)
    await http.post("/_/twilio/faults", json={"kind": "status"})
    await http.delete("/_/twilio/messages")
    assert (await http.get("/_/")).json()["twilio"]["messages"] == 0
    assert (await send(http)).status_code == 201


async def test_who_sent_stop_is_refused_until_start(http: httpx.AsyncClient) -> None:
    await send(http)
    await http.post("/_/twilio/reply", json={"from": FORM["To"], "text": "Stop"})
    assert (await send(http)).json()["code"] == 21610
    await http.post("/_/twilio/reply", json={"from": FORM["To"], "text": "START"})
    assert (await send(http)).status_code == 201


async def test_a_report_that_nobody_takes_is_written_down(
    http: httpx.AsyncClient, twilio: Twilio
) -> None:
    fault = {"kind": "early_callback"}
    await http.post("/_/twilio/faults", json=fault)
    await send(http, StatusCallback="http://127.0.0.1:1/status")
    made = (await http.get("/_/twilio/callbacks")).json()
    assert made == [{"url": "http://127.0.0.1:1/status", "status": 0}] * 3
    assert twilio.sent[0].arrived


def test_every_fake_has_a_name_of_its_own_and_says_what_it_knows() -> None:
    vendors = all_vendors()
    assert len({vendor.name for vendor in vendors}) == len(vendors)
    assert all(vendor.faults_known <= frozenset(FaultKind) for vendor in vendors)
