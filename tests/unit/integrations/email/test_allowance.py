"""How often something may happen."""

from datetime import UTC, datetime, timedelta

from evenfall.integrations.email.inbound.allowance import Allowance

NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)


def test_each_name_has_its_own_allowance_in_each_window() -> None:
    allowed = Allowance(2, timedelta(minutes=1))
    assert [allowed.take("a", now=NOW) for _ in range(3)] == [True, True, False]
    assert allowed.take("b", now=NOW)
    assert allowed.take("a", now=NOW + timedelta(seconds=61))


def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    allowed = Allowance(1, timedelta(minutes=1))
    allowed.take("a", now=NOW)
    assert allowed.take("a", now=NOW - timedelta(hours=1))
