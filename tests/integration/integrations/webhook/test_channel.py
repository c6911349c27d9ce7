"""Against a real HTTP receiver that checks the signature."""

import base64
import dataclasses
import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from msgspec.structs import replace
from pytest_django import Settings
from tests.factories.http_provider import Provider, Received, Reply, provider
from tests.factories.notifications import make_message

from evenfall.integrations.webhook.channel import WebhookChannel
from evenfall.notifications.ports import ChannelError, Message

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEY = b"k" * 32
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def message(running: Provider, *, code: str = "") -> Message:
    return make_message(
        "webhook", address=f"{running.url}/hook?a=1", secret=SECRET, code=code, attempt=2
    )


def is_signed(request: Received) -> bool:
    """Check as a receiver would, from the documentation alone."""
    identity, timestamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    signed = b".".join([identity.encode(), timestamp.encode(), request.body])
    expected = "v1," + base64.b64encode(hmac.new(KEY, signed, sha256).digest()).decode()
    return hmac.compare_digest(expected, request.headers["webhook-signature"])


async def test_a_notice_arrives_signed_and_complete() -> None:
    async with provider(Reply(status=200, headers={"X-Request-Id": "r-1"})) as running:
        accepted = await WebhookChannel(clock=lambda: NOW).send(message(running))

    (request,) = running.requests
    assert (request.method, request.path) == ("POST", "/hook?a=1")
    assert is_signed(request)
    assert request.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert accepted.provider_id == "r-1"
    assert json.loads(request.body) == {
        "type": "notice",
        "id": "notice-17",
        "attempt": 2,
        "purpose": "page",
        "urgency": "high",
        "subject": "page:5",
        "title": "Checkout is down",
        "lines": ["critical · checkout · prod", "since 12:00, 3 alerts"],
        "severity": "critical",
        "url": "/pages/5/",
        "tag": "page:5",
        "respond_url": "https://evenfall.example/r/token/",
        "actions": [
            {
                "name": "acknowledge",
                "label": "Acknowledge",
                "url": "https://evenfall.example/r/acknowledge/",
            },
            {"name": "help", "label": "Get help", "url": "https://evenfall.example/r/help/"},
        ],
    }


async def test_a_changed_body_does_not_verify() -> None:
    async with provider(Reply()) as running:
        await WebhookChannel().send(message(running))
    (request,) = running.requests
    assert not is_signed(replace(request, body=request.body + b" "))


def echo(request: Received) -> Reply:
    challenge = json.loads(request.body)["challenge"]
    return Reply(status=200, body=json.dumps({"challenge": challenge}).encode())


def echo_plainly(request: Received) -> Reply:
    return Reply(status=200, body=json.loads(request.body)["challenge"].encode())


@pytest.mark.parametrize("reply", [echo, echo_plainly])
async def test_a_challenge_that_is_returned_is_proof(reply: object) -> None:
    async with provider(reply) as running:  # type: ignore[arg-type]  # both are scripts
        accepted = await WebhookChannel().send(message(running, code="secret-word"))
    assert accepted.proof == "secret-word"
    assert json.loads(running.requests[0].body)["respond_url"] == ""


@pytest.mark.parametrize("body", [b"", b"ok", b'{"challenge": "other"}', b"[1]", b"\xff"])
async def test_a_challenge_that_is_not_returned_fails(body: bytes) -> None:
    async with provider(Reply(status=200, body=body)) as running:
        with pytest.raises(ChannelError, match="did not return the challenge") as caught:
            await WebhookChannel().send(message(running, code="secret-word"))
    assert caught.value.permanent
    assert not caught.value.address_dead


@pytest.mark.parametrize(
    ("status", "permanent", "dead"),
    [
        (302, True, False),
        (400, True, False),
        (404, True, False),
        (408, False, False),
        (410, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
async def test_the_status_decides(status: int, permanent: bool, dead: bool) -> None:
    async with provider(Reply(status=status)) as running:
        with pytest.raises(ChannelError) as caught:
            await WebhookChannel().send(message(running))
    assert (caught.value.permanent, caught.value.address_dead) == (permanent, dead)


async def test_the_receivers_wait_is_passed_on() -> None:
    async with provider(Reply(status=503, headers={"Retry-After": "40"})) as running:
        with pytest.raises(ChannelError) as caught:
            await WebhookChannel().send(message(running))
    assert caught.value.retry_after == timedelta(seconds=40)


async def test_a_private_address_is_refused_for_good(settings: Settings) -> None:
    settings.EVENFALL = dataclasses.replace(settings.EVENFALL, allow_private_addresses=())
    async with provider(Reply()) as running:
        with pytest.raises(ChannelError, match="is not public") as caught:
            await WebhookChannel().send(message(running))
    assert caught.value.permanent
    assert running.requests == []


async def test_a_receiver_that_is_away_is_temporary() -> None:
    async with provider(Reply()) as running:
        pass
    with pytest.raises(ChannelError) as caught:
        await WebhookChannel().send(message(running))
    assert not caught.value.permanent
