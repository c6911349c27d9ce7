from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenfall.triage.logic.calendar import (
    AROUND_THE_CLOCK,
    NEVER,
    WORKING_WEEK,
    Calendar,
    Hours,
    Version,
    add_business_time,
    business_time,
    instants_after,
    is_open,
)

from .strategies import ZONES, calendars, durations, instants

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def calendar(zone: str = "Europe/Berlin", *, country: str = "", region: str = "") -> Calendar:
    version = Version(zone=ZoneInfo(zone), hours=WORKING_WEEK, country=country, region=region)
    return Calendar(versions=(version,))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@given(calendars(), instants, durations)
@settings(max_examples=150, deadline=None)
def test_what_is_added_is_what_is_measured(
    hours: Calendar, start: datetime, duration: timedelta
) -> None:
    ends = add_business_time(hours, start, duration)
    assert ends >= start
    assert business_time(hours, start, ends) == duration


@given(calendars(), instants, st.lists(st.one_of(durations, st.just(-HOUR)), max_size=5))
@settings(max_examples=100, deadline=None)
def test_many_instants_are_what_each_is_by_itself(
    hours: Calendar, start: datetime, lengths: list[timedelta]
) -> None:
    lengths.sort()
    alone = [add_business_time(hours, start, one) for one in lengths]
    assert instants_after(hours, start, lengths) == alone


@given(calendars(), instants, st.lists(durations, min_size=2, max_size=2))
@settings(max_examples=100, deadline=None)
def test_more_time_is_never_less_business_time(
    hours: Calendar, start: datetime, steps: list[timedelta]
) -> None:
    middle = start + steps[0]
    end = middle + steps[1]
    first, whole = business_time(hours, start, middle), business_time(hours, start, end)
    assert timedelta(0) <= first <= whole <= end - start
    assert first + business_time(hours, middle, end) == whole


@given(st.sampled_from(ZONES), instants, durations)
@settings(max_examples=100, deadline=None)
def test_around_the_clock_is_the_time_itself(
    zone: str, start: datetime, duration: timedelta
) -> None:
    """Midnight to midnight on the wall leaves no hole and no overlap, wherever clocks change."""
    always = Calendar(
        versions=(Version(zone=ZoneInfo(zone), hours=AROUND_THE_CLOCK.versions[0].hours),)
    )
    assert business_time(always, start, start + duration) == duration
    assert business_time(AROUND_THE_CLOCK, start, start + duration) == duration


def test_lunch_does_not_count_frappe_2212() -> None:
    noon, afternoon = local("2026-03-02T12:00"), local("2026-03-02T14:00")
    assert business_time(calendar(), noon, afternoon) == HOUR
    assert add_business_time(calendar(), noon, HOUR) == afternoon
    assert not is_open(calendar(), local("2026-03-02T13:00"))
    assert is_open(calendar(), local("2026-03-02T13:30"))


def test_evenings_and_weekends_do_not_count() -> None:
    friday, monday = local("2026-03-06T17:00"), local("2026-03-09T10:00")
    assert business_time(calendar(), friday, monday) == 2 * HOUR
    assert add_business_time(calendar(), friday, 2 * HOUR) == monday


def test_holidays_of_a_region_and_of_the_company_do_not_count_osticket_1168() -> None:
    """Epiphany is free in Bavaria and not in Berlin; the company has a day of its own."""
    day = (local("2026-01-06T00:00"), local("2026-01-07T00:00"))
    assert business_time(calendar(country="DE", region="BY"), *day) == timedelta(0)
    assert business_time(calendar(country="DE", region="BE"), *day) == 8 * HOUR
    own = Version(zone=BERLIN, hours=WORKING_WEEK, company_days=frozenset({date(2026, 1, 6)}))
    assert business_time(Calendar(versions=(own,)), *day) == timedelta(0)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)]
)
def test_a_day_in_which_the_clocks_change_is_as_long_as_it_was(day: str, hours: int) -> None:
    whole = tuple(Hours(number, 0, 1440) for number in range(7))
    always = Calendar(versions=(Version(zone=BERLIN, hours=whole),))
    start = local(f"{day}T00:00")
    following = datetime.combine(start.date() + timedelta(days=1), start.timetz())
    assert business_time(always, start, following) == hours * HOUR


def test_hours_that_are_skipped_with_the_clocks_are_none() -> None:
    night = Calendar(versions=(Version(zone=BERLIN, hours=(Hours(6, 120, 180),)),))
    sunday = (local("2026-03-29T00:00"), local("2026-03-30T00:00"))
    assert business_time(night, *sunday) == timedelta(0)
    assert add_business_time(night, sunday[0], HOUR) == local("2026-04-05T03:00")


def test_a_new_version_leaves_what_passed_as_it_was() -> None:
    long_days = tuple(Hours(day, 8 * 60, 20 * 60) for day in range(5))
    changed = Version(zone=BERLIN, hours=long_days, since=local("2026-03-03T00:00"))
    both = Calendar(versions=(*calendar().versions, changed))
    assert business_time(both, local("2026-03-02T00:00"), local("2026-03-03T00:00")) == 8 * HOUR
    assert business_time(both, local("2026-03-03T00:00"), local("2026-03-04T00:00")) == 12 * HOUR


def test_nothing_is_added_and_the_reverse_measures_nothing() -> None:
    sunday = local("2026-03-01T10:00")
    assert add_business_time(calendar(), sunday, timedelta(0)) == sunday
    assert business_time(calendar(), sunday, sunday - HOUR) == timedelta(0)


def test_more_than_there_is_never_comes() -> None:
    forever = 2_000_000 * HOUR
    new_year = local("2026-01-01T00:00")
    assert add_business_time(AROUND_THE_CLOCK, new_year, forever) == NEVER
    assert (
        instants_after(AROUND_THE_CLOCK, new_year, [HOUR, forever, 2 * forever])[1:] == [NEVER] * 2
    )
