from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.chat.logic.pacing import MOST_IN_A_MINUTE, backoff, own_messages
from evenfall.chat.logic.rooms import MOST_LETTERS, Wish, room_name, wants
from evenfall.incidents.ports import Sev


@pytest.mark.parametrize(
    ("wish", "is_shown"),
    [
        (Wish(None, Sev.SEV5), True),
        (Wish(None, Sev.SEV3), True),
        (Wish(None, Sev.SEV2), False),
        (Wish(7, Sev.SEV5), True),
        (Wish(8, Sev.SEV5), False),
    ],
)
def test_a_room_sees_its_team_and_what_is_bad_enough(wish: Wish, *, is_shown: bool) -> None:
    assert wants(wish, team_id=7, severity=Sev.SEV3) is is_shown


def test_what_is_of_no_team_is_for_the_rooms_of_all() -> None:
    assert wants(Wish(None, Sev.SEV5), team_id=None, severity=Sev.SEV5)
    assert not wants(Wish(7, Sev.SEV5), team_id=None, severity=Sev.SEV5)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Checkout answers 5xx!", "inc-17-checkout-answers-5xx"),
        ("Größe: ÄÖÜ", "inc-17-groe-aou"),
        ("支払い", "inc-17"),
        ("-- --", "inc-17"),
    ],
)
def test_a_room_is_called_after_its_incident(title: str, name: str) -> None:
    assert room_name(17, title) == name


@given(st.integers(min_value=1, max_value=10**18), st.text())
def test_any_title_gives_a_name_that_a_tool_takes(number: int, title: str) -> None:
    name = room_name(number, title)
    assert name.isascii()
    assert name == name.lower()
    assert len(name) <= MOST_LETTERS
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not name.endswith("-")


@given(st.integers(min_value=0, max_value=500), st.integers(min_value=0, max_value=50))
def test_a_room_gets_only_so_many_messages_of_their_own(new: int, lately: int) -> None:
    own = own_messages(new=new, lately=lately)
    assert 0 <= own <= new
    assert own + lately <= max(lately, MOST_IN_A_MINUTE)


@given(st.integers(min_value=0, max_value=32767))
def test_waiting_grows_and_ends_at_five_minutes(attempts: int) -> None:
    assert timedelta(seconds=2) <= backoff(attempts) <= backoff(attempts + 1)
    assert backoff(attempts) <= timedelta(minutes=5)
