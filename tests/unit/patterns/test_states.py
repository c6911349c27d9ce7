"""States, quarters and the names of releases."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.patterns.logic.quarters import Quarter, quarter_of, read_quarter
from evenfall.patterns.logic.releases import release_name
from evenfall.patterns.logic.states import TRANSITIONS, State, after_return, may_become


def test_nothing_becomes_suspected_by_hand_and_every_state_goes_on() -> None:
    assert set(TRANSITIONS) == set(State)
    assert all(TRANSITIONS[state] for state in State)
    assert not any(may_become(state, State.SUSPECTED) for state in State)


def test_what_was_mended_and_came_back_is_not_mended() -> None:
    assert after_return(State.MENDED) is State.CONFIRMED
    assert after_return(State.ACCEPTED) is State.ACCEPTED


@given(st.datetimes(datetime(2001, 1, 1), datetime(2098, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive by the signature
def test_every_instant_is_in_its_quarter(at: datetime) -> None:
    quarter = quarter_of(at)
    assert quarter.starts_at <= at < quarter.ends_at
    assert read_quarter(str(quarter)) == quarter
    assert quarter.next.previous == quarter == quarter.previous.next


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "1999-Q1", "2026-q1", "२०२६-Q1"])
def test_what_is_no_quarter(text: str) -> None:
    assert read_quarter(text) is None
    assert str(Quarter(2026, 4)) == "2026-Q4"


@pytest.mark.parametrize(
    ("details", "external_id", "name"),
    [
        ({"version": "1.4.2"}, "abc", "checkout 1.4.2"),
        ({"release": 7, "version": "x"}, "", "checkout 7"),
        ({"version": ["x"]}, " 77\n", "checkout 77"),
        ({}, "", ""),
        ({"version": "v" * 500}, "", ("checkout " + "v" * 500)[:80]),
    ],
)
def test_the_name_of_a_release(details: dict[str, object], external_id: str, name: str) -> None:
    assert release_name("checkout", details, external_id) == name
