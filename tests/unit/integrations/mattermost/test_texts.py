"""The form of messages, the proof in a button, and what people may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.factories.notifications import CONTENT, make_message

from evenfall.chat.errors import RoomNotUsable
from evenfall.chat.ports import Button, Card
from evenfall.integrations.mattermost import texts
from evenfall.integrations.mattermost.account import MattermostAccounts, read_name
from evenfall.integrations.mattermost.channels import MattermostChannels
from evenfall.integrations.mattermost.signing import context_of, read_context
from evenfall.notifications.errors import AddressNotUsable, ProviderNotUsable

CARD = Card(
    subject="incident:17",
    title="#17 Payments are slow",
    lines=("ask @channel *now*",),
    facts=(("Severity", "critical"),),
    url="https://evenfall.example/incidents/17/",
    severity="critical",
    state="open",
    buttons=(Button(name="need_help", label="Get help"),),
)
VALUES = {
    "api_url": "https://chat.example.org",
    "bot_token": "x",
    "command_token": "",
    "team": "",
}


def test_a_card_is_an_attachment_with_facts_and_buttons() -> None:
    (attachment,) = texts.of_card(CARD, provider_id=3)["props"]["attachments"]
    assert attachment["title"] == r"\#17 Payments are slow"
    assert attachment["title_link"] == "https://evenfall.example/incidents/17/"
    assert attachment["fields"] == [{"short": True, "title": "Severity", "value": "critical"}]
    (action,) = attachment["actions"]
    assert action["id"] == "needhelp"  # the server's addresses take letters and digits only
    assert action["integration"]["url"].endswith("/callbacks/mattermost/3/action/")


def test_an_alert_mentions_nobody_and_has_no_markdown() -> None:
    (attachment,) = texts.of_card(CARD, provider_id=3)["props"]["attachments"]
    assert "@channel" not in attachment["text"]
    assert r"\*now\*" in attachment["text"]


def test_a_card_without_buttons_has_no_actions() -> None:
    (attachment,) = texts.of_card(replace(CARD, buttons=()), provider_id=3)["props"]["attachments"]
    assert attachment["actions"] == []


@given(title=st.text(max_size=2000), lines=st.lists(st.text(max_size=5000), max_size=20))
def test_a_message_is_never_too_long(title: str, lines: list[str]) -> None:
    content = replace(CONTENT, title=title, lines=tuple(lines))
    post = texts.of_message(make_message("mattermost", content=content), provider_id=3)
    (attachment,) = post["props"]["attachments"]
    assert len(post["message"]) < 16_383
    assert len(attachment["text"]) < 16_383


@given(subject=st.text(), action=st.text(), title=st.text())
def test_a_context_comes_back_as_it_was_given(subject: str, action: str, title: str) -> None:
    context = context_of(3, subject, action, title=title)
    assert read_context(3, context) == context
    assert read_context(4, context) is None


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "page:6"},
        {"action": "resolve"},
        {"title": "other"},
        {"signature": ""},
        {"signature": "ü"},
        {"signature": None},
    ],
)
def test_a_changed_context_is_not_ours(change: dict[str, object]) -> None:
    context = context_of(3, "page:5", "acknowledge", title="Checkout")
    assert read_context(3, {**context, **change}) is None


@pytest.mark.parametrize("context", [None, [], "x", {}, {"subject": "page:5"}])
def test_other_contexts_are_not_ours(context: object) -> None:
    assert read_context(3, context) is None


@pytest.mark.parametrize(
    ("typed", "room"),
    [
        ("https://chat.example.org/ops/channels/incidents", "ops/incidents"),
        ("https://example.org/chat/ops/channels/incidents/", "ops/incidents"),
        (" Ops/Incidents ", "ops/incidents"),
        ("qmd5oqtwoibz8cuzxzg5ekshgr", "qmd5oqtwoibz8cuzxzg5ekshgr"),
    ],
)
def test_a_room_is_an_address_a_name_or_an_id(typed: str, room: str) -> None:
    assert MattermostChannels().read_room(typed) == room


@pytest.mark.parametrize("typed", ["", "incidents", "https://chat.example.org", "a/b/c/d"])
def test_anything_else_is_no_room(typed: str) -> None:
    with pytest.raises(RoomNotUsable):
        MattermostChannels().read_room(typed)


def test_a_user_name_is_read_as_the_server_keeps_it() -> None:
    assert read_name(" @Ada.Lovelace ") == "ada.lovelace"
    for wrong in ("", "@", "ada lovelace", "ada/../bob"):
        with pytest.raises(AddressNotUsable):
            read_name(wrong)


def test_an_account_names_what_is_wrong() -> None:
    MattermostAccounts().check(VALUES)
    for name, value in (("api_url", "chat.example.org"), ("team", "My Team")):
        with pytest.raises(ProviderNotUsable) as caught:
            MattermostAccounts().check({**VALUES, name: value})
        assert caught.value.field == name
