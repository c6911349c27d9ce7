import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.chat.errors import RoomNotUsable
from evenfall.chat.ports import Button, Card
from evenfall.fakes.slack_workspace import check_blocks
from evenfall.integrations.slack.account import check, read_address, read_room
from evenfall.integrations.slack.blocks import card_message, direct_message, escape
from evenfall.integrations.slack.signature import is_genuine, sign
from evenfall.notifications.errors import AddressNotUsable, ProviderNotUsable

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY = b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&command=%2Fweather&text=94070"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" u012ab3cd ", "U012AB3CD"),
        ("@W012AB3CD", "W012AB3CD"),
        ("Ada@Example.org", "ada@example.org"),
    ],
)
def test_a_member_is_given_by_id_or_address(text: str, address: str) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize("text", ["", "ada", "C012AB3CD", "@", "ada@", "a b@example.org"])
def test_anything_else_is_no_member(text: str) -> None:
    with pytest.raises(AddressNotUsable):
        read_address(text)


@pytest.mark.parametrize(
    "text",
    ["C012AB3CD", "c012ab3cd", "#C012AB3CD", "https://acme.slack.com/archives/C012AB3CD/"],
)
def test_a_channel_is_given_by_id_or_link(text: str) -> None:
    assert read_room(text) == "C012AB3CD"


@pytest.mark.parametrize("text", ["", "#incidents", "U012AB3CD", "https://acme.slack.com/"])
def test_the_name_of_a_channel_is_not_enough(text: str) -> None:
    with pytest.raises(RoomNotUsable):
        read_room(text)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"bot_token": "xoxp-1"}, "bot_token"),
        ({"app_token": "xoxb-1"}, "app_token"),
        ({"api_url": "slack.com"}, "api_url"),
    ],
)
def test_an_account_that_cannot_work_is_refused_at_its_field(
    changed: dict[str, str], field: str
) -> None:
    values = {"bot_token": "xoxb-1", "app_token": "", "api_url": "https://slack.com/api"}
    check(values)
    with pytest.raises(ProviderNotUsable) as refused:
        check({**values, **changed})
    assert refused.value.field == field


def genuine(*, age: timedelta = timedelta(), body: bytes = BODY, secret: str = SECRET) -> bool:
    stamp = str(int((NOW - age).timestamp()))
    signature = sign(BODY, secret=SECRET, timestamp=stamp)
    return is_genuine(body, secret=secret, timestamp=stamp, signature=signature, now=NOW)


def test_a_signature_counts_for_five_minutes_one_body_and_one_secret() -> None:
    assert genuine()
    assert genuine(age=timedelta(minutes=5))
    assert not genuine(age=timedelta(minutes=5, seconds=1))
    assert not genuine(age=timedelta(minutes=-6))
    assert not genuine(body=BODY + b"0")
    assert not genuine(secret="another")
    assert not genuine(secret="")


def test_the_example_of_the_documentation_has_its_signature() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    wanted = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign(body, secret=SECRET, timestamp="1531420618") == wanted


@given(st.text(), st.text())
def test_any_timestamp_and_signature_is_refused_without_an_error(
    stamp: str, signature: str
) -> None:
    assert not is_genuine(BODY, secret=SECRET, timestamp=stamp, signature=signature, now=NOW)


def elements(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for block in message["blocks"] for one in block.get("elements", ())]


def test_a_card_has_a_header_facts_and_buttons() -> None:
    message = card_message(
        Card(
            subject="incident:17",
            title="#17 <Shop> & co",
            lines=("Called so far: Ada.",),
            facts=(("Severity", "critical"),),
            url="https://evenfall.example.org/incidents/17/",
            severity="critical",
            state="open",
            buttons=(Button(name="acknowledge", label="Acknowledge"),),
        )
    )
    assert message["text"] == "#17 &lt;Shop&gt; &amp; co\nCalled so far: Ada."
    # a header is plain text: nothing in it is markup
    assert message["blocks"][0]["text"]["text"] == ":red_circle: #17 <Shop> & co"
    answer, link = elements(message)
    assert (answer["action_id"], answer["value"]) == ("evenfall.acknowledge", "incident:17")
    assert link["url"] == "https://evenfall.example.org/incidents/17/"


@given(st.text(), st.lists(st.text(max_size=4000), max_size=5))
def test_any_text_fits_the_limits_of_slack(title: str, lines: list[str]) -> None:
    message = direct_message(
        title=title,
        lines=lines,
        url="https://evenfall.example.org/pages/5/",
        severity="",
        subject="page:5",
        actions=[("acknowledge", "Acknowledge"), ("on_it", "I'm on it")],
    )
    json.dumps(message)
    check_blocks({**message, "text": message["text"] or "x"})


def test_the_signs_of_the_markup_are_escaped() -> None:
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
