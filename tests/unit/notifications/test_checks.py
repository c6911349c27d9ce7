from datetime import UTC, datetime, timedelta

from evenfall.notifications.logic.checks import ANSWER_WITHIN, CHECK_AGAIN_AFTER, is_due, is_overdue

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_device_is_asked_once_a_week() -> None:
    assert is_due(None, now=NOW)
    assert is_due(NOW - CHECK_AGAIN_AFTER, now=NOW)
    assert not is_due(NOW - CHECK_AGAIN_AFTER + SECOND, now=NOW)


def test_a_device_has_its_time_to_answer() -> None:
    asked = NOW - ANSWER_WITHIN
    assert not is_overdue("asked", asked, now=NOW)
    assert is_overdue("asked", asked - SECOND, now=NOW)
    assert not is_overdue("works", asked - SECOND, now=NOW)
    assert not is_overdue("asked", None, now=NOW)
