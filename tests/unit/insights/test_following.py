"""Services whose pages follow those of another one."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.insights.logic.following import (
    LEAST_LIFT,
    Followed,
    Need,
    at_least,
    needs,
    words,
)

MONTH = timedelta(days=28)
SEEN = Followed(
    service_id=2,
    cause_id=1,
    followed=8,
    times=10,
    cause_times=20,
    pages=12,
    spared=7,
    nights=3,
    acted=2,
    critical=1,
)


def test_what_follows_again_and_again_needs_it_with_the_lift_over_chance() -> None:
    (found,) = needs([SEEN], [], looked_at=MONTH)
    # 20 times five minutes of 28 days: 0.0025 of the time, so 0.025 of ten by chance
    assert found.lift == pytest.approx(8 / (10 * 20 * 300 / MONTH.total_seconds()))
    assert words(found, "Vault") == (
        "8 of 10 times its pages came within five minutes after one of Vault: 323 times more often "
        "than by chance."
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(SEEN, followed=4),
        replace(SEEN, times=17),
        replace(SEEN, cause_times=900),
        replace(SEEN, followed=5, cause_times=300),
        replace(SEEN, cause_times=9000),
    ],
    ids=["few", "seldom", "little lift", "likely by chance", "all the time"],
)
def test_what_chance_explains_is_not_proposed(other: Followed) -> None:
    assert needs([other], [], looked_at=MONTH) == []


def test_what_is_known_or_would_close_a_circle_is_not_proposed() -> None:
    assert needs([SEEN], [(2, 1)], looked_at=MONTH) == []
    assert needs([SEEN], [(2, 3), (3, 1)], looked_at=MONTH) == []
    assert needs([SEEN], [(1, 3), (3, 2), (3, 1)], looked_at=MONTH) == []
    assert needs([SEEN], [(2, 3), (4, 1)], looked_at=MONTH) != []


def test_two_that_page_together_in_any_order_do_not_need_each_other() -> None:
    back = replace(SEEN, service_id=1, cause_id=2, followed=6)
    assert needs([SEEN, back], [], looked_at=MONTH) == []
    one_way = replace(back, followed=4)
    assert [one.seen.service_id for one in needs([SEEN, one_way], [], looked_at=MONTH)] == [2]


def test_of_several_causes_the_one_that_explains_most_counts() -> None:
    other = replace(SEEN, cause_id=3, followed=9)
    found = needs([SEEN, other, replace(SEEN, cause_id=4)], [], looked_at=MONTH)
    assert [one.seen.cause_id for one in found] == [3]


@given(st.integers(1, 40), st.floats(0.001, 1.0))
def test_the_chance_of_at_least_so_many_falls_from_one(n: int, p: float) -> None:
    chances = [at_least(n, k, p) for k in range(n + 1)]
    assert chances[0] == pytest.approx(1)
    assert all(0 <= b <= a + 1e-12 for a, b in pairwise(chances))
    assert chances[-1] == pytest.approx(p**n)


@given(
    st.lists(
        st.builds(
            Followed,
            service_id=st.integers(1, 5),
            cause_id=st.integers(1, 5),
            followed=st.integers(0, 12),
            times=st.integers(5, 12),
            cause_times=st.integers(1, 60),
            pages=st.integers(5, 20),
            spared=st.integers(0, 5),
            nights=st.integers(0, 5),
            acted=st.integers(0, 5),
            critical=st.integers(0, 5),
        ),
        unique_by=lambda one: (one.service_id, one.cause_id),
        max_size=12,
    ),
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=6),
)
def test_each_service_gets_one_at_most_and_none_that_is_known(
    seen: list[Followed], edges: list[tuple[int, int]]
) -> None:
    found: list[Need] = needs(seen, edges, looked_at=MONTH)
    assert len({one.seen.service_id for one in found}) == len(found)
    pairs = {(one.seen.service_id, one.seen.cause_id) for one in found}
    assert not pairs & set(edges)
    assert not pairs & {(b, a) for a, b in pairs if a != b}
    assert all(one.lift >= LEAST_LIFT for one in found)
