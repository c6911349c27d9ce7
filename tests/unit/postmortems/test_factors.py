"""Factors: one spelling each."""

from hypothesis import given
from hypothesis import strategies as st

from evenfall.postmortems.logic import factors


def test_spellings_of_one_factor_are_one() -> None:
    assert factors.key(" Missing-Alert. ") == factors.key("missing  alert")


def test_near_names_are_offered_most_alike_first() -> None:
    known = ["missing alert", "alerts missing", "slow DNS"]
    assert factors.alike("Missing alerts", known) == ["alerts missing", "missing alert"]
    assert factors.alike("missing alert", ["missing alert"]) == []


@given(st.text())
def test_a_name_shown_keeps_its_key(name: str) -> None:
    assert len(factors.shown(name)) <= factors.NAME_LENGTH
    assert factors.shown(factors.shown(name)) == factors.shown(name)
