"""Against an endpoint of our own, which decrypts as an app would."""

import base64
import json
from datetime import UTC, datetime

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace
from tests.factories.http_provider import Received, Reply, provider
from tests.factories.notifications import CONTENT, make_message

from evenfall.integrations.unifiedpush.channel import UnifiedPushChannel, read_keys
from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import ChannelError, Message

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
AUTH = b"sixteen bytes, ."


@pytest.fixture
def channel() -> UnifiedPushChannel:
    return UnifiedPushChannel(clock=lambda: NOW)


def keys() -> str:
    point = KEY.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return " ".join(base64.b64encode(raw).decode().rstrip("=") for raw in (point, AUTH))


def message(url: str, **changes: object) -> Message:
    made = make_message("unifiedpush", address=f"{url}/up/abc")
    return replace(made, **changes)


async def test_without_keys_the_message_travels_as_it_is(channel: UnifiedPushChannel) -> None:
    async with provider(Reply()) as running:
        await channel.send(message(running.url))
    (request,) = running.requests
    body = json.loads(request.body)
    assert (body["title"], body["urgency"]) == ("Checkout is down", "high")
    assert body["respond_url"] == "https://evenfall.example/r/token/"
    assert [one["action"] for one in body["actions"]] == ["acknowledge", "help"]
    assert (request.headers["ttl"], request.headers["urgency"]) == ("3600", "high")
    assert "content-encoding" not in request.headers


async def test_with_keys_only_the_app_reads_it(channel: UnifiedPushChannel) -> None:
    async with provider(Reply()) as running:
        await channel.send(message(running.url, secret=read_keys(keys())))
    (request,) = running.requests
    plain = http_ece.decrypt(request.body, private_key=KEY, auth_secret=AUTH, version="aes128gcm")
    assert json.loads(plain)["title"] == "Checkout is down"
    assert request.headers["content-encoding"] == "aes128gcm"


async def test_a_code_goes_only_to_what_says_that_it_is_an_endpoint(
    channel: UnifiedPushChannel,
) -> None:
    def endpoint(request: Received) -> Reply:
        is_asked = request.method == "GET"
        return Reply(body=b'{"unifiedpush":{"version":1}}') if is_asked else Reply()

    async with provider(endpoint) as running:
        await channel.send(message(running.url, purpose="verify", code="123456"))
    assert [one.method for one in running.requests] == ["GET", "POST"]
    for other in (b"<html>", b"{}", b'{"unifiedpush":{"version":2}}'):
        async with provider(Reply(body=other)) as running:
            with pytest.raises(ChannelError, match="no endpoint") as caught:
                await channel.send(message(running.url, purpose="verify", code="123456"))
        assert caught.value.permanent
        assert [one.method for one in running.requests] == ["GET"]


@pytest.mark.parametrize(
    ("status", "permanent", "dead"),
    [
        (400, True, False),
        (404, True, True),
        (410, True, True),
        (413, True, False),
        (429, False, False),
        (500, False, False),
        (507, True, False),
    ],
)
async def test_the_answer_decides(
    channel: UnifiedPushChannel, status: int, permanent: bool, dead: bool
) -> None:
    async with provider(Reply(status=status)) as running:
        with pytest.raises(ChannelError) as caught:
            await channel.send(message(running.url))
    assert (caught.value.permanent, caught.value.address_dead) == (permanent, dead)


async def test_a_long_message_fits(channel: UnifiedPushChannel) -> None:
    content = replace(CONTENT, title="t" * 5000, lines=("\x01" * 9000,))
    async with provider(Reply()) as running:
        await channel.send(message(running.url, content=content, secret=read_keys(keys())))
    assert len(running.requests[0].body) <= 4096


async def test_damaged_keys_switch_it_off(channel: UnifiedPushChannel) -> None:
    with pytest.raises(ChannelError) as caught:
        await channel.send(message("http://127.0.0.1:9", secret="{}"))
    assert caught.value.address_dead


@pytest.mark.parametrize("typed", ["short", "a" * 87, f"{'a' * 22} {'b' * 87}"])
def test_keys_must_be_whole_and_in_order(typed: str) -> None:
    with pytest.raises(AddressNotUsable):
        read_keys(typed)
    assert read_keys("") == ""
