"""Calls over Vonage against a server that answers as its documentation says, and its events."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.factories.http_provider import Provider, Reply, provider
from tests.factories.notifications import make_message

from evenfall.integrations.vonage.provider import Vonage
from evenfall.integrations.vonage.voice import Try, address, key_of, read_try, receipt_of
from evenfall.notifications.errors import ProviderNotUsable
from evenfall.notifications.ports import Account, ChannelError

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MADE = Try(account_id=4, notice_id=17, attempt=1)
KEY = (
    generate_private_key(public_exponent=65537, key_size=2048)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)
VALUES = {
    "api_key": "abcd1234",
    "api_secret": "a secret",
    "signature_secret": "a signature secret",
    "sender": "+447700900001",
    "senders": "",
    "application_id": "app-1",
    "private_key": KEY,
    "caller": "",
    "monthly_limit": "",
}


def account(running: Provider | None = None, **values: str) -> Account:
    url = "https://api.vonage.example" if running is None else f"{running.url}/"
    return Account(id=4, type="vonage", name="Second", values={**VALUES, "api_url": url, **values})


def taken() -> Reply:
    return Reply(status=201, body=json.dumps({"uuid": "u-1", "status": "started"}).encode())


async def test_a_call_carries_its_words_and_hangs_up_on_machines() -> None:
    async with provider(taken()) as running:
        message = make_message("voice", address="+491701234567")
        accepted = await Vonage().send(message, account(running))
    (request,) = running.requests
    assert request.path == "/v1/calls"
    assert request.headers["authorization"].startswith("Bearer ")
    body = json.loads(request.body)
    assert body["to"] == [{"type": "phone", "number": "491701234567"}]
    assert body["from"] == {"type": "phone", "number": "447700900001"}
    assert body["machine_detection"] == "hangup"
    assert body["ringing_timer"] < 60
    assert body["ncco"][0]["text"].startswith("This is Evenfall. Checkout is down.")
    assert (accepted.provider_id, accepted.delivered) == ("u-1", False)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"application_id": ""}, "names no application"),
        ({"private_key": "private.key"}, "private key"),
        ({"sender": "Evenfall"}, "names no number"),
    ],
)
async def test_an_account_that_cannot_call_says_why(values: dict[str, str], words: str) -> None:
    damaged = account(None, **values)
    with pytest.raises(ChannelError, match=words) as refused:
        await Vonage().send(make_message("voice", address="+491701234567"), damaged)
    assert refused.value.permanent


def test_a_private_key_is_read_when_it_is_typed_in() -> None:
    Vonage().check(VALUES)
    with pytest.raises(ProviderNotUsable, match="private key"):
        Vonage().check({**VALUES, "private_key": "private.key"})


def test_an_address_names_its_try_and_nobody_else_can_write_one() -> None:
    url = address("vonage:voice_key", MADE, now=NOW)
    token = url.rstrip("/").rsplit("/", 2)[1]
    assert read_try(token, account=account(), now=NOW) == MADE
    assert read_try(token, account=account(), now=NOW + timedelta(days=2)) is None
    assert read_try("17.1.forged", account=account(), now=NOW) is None
    other = Account(id=5, type="vonage", name="Other", values=VALUES)
    assert read_try(token, account=other, now=NOW) is None


def receipt(attempt: int = 1, **event: Any) -> Any:
    made = Try(account_id=4, notice_id=17, attempt=attempt)
    found = receipt_of({"uuid": "u-1", **event}, made, account=account())
    assert found is not None
    return found


@pytest.mark.parametrize("state", ["started", "ringing", "answered", "completed"])
def test_a_call_that_nobody_is_known_to_have_heard_is_only_taken(state: str) -> None:
    found = receipt(status=state)
    assert (found.delivered, found.is_taken) == (None, True)


def test_a_human_is_delivered_and_a_machine_is_not() -> None:
    assert receipt(status="human").delivered is True
    found = receipt_of({"call_uuid": "u-2", "status": "machine"}, MADE, account=account())
    assert found is not None
    assert (found.delivered, found.reason) == (False, "answered by a machine")
    assert found.provider_id == "u-2"


@pytest.mark.parametrize(
    ("state", "again"),
    [
        ("busy", timedelta(seconds=20)),
        ("failed", timedelta(0)),
        ("rejected", timedelta(0)),
        ("timeout", None),
        ("unanswered", None),
        ("cancelled", None),
    ],
)
def test_what_did_not_get_through_is_tried_once_more_where_that_helps(
    state: str, again: timedelta | None
) -> None:
    assert receipt(status=state).try_again_after == again
    assert receipt(status=state).delivered is False
    assert receipt(attempt=2, status=state).try_again_after is None


def test_the_end_tells_the_price() -> None:
    found = receipt(status="completed", price="0.0018")
    assert (found.cost, found.currency) == (Decimal("0.0018"), "EUR")
    odd_prices: tuple[object, ...] = ("", "much", "-1", "NaN", None, {})
    for odd in odd_prices:
        assert receipt(status="completed", price=odd).cost is None


def test_a_key_comes_in_an_object_or_as_text() -> None:
    assert key_of({"dtmf": {"digits": "4", "timed_out": False}}) == "4"
    assert key_of({"dtmf": "4"}) == "4"
    assert key_of({"dtmf": {"digits": None, "timed_out": True}}) == ""
    assert key_of({}) == ""


def test_a_word_that_nobody_knows_is_no_receipt() -> None:
    assert receipt_of({"reason": "Syntax error in NCCO"}, MADE, account=account()) is None
