"""How long something was down, when several say so."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.releases.logic.downtime import overlap

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(-10, 60)))


@given(SPANS)
def test_it_is_the_minutes_that_any_of_them_covers(drawn: list[tuple[int, int]]) -> None:
    spans = [(NOON + start * MINUTE, NOON + (start + length) * MINUTE) for start, length in drawn]
    covered = {minute for start, length in drawn for minute in range(start, start + max(length, 0))}
    assert overlap(spans) == len(covered) * MINUTE
