"""Text messages over Twilio against a server that answers as its documentation says."""

import json
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from tests.factories.http_provider import Provider, Reply, provider
from tests.factories.notifications import make_message

from evenfall.integrations.twilio.provider import Twilio
from evenfall.integrations.twilio.sms import receipt_of
from evenfall.notifications.errors import ProviderNotUsable
from evenfall.notifications.ports import Account, ChannelError, Price

SID = "AC" + "0" * 32
VALUES = {
    "account_sid": SID,
    "auth_token": "a token",
    "sender": "+15005550006",
    "senders": "",
    "caller": "",
    "monthly_limit": "",
}


def account(running: Provider | None = None, **values: str) -> Account:
    url = "https://api.twilio.example" if running is None else f"{running.url}/"
    return Account(id=3, type="twilio", name="Main", values={**VALUES, "api_url": url, **values})


def taken(**more: object) -> Reply:
    body = {"sid": "SM1", "status": "queued", "price": None, "price_unit": "USD", **more}
    return Reply(status=201, body=json.dumps(body).encode())


def refused(status: int, code: int, message: str, **headers: str) -> Reply:
    body = {"code": code, "message": message, "status": status}
    return Reply(status=status, body=json.dumps(body).encode(), headers=headers)


def form_of(running: Provider) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(running.requests[0].body.decode()).items()}


async def test_a_page_is_one_form() -> None:
    async with provider(taken()) as running:
        accepted = await Twilio().send(make_message("sms", address="+491701"), account(running))
    (request,) = running.requests
    assert request.path == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert request.headers["authorization"].startswith("Basic ")
    form = form_of(running)
    assert (form["To"], form["From"]) == ("+491701", "+15005550006")
    assert form["Body"].startswith("Checkout is down\n")
    assert form["StatusCallback"].endswith("/callbacks/twilio/3/sms/status/?notice=17&attempt=1")
    assert (accepted.provider_id, accepted.cost) == ("SM1", None)


async def test_a_messaging_service_sends_in_its_own_name() -> None:
    async with provider(taken()) as running:
        await Twilio().send(
            make_message("sms", address="+491701234567"), account(running, sender="MG123")
        )
    form = form_of(running)
    assert form["MessagingServiceSid"] == "MG123"
    assert "From" not in form


async def test_the_sender_is_that_of_the_country() -> None:
    async with provider(taken()) as running:
        await Twilio().send(
            make_message("sms", address="+491701234567"), account(running, senders="DE=Evenfall")
        )
    assert form_of(running)["From"] == "Evenfall"


async def test_a_price_that_comes_at_once_is_kept() -> None:
    async with provider(taken(price="-0.0750")) as running:
        accepted = await Twilio().send(make_message("sms", address="+491701"), account(running))
    assert (accepted.cost, accepted.currency) == (Decimal("0.0750"), "USD")


@pytest.mark.parametrize(("sid", "path"), [("SM1", "Messages/SM1.json"), ("CA1", "Calls/CA1.json")])
async def test_a_price_is_told_when_it_is_asked_for(sid: str, path: str) -> None:
    async with provider(Reply(status=200, body=b'{"price": "-0.0750"}')) as running:
        price = await Twilio().price(sid, account(running))
    assert running.requests[0].path == f"/2010-04-01/Accounts/{SID}/{path}"
    assert price == Price(cost=Decimal("0.0750"), currency="USD")


@pytest.mark.parametrize("text", ["null", '"free"', '"NaN"'])
async def test_a_price_that_nobody_knows_yet_is_none(text: str) -> None:
    reply = Reply(status=200, body=f'{{"price": {text}}}'.encode())
    async with provider(reply) as running:
        assert await Twilio().price("SM1", account(running)) is None


@pytest.mark.parametrize(
    ("reply", "permanent", "dead", "wait_s"),
    [
        (refused(400, 21610, "unsubscribed"), True, True, None),
        (refused(400, 21614, "not a mobile"), True, True, None),
        (refused(400, 21211, "not a number"), True, True, None),
        (refused(400, 21408, "no permission for this region"), True, False, None),
        (refused(400, 21606, "the sender cannot send"), True, False, None),
        (refused(401, 20003, "Authenticate"), True, False, None),
        (refused(429, 20429, "Too Many Requests"), False, False, None),
        (refused(429, 0, "", **{"Retry-After": "7"}), False, False, 7),
        (refused(400, 21611, "the queue is full"), False, False, None),
        (refused(503, 0, "upset"), False, False, None),
        (Reply(status=500, body=b"<html>"), False, False, None),
        (Reply(status=200, body=b"[]"), False, False, None),
    ],
)
async def test_each_refusal_means_what_the_documentation_says(
    reply: Reply, permanent: bool, dead: bool, wait_s: int | None
) -> None:
    async with provider(reply) as running:
        with pytest.raises(ChannelError) as caught:
            await Twilio().send(make_message("sms", address="+491701"), account(running))
    error = caught.value
    assert (error.permanent, error.address_dead) == (permanent, dead)
    assert error.retry_after == (None if wait_s is None else timedelta(seconds=wait_s))
    assert "a token" not in error.message


async def test_nobody_at_home_is_tried_again() -> None:
    with pytest.raises(ChannelError) as caught:
        await Twilio().send(
            make_message("sms", address="+491701"), account(api_url="http://127.0.0.1:1")
        )
    assert not caught.value.permanent


async def test_what_is_no_channel_of_its_is_refused() -> None:
    with pytest.raises(ChannelError, match="does not carry fax"):
        await Twilio().send(make_message("fax"), account())


@pytest.mark.parametrize(
    ("state", "code", "delivered", "is_taken", "dead"),
    [
        ("queued", "", None, True, False),
        ("sent", "", None, True, False),
        ("delivered", "", True, False, False),
        ("read", "", True, False, False),
        ("undelivered", "30003", False, False, False),
        ("undelivered", "30006", False, False, True),
        ("failed", "21610", False, False, True),
        ("failed", "99999", False, False, False),
        ("failed", "what", False, False, False),
    ],
)
def test_each_report_becomes_a_receipt(
    state: str, code: str, delivered: bool | None, is_taken: bool, dead: bool
) -> None:
    form = {"MessageStatus": state, "MessageSid": "SM1", "ErrorCode": code}
    receipt = receipt_of(form, notice_id=17, attempt=2, account=account())
    assert receipt is not None
    assert (receipt.notice_id, receipt.attempt, receipt.via) == (17, 2, "Main")
    assert (receipt.delivered, receipt.is_taken, receipt.address_dead) == (
        delivered,
        is_taken,
        dead,
    )
    assert bool(receipt.reason) is (delivered is False)


def test_a_word_that_we_do_not_know_says_nothing() -> None:
    form = {"MessageStatus": "receiving"}
    assert receipt_of(form, notice_id=1, attempt=1, account=account()) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"account_sid": "AC1"}, "account_sid"),
        ({"caller": "Evenfall"}, "caller"),
        ({"senders": "Germany"}, "senders"),
    ],
)
def test_an_account_that_cannot_work_is_refused(values: dict[str, str], field: str) -> None:
    with pytest.raises(ProviderNotUsable) as caught:
        Twilio().check({**VALUES, **values})
    assert caught.value.field == field


def test_an_account_that_can_work_is_taken() -> None:
    Twilio().check({**VALUES, "senders": "DE=Evenfall", "caller": "+4930", "monthly_limit": "50"})
