from datetime import UTC, datetime

import pytest

from evenfall.alerting.logic import hours


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        (datetime(2026, 3, 27, 8, 30, tzinfo=UTC), "Europe/Berlin", True),  # Friday 09:30
        (datetime(2026, 3, 27, 7, 59, tzinfo=UTC), "Europe/Berlin", False),  # Friday 08:59
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), "Europe/Berlin", True),  # Monday 09:00 summer
        (datetime(2026, 3, 30, 15, 0, tzinfo=UTC), "Europe/Berlin", False),  # Monday 17:00
        (datetime(2026, 3, 28, 10, 0, tzinfo=UTC), "Europe/Berlin", False),  # Saturday
    ],
)
def test_working_hours_follow_the_wall(at: datetime, zone: str, expected: bool) -> None:
    assert hours.working_hours(at, zone) is expected


def test_hour_and_weekday_are_local() -> None:
    at = datetime(2026, 1, 4, 23, 30, tzinfo=UTC)
    assert (hours.hour(at, "Asia/Tokyo"), hours.weekday(at, "Asia/Tokyo")) == (8, "mon")


@pytest.mark.parametrize("name", ["Nowhere/Town", "../etc/passwd", "", "Europe"])
def test_zone_named_refuses_what_is_no_zone(name: str) -> None:
    with pytest.raises(hours.UnknownZoneError):
        hours.zone_named(name)
