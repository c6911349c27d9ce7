"""What leaves for the Bot API, and what its documented answers mean."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.factories.http_provider import Provider, Reply, provider
from tests.factories.notifications import make_message

from evenfall.chat.ports import Button, Card, ChatError
from evenfall.integrations.telegram.account import TelegramAccounts
from evenfall.integrations.telegram.groups import TelegramGroups
from evenfall.notifications.ports import Account, ChannelError

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"
CARD = Card(
    subject="incident:17",
    title="#17 Payments are slow",
    buttons=(Button(name="acknowledge", label="Acknowledge"),),
)


def account(running: Provider) -> Account:
    values = {
        "bot_token": TOKEN,
        "bot_name": "acme_pager_bot",
        "updates": "poll",
        "api_url": f"{running.url}/",
    }
    return Account(id=3, type="telegram", name="Bot", values=values)


def good(result: object) -> Reply:
    return Reply(status=200, body=json.dumps({"ok": True, "result": result}).encode())


def bad(status: int, description: str, **parameters: int) -> Reply:
    body = {"ok": False, "error_code": status, "description": description}
    return Reply(status=status, body=json.dumps({**body, "parameters": parameters}).encode())


async def test_a_page_is_one_message_with_buttons() -> None:
    async with provider(good({"message_id": 7})) as running:
        accepted = await TelegramAccounts().send(
            make_message("telegram", address="42"), account(running)
        )
    (request,) = running.requests
    assert request.path == f"/bot{TOKEN}/sendMessage"
    body = json.loads(request.body)
    assert body["chat_id"] == 42
    assert body["text"].startswith("<b>🔴 Checkout is down</b>\n")
    assert body["disable_notification"] is False
    assert body["link_preview_options"] == {"is_disabled": True}
    assert body["reply_markup"]["inline_keyboard"] == [
        [{"text": "Acknowledge", "callback_data": "acknowledge page:5"}]
    ]
    assert accepted.provider_id == "42/7"
    assert not accepted.delivered


async def test_what_is_not_urgent_makes_no_sound() -> None:
    async with provider(good({"message_id": 7})) as running:
        await TelegramAccounts().send(
            make_message("telegram", address="42", urgency="low"), account(running)
        )
    assert json.loads(running.requests[0].body)["disable_notification"] is True


@pytest.mark.parametrize(
    ("reply", "permanent", "dead", "wait_s"),
    [
        (bad(400, "Bad Request: chat not found"), True, True, None),
        (bad(400, "Bad Request: message is too long"), True, False, None),
        (bad(401, "Unauthorized"), True, False, None),
        (bad(403, "Forbidden: bot was blocked by the user"), True, True, None),
        (bad(403, "Forbidden: user is deactivated"), True, True, None),
        (bad(429, "Too Many Requests: retry after 8", retry_after=8), False, False, 8),
        (bad(500, "Internal Server Error"), False, False, None),
        (Reply(status=502, body=b"<html>Bad Gateway</html>"), False, False, None),
        (Reply(status=200, body=b"not JSON"), True, False, None),
    ],
)
async def test_the_answer_decides(
    reply: Reply, permanent: bool, dead: bool, wait_s: int | None
) -> None:
    async with provider(reply) as running:
        with pytest.raises(ChannelError) as caught:
            await TelegramAccounts().send(make_message("telegram", address="42"), account(running))
    assert (caught.value.permanent, caught.value.address_dead) == (permanent, dead)
    assert caught.value.retry_after == (None if wait_s is None else timedelta(seconds=wait_s))
    assert TOKEN not in caught.value.message


async def test_one_of_two_bots_that_does_not_know_a_person_switches_nothing_off() -> None:
    async with provider(bad(400, "Bad Request: chat not found")) as running:
        one_of_two = replace(account(running), is_only=False)
        with pytest.raises(ChannelError) as caught:
            await TelegramAccounts().send(make_message("telegram", address="42"), one_of_two)
    assert (caught.value.permanent, caught.value.address_dead) == (True, False)


async def test_a_server_that_is_away_is_temporary_and_the_token_stays_secret() -> None:
    async with provider(Reply()) as running:
        pass
    with pytest.raises(ChannelError) as caught:
        await TelegramAccounts().send(make_message("telegram", address="42"), account(running))
    assert not caught.value.permanent
    assert TOKEN not in caught.value.message


async def test_a_card_is_posted_and_edited_in_its_topic() -> None:
    async with provider(good({"message_id": 9, "chat": {"id": -100123}})) as running:
        reference = await TelegramGroups().post(account(running), "-100123/4", CARD)
        await TelegramGroups().edit(account(running), "-100123/4", reference, CARD)
    posted, edited = (json.loads(request.body) for request in running.requests)
    assert (posted["chat_id"], posted["message_thread_id"]) == (-100123, 4)
    assert reference == "-100123:9"
    assert (edited["chat_id"], edited["message_id"]) == (-100123, 9)
    assert edited["reply_markup"]["inline_keyboard"][0][0]["text"] == "Acknowledge"


async def test_a_group_that_became_a_supergroup_is_followed() -> None:
    replies = iter(
        [
            bad(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100999),
            good({"message_id": 9, "chat": {"id": -100999}}),
        ]
    )
    async with provider(lambda _request: next(replies)) as running:
        reference = await TelegramGroups().post(account(running), "-12345", CARD)
    assert reference == "-100999:9"


async def test_an_edit_that_changes_nothing_is_no_error() -> None:
    async with provider(bad(400, "Bad Request: message is not modified: exactly")) as running:
        await TelegramGroups().edit(account(running), "-100123", "-100123:9", CARD)


@pytest.mark.parametrize(
    ("reply", "permanent", "gone"),
    [
        (bad(400, "Bad Request: chat not found"), True, True),
        (bad(400, "Bad Request: message to edit not found"), True, False),
        (bad(403, "Forbidden: bot was kicked from the supergroup chat"), True, True),
        (bad(429, "Too Many Requests: retry after 30", retry_after=30), False, False),
    ],
)
async def test_a_group_that_refuses_says_whether_it_is_gone(
    reply: Reply, permanent: bool, gone: bool
) -> None:
    async with provider(reply) as running:
        with pytest.raises(ChatError) as caught:
            await TelegramGroups().edit(account(running), "-100123", "-100123:9", CARD)
    assert (caught.value.permanent, caught.value.room_gone) == (permanent, gone)
