"""Calls over Twilio against a server that answers as its documentation says, and its reports."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.factories.http_provider import Provider, Reply, provider
from tests.factories.notifications import make_message

from evenfall.integrations.twilio.provider import Twilio
from evenfall.integrations.twilio.voice import receipt_of
from evenfall.notifications.ports import Account, ChannelError

VALUES = {
    "account_sid": "AC" + "0" * 32,
    "auth_token": "a token",
    "sender": "+15005550006",
    "senders": "",
    "caller": "",
    "monthly_limit": "",
}


def account(running: Provider | None = None, **values: str) -> Account:
    url = "https://api.twilio.example" if running is None else f"{running.url}/"
    return Account(id=3, type="twilio", name="Main", values={**VALUES, "api_url": url, **values})


def taken() -> Reply:
    return Reply(status=201, body=json.dumps({"sid": "CA1", "status": "queued"}).encode())


async def test_a_call_listens_for_machines_and_rings_less_than_a_step() -> None:
    async with provider(taken()) as running:
        accepted = await Twilio().send(
            make_message("voice", address="+491701234567"), account(running)
        )
    (request,) = running.requests
    assert request.path == f"/2010-04-01/Accounts/{VALUES['account_sid']}/Calls.json"
    form = parse_qs(request.body.decode())
    assert (form["To"], form["From"]) == (["+491701234567"], ["+15005550006"])
    assert form["Url"][0].endswith("/callbacks/twilio/3/voice/answered/?notice=17&attempt=1")
    assert form["StatusCallback"][0].endswith("/voice/status/?notice=17&attempt=1")
    assert form["StatusCallbackEvent"] == ["initiated", "completed"]
    assert form["MachineDetection"] == ["Enable"]
    assert int(form["Timeout"][0]) < 60
    assert (accepted.provider_id, accepted.delivered) == ("CA1", False)


async def test_the_number_that_calls_is_named_or_the_sender() -> None:
    async with provider(taken()) as running:
        message = make_message("voice", address="+491701234567")
        await Twilio().send(message, account(running, sender="Evenfall", caller="+4930123"))
        with pytest.raises(ChannelError, match="names no number") as refused:
            await Twilio().send(message, account(running, sender="Evenfall"))
    assert refused.value.permanent
    assert parse_qs(running.requests[0].body.decode())["From"] == ["+4930123"]


def receipt(attempt: int = 1, **form: str) -> Any:
    found = receipt_of({"CallSid": "CA1", **form}, notice_id=17, attempt=attempt, account=account())
    assert found is not None
    assert (found.notice_id, found.attempt, found.via) == (17, attempt, "Main")
    return found


@pytest.mark.parametrize("state", ["queued", "initiated", "ringing", "in-progress"])
def test_a_call_under_way_is_taken(state: str) -> None:
    found = receipt(CallStatus=state)
    assert (found.delivered, found.is_taken) == (None, True)


@pytest.mark.parametrize("by", ["human", "unknown", ""])
def test_a_call_that_a_person_may_have_taken_is_delivered(by: str) -> None:
    assert receipt(CallStatus="completed", AnsweredBy=by).delivered is True


@pytest.mark.parametrize("by", ["machine_start", "machine_end_beep", "fax"])
@pytest.mark.parametrize("state", ["in-progress", "completed"])
def test_a_machine_is_no_delivery(by: str, state: str) -> None:
    found = receipt(CallStatus=state, AnsweredBy=by)
    assert (found.delivered, found.reason) == (False, "answered by a machine")
    assert found.try_again_after is None


@pytest.mark.parametrize(
    ("state", "again"),
    [
        ("busy", timedelta(seconds=20)),
        ("failed", timedelta(0)),
        ("no-answer", None),
        ("canceled", None),
    ],
)
def test_what_did_not_get_through_is_tried_once_more_where_that_helps(
    state: str, again: timedelta | None
) -> None:
    found = receipt(CallStatus=state)
    assert (found.delivered, found.try_again_after) == (False, again)
    assert found.reason
    assert receipt(attempt=2, CallStatus=state).try_again_after is None


def test_a_word_that_nobody_knows_is_no_receipt() -> None:
    assert receipt_of({"CallStatus": "new"}, notice_id=1, attempt=1, account=account()) is None
