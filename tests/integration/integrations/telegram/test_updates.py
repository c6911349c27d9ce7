"""What people do in Telegram, against a real database."""

from datetime import datetime
from typing import Any

import msgspec
import pytest
from django.test import Client
from tests.factories.identity import NOW, make_user
from tests.factories.notifications import make_contact_method, states
from tests.factories.paging import make_paged_team, start_page

from evenfall.integrations.telegram.linking import start_word, webhook_secret
from evenfall.integrations.telegram.updates import Call, Update, take
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import Urgency

pytestmark = pytest.mark.django_db
TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"


def typed(text: str, *, user: int = 42, chat: int | None = None, **more: object) -> Update:
    where = {"id": chat or user, "type": "private" if chat is None else "supergroup"}
    message = {
        "message_id": 5,
        "chat": where,
        "from": {"id": user, "first_name": "Ada"},
        "text": text,
        **more,
    }
    return msgspec.convert({"update_id": 1, "message": message}, Update)


def tapped(data: str, *, user: int = 42) -> Update:
    keys = [
        {"text": "Acknowledge", "callback_data": data},
        {"text": "Get help", "callback_data": "need_help page:1"},
    ]
    query = {
        "id": "q1",
        "from": {"id": user, "first_name": "Ada"},
        "data": data,
        "message": {
            "message_id": 5,
            "chat": {"id": user},
            "text": "Checkout is down",
            "reply_markup": {"inline_keyboard": [keys]},
        },
    }
    return msgspec.convert({"update_id": 1, "callback_query": query}, Update)


def said(calls: list[Call]) -> str:
    return str(calls[0].params["text"])


def test_the_link_from_the_profile_joins_the_chat_to_the_account() -> None:
    ada = make_user()
    update = typed(f"/start {start_word(ada.id, now=NOW)}")
    assert said(take(update, now=NOW)).startswith("Done")
    take(update, now=NOW)  # Telegram may bring it twice
    (method,) = notifications_queries.contact_methods(ada.id)
    assert (method.kind, method.address, method.state) == ("telegram", "42", "verified")
    assert method.label == "Ada"


def test_a_word_that_is_foreign_or_of_nobody_joins_nothing() -> None:
    ada = make_user()
    for word in ("x", start_word(ada.id + 1000, now=NOW)):
        assert "too old" in said(take(typed(f"/start {word}"), now=NOW))
    assert notifications_queries.contact_methods(ada.id) == []


def test_start_alone_answers_the_number_to_type() -> None:
    assert said(take(typed("/start"), now=NOW)).startswith("The number of this chat is 42.")


@pytest.mark.parametrize("text", ["/id", "/id@acme_pager_bot", "/start x"])
def test_a_group_gets_its_own_number(text: str) -> None:
    calls = take(typed(text, chat=-100123), now=NOW)
    assert said(calls) == "The number of this chat is -100123"
    assert calls[0].params["chat_id"] == -100123


def test_a_topic_has_a_number_too() -> None:
    update = typed("/id", chat=-100123, message_thread_id=7, is_topic_message=True)
    (call,) = take(update, now=NOW)
    assert call.params["text"] == "The number of this chat is -100123/7"
    assert call.params["message_thread_id"] == 7


def test_a_tap_acknowledges_and_marks_the_message() -> None:
    world = make_paged_team()
    make_contact_method(world.ada, "telegram", address="42")
    page = start_page(world)
    data = f"acknowledge page:{page.id}"
    toast, edit = take(tapped(data), now=NOW)
    assert toast.params["text"].startswith("You acknowledged")
    assert toast.params["show_alert"] is False
    assert edit.method == "editMessageText"
    assert edit.params["text"].startswith("Checkout is down\n\n✓ You acknowledged")
    assert [
        [key["text"] for key in row] for row in edit.params["reply_markup"]["inline_keyboard"]
    ] == [["Get help"]]
    assert paging_queries.page(page.id).status == "acknowledged"


