from datetime import datetime, timedelta

from evenfall.alerting.intake.keys import KeyTable
from evenfall.platform.crypto import token_hash


def test_key_is_found_by_its_hash(now: datetime) -> None:
    keys = KeyTable()
    keys.load({token_hash("right"): (7, None)})

    found = keys.find("right", now)

    assert found is not None
    assert found.id == 7
    assert keys.find("wrong", now) is None


def test_previous_key_works_until_its_time(now: datetime) -> None:
    keys = KeyTable()
    keys.load({token_hash("new"): (7, None), token_hash("old"): (7, now)})

    assert keys.find("old", now - timedelta(microseconds=1)) is not None
    assert keys.find("old", now) is None
    assert keys.find("new", now) is not None


def test_key_that_was_taken_away_is_not_remembered(now: datetime) -> None:
    keys = KeyTable()
    keys.load({token_hash("a"): (7, None)})
    assert keys.find("a", now) is not None

    keys.load({})
    assert keys.find("a", now) is None


def test_odd_keys_are_nobodys(now: datetime) -> None:
    keys = KeyTable()
    keys.load({})

    assert [keys.find(key, now) for key in ("", "\ud800", "\0", "x" * 100_000)] == [None] * 4


def test_table_says_when_it_was_loaded_first() -> None:
    keys = KeyTable()
    assert not keys.loaded.is_set()
    keys.load({})
    assert keys.loaded.is_set()
