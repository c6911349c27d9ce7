"""Windows as instants: rolling ones, and those of a calendar in a zone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.identity import NOW

from evenfall.slo.logic.spec import Span, Unit, Window
from evenfall.slo.logic.windows import Bounds, bounds, ceil_minute, floor_minute

BERLIN = "Europe/Berlin"


def wall(text: str) -> datetime:
    """What a wall shows, without a zone."""
    return datetime.fromisoformat(text)


def month(zone: str = BERLIN, day: int = 1) -> Window:
    return Window(span=Span(1, Unit.MONTH), zone=zone, starts=wall(f"2026-01-{day:02}"))


def test_a_rolling_window_ends_now() -> None:
    found = bounds(Window(span=Span(28, Unit.DAY)), at=NOW)
    assert found == Bounds(NOW - timedelta(days=28), NOW)
    assert found.holds(NOW - timedelta(seconds=1))
    assert not found.holds(NOW)
    assert bounds(Window(span=Span(1, Unit.MONTH)), at=NOW).length == timedelta(days=30)


def test_a_month_in_which_the_clocks_go_forward_is_an_hour_shorter() -> None:
    found = bounds(month(), at=datetime(2026, 3, 15, tzinfo=UTC))
    assert found.since == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert found.until == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert found.length == timedelta(days=31) - timedelta(hours=1)


def test_arbitrary_calendar_windows_complaint_15() -> None:
    """Complaint 15: not only weeks and months."""
    fortnight = Window(span=Span(2, Unit.WEEK), zone=BERLIN, starts=wall("2026-01-05 06:00"))
    found = bounds(fortnight, at=datetime(2026, 3, 30, 3, 59, tzinfo=UTC))
    assert found.since == datetime(2026, 3, 16, 5, tzinfo=UTC)
    assert found.until == datetime(2026, 3, 30, 4, tzinfo=UTC)
    assert bounds(fortnight, at=found.until).since == found.until


def test_the_last_day_of_shorter_months() -> None:
    found = bounds(month("UTC", 31), at=datetime(2026, 2, 10, tzinfo=UTC))
    assert found == Bounds(datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC))


def test_windows_before_the_first_one() -> None:
    quarter = Window(span=Span(1, Unit.QUARTER), zone="UTC", starts=wall("2026-01-01"))
    found = bounds(quarter, at=datetime(2025, 11, 2, tzinfo=UTC))
    assert found.since == datetime(2025, 10, 1, tzinfo=UTC)


@given(
    at=st.datetimes(
        min_value=wall("2020-01-01"), max_value=wall("2035-01-01"), timezones=st.just(UTC)
    ),
    starts=st.datetimes(min_value=wall("2019-01-01"), max_value=wall("2036-01-01")),
    number=st.integers(1, 40),
    unit=st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR]),
    zone=st.sampled_from([BERLIN, "America/St_Johns", "Australia/Lord_Howe", "UTC"]),
)
def test_every_instant_is_in_one_window_and_windows_touch(
    at: datetime, starts: datetime, number: int, unit: Unit, zone: str
) -> None:
    window = Window(span=Span(number, unit), zone=zone, starts=starts.replace(microsecond=0))
    found = bounds(window, at=at)
    assert found.holds(at)
    assert bounds(window, at=found.until).since == found.until
    assert bounds(window, at=found.since) == found


def test_minutes_are_cut_and_filled() -> None:
    at = NOW + timedelta(seconds=30)
    assert floor_minute(at) == NOW
    assert ceil_minute(at) == NOW + timedelta(minutes=1)
    assert ceil_minute(NOW) == NOW


def test_a_span_is_written_as_openslo_does() -> None:
    assert str(Span(1, Unit.MONTH)) == "1M"


def test_a_calendar_window_wants_a_beginning() -> None:
    with pytest.raises(AssertionError):
        bounds(Window(span=Span(1, Unit.DAY), zone="UTC"), at=NOW)
