from datetime import UTC, datetime, timedelta

import pytest

from evenfall.alerting.logic.matchers import parse_matchers
from evenfall.alerting.logic.quiet import Maintenance, Silence, silence_over, values_of

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def silence(number: int, text: str, *, starts: timedelta, ends: timedelta) -> Silence:
    return Silence(
        id=number, matchers=parse_matchers(text), starts_at=NOW + starts, ends_at=NOW + ends
    )


def test_silence_covers_from_its_start_until_before_its_end() -> None:
    one = silence(1, 'team="web"', starts=timedelta(), ends=HOUR)
    assert one.covers({"team": "web"}, NOW)
    assert not one.covers({"team": "web"}, NOW - timedelta(seconds=1))
    assert not one.covers({"team": "web"}, NOW + HOUR)
    assert not one.covers({"team": "api"}, NOW)


def test_silence_over_takes_the_one_that_lasts_longest() -> None:
    short = silence(1, 'team="web"', starts=-HOUR, ends=HOUR)
    long = silence(2, 'team="web"', starts=-HOUR, ends=2 * HOUR)
    assert silence_over([long, short], {"team": "web"}, NOW) is long
    assert silence_over([short], {"team": "api"}, NOW) is None


@pytest.mark.parametrize(
    ("service_id", "environment", "team", "at", "expected"),
    [
        (7, "PROD", "web", NOW, True),
        (8, "PROD", "web", NOW, False),
        (None, "PROD", "web", NOW, False),
        (7, "UAT", "web", NOW, False),
        (7, "PROD", "api", NOW, False),
        (7, "PROD", "web", NOW + HOUR, False),
        (7, "PROD", "web", NOW - HOUR, False),
    ],
)
def test_maintenance_covers_what_fits_every_scope(
    service_id: int | None, environment: str, team: str, at: datetime, expected: bool
) -> None:
    window = Maintenance(
        id=1,
        name="move",
        starts_at=NOW,
        ends_at=NOW + HOUR,
        service_ids=frozenset({7}),
        environments=frozenset({"PROD"}),
        matchers=parse_matchers('team="web"'),
    )
    covered = window.covers({"team": team}, service_id=service_id, environment=environment, at=at)
    assert covered is expected


def test_maintenance_without_scope_covers_everything() -> None:
    window = Maintenance(id=1, name="all", starts_at=NOW, ends_at=NOW + HOUR)
    assert window.covers({}, service_id=None, environment="DEV", at=NOW)


def test_values_of_lets_a_label_win_except_for_the_integration() -> None:
    values = values_of(
        {"severity": "page", "evenfall_integration": "9"},
        service="web",
        environment="PROD",
        severity="error",
        integration_id=4,
    )
    assert values == {
        "service": "web",
        "environment": "PROD",
        "severity": "page",
        "evenfall_integration": "4",
    }
