from datetime import UTC, datetime, timedelta

import pytest

from evenfall.runbooks.logic.freshness import (
    AGEING_AFTER,
    REMIND_EVERY,
    STALE_AFTER,
    Freshness,
    first_reminder,
    freshness,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(0), Freshness.FRESH),
        (AGEING_AFTER, Freshness.FRESH),
        (AGEING_AFTER + SECOND, Freshness.AGEING),
        (STALE_AFTER, Freshness.AGEING),
        (STALE_AFTER + SECOND, Freshness.STALE),
    ],
)
def test_freshness_comes_from_the_last_use_that_went_well(age: timedelta, state: Freshness) -> None:
    assert freshness(proven_at=NOW - age, wrong_since=None, now=NOW) is state


def test_freshness_knows_what_nobody_proved_and_what_is_wrong() -> None:
    assert freshness(proven_at=None, wrong_since=None, now=NOW) is Freshness.UNPROVEN
    assert freshness(proven_at=NOW, wrong_since=NOW, now=NOW) is Freshness.WRONG


def test_every_state_has_words_and_a_mark() -> None:
    assert all(state.label and state.mark for state in Freshness)


def test_first_reminder_comes_at_once_for_a_wrong_one_and_in_time_for_a_stale_one() -> None:
    told = {"created_at": NOW - STALE_AFTER, "now": NOW}
    assert first_reminder(proven_at=NOW, wrong_since=NOW, **told) == NOW
    assert first_reminder(proven_at=NOW, wrong_since=None, **told) == NOW + STALE_AFTER
    assert first_reminder(proven_at=None, wrong_since=None, **told) == NOW + REMIND_EVERY
