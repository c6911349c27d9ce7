"""The form of messages: what Telegram takes, whatever is in an alert."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.factories.notifications import CONTENT, make_message

from evenfall.chat.errors import RoomNotUsable
from evenfall.chat.ports import ANSWERS, Button, Card
from evenfall.integrations.telegram import texts
from evenfall.integrations.telegram.account import TelegramAccounts, read_person
from evenfall.integrations.telegram.groups import TelegramGroups
from evenfall.notifications.errors import AddressNotUsable, ProviderNotUsable

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"
CARD = Card(
    subject="incident:17",
    title="#17 Payments <slow> & odd",
    lines=("error rate 5 %",),
    facts=(("Severity", "critical"),),
    url="https://evenfall.example/incidents/17/?a=1&b=2",
    severity="critical",
    state="open",
)
VALUES = {
    "bot_token": TOKEN,
    "bot_name": "acme_pager_bot",
    "updates": "poll",
    "api_url": "https://api.telegram.org",
}


def test_a_card_says_all_of_it_with_marks_escaped() -> None:
    assert texts.of_card(CARD) == (
        "<b>🔴 #17 Payments &lt;slow&gt; &amp; odd</b>\n"
        "error rate 5 %\n"
        "Severity: critical\n"
        "https://evenfall.example/incidents/17/?a=1&amp;b=2"
    )


def test_the_mark_shows_the_state_once_it_moved_on() -> None:
    assert texts.of_card(replace(CARD, state="resolved")).startswith("<b>✅ #17")


@given(
    title=st.text(max_size=900),
    lines=st.lists(st.text(max_size=3000), max_size=40),
    url=st.sampled_from(["", "https://evenfall.example/pages/5/"]),
)
def test_whatever_it_says_it_fits_and_is_well_formed(
    title: str, lines: list[str], url: str
) -> None:
    content = replace(CONTENT, title=title, lines=tuple(lines), url=url)
    text = texts.of_message(make_message("telegram", content=content))
    plain = html.unescape(re.sub(r"</?b>", "", text))
    assert len(plain) <= 4096
    assert url in plain
    assert re.sub(r"</?b>", "", text).count("<") == 0


def test_buttons_carry_their_subject_two_in_a_row() -> None:
    buttons = tuple(Button(name=name, label=name.title()) for name in ANSWERS)
    rows = texts.keyboard("incident:999999999999", buttons)["inline_keyboard"]
    assert [len(row) for row in rows] == [2, 2, 1]
    assert all(len(key["callback_data"].encode()) <= 64 for row in rows for key in row)
    assert texts.read_data(rows[0][0]["callback_data"]) == ("incident:999999999999", "acknowledge")


def test_foreign_data_of_a_button_has_no_subject() -> None:
    assert texts.read_data("vote") == ("", "vote")


@pytest.mark.parametrize("room", ["-1001234567890", " -1001234567890/7 ", "@acme_ops"])
def test_a_room_is_a_group_a_topic_or_a_public_name(room: str) -> None:
    assert TelegramGroups().read_room(room) == room.strip()


@pytest.mark.parametrize("room", ["123456", "acme", "-12", "-100123/x", ""])
def test_anything_else_is_no_room(room: str) -> None:
    with pytest.raises(RoomNotUsable):
        TelegramGroups().read_room(room)


@pytest.mark.parametrize("address", ["", "-100123456", "0", "ada", "1" * 17])
def test_a_person_is_a_positive_number(address: str) -> None:
    assert read_person(" 123456789 ") == "123456789"
    with pytest.raises(AddressNotUsable):
        read_person(address)


def test_an_account_that_is_complete_is_taken() -> None:
    TelegramAccounts().check(VALUES)
    TelegramAccounts().check({**VALUES, "updates": "webhook", "bot_name": "@acme_pager_bot"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bot_token", "secret"),
        ("bot_name", "my bot"),
        ("updates", "push"),
        ("api_url", "api.telegram.org"),
    ],
)
def test_what_is_wrong_is_named(field: str, value: str) -> None:
    with pytest.raises(ProviderNotUsable) as caught:
        TelegramAccounts().check({**VALUES, field: value})
    assert caught.value.field == field
