"""Which provider is asked first: the one that works, and never nobody."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.failover import TROUBLE_LASTS, in_order, share_s

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ids = st.integers(1, 9)


def test_those_in_trouble_come_last_the_oldest_trouble_first() -> None:
    trouble = {1: NOW - SECOND, 2: NOW - 9 * SECOND}
    assert in_order([1, 2, 3], trouble=trouble, now=NOW) == [3, 2, 1]


def test_old_trouble_is_forgotten() -> None:
    assert in_order([1, 2], trouble={1: NOW - TROUBLE_LASTS}, now=NOW) == [1, 2]


def test_who_took_this_message_in_vain_comes_last_of_all() -> None:
    assert in_order([1, 2, 3], trouble={2: NOW - SECOND}, now=NOW, tried={1}) == [3, 2, 1]


@given(st.sets(ids), st.sets(ids), st.sets(ids))
def test_nobody_is_left_out(accounts: set[int], in_trouble: set[int], tried: set[int]) -> None:
    found = in_order(accounts, trouble=dict.fromkeys(in_trouble, NOW), now=NOW, tried=tried)
    assert sorted(found) == sorted(accounts)


def test_each_has_its_share_of_the_time() -> None:
    assert (share_s(9.0, remaining=3), share_s(9.0, remaining=0)) == (3.0, 9.0)
