"""Who spent the budget, and how much traffic is still to come."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.identity import NOW

from evenfall.slo.logic.charges import Interval, merged, split
from evenfall.slo.logic.forecast import expected_total
from evenfall.slo.logic.states import Cause
from evenfall.slo.logic.windows import MINUTE, Bounds

DAY = timedelta(days=1)


def cause(first: int, last: int | None, kind: Cause = Cause.INCIDENT, name: str = "5") -> Interval:
    until = None if last is None else NOW + last * MINUTE
    return Interval(kind=kind, reference=name, since=NOW + first * MINUTE, until=until)


def bad(**amounts: float) -> dict[datetime, float]:
    return {NOW + int(name[1:]) * MINUTE: amount for name, amount in amounts.items()}


def test_bad_minutes_go_to_what_was_going_on() -> None:
    release = cause(0, 2, Cause.RELEASE, "1.4.2")
    incident = cause(1, None)
    found = split(bad(m0=10, m1=4, m5=6), [release, incident])
    assert [(one.cause, one.bad, one.share, one.alone) for one in found] == [
        (release, 12, 0.6, 10),
        (incident, 8, 0.4, 6),
    ]


def test_what_nobody_covers_is_unexplained() -> None:
    (one,) = split(bad(m0=3), [cause(5, 6)])
    assert (one.cause, one.bad, one.share) == (None, 3, 1)
    assert split({}, [cause(0, 1)]) == []


def test_any_second_of_a_minute_counts() -> None:
    half = Interval(
        kind=Cause.RELEASE,
        reference="x",
        since=NOW + timedelta(seconds=50),
        until=NOW + timedelta(seconds=70),
    )
    assert [half.covers(NOW + n * MINUTE) for n in (-1, 0, 1, 2)] == [False, True, True, False]


@given(
    st.dictionaries(st.integers(0, 50), st.floats(0, 100), max_size=20),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 30)), max_size=5),
)
def test_the_parts_add_up(amounts: dict[int, float], times: list[tuple[int, int]]) -> None:
    minutes = {NOW + number * MINUTE: amount for number, amount in amounts.items()}
    causes = [cause(first, first + length, name=str(n)) for n, (first, length) in enumerate(times)]
    found = split(minutes, causes)
    assert sum(one.bad for one in found) == pytest.approx(sum(amounts.values()))
    if found:
        assert sum(one.share for one in found) == pytest.approx(1)
    assert all(one.alone <= one.bad + 1e-9 for one in found)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=8))
def test_merged_times_cover_the_same_minutes_once(times: list[tuple[int, int]]) -> None:
    spans = [(NOW + first * MINUTE, NOW + (first + length) * MINUTE) for first, length in times]
    found = merged(spans)
    minutes = [NOW + n * MINUTE for n in range(80)]

    def cover(one: list[tuple[datetime, datetime]]) -> list[bool]:
        return [any(since <= at < until for since, until in one) for at in minutes]

    assert cover(found) == cover(spans)
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_the_traffic_to_come_is_that_of_the_same_weekdays() -> None:
    """NOW is a Monday noon: half of it is still to come, and a Tuesday."""
    window = Bounds(NOW - DAY / 2, NOW + DAY * 1.5)
    midnight = NOW - DAY / 2
    days = {midnight - week * 7 * DAY: 100.0 * week for week in (1, 2, 3, 4, 5)}
    days |= {midnight + DAY - 7 * DAY: 48.0}
    found = expected_total(70, days, window=window, at=NOW)
    assert found == pytest.approx(70 + 250 / 2 + 48)


def test_without_a_past_it_goes_on_as_it_was() -> None:
    window = Bounds(NOW - DAY, NOW + DAY)
    assert expected_total(70, {}, window=window, at=NOW) == pytest.approx(140)
    assert expected_total(70, {}, window=window, at=window.until) == 70
    assert expected_total(0, {}, window=window, at=window.since) == 0
