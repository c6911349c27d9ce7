"""Slices of time: good or bad, or with their ratio."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.identity import NOW

from evenfall.slo.logic.slices import SliceMember, slice_ceil, slice_floor, slices
from evenfall.slo.logic.spec import SLICES, Method, NoData, Promise, Span, Unit, Window
from evenfall.slo.logic.tallies import Part, Tally, burn, summed
from evenfall.slo.logic.windows import MINUTE

WEEK = Window(span=Span(7, Unit.DAY))


def promise(
    method: Method = Method.TIMESLICES, minutes: int = 5, no_data: NoData = NoData.SKIP
) -> Promise:
    return Promise(
        target=0.95,
        window=WEEK,
        method=method,
        slice_target=0.9,
        slice_minutes=minutes,
        no_data=no_data,
    )


def member(tallies: dict[int, Tally], weight: float = 1.0, target: float = 0.9) -> SliceMember:
    known = {NOW + number * MINUTE: tally for number, tally in tallies.items()}
    return SliceMember(minutes=known, target=target, weight=weight)


def goods(what: Promise, *members: SliceMember, minutes: int = 15) -> list[float]:
    found = slices(what, members, since=NOW, until=NOW + minutes * MINUTE)
    assert all(tally.total == 1 for tally in found.values())
    return [tally.good for tally in found.values()]


FULL, HALF = Tally(10, 10), Tally(5, 10)


def test_time_slices_without_slow_subqueries_complaint_3() -> None:
    """Complaint 3: a slice is good or bad by its own target."""
    one = member({0: FULL, 1: HALF, 5: Tally(9, 10), 10: FULL})
    assert goods(promise(), one) == [0.0, 1.0, 1.0]
    assert goods(promise(Method.RATIO_TIMESLICES), one) == [0.75, 0.9, 1.0]


@pytest.mark.parametrize(
    ("rule", "found"),
    [(NoData.SKIP, [1.0]), (NoData.GOOD, [1.0, 1.0, 1.0]), (NoData.BAD, [1.0, 0.0, 0.0])],
)
def test_a_slice_in_which_nothing_was(rule: NoData, found: list[float]) -> None:
    one = member({0: FULL, 5: Tally(0, 0)})
    assert goods(promise(no_data=rule), one) == found


def test_one_bad_member_makes_the_slice_bad() -> None:
    good, bad = member({0: FULL, 5: FULL}), member({0: HALF})
    assert goods(promise(), good, bad) == [0.0, 1.0]


def test_shortfalls_of_members_add_up_to_all_of_it_at_most() -> None:
    one, two = member({0: HALF, 5: Tally(0, 1)}), member({0: Tally(9, 10), 5: HALF}, weight=2)
    found = goods(promise(Method.RATIO_TIMESLICES), one, two)
    assert found == [pytest.approx(1 - 0.5 - 0.2), 0.0]


def test_the_figures_of_the_specification() -> None:
    """5 % of the 20,160 minutes of a fortnight are 1,008 minutes: 16 h 48 min."""
    bad = 1008
    tally = Tally(20_160 - bad, 20_160)
    assert burn([Part(tally=tally, allowed=0.05)]) == pytest.approx(1)
    assert bad * MINUTE == timedelta(hours=16, minutes=48)


@given(st.sampled_from(SLICES), st.integers(0, 10_000))
def test_slices_fill_hours(minutes: int, seconds: int) -> None:
    what, at = promise(minutes=minutes), NOW + timedelta(seconds=seconds)
    floor, ceil = slice_floor(at, what), slice_ceil(at, what)
    assert floor <= at <= ceil
    assert ceil - floor in {timedelta(), what.slice}
    assert (floor - NOW) % what.slice == timedelta()


@given(st.dictionaries(st.integers(0, 59), st.integers(0, 10), max_size=60))
def test_a_mean_of_ratios_is_between_nothing_and_all(known: dict[int, int]) -> None:
    one = member({number: Tally(good, 10) for number, good in known.items()})
    found = slices(promise(Method.RATIO_TIMESLICES), [one], since=NOW, until=NOW + 60 * MINUTE)
    whole = summed(found.values())
    assert 0 <= whole.good <= whole.total <= 12
    assert bool(known) == bool(found)
