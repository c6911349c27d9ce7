"""Text messages over Vonage against a server that answers as its documentation says."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.http_provider import Provider, Reply, provider
from tests.factories.notifications import CONTENT, make_message

from evenfall.integrations.vonage.provider import Vonage
from evenfall.integrations.vonage.sms import read_reference, receipt_of
from evenfall.notifications.errors import ProviderNotUsable
from evenfall.notifications.ports import Account, ChannelError, Content

VALUES = {
    "api_key": "abcd1234",
    "api_secret": "a secret",
    "signature_secret": "a signature secret",
    "sender": "+447700900001",
    "senders": "DE=Evenfall",
    "application_id": "",
    "private_key": "",
    "caller": "",
    "monthly_limit": "",
}


def account(running: Provider | None = None, **values: str) -> Account:
    url = "https://api.vonage.example" if running is None else f"{running.url}/"
    return Account(id=4, type="vonage", name="Second", values={**VALUES, "api_url": url, **values})


def taken() -> Reply:
    return Reply(status=202, body=json.dumps({"message_uuid": "aaaa-bbbb"}).encode())


def refused(status: int, code: str, title: str, **headers: str) -> Reply:
    problem = {"type": f"https://errors.example/messages#{code}", "title": title, "detail": "why"}
    return Reply(status=status, body=json.dumps(problem).encode(), headers=headers)


async def test_a_page_is_one_json() -> None:
    async with provider(taken()) as running:
        accepted = await Vonage().send(make_message("sms", address="+3361234"), account(running))
    (request,) = running.requests
    assert request.path == "/v1/messages"
    assert request.headers["authorization"].startswith("Basic ")
    body = json.loads(request.body)
    assert (body["to"], body["from"], body["channel"]) == ("3361234", "447700900001", "sms")
    assert body["client_ref"] == "notice-17/1"
    assert body["webhook_url"].endswith("/callbacks/vonage/4/sms/status/")
    assert body["text"].startswith("Checkout is down\n")
    assert body["sms"] == {"encoding_type": "text"}
    assert accepted.provider_id == "aaaa-bbbb"


async def test_letters_beyond_the_cheap_alphabet_are_said() -> None:
    content = Content(title="Ωμέγα δεν απαντά", actions=CONTENT.actions)
    async with provider(taken()) as running:
        await Vonage().send(
            make_message("sms", address="+3361234", content=content), account(running)
        )
    body = json.loads(running.requests[0].body)
    assert body["sms"] == {"encoding_type": "unicode"}


async def test_the_sender_is_that_of_the_country() -> None:
    async with provider(taken()) as running:
        await Vonage().send(make_message("sms", address="+491701234567"), account(running))
    assert json.loads(running.requests[0].body)["from"] == "Evenfall"


@pytest.mark.parametrize(
    ("reply", "permanent", "dead", "wait_s"),
    [
        (refused(422, "1240", "Illegal Number"), True, True, None),
        (refused(422, "1170", "Invalid Msisdn"), True, True, None),
        (refused(422, "1250", "Facility not allowed"), True, True, None),
        (refused(422, "1020", "Invalid params"), True, False, None),
        (refused(402, "1070", "Partner quota exceeded"), True, False, None),
        (refused(401, "", "Unauthorized"), True, False, None),
        (refused(429, "", "Rate Limit Hit", **{"Retry-After": "9"}), False, False, 9),
        (refused(422, "1000", "Throttled"), False, False, None),
        (refused(500, "", "Internal error"), False, False, None),
        (Reply(status=502, body=b"<html>"), False, False, None),
        (Reply(status=202, body=b""), False, False, None),
    ],
)
async def test_each_refusal_means_what_the_documentation_says(
    reply: Reply, permanent: bool, dead: bool, wait_s: int | None
) -> None:
    async with provider(reply) as running:
        with pytest.raises(ChannelError) as caught:
            await Vonage().send(make_message("sms", address="+3361234"), account(running))
    error = caught.value
    assert (error.permanent, error.address_dead) == (permanent, dead)
    assert error.retry_after == (None if wait_s is None else timedelta(seconds=wait_s))
    assert "a secret" not in error.message


def report(status: str, **more: Any) -> dict[str, Any]:
    return {"message_uuid": "aaaa", "client_ref": "notice-17/2", "status": status, **more}


@pytest.mark.parametrize(
    ("status", "error", "delivered", "is_taken", "dead"),
    [
        ("submitted", None, None, True, False),
        ("delivered", None, True, False, False),
        ("read", None, True, False, False),
        ("rejected", {"title": "1240", "detail": "opted out"}, False, False, True),
        ("rejected", {"type": "https://errors.example/#1050"}, False, False, False),
        ("undeliverable", {"title": "1260"}, False, False, False),
        ("undeliverable", "not an object", False, False, False),
    ],
)
def test_each_report_becomes_a_receipt(
    status: str, error: object, delivered: bool | None, is_taken: bool, dead: bool
) -> None:
    receipt = receipt_of(report(status, error=error), account=account())
    assert receipt is not None
    assert (receipt.notice_id, receipt.attempt, receipt.via) == (17, 2, "Second")
    assert (receipt.delivered, receipt.is_taken, receipt.address_dead) == (
        delivered,
        is_taken,
        dead,
    )
    assert bool(receipt.reason) is (delivered is False)


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        ({"price": "0.0333", "currency": "EUR"}, Decimal("0.0333")),
        ({"price": "", "currency": "EUR"}, None),
        ({"price": "much"}, None),
        ({"price": "NaN"}, None),
        ({"price": "-1"}, None),
        ("free", None),
        (None, None),
    ],
)
def test_the_price_comes_with_the_report(usage: object, cost: Decimal | None) -> None:
    receipt = receipt_of(report("submitted", usage=usage), account=account())
    assert receipt is not None
    assert receipt.cost == cost
    assert receipt.currency == ("EUR" if cost else "")


@pytest.mark.parametrize("text", [None, "", "17", "notice-17", "other/1", "notice-x/1", 17])
def test_a_report_about_something_else_says_nothing(text: object) -> None:
    assert read_reference(text) is None
    assert receipt_of({"client_ref": text, "status": "delivered"}, account=account()) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"caller": "Evenfall"}, "caller"),
        ({"senders": "Germany"}, "senders"),
        ({"application_id": "x"}, "private_key"),
        ({"private_key": "x"}, "application_id"),
    ],
)
def test_an_account_that_cannot_work_is_refused(values: dict[str, str], field: str) -> None:
    with pytest.raises(ProviderNotUsable) as caught:
        Vonage().check({**VALUES, **values})
    assert caught.value.field == field
