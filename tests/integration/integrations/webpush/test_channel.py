"""Against a push service of our own, which decrypts the payload as a browser would."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct
from msgspec.structs import replace
from py_vapid import Vapid02
from tests.factories.http_provider import Provider, Reply, provider
from tests.factories.notifications import CONTENT, make_message

from evenfall.integrations.webpush.channel import WebPushChannel, topic_of
from evenfall.notifications import ports
from evenfall.notifications.models import ChannelSecret
from evenfall.notifications.ports import ChannelError, Content, Message, Urgency

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Browser(Struct, frozen=True):
    """The half of a subscription that never leaves the device."""

    key: ec.EllipticCurvePrivateKey
    auth: bytes

    @property
    def secret(self) -> str:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return json.dumps({"p256dh": unpadded(point), "auth": unpadded(self.auth)})

    def read(self, body: bytes) -> dict[str, object]:
        plain: bytes = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        read: dict[str, object] = json.loads(plain)
        return read


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.fixture
def browser() -> Browser:
    return Browser(ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef")


@pytest.fixture
def channel() -> WebPushChannel:
    made = WebPushChannel(clock=lambda: NOW)
    made.prepare(NOW)
    return made


def message(running: Provider, browser: Browser, *, content: Content = CONTENT) -> Message:
    return make_message(
        "webpush", address=f"{running.url}/push/abc", secret=browser.secret, content=content
    )


async def test_the_device_can_read_the_message(channel: WebPushChannel, browser: Browser) -> None:
    async with provider(Reply(status=201, headers={"Location": "/m/1"})) as running:
        accepted = await channel.send(message(running, browser))

    (request,) = running.requests
    assert accepted.provider_id == "/m/1"
    assert browser.read(request.body) == {
        "title": "Checkout is down",
        "body": "critical · checkout · prod\nsince 12:00, 3 alerts",
        "url": "/pages/5/",
        "tag": "page:5",
        "urgency": "high",
        "actions": [
            {"action": "acknowledge", "title": "Acknowledge"},
            {"action": "help", "title": "Get help"},
        ],
        "respond_url": "https://evenfall.example/r/token/",
    }
    assert request.headers["content-encoding"] == "aes128gcm"
    assert request.headers["ttl"] == "3600"
    assert request.headers["urgency"] == "high"
    assert request.headers["topic"] == topic_of("page:5")
    assert len(topic_of("page:5")) == 32


async def test_the_push_service_knows_us_by_our_key(
    channel: WebPushChannel, browser: Browser
) -> None:
    async with provider(Reply()) as running:
        await channel.send(message(running, browser))

    authorization = running.requests[0].headers["authorization"]
    assert Vapid02.verify(authorization)
    token, key = authorization.removeprefix("vapid t=").split(",k=")
    assert key == channel.browser_key()
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["aud"] == running.url
    assert claims["sub"] == "mailto:evenfall@localhost"
    assert claims["exp"] == int((NOW + timedelta(hours=12)).timestamp())


async def test_another_browser_cannot_read_it(channel: WebPushChannel, browser: Browser) -> None:
    async with provider(Reply()) as running:
        await channel.send(message(running, browser))
    other = Browser(ec.generate_private_key(ec.SECP256R1()), browser.auth)
    with pytest.raises(http_ece.ECEException):
        other.read(running.requests[0].body)


@pytest.mark.parametrize(
    ("status", "permanent", "dead"),
    [
        (400, True, False),
        (403, True, False),
        (404, True, True),
        (410, True, True),
        (413, True, False),
        (429, False, False),
        (500, False, False),
    ],
)
async def test_the_status_decides(
    channel: WebPushChannel, browser: Browser, status: int, permanent: bool, dead: bool
) -> None:
    reply = Reply(status=status, headers={"Retry-After": "30"})
    async with provider(reply) as running:
        with pytest.raises(ChannelError) as caught:
            await channel.send(message(running, browser))
    assert (caught.value.permanent, caught.value.address_dead) == (permanent, dead)
    assert dead or caught.value.retry_after == timedelta(seconds=30)


async def test_a_push_service_that_hangs_can_be_left(
    channel: WebPushChannel, browser: Browser
) -> None:
    async with provider(Reply(hangs=True)) as running:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await channel.send(message(running, browser))


async def test_a_damaged_subscription_is_switched_off(channel: WebPushChannel) -> None:
    with pytest.raises(ChannelError) as caught:
        await channel.send(make_message("webpush", secret="{}"))
    assert caught.value.address_dead


async def test_before_the_keys_are_loaded_it_is_tried_again() -> None:
    with pytest.raises(ChannelError, match="not loaded") as caught:
        await WebPushChannel().send(make_message("webpush"))
    assert not caught.value.permanent


@pytest.mark.parametrize("letter", ["e", "é", "\N{FIRE}", "\x01"])
async def test_a_long_message_fits(channel: WebPushChannel, browser: Browser, letter: str) -> None:
    content = replace(CONTENT, title="t" * 5000, lines=(letter * 9000,), tag="")
    async with provider(Reply()) as running:
        await channel.send(message(running, browser, content=content))
    (request,) = running.requests
    assert len(request.body) <= 4096
    assert str(browser.read(request.body)["body"]).endswith("…")
    assert "topic" not in request.headers


def test_the_keys_are_made_once_and_kept_encrypted(channel: WebPushChannel) -> None:
    again = WebPushChannel()
    assert again.browser_key() == ""
    again.prepare(NOW)
    assert again.browser_key() == channel.browser_key()
    (row,) = ChannelSecret.objects.all()
    assert row.value.startswith("-----BEGIN PRIVATE KEY-----")


def test_a_page_can_ask_for_the_key_by_kind(channel: WebPushChannel) -> None:
    before = ports.channel("webpush")
    ports.register_channel(channel)
    assert ports.browser_key("webpush", now=NOW) == channel.browser_key()
    assert ports.browser_key("pigeon", now=NOW) == ""
    ports.unregister_channel("webpush")
    if before is not None:
        ports.register_channel(before)


async def test_a_push_service_that_is_away_is_temporary(
    channel: WebPushChannel, browser: Browser
) -> None:
    async with provider(Reply()) as running:
        pass
    with pytest.raises(ChannelError) as caught:
        await channel.send(message(running, browser))
    assert not caught.value.permanent


async def test_a_silent_check_names_where_the_device_answers(
    channel: WebPushChannel, browser: Browser
) -> None:
    async with provider(Reply()) as running:
        sent = replace(
            message(running, browser), purpose="check", urgency=Urgency.LOW, respond_url="/answer"
        )
        await channel.send(sent)
    (request,) = running.requests
    read = browser.read(request.body)
    assert (read["check"], request.headers["urgency"]) == ("/answer", "normal")
    assert "actions" not in read


async def test_a_closing_names_the_tag_and_what_still_waits(
    channel: WebPushChannel, browser: Browser
) -> None:
    async with provider(Reply()) as running:
        await channel.send(replace(message(running, browser), purpose="close", badge=0))
        await channel.send(replace(message(running, browser), badge=2))
    closing, page = (browser.read(request.body) for request in running.requests)
    assert (closing["closed"], closing["tag"], closing["badge"]) == (True, "page:5", 0)
    assert page["badge"] == 2
    # the push service drops a page that still waits for the phone when its closing comes
    assert running.requests[0].headers["topic"] == running.requests[1].headers["topic"]
