"""Maintenance that comes back, on the wall clock, over the nights when clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic import recurring
from evenfall.alerting.logic.recurring import Recurrence, RuleError

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def sundays(first: datetime = datetime(2026, 3, 22, 1, 0), **more: object) -> Recurrence:  # noqa: DTZ001 - a value on the wall
    said = {"rule": "FREQ=WEEKLY;BYDAY=SU", "length": 3 * HOUR, "zone": BERLIN, **more}
    return Recurrence(first=first, **said)  # type: ignore[arg-type] # what the test varies


def starts(given: Recurrence, since: datetime, count: int = 3) -> list[str]:
    found = recurring.following(given, since=since, count=count)
    return [f"{one.starts_at:%m-%d %H:%M}-{one.ends_at:%H:%M}" for one in found]


MARCH = datetime(2026, 3, 20, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 17, tzinfo=UTC)


def test_it_stays_at_its_hour_when_the_clocks_go_forward() -> None:
    assert starts(sundays(), MARCH) == [
        "03-22 00:00-03:00",
        "03-29 00:00-02:00",
        "04-04 23:00-02:00",
    ]


def test_it_stays_at_its_hour_when_the_clocks_go_back() -> None:
    assert starts(sundays(), OCTOBER) == [
        "10-17 23:00-02:00",
        "10-24 23:00-03:00",
        "11-01 00:00-03:00",
    ]


def test_a_start_that_the_night_skips_is_the_first_moment_after() -> None:
    half_past = sundays(datetime(2026, 3, 22, 2, 30), length=HOUR)  # noqa: DTZ001 - the wall
    assert starts(half_past, MARCH)[1] == "03-29 01:00-01:30"
    inside = sundays(datetime(2026, 3, 22, 2, 10), length=20 * HOUR / 60)  # noqa: DTZ001 - the wall
    assert [one[:5] for one in starts(inside, MARCH)] == ["03-22", "04-05", "04-12"]


def test_exceptions_and_the_last_day() -> None:
    without = sundays(exceptions=frozenset({date(2026, 3, 29)}), last=date(2026, 4, 5))
    assert [one[:5] for one in starts(without, MARCH)] == ["03-22", "04-04"]


def test_the_one_that_goes_on_is_the_first() -> None:
    now = datetime(2026, 3, 22, 2, 59, tzinfo=UTC)
    assert starts(sundays(), now, 1) == ["03-22 00:00-03:00"]
    assert starts(sundays(), now + timedelta(minutes=1), 1) == ["03-29 00:00-02:00"]


def test_what_never_comes_ends_as_well() -> None:
    never = sundays(rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    assert starts(never, MARCH) == []
    counted = sundays(rule="FREQ=DAILY;COUNT=2")
    assert len(starts(counted, MARCH, 10)) == 2
    until = sundays(rule="FREQ=DAILY;UNTIL=20260324T000000Z")
    assert [one[:5] for one in starts(until, MARCH, 10)] == ["03-22", "03-23"]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (" rrule:freq=weekly;byday=su ", "FREQ=WEEKLY;BYDAY=SU"),
        ("FREQ=MONTHLY;BYDAY=-1SU,+2MO;BYSETPOS=1;", "FREQ=MONTHLY;BYDAY=-1SU,+2MO;BYSETPOS=1"),
        ("FREQ=DAILY;INTERVAL=2;UNTIL=20270101", "FREQ=DAILY;INTERVAL=2;UNTIL=20270101"),
    ],
)
def test_rules_that_are_taken(rule: str, kept: str) -> None:
    assert recurring.checked(rule) == kept


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "Write a rule"),
        ("x" * 301, "Write a rule"),
        ("FREQ=SECONDLY", "FREQ must be"),
        ("BYDAY=SU", "FREQ must be"),
        ("FREQ=WEEKLY;BYHOUR=3", "BYHOUR=3 cannot be read"),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL=0 cannot be read"),
        ("FREQ=WEEKLY;BYDAY=SUN", "BYDAY=SUN cannot be read"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "exclude each other"),
        ("FREQ=MONTHLY;BYSETPOS=0", "The rule cannot be used"),
    ],
)
def test_rules_that_are_refused_say_why(rule: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        recurring.checked(rule)


def test_weekdays_make_a_rule() -> None:
    assert recurring.weekly(["SU", "MO"]) == "FREQ=WEEKLY;BYDAY=MO,SU"
    assert recurring.rule_words("FREQ=WEEKLY;BYDAY=MO,WE,SU") == (
        "every Monday, Wednesday and Sunday"
    )
    assert recurring.rule_words(recurring.weekly(["SU"], every=2)) == "every 2 weeks on Sunday"
    assert recurring.rule_words("FREQ=MONTHLY;BYDAY=1SU") == "FREQ=MONTHLY;BYDAY=1SU"
    assert recurring.weekly_parts("FREQ=WEEKLY;BYDAY=MO,SU") == (("MO", "SU"), 1)
    assert recurring.weekly_parts(recurring.weekly(["SU"], every=12)) == (("SU",), 12)
    for other in ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=1SU", "FREQ=DAILY;BYDAY=SU"):
        assert recurring.weekly_parts(other) is None
    assert recurring.weekly(["SU"], every=2) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU"


@given(
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    hour=st.integers(0, 23),
    minutes=st.integers(1, 48 * 60),
)
def test_windows_follow_each_other_and_begin_where_the_wall_says(
    zone: str, day: date, hour: int, minutes: int
) -> None:
    first = datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - the wall
    length = timedelta(minutes=minutes)
    one = Recurrence(rule="FREQ=WEEKLY", first=first, length=length, zone=ZoneInfo(zone))
    since = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = recurring.following(one, since=since, count=20)
    # a short window may lie in the hour that a night skips
    assert len(found) >= 19
    for earlier, later in pairwise(found):
        assert earlier.ends_at <= later.starts_at
    for occurrence in found:
        local = occurrence.starts_at.astimezone(ZoneInfo(zone))
        assert local.hour == hour or (local.hour - hour) % 24 == 1
