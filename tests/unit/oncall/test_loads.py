import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.oncall.logic import loads
from evenfall.oncall.logic.loads import Tally, Weights

hours = st.floats(0, 200)
tallies = st.builds(
    Tally,
    day_hours=hours,
    night_hours=hours,
    weekend_hours=hours,
    holiday_hours=hours,
    lieutenant_hours=hours,
    pages=st.integers(0, 50),
    night_pages=st.integers(0, 50),
    active_minutes=hours,
)


@given(tallies)
def test_load_is_the_sum_of_its_formula(tally: Tally) -> None:
    expected = (
        tally.standby_hours
        + 2 * tally.night_hours
        + 3 * tally.weekend_hours
        + 5 * tally.holiday_hours
        + 20 * tally.pages
        + 40 * tally.night_pages
        + 0.5 * tally.active_minutes
    )
    assert loads.parts(tally).total == pytest.approx(expected)


def test_weights_of_a_team_replace_the_usual_ones() -> None:
    tally = Tally(lieutenant_hours=10, pages=2)
    assert loads.parts(tally, Weights(lieutenant_hour=0.5, page=1)).total == 7


def test_weights_are_named_without_the_clock_times() -> None:
    assert "night_page" in loads.WEIGHT_NAMES
    assert not {"night_starts", "night_ends"} & set(loads.WEIGHT_NAMES)


def test_a_load_is_compared_as_if_everybody_had_been_there_all_the_time() -> None:
    assert loads.per_share(30, 0.5) == 60
    assert loads.per_share(30, 0.01) is None


def test_a_newcomer_starts_at_the_mean_of_the_team() -> None:
    found = loads.carried({1: 100.0, 2: 60.0, 3: 0.0}, {1: 1.0, 2: 1.0, 3: 0.0})
    assert found == {1: 100, 2: 60, 3: 80}


def test_nobody_who_was_there_means_no_mean() -> None:
    assert loads.carried({1: 0.0}, {1: 0.0}) == {1: 0}
