"""Storms: the first pages have notices of their own, the rest is listed in a digest."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from evenfall.paging.logic.storm import PERIOD, Call, digest_starts_at, is_storm, split

NOW = datetime(2026, 11, 16, 3, tzinfo=UTC)
ADA, BEN = 1, 2


def test_split_keeps_the_first_five_of_each_person() -> None:
    calls = [Call(user_id=ADA, page_id=n) for n in range(8)] + [Call(user_id=BEN, page_id=9)]
    result = split(calls, recent={})
    assert len(result.single) == 6
    assert result.digests == {ADA: (5, 6, 7)}


def test_split_counts_the_last_minute() -> None:
    calls = [Call(user_id=ADA, page_id=n) for n in (1, 2)]
    result = split(calls, recent={ADA: 4})
    assert [call.page_id for call in result.single] == [1]
    assert result.digests == {ADA: (2,)}


def test_split_gathers_everything_while_the_storm_lasts() -> None:
    calls = [Call(user_id=ADA, page_id=1), Call(user_id=BEN, page_id=1)]
    result = split(calls, recent={}, in_storm={ADA})
    assert result.single == (Call(user_id=BEN, page_id=1),)
    assert result.digests == {ADA: (1,)}


def test_storm_is_over_a_minute_after_the_last_digest() -> None:
    assert not is_storm(None, now=NOW)
    assert is_storm(NOW + timedelta(seconds=40), now=NOW)
    assert is_storm(NOW - timedelta(seconds=59), now=NOW)
    assert not is_storm(NOW - PERIOD, now=NOW)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=60))
def test_a_storm_of_hours_brings_no_more_than_one_page_a_minute(gaps: list[int]) -> None:
    """However the calls come, after the first few there is a minute between two pages."""
    at, last_digest, singles, pages = NOW, None, list[datetime](), list[datetime]()
    for gap in gaps:
        at += timedelta(seconds=gap)
        recent = sum(1 for one in singles if one > at - PERIOD)
        storms = {ADA} if is_storm(last_digest, now=at) else set()
        result = split([Call(user_id=ADA, page_id=1)], recent={ADA: recent}, in_storm=storms)
        if result.single:
            singles.append(at)
        else:
            last_digest = digest_starts_at(last_digest, now=at)
            pages.append(last_digest)
    starts = sorted(set(pages))
    assert all(later - earlier >= PERIOD for earlier, later in pairwise(starts))
    during = [one for one in singles if any(start < one < start + PERIOD for start in starts)]
    assert not during


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 50)), max_size=60),
    st.dictionaries(st.integers(1, 4), st.integers(0, 9)),
)
def test_split_drops_nothing(pairs: list[tuple[int, int]], recent: dict[int, int]) -> None:
    calls = [Call(user_id=user, page_id=page) for user, page in pairs]
    result = split(calls, recent=recent)
    told = [(call.user_id, call.page_id) for call in result.single]
    listed = [(user, page) for user, pages in result.digests.items() for page in pages]
    assert Counter(told + listed) == Counter(pairs)


def test_first_digest_goes_out_at_once() -> None:
    assert digest_starts_at(None, now=NOW) == NOW
    assert digest_starts_at(NOW - timedelta(minutes=1), now=NOW) == NOW


def test_next_digest_waits_for_its_minute() -> None:
    last = NOW - timedelta(seconds=20)
    assert digest_starts_at(last, now=NOW) == last + timedelta(minutes=1)


def test_digest_that_still_waits_is_joined() -> None:
    waiting = NOW + timedelta(seconds=30)
    assert digest_starts_at(waiting, now=NOW) == waiting
