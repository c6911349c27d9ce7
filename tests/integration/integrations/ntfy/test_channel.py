"""Against the fake of ntfy, and against answers that no server should give."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from tests.factories.http_provider import Reply, provider
from tests.factories.notifications import CONTENT, make_message

from evenfall.integrations.ntfy.address import authorization, split
from evenfall.integrations.ntfy.channel import NtfyChannel
from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import ChannelError, Message, Urgency

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OK = Reply(status=200, body=b'{"id":"xE73Iyuabi","event":"message"}')


@pytest.fixture
def channel() -> NtfyChannel:
    return NtfyChannel(clock=lambda: NOW)


def message(url: str, **changes: object) -> Message:
    made = make_message("ntfy", address=f"{url}/pages", secret="tk_secret")
    return replace(made, **changes)


async def test_a_page_has_the_highest_priority_and_buttons_that_answer(
    channel: NtfyChannel,
) -> None:
    async with provider(OK) as running:
        accepted = await channel.send(message(running.url))
    (request,) = running.requests
    body = json.loads(request.body)
    assert (accepted.provider_id, accepted.delivered) == ("xE73Iyuabi", False)
    assert (request.path, request.headers["authorization"]) == ("/", "Bearer tk_secret")
    assert (body["topic"], body["priority"], body["tags"]) == ("pages", 5, ["rotating_light"])
    assert body["title"] == "Checkout is down"
    assert body["message"].startswith("critical · checkout · prod\n")
    assert (body["click"], body["sequence_id"]) == ("/pages/5/", "page-5")
    first, _, last = body["actions"]
    assert (first["action"], first["method"], first["body"]) == (
        "http",
        "POST",
        "action=acknowledge",
    )
    assert first["url"] == "https://evenfall.example/r/token/"
    assert (last["action"], last["label"]) == ("view", "Open")


async def test_what_is_not_urgent_makes_no_sound(channel: NtfyChannel) -> None:
    async with provider(OK) as running:
        await channel.send(message(running.url, urgency=Urgency.LOW, secret=""))
    assert json.loads(running.requests[0].body)["priority"] == 2
    assert "authorization" not in running.requests[0].headers


async def test_a_long_text_stays_a_message(channel: NtfyChannel) -> None:
    content = replace(CONTENT, lines=("é" * 9000,), title="t" * 900)
    async with provider(OK) as running:
        await channel.send(message(running.url, content=content))
    body = json.loads(running.requests[0].body)
    assert len(body["message"].encode()) < 4096
    assert len(body["title"]) == 250


async def test_a_closing_clears_the_tag(channel: NtfyChannel) -> None:
    async with provider(OK) as running:
        await channel.send(message(running.url, purpose="close"))
    (request,) = running.requests
    assert (request.method, request.path) == ("PUT", "/pages/page-5/clear")


@pytest.mark.parametrize(
    ("status", "code", "permanent", "dead"),
    [
        (400, 40009, True, False),
        (401, 40101, True, True),
        (403, 40301, True, True),
        (413, 41301, True, False),
        (429, 42901, False, False),
        (429, 42908, True, False),
        (500, 50001, False, False),
        (507, 50701, False, False),
    ],
)
async def test_the_answer_decides(
    channel: NtfyChannel, status: int, code: int, permanent: bool, dead: bool
) -> None:
    body = json.dumps({"code": code, "http": status, "error": "so it is"}).encode()
    async with provider(Reply(status=status, body=body, headers={"Retry-After": "30"})) as running:
        with pytest.raises(ChannelError, match="so it is") as caught:
            await channel.send(message(running.url))
    assert (caught.value.permanent, caught.value.address_dead) == (permanent, dead)
    assert caught.value.retry_after == timedelta(seconds=30)


async def test_an_answer_in_no_words_is_understood(channel: NtfyChannel) -> None:
    async with provider(Reply(status=502, body=b"<html>")) as running:
        with pytest.raises(ChannelError, match="502"):
            await channel.send(message(running.url))
    with pytest.raises(ChannelError) as caught:
        await channel.send(message(running.url))
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("typed", "shown", "kept"),
    [
        ("https://ntfy.sh/pages", "https://ntfy.sh/pages", ""),
        (" https://tk_abc@ntfy.sh/pages/ ", "https://ntfy.sh/pages", "tk_abc"),
        ("https://:tk_abc@ntfy.sh:8443/pages", "https://ntfy.sh:8443/pages", "tk_abc"),
        ("https://ada:p%40ss@push.example/sub/pages", "https://push.example/sub/pages", "ada:p@ss"),
    ],
)
def test_what_opens_a_topic_is_kept_apart(typed: str, shown: str, kept: str) -> None:
    assert split(typed, "") == (shown, kept)
    assert split(typed, "typed") == (shown, "typed")


@pytest.mark.parametrize("typed", ["ntfy.sh/pages", "https://ntfy.sh/", "https://ntfy.sh/a b", "x"])
def test_an_address_must_name_a_topic(typed: str) -> None:
    with pytest.raises(AddressNotUsable):
        split(typed, "")


def test_a_token_must_fit_into_a_header() -> None:
    with pytest.raises(AddressNotUsable):
        split("https://ntfy.sh/pages", "tk_é\r\n")
    assert authorization("ada:secret") == {"Authorization": "Basic YWRhOnNlY3JldA=="}