def test_a_rehearsal_is_answered_by_its_own_reader_only() -> None:
    ada, eve = make_user(), make_user("Eve")
    make_contact_method(ada, "telegram", address="42")
    make_contact_method(eve, "telegram", address="666")
    paging_actions.start_rehearsal(user_id=ada.id, urgency=Urgency.HIGH, now=NOW)
    data = f"acknowledge rehearsal:{ada.id}"
    (refused,) = take(tapped(data, user=666), now=NOW)
    assert refused.params["show_alert"] is True
    toast, edit = take(tapped(data), now=NOW)
    assert "this works" in toast.params["text"]
    assert edit.method == "editMessageText"
    assert set(states(f"rehearsal:{ada.id}")) <= {"cancelled", "delivered"}


def test_a_stranger_changes_nothing() -> None:
    page = start_page(make_paged_team())
    (toast,) = take(tapped(f"acknowledge page:{page.id}", user=666), now=NOW)
    assert toast.params["show_alert"] is True
    assert paging_queries.page(page.id).status == "paging"


@pytest.mark.parametrize("data", ["", "vote", "acknowledge", "acknowledge page:x", "dance page:1"])
def test_buttons_that_are_not_ours_change_nothing(data: str) -> None:
    make_contact_method(make_user(), "telegram", address="42")
    (toast,) = take(tapped(data), now=NOW)
    assert toast.params["show_alert"] is True


def test_commands_are_run_and_talk_is_not() -> None:
    make_contact_method(make_user(), "telegram", address="42")
    assert "oncall" in said(take(typed("/help"), now=NOW))
    assert said(take(typed("/evenfall@acme_pager_bot incidents"), now=NOW))
    assert take(typed("hello"), now=NOW) == []
    bot = {"message_id": 5, "chat": {"id": 9}, "from": {"id": 9, "is_bot": True}, "text": "/help"}
    assert take(msgspec.convert({"update_id": 1, "message": bot}, Update), now=NOW) == []


def _account(now: datetime) -> int:
    values = {
        "bot_token": TOKEN,
        "bot_name": "acme_pager_bot",
        "updates": "webhook",
        "api_url": "http://127.0.0.1:9",
    }
    return notifications_actions.add_provider(
        type_name="telegram", name="Bot", values=values, now=now, actor="system"
    )


def _post(client: Client, provider_id: int, body: bytes, secret: str) -> Any:
    return client.post(
        f"/callbacks/telegram/{provider_id}/updates/",
        body,
        content_type="application/json",
        headers={"X-Telegram-Bot-Api-Secret-Token": secret},
    )


def test_the_web_hook_answers_with_the_first_call(client: Client) -> None:
    provider_id = _account(NOW)
    body = msgspec.json.encode(
        {"update_id": 1, "message": msgspec.to_builtins(typed("/id").message)}
    )
    answer = _post(client, provider_id, body, webhook_secret(provider_id, TOKEN))
    assert answer.status_code == 200
    assert answer.json()["method"] == "sendMessage"
    assert answer.json()["text"] == "The number of this chat is 42"


def test_the_web_hook_wants_the_secret_of_its_account(client: Client) -> None:
    provider_id = _account(NOW)
    secret = webhook_secret(provider_id, TOKEN)
    assert _post(client, provider_id, b"{}", "").status_code == 403
    assert _post(client, provider_id, b"{}", secret[:-1]).status_code == 403
    assert _post(client, provider_id + 1, b"{}", secret).status_code == 403
    assert client.get(f"/callbacks/telegram/{provider_id}/updates/").status_code == 405


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"update_id": "x"}', b'{"update_id": 4}'])
def test_an_update_of_another_form_is_taken_and_forgotten(client: Client, body: bytes) -> None:
    provider_id = _account(NOW)
    answer = _post(client, provider_id, body, webhook_secret(provider_id, TOKEN))
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_page_to_add_it_offers_the_link(client: Client) -> None:
    _account(NOW)
    client.force_login(make_user())
    page = client.get("/profile/contact-methods/add/telegram/").content.decode()
    assert 'href="https://t.me/acme_pager_bot?start=' in page
