from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.failover import TROUBLE_LASTS, in_order, share_s

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def test_without_trouble_the_order_is_that_of_the_administrator() -> None:
    assert in_order([3, 1, 2], trouble={}, now=NOW) == [3, 1, 2]


def test_whoever_failed_lately_comes_last_the_oldest_first() -> None:
    trouble = {3: ago(seconds=5), 1: ago(seconds=50)}
    assert in_order([3, 1, 2], trouble=trouble, now=NOW) == [2, 1, 3]


def test_trouble_is_forgotten() -> None:
    assert in_order([3, 1], trouble={3: NOW - TROUBLE_LASTS}, now=NOW) == [3, 1]


def test_whoever_lost_this_message_comes_behind_all() -> None:
    trouble = {1: ago(seconds=5)}
    assert in_order([3, 1, 2], trouble=trouble, now=NOW, tried={3}) == [2, 1, 3]


@given(st.lists(st.integers(), unique=True), st.dictionaries(st.integers(), st.integers(0, 300)))
def test_nobody_is_left_out(ids: list[int], seconds: dict[int, int]) -> None:
    trouble = {account: ago(seconds=wait) for account, wait in seconds.items()}
    assert sorted(in_order(ids, trouble=trouble, now=NOW)) == sorted(ids)


@given(st.floats(0, 100), st.integers(1, 10))
def test_each_share_leaves_as_much_for_each_of_the_others(total: float, remaining: int) -> None:
    share = share_s(total, remaining=remaining)
    assert abs(share * remaining - total) < 1e-6


def test_the_last_one_gets_all_that_is_left() -> None:
    assert share_s(4.0, remaining=1) == 4.0
    assert share_s(4.0, remaining=0) == 4.0
