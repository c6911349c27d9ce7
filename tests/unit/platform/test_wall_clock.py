from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.oncall_specs import at, wall
from tests.unit.oncall.strategies import moments, transitions, years, zones

from evenfall.platform.wall_clock import instant, reading, spoken


@pytest.mark.parametrize(
    ("zone", "shown", "expected"),
    [
        ("Europe/Berlin", "2027-01-04 09:00", "2027-01-04 08:00"),
        ("Europe/Berlin", "2027-07-05 09:00", "2027-07-05 07:00"),
        # the clocks go from 02:00 to 03:00 on 28 March
        ("Europe/Berlin", "2027-03-28 01:59", "2027-03-28 00:59"),
        ("Europe/Berlin", "2027-03-28 02:00", "2027-03-28 01:00"),
        ("Europe/Berlin", "2027-03-28 02:30", "2027-03-28 01:00"),
        ("Europe/Berlin", "2027-03-28 03:00", "2027-03-28 01:00"),
        ("Europe/Berlin", "2027-03-28 03:01", "2027-03-28 01:01"),
        # the clocks go from 03:00 back to 02:00 on 31 October: the first showing counts
        ("Europe/Berlin", "2027-10-31 02:30", "2027-10-31 00:30"),
        ("Europe/Berlin", "2027-10-31 03:00", "2027-10-31 02:00"),
        ("America/New_York", "2027-03-14 02:30", "2027-03-14 07:00"),
        ("America/New_York", "2027-11-07 01:30", "2027-11-07 05:30"),
        # half an hour only
        ("Australia/Lord_Howe", "2027-10-03 02:15", "2027-10-02 15:30"),
        ("Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-03 14:45"),
        # 30 December 2011 did not happen
        ("Pacific/Apia", "2011-12-29 23:59", "2011-12-30 09:59"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),
        ("Pacific/Apia", "2011-12-31 00:00", "2011-12-30 10:00"),
        # back to standard time for Ramadan, and forward again after it
        ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 01:30"),
        ("Africa/Casablanca", "2026-03-22 02:30", "2026-03-22 02:00"),
    ],
)
def test_instant_is_the_first_showing_and_never_a_skipped_time(
    zone: str, shown: str, expected: str
) -> None:
    assert instant(wall(shown), ZoneInfo(zone)) == at(expected)


def test_reading_is_what_the_wall_shows() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert reading(at("2027-10-31 00:30"), berlin) == wall("2027-10-31 02:30")
    assert reading(at("2027-10-31 01:30"), berlin) == wall("2027-10-31 02:30")
    assert reading(at("2027-10-31 01:30"), berlin).fold == 0


def test_spoken_names_the_weekday() -> None:
    assert spoken(wall("2027-01-04 09:00")) == "Mon 2027-01-04 09:00"


@settings(max_examples=120)
@given(st.data(), zones(), years)
def test_instant_never_runs_backwards(data: st.DataObject, zone: ZoneInfo, year: int) -> None:
    earlier = reading(data.draw(moments(zone, year)), zone)
    minutes = data.draw(st.integers(0, 48 * 60))
    assert instant(earlier, zone) <= instant(earlier + timedelta(minutes=minutes), zone)


@settings(max_examples=120)
@given(st.data(), zones(), years)
def test_instant_is_the_first_at_which_the_wall_shows_the_reading(
    data: st.DataObject, zone: ZoneInfo, year: int
) -> None:
    moment = data.draw(moments(zone, year))
    shown = reading(moment, zone)
    assert instant(shown, zone) <= moment
    assert reading(instant(shown, zone), zone) == shown


@settings(max_examples=100)
@given(zones(), years)
def test_instant_of_a_skipped_time_is_the_change_itself(zone: ZoneInfo, year: int) -> None:
    for change in transitions(zone, year):
        before = reading(change - timedelta(seconds=1), zone) + timedelta(seconds=1)
        skipped = reading(change, zone) - before
        if skipped > timedelta(0):
            assert instant(before, zone) == change
            assert instant(before + skipped / 2, zone) == change
            assert instant(before + skipped, zone) == change
