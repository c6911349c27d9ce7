"""Deadlines by severity, and reminders that cannot be lost."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.ports import Sev
from evenfall.postmortems.logic import deadlines

FRIDAY = datetime(2026, 3, 6, 17, 30, tzinfo=UTC)
MOMENTS = st.integers(0, 500_000).map(lambda minutes: FRIDAY + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("severity", "day"),
    [
        (Sev.SEV1, 9),  # Monday: 3 days of the calendar
        (Sev.SEV2, 13),
        (Sev.SEV3, 20),
        (Sev.SEV4, 20),
        (Sev.SEV5, 20),
    ],
)
def test_a_deadline_by_severity(severity: Sev, day: int) -> None:
    assert deadlines.due_at(severity, FRIDAY) == FRIDAY.replace(day=day)


@given(start=MOMENTS, days=st.integers(1, 30))
def test_working_days_are_never_at_the_weekend(start: datetime, days: int) -> None:
    found = deadlines.working_days_after(start, days)
    assert found.weekday() < 5
    assert found.time() == start.time()
    between = (start + timedelta(days=n) for n in range(1, (found - start).days + 1))
    assert sum(day.weekday() < 5 for day in between) == days


@given(start=MOMENTS, severity=st.sampled_from(Sev), after=st.integers(0, 10_000))
def test_reminders_at_half_at_the_end_then_weekly_dispatch_794(
    start: datetime, severity: Sev, after: int
) -> None:
    due, now = deadlines.due_at(severity, start), start + timedelta(hours=after)
    found = deadlines.next_reminder(start, due, now)
    assert found > now
    half = start + (due - start) / 2
    assert found in {half, due} or (found - due) % deadlines.WEEK == timedelta()
    assert found - now <= max(deadlines.WEEK, (due - start) / 2)
    assert deadlines.is_escalation(due, found) is (found > due)
