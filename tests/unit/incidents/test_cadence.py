"""The table of updates: how soon and how often each audience hears of an incident."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic import cadence
from evenfall.incidents.logic.cadence import Audience, Pace
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import LIVE, State

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday
MINUTE = timedelta(minutes=1)
ZONE = ZoneInfo("Europe/Athens")


def minutes(of: Pace | None) -> float | None:
    return None if of is None else of.every / MINUTE


@pytest.mark.parametrize(
    ("level", "first", "public", "inside", "long"),
    [
        (1, 10, 20, 30, 60),
        (2, 20, 30, 60, 120),
        (3, 60, 120, 240, 120),
        (4, None, None, 1440, None),
        (5, None, None, None, None),
    ],
)
def test_the_table_is_as_documented(
    level: int, first: int | None, public: int | None, inside: int | None, long: int | None
) -> None:
    assert minutes(cadence.first(Audience.PUBLIC, level)) == first
    assert minutes(cadence.pace(Audience.PUBLIC, level)) == public
    for audience in (Audience.STAFF, Audience.EXECUTIVES):
        assert minutes(cadence.pace(audience, level)) == inside
        assert minutes(cadence.first(audience, level)) == inside
    assert minutes(cadence.pace(Audience.PUBLIC, level, is_long=True)) == long


def test_a_severity_is_a_level_and_an_unknown_word_the_mildest() -> None:
    assert [cadence.level_of(sev.value) for sev in Sev] == [1, 2, 3, 4, 5]
    assert cadence.level_of("") == 5


@pytest.mark.parametrize(
    ("audience", "level", "production", "visible", "told"),
    [
        (Audience.PUBLIC, 1, True, False, True),
        (Audience.PUBLIC, 3, True, False, False),
        (Audience.PUBLIC, 3, True, True, True),
        (Audience.PUBLIC, 1, False, False, False),
        (Audience.PUBLIC, 3, False, True, True),
        (Audience.PUBLIC, 4, True, True, False),
        (Audience.STAFF, 4, False, False, True),
        (Audience.EXECUTIVES, 5, True, True, False),
    ],
)
def test_who_is_told_by_itself(
    audience: Audience, level: int, production: bool, visible: bool, told: bool
) -> None:
    assert cadence.is_told(audience, level, production=production, visible=visible) is told


def test_long_after_a_friday_waits_for_the_morning_of_monday_in_the_zone_of_the_site() -> None:
    pace = cadence.pace(Audience.PUBLIC, 3, is_long=True)
    assert pace is not None
    assert cadence.due(pace, NOON, zone=ZONE) == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert Audience.PUBLIC.label == "the public"
    assert Audience.STAFF.label == "staff"


@given(
    st.sampled_from(Audience),
    st.integers(1, 5),
    st.sampled_from(sorted(LIVE)),
    st.booleans(),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - given a zone there
)
def test_it_is_never_none_because_of_a_state_and_never_sooner_than_at_work(
    audience: Audience, level: int, state: State, is_long: bool, at: datetime
) -> None:
    working = cadence.pace(audience, level)
    found = cadence.pace(audience, level, state=state, is_long=is_long)
    assert (found is None) == (working is None)
    if found is None or working is None:
        return
    due_at = cadence.due(found, at, zone=ZONE)
    assert due_at >= cadence.due(working, at, zone=ZONE) > at
    if found.by_workday:
        assert due_at.astimezone(ZONE).weekday() < 5
