"""Against the library itself: what it may do, and what it may not."""

import asyncio
import json
from dataclasses import replace

import pytest
from django.conf import LazySettings
from msgspec import structs
from tests.factories.http_provider import Reply, provider
from tests.factories.notifications import make_message

from evenfall.integrations.apprise.channel import AppriseChannel
from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import ChannelError, Message

HOOK = "discord://12345678901234567890/abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def channel() -> AppriseChannel:
    return AppriseChannel()


@pytest.fixture
def only_public(settings: LazySettings) -> None:
    settings.EVENFALL = replace(settings.EVENFALL, allow_private_addresses=())


def message(url: str, **changes: object) -> Message:
    made = make_message("apprise", address="…", secret=url.replace("http://", "json://"))
    return structs.replace(made, **changes)


async def test_a_page_carries_links_that_answer(channel: AppriseChannel) -> None:
    async with provider(Reply(status=200)) as running:
        await channel.send(message(f"{running.url}/hook"))
    (request,) = running.requests
    body = json.loads(request.body)
    assert (request.path, body["type"]) == ("/hook", "failure")
    assert body["title"] == "Checkout is down"
    assert "Acknowledge: https://evenfall.example/r/acknowledge/" in body["message"]


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (401, True), (500, False)])
async def test_what_the_service_said_is_told(
    channel: AppriseChannel, status: int, permanent: bool
) -> None:
    async with provider(Reply(status=status)) as running:
        with pytest.raises(ChannelError, match=str(status)) as caught:
            await channel.send(message(running.url))
    assert caught.value.permanent is permanent


async def test_a_private_address_is_not_called(channel: AppriseChannel, only_public: None) -> None:
    async with provider(Reply(status=200)) as running:
        with pytest.raises(ChannelError):
            await channel.send(message(running.url))
        with pytest.raises(ChannelError):
            await channel.send(message(running.url.replace("127.0.0.1", "localhost")))
    assert running.requests == []


async def test_a_redirect_does_not_get_around_the_fence(
    channel: AppriseChannel, settings: LazySettings
) -> None:
    async with provider(Reply(status=200)) as inner:
        target = inner.url.replace("127.0.0.1", "[::1]")
        away = Reply(status=302, headers={"Location": target})
        async with provider(away) as outer:
            loopback = [
                net for net in settings.EVENFALL.allow_private_addresses if net.version == 4
            ]
            settings.EVENFALL = replace(settings.EVENFALL, allow_private_addresses=tuple(loopback))
            with pytest.raises(ChannelError):
                await channel.send(message(outer.url))
    assert inner.requests == []


async def test_a_service_that_hangs_can_be_left(channel: AppriseChannel) -> None:
    async with provider(Reply(hangs=True)) as running:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await channel.send(message(running.url))


def test_an_address_is_shown_without_its_secrets(channel: AppriseChannel) -> None:
    shown, kept = channel.read(HOOK, "")
    assert kept == HOOK
    assert shown.startswith("discord://1...0/a...z/ #")
    assert channel.read_address(HOOK) == shown
    other = channel.read(HOOK.replace("bcd", "xyz"), "")[0]
    assert other != shown, "two hooks of one service are told apart"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "syslog://",
        "dbus://",
        "rsyslog://example.org",
        "mailto://ada:secret@example.org",
        "mqtt://example.org/topic",
        "exec://rm",
        "file:///etc/passwd",
        "fcm://project@key/device",
        "apprise://example.org/token",
        f"{HOOK}?template=/etc/passwd",
        "json://example.org/?attach=file:///etc/passwd",
    ],
)
def test_what_reaches_the_machine_itself_is_refused(channel: AppriseChannel, address: str) -> None:
    with pytest.raises(AddressNotUsable):
        channel.read(address, "")


@pytest.mark.parametrize(
    "host", ["127.0.0.1:80", "10.0.0.1", "localhost", "[::1]", "169.254.169.254"]
)
def test_a_private_host_is_refused_early(
    channel: AppriseChannel, only_public: None, host: str
) -> None:
    with pytest.raises(AddressNotUsable, match="not public"):
        channel.read(f"json://{host}/x", "")


async def test_an_address_that_became_unusable_is_switched_off(channel: AppriseChannel) -> None:
    with pytest.raises(ChannelError) as caught:
        await channel.send(make_message("apprise", secret="syslog://"))
    assert caught.value.address_dead


def test_the_library_says_nothing_in_our_log(
    channel: AppriseChannel, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(AddressNotUsable):
        channel.read("nosuch://a-secret-token", "")
    assert "a-secret-token" not in caplog.text
