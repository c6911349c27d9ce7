"""The form of cards, their size, and the addresses of workflows."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.factories.notifications import CONTENT, make_message

from evenfall.chat.errors import RoomNotUsable
from evenfall.chat.ports import Button, Card
from evenfall.integrations.teams import cards
from evenfall.integrations.teams.account import HOSTS, TeamsAccounts, TeamsChannel, may_go_to
from evenfall.integrations.teams.rooms import TeamsRooms
from evenfall.integrations.teams.workflow import shown
from evenfall.notifications.errors import AddressNotUsable, ProviderNotUsable
from evenfall.notifications.ports import Account

URL = (
    "https://prod-12.westeurope.logic.azure.com:443/workflows/abc/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sig=secret"
)
CARD = Card(
    subject="incident:17",
    title="#17 Payments are slow",
    facts=(("Severity", "critical"),),
    url="https://evenfall.example/incidents/17/",
    severity="critical",
    buttons=(Button(name="acknowledge", label="Acknowledge"),),
)
MOST_BYTES = 28 * 1024


def content_of(body: bytes) -> dict[str, Any]:
    message = json.loads(body)
    assert message["type"] == "message"
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card: dict[str, Any] = attachment["content"]
    return card


def test_a_page_has_a_link_for_each_answer() -> None:
    card = content_of(cards.of_message(make_message("teams")))
    assert [(one["title"], one["url"]) for one in card["actions"]] == [
        ("Acknowledge", "https://evenfall.example/r/acknowledge/"),
        ("Get help", "https://evenfall.example/r/help/"),
        ("Open", "/pages/5/"),
    ]
    texts = [run["text"] for block in card["body"] for run in block["inlines"]]
    assert texts == ["Checkout is down", "critical · checkout · prod", "since 12:00, 3 alerts"]


def test_an_incident_is_answered_on_its_page() -> None:
    card = content_of(cards.of_card(CARD))
    assert [one["title"] for one in card["actions"]] == ["Open and answer"]
    over = content_of(cards.of_card(replace(CARD, buttons=(), state="resolved")))
    assert [one["title"] for one in over["actions"]] == ["Open"]
    assert over["body"][0]["inlines"][0]["color"] == "Good"


@given(
    title=st.text(max_size=3000),
    lines=st.lists(st.text(alphabet='aé🔴\n"', max_size=4000), max_size=30),
)
def test_a_card_is_never_larger_than_teams_takes(title: str, lines: list[str]) -> None:
    content = replace(CONTENT, title=title, lines=tuple(lines))
    body = cards.of_message(make_message("teams", content=content))
    assert len(body) < MOST_BYTES
    assert len(content_of(body)["actions"]) == 3


def test_the_address_is_the_secret_and_what_is_shown_tells_it_apart() -> None:
    stands_for, secret = TeamsChannel().read(f" {URL} ", "")
    assert secret == URL
    assert stands_for.startswith("prod-12.westeurope.logic.azure.com · ")
    assert "secret" not in stands_for
    assert stands_for != shown(f"{URL}2")


@pytest.mark.parametrize("typed", ["", "teams", "https://logic.azure.com", URL + "x" * 1000])
def test_what_is_no_whole_address_is_refused(typed: str) -> None:
    with pytest.raises(AddressNotUsable):
        TeamsChannel().read_address(typed)
    with pytest.raises(RoomNotUsable):
        TeamsRooms().read_room(typed)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        (URL, True),
        ("https://x.d8.environment.api.powerplatform.com/powerautomate/a", True),
        ("https://acme.webhook.office.com/webhookb2/a", True),
        ("https://logic.azure.com.evil.example/workflows/a", False),
        ("https://evillogic.azure.com/workflows/a", False),
        ("https://127.0.0.1/workflows/a", False),
    ],
)
def test_cards_go_to_the_hosts_of_the_account_only(url: str, allowed: bool) -> None:
    account = Account(id=3, type="teams", name="Teams", values={"hosts": HOSTS})
    assert may_go_to(url, account) is allowed


def test_an_account_names_the_host_that_is_none() -> None:
    TeamsAccounts().check({"hosts": HOSTS})
    with pytest.raises(ProviderNotUsable, match="https://x") as caught:
        TeamsAccounts().check({"hosts": "logic.azure.com https://x"})
    assert caught.value.field == "hosts"
