"""The word in the link that joins a chat to an account."""

import re
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.integrations.telegram.linking import (
    LIFETIME,
    read_start_word,
    start_word,
    webhook_secret,
)

WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")  # all that Telegram passes on


@given(user_id=st.integers(min_value=1, max_value=2**47))
def test_a_word_names_its_person_and_fits_in_a_link(user_id: int) -> None:
    now = datetime.fromisoformat("2027-01-13T14:00:00+00:00")
    word = start_word(user_id, now=now)
    assert WORD.fullmatch(word)
    assert read_start_word(word, now=now) == user_id


def test_a_word_works_for_half_an_hour(now: datetime) -> None:
    word = start_word(5, now=now)
    assert read_start_word(word, now=now + LIFETIME) == 5
    assert read_start_word(word, now=now + LIFETIME + timedelta(seconds=1)) is None


@given(text=st.text(alphabet="AZaz09_-=!é", max_size=70))
def test_other_words_name_nobody(text: str) -> None:
    now = datetime.fromisoformat("2027-01-13T14:00:00+00:00")
    assert read_start_word(text, now=now) is None


def test_a_changed_word_names_nobody(now: datetime) -> None:
    word = start_word(5, now=now)
    for place in range(len(word) - 1):  # the last letter has bits that say nothing
        other = "A" if word[place] != "A" else "B"
        assert read_start_word(word[:place] + other + word[place + 1 :], now=now) is None


def test_each_account_and_token_has_its_secret() -> None:
    secrets = {webhook_secret(1, "a"), webhook_secret(2, "a"), webhook_secret(1, "b")}
    assert len(secrets) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret) for secret in secrets)
