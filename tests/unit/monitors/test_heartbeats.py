"""Heartbeats: period or schedule, grace, runs that fail or never end, and clocks that change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.monitors.logic.heartbeats import (
    Plan,
    Told,
    cron_flaw,
    expected,
    judge,
    next_by_cron,
)
from evenfall.monitors.logic.looks import Result

NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PLAN = Plan(period=HOUR, grace=5 * MINUTE)
BERLIN = ZoneInfo("Europe/Berlin")
WELL = Told(ended_at=NOW, good_at=NOW, ok=True)


def result(plan: Plan, told: Told, after: timedelta) -> Result | None:
    look = judge(plan, told, now=NOW + after)
    return look.result if look else None


def test_nothing_is_said_before_it_told_something() -> None:
    assert judge(PLAN, Told(), now=NOW) is None


def test_it_is_bad_after_period_and_grace_and_not_before() -> None:
    assert result(PLAN, WELL, HOUR + 5 * MINUTE) is Result.GOOD
    assert result(PLAN, WELL, HOUR + 5 * MINUTE + timedelta(seconds=1)) is Result.BAD
    look = judge(PLAN, WELL, now=NOW)
    assert look is not None
    assert look.next_at == NOW + HOUR + 5 * MINUTE + timedelta(milliseconds=1)
    late = judge(PLAN, WELL, now=NOW + 3 * HOUR)
    assert late is not None
    assert late.note == "It is late by 2 h: nothing was heard."


def test_a_failure_is_bad_until_a_success() -> None:
    failed = Told(ended_at=NOW, good_at=NOW - HOUR, ok=False, exit_code=3)
    look = judge(PLAN, failed, now=NOW)
    assert look is not None
    assert (look.result, look.note) == (Result.BAD, "It told that it failed with exit status 3.")
    assert result(PLAN, replace(failed, ok=True, good_at=NOW), MINUTE) is Result.GOOD


def test_a_run_that_never_ends_is_bad() -> None:
    runs = Told(started_at=NOW)
    assert result(PLAN, runs, 5 * MINUTE) is Result.GOOD
    assert result(PLAN, runs, 6 * MINUTE) is Result.BAD
    assert result(replace(PLAN, longest_run=2 * HOUR), runs, HOUR) is Result.GOOD


def test_the_time_of_a_run_is_kept() -> None:
    look = judge(PLAN, replace(WELL, took_s=1.5), now=NOW)
    assert look is not None
    assert look.duration_ms == 1500


def test_a_schedule_is_meant_on_the_wall_clock_of_its_zone() -> None:
    nightly = Plan(cron="30 2 * * *", zone=BERLIN)
    winter = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
    assert expected(nightly, winter) == datetime(2027, 1, 14, 1, 30, tzinfo=UTC)
    summer = datetime(2027, 7, 13, 14, 0, tzinfo=UTC)
    assert expected(nightly, summer) == datetime(2027, 7, 14, 0, 30, tzinfo=UTC)


def test_a_time_that_daylight_saving_skips_comes_after_the_gap() -> None:
    before = datetime(2027, 3, 27, 12, 0, tzinfo=UTC)
    found = next_by_cron("30 2 * * *", BERLIN, before)
    assert found == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)  # 03:00 on the wall


def test_a_time_that_is_shown_twice_counts_once() -> None:
    before = datetime(2027, 10, 30, 12, 0, tzinfo=UTC)
    first = next_by_cron("30 2 * * *", BERLIN, before)
    assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert next_by_cron("30 2 * * *", BERLIN, first) == datetime(2027, 11, 1, 1, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    st.sampled_from(["*/5 * * * *", "30 2 * * *", "0 3 * * 1-5", "15 2 31 10 *"]),
    st.sampled_from([BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_the_next_time_is_always_later(last: datetime, cron: str, zone: ZoneInfo) -> None:
    assert next_by_cron(cron, zone, last) > last


@pytest.mark.parametrize(
    "cron", ["", "* * * *", "61 * * * *", "a b c d e", "0 0 30 2 *", "* * * * * *", "@daily"]
)
def test_a_schedule_that_cannot_be_is_refused(cron: str) -> None:
    assert cron_flaw(cron)


def test_a_good_schedule_has_no_flaw() -> None:
    assert cron_flaw("0 3 * * 1-5") == ""
