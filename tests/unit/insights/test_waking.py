"""What a page was: acted on, over by itself, whose night."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.insights.logic import waking
from evenfall.insights.logic.waking import Act, Night

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("acts", "not_actionable", "acted"),
    [
        ([], False, False),
        ([Act("incidents.note_added", "user:3")], False, True),
        ([Act("incidents.note_added", "token:3")], True, True),
        ([Act("incidents.incident_resolved", "system")], False, False),
        ([Act("incidents.incident_resolved", "user:3")], False, True),
        ([Act("incidents.incident_resolved", "user:3")], True, False),
        ([Act("paging.page_resolved", "user:3")], True, False),
        ([Act("incidents.incident_acknowledged", "user:3")], False, False),
    ],
)
def test_only_work_of_people_is_an_act(acts: list[Act], not_actionable: bool, acted: bool) -> None:
    assert waking.was_acted(acts, not_actionable=not_actionable) is acted


@pytest.mark.parametrize(
    ("hour", "night", "day"),
    [
        (21, Night(), None),
        (22, Night(), date(2026, 3, 2)),
        (6, Night(), date(2026, 3, 1)),
        (7, Night(), None),
        (1, Night(60, 300), date(2026, 3, 2)),
        (5, Night(60, 300), None),
    ],
)
def test_a_night_is_named_by_its_evening(hour: int, night: Night, day: date | None) -> None:
    at = AT.replace(hour=hour)
    assert waking.night_of(at, ZoneInfo("UTC"), night) == day


def test_night_and_hour_are_those_of_the_wall() -> None:
    """In summer Rome is two hours ahead: 20:30 in UTC is night there."""
    at = datetime(2026, 7, 5, 20, 30, tzinfo=UTC)  # a Sunday
    assert waking.night_of(at, ROME, Night()) == date(2026, 7, 5)
    assert waking.hour_of(at, ROME) == 6 * 24 + 22


@given(st.integers(0, 4_000 * 86_400).map(lambda s: AT + timedelta(seconds=s)))
def test_hours_of_a_week_and_the_nights_fit_each_other(at: datetime) -> None:
    hour, night = waking.hour_of(at, ROME), waking.night_of(at, ROME, Night())
    assert 0 <= hour < 168
    assert (night is not None) == (hour % 24 >= 22 or hour % 24 < 7)


def test_the_alert_a_page_is_about() -> None:
    alerts = [(1, AT), (2, AT + timedelta(minutes=5)), (3, AT + timedelta(minutes=9))]
    assert waking.lead_alert(alerts, AT + timedelta(minutes=5)) == 2
    assert waking.lead_alert(alerts, AT - timedelta(minutes=5)) == 1
    assert waking.lead_alert([], AT) is None


def test_lengths_and_names() -> None:
    assert waking.seconds_between(AT, None) is None
    assert waking.seconds_between(AT, AT - timedelta(seconds=3)) == 0
    assert waking.problem_key(service_id=None, environment="PROD", name="Cpu") == "0|PROD|Cpu"
    assert waking.first_called({}) is None
    assert waking.first_called({7: AT, 3: AT, 1: AT + timedelta(seconds=1)}) == 3
