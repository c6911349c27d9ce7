"""Keys that nobody has: counted for a day, told of once."""

from datetime import datetime, timedelta

import pytest

from evenfall.alerting import actions, queries
from evenfall.alerting.events import UnknownKeysBegan
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def refused(count: int, at: datetime, ends_with: str = "c3f1") -> bool:
    return actions.note_unknown_keys(
        count=count, first_at=at, last_at=at + MINUTE, ends_with=ends_with
    )


def told() -> list[str]:
    return [entry.data["ends_with"] for entry in journal.recent(kinds=[UnknownKeysBegan.kind])]


def test_refusals_add_up_and_only_their_beginning_is_told(now: datetime) -> None:
    assert refused(2, now)
    assert not refused(10, now + 5 * MINUTE, "77aa")
    found = queries.unknown_keys(now=now + 9 * MINUTE)
    assert found == queries.UnknownKeys(
        count=12, since=now, last_at=now + 6 * MINUTE, ends_with="77aa"
    )
    assert told() == ["c3f1"]


def test_refusals_after_a_quiet_day_are_a_new_story(now: datetime) -> None:
    refused(2, now)
    later = now + DAY + 2 * MINUTE
    assert queries.unknown_keys(now=later) is None
    assert refused(1, later)
    found = queries.unknown_keys(now=later + MINUTE)
    assert found is not None
    assert (found.count, found.since) == (1, later)
    assert len(told()) == 2


def test_a_late_front_door_does_not_turn_the_clock_back(now: datetime) -> None:
    refused(1, now)
    refused(1, now - 3 * MINUTE)
    found = queries.unknown_keys(now=now + MINUTE)
    assert found is not None
    assert (found.count, found.last_at) == (2, now + MINUTE)


@pytest.mark.parametrize("ends_with", ["<b>", "\0abc", "äöü", ""])
def test_the_end_of_a_key_is_shown_only_if_it_is_plain(now: datetime, ends_with: str) -> None:
    refused(1, now, ends_with)
    found = queries.unknown_keys(now=now + MINUTE)
    assert found is not None
    assert found.ends_with == ""
