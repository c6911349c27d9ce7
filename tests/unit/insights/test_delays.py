"""How long to wait before a page."""

from hypothesis import given
from hypothesis import strategies as st

from evenfall.insights.logic.delays import LONGEST_MINUTES, shortest_wait


def test_the_fewest_minutes_that_spare_most() -> None:
    assert shortest_wait(healed_s=[100] * 8 + [290], acted_s=[], pages=10) == 2
    assert shortest_wait(healed_s=[100, 280, 290], acted_s=[], pages=3) == 5


def test_what_somebody_acted_on_is_never_hidden() -> None:
    assert shortest_wait(healed_s=[100] * 8, acted_s=[121], pages=9) == 2
    assert shortest_wait(healed_s=[100] * 8, acted_s=[120], pages=9) is None
    assert shortest_wait(healed_s=[50] * 8, acted_s=[0], pages=9) is None


def test_where_most_do_not_heal_nothing_waits() -> None:
    assert shortest_wait(healed_s=[60] * 4, acted_s=[], pages=9) is None
    assert shortest_wait(healed_s=[901] * 9, acted_s=[], pages=9) is None


@given(
    healed_s=st.lists(st.integers(0, 2000), max_size=30),
    acted_s=st.lists(st.integers(0, 2000), max_size=5),
    more=st.integers(0, 20),
)
def test_it_spares_half_at_least_four_fifths_and_hides_nothing(
    healed_s: list[int], acted_s: list[int], more: int
) -> None:
    pages = len(healed_s) + len(acted_s) + more
    minutes = shortest_wait(healed_s=healed_s, acted_s=acted_s, pages=pages)
    if minutes is not None:
        assert 1 <= minutes <= LONGEST_MINUTES
        assert all(seconds > 60 * minutes for seconds in acted_s)
        assert sum(seconds <= 60 * minutes for seconds in healed_s) >= 0.4 * pages
