"""Against answers as Pushover documents them."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from django.test import Client
from msgspec.structs import replace
from tests.factories.http_provider import Received, Reply, provider
from tests.factories.notifications import make_message

from evenfall.integrations.pushover.channel import PushoverChannel, read_key
from evenfall.integrations.pushover.provider import PURPOSE, Pushover, tag_of
from evenfall.notifications.errors import AddressNotUsable, ProviderNotUsable
from evenfall.notifications.ports import Account, ChannelError, Message, Urgency, closing_kinds
from evenfall.platform.crypto import unsign

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
USER = "u" * 30
TOKEN = "t" * 30
TAKEN = Reply(status=200, body=b'{"status":1,"request":"r-1","receipt":"rec1"}')


@pytest.fixture
def pushover() -> Pushover:
    return Pushover(clock=lambda: NOW)


def account(url: str, **values: str) -> Account:
    return Account(
        id=4, type="pushover", name="Pushover", values={"token": TOKEN, "api_url": url, **values}
    )


def message(**changes: object) -> Message:
    made = make_message("pushover", address=USER)
    return replace(made, **changes)


def form_of(request: Received) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


async def test_what_is_urgent_rings_until_it_is_acknowledged(pushover: Pushover) -> None:
    async with provider(TAKEN) as running:
        accepted = await pushover.send(message(), account(running.url, sound="siren"))
    (request,) = running.requests
    form = form_of(request)
    assert (request.path, accepted.provider_id) == ("/1/messages.json", "rec1")
    assert (form["token"], form["user"], form["priority"]) == (TOKEN, USER, "2")
    assert (form["retry"], form["expire"], form["sound"]) == ("60", "1800", "siren")
    assert (form["url"], form["url_title"]) == ("https://evenfall.example/r/token/", "Answer")
    assert form["tags"] == tag_of("page:5")
    before, _, token = form["callback"].rstrip("/").rpartition("/")
    assert before.endswith("/callbacks/pushover/4")
    assert unsign(token, purpose=PURPOSE, now=NOW) == [17, 1]


async def test_what_is_not_urgent_does_not_ring(pushover: Pushover) -> None:
    async with provider(TAKEN) as running:
        await pushover.send(message(urgency=Urgency.LOW), account(running.url))
    form = form_of(running.requests[0])
    assert form["priority"] == "0"
    assert "callback" not in form


async def test_a_key_is_checked_before_a_code_goes_there(pushover: Pushover) -> None:
    async with provider(TAKEN) as running:
        await pushover.send(message(purpose="verify", code="123456"), account(running.url))
    assert [one.path for one in running.requests] == [
        "/1/users/validate.json",
        "/1/messages.json",
    ]


async def test_a_closing_cancels_by_tag(pushover: Pushover) -> None:
    async with provider(TAKEN) as running:
        await pushover.send(message(purpose="close"), account(running.url))
    assert running.requests[0].path == f"/1/receipts/cancel_by_tag/{tag_of('page:5')}.json"
    nothing = Reply(status=200, body=b'{"status":1,"canceled":0}')
    async with provider(nothing) as running:
        with pytest.raises(ChannelError, match="nothing rings"):
            await pushover.send(message(purpose="close"), account(running.url))


@pytest.mark.parametrize(
    ("status", "body", "permanent", "dead"),
    [
        (400, {"status": 0, "user": "invalid", "errors": ["user key is invalid"]}, True, True),
        (400, {"status": 0, "token": "invalid", "errors": ["token is invalid"]}, True, False),
        (429, {"status": 0, "errors": ["over its quota"]}, True, False),
        (500, {}, False, False),
        (200, {"status": 0}, True, False),
    ],
)
async def test_the_answer_decides(
    pushover: Pushover, status: int, body: dict[str, object], permanent: bool, dead: bool
) -> None:
    async with provider(Reply(status=status, body=json.dumps(body).encode())) as running:
        with pytest.raises(ChannelError) as caught:
            await pushover.send(message(), account(running.url))
    assert (caught.value.permanent, caught.value.address_dead) == (permanent, dead)


async def test_a_server_that_is_away_is_temporary(pushover: Pushover) -> None:
    async with provider(Reply(body=b"<html>", status=502)) as running:
        with pytest.raises(ChannelError, match="502"):
            await pushover.send(message(), account(running.url))
    with pytest.raises(ChannelError) as caught:
        await pushover.send(message(), account(running.url))
    assert not caught.value.permanent


def test_keys_and_tokens_have_thirty_letters() -> None:
    assert read_key(f" {USER} ") == USER
    for wrong in ("", "short", "-" * 30, USER + "x"):
        with pytest.raises(AddressNotUsable):
            read_key(wrong)
        with pytest.raises(ProviderNotUsable):
            Pushover().check({"token": wrong, "api_url": "https://api.pushover.net"})
    Pushover().check({"token": TOKEN, "api_url": "https://api.pushover.net"})


def test_the_channel_can_take_messages_back() -> None:
    assert PushoverChannel().closes
    assert "pushover" in closing_kinds()


@pytest.mark.django_db
def test_a_foreign_callback_is_refused(client: Client) -> None:
    answer = client.post("/callbacks/pushover/1/foreign/", {"receipt": "x", "acknowledged": "1"})
    assert answer.status_code == 403
    assert client.get("/callbacks/pushover/1/foreign/").status_code == 405
