"""A problem that comes and goes is one problem, however often its tool says that it is over."""

from datetime import datetime, timedelta

import pytest
from tests.factories.alerting import NIGHT, make_integration, receive, send, stage, update
from tests.factories.catalog import make_service

from evenfall.alerting import actions
from evenfall.alerting.drains.expire import end_what_is_over
from evenfall.alerting.models import Alert, Integration
from evenfall.platform.models import Beat, JournalEntry

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def integration() -> Integration:
    return make_integration(service=make_service("Till", slug="till"))


def tell(integration: Integration, action: str, minute: float) -> None:
    at = NIGHT + minute * MINUTE
    send(integration, update(action, key="disk"), at=at)
    receive(at)


def flap(integration: Integration, times: int, *, start: float = 0) -> None:
    """Open and end so often, a minute each."""
    for number in range(times):
        tell(integration, "trigger", start + 2 * number)
        tell(integration, "resolve", start + 2 * number + 1)


def newest() -> Alert:
    return Alert.objects.latest("id")


def look(minute: float) -> None:
    at = NIGHT + minute * MINUTE
    told: dict[str, str] = {"since": (NIGHT - MINUTE).isoformat()}
    Beat.objects.update_or_create(name="alerting.intake", defaults={"at": at, "detail": told})
    end_what_is_over(at)


def opened() -> int:
    return JournalEntry.objects.filter(kind="alerting.alert_opened").count()


def test_the_third_time_it_stays_open(integration: Integration) -> None:
    flap(integration, 2)
    assert Alert.objects.filter(state="resolved").count() == 2
    flap(integration, 5, start=4)
    row = newest()
    assert (opened(), row.state, row.is_flapping, row.count) == (3, "open", True, 5)
    assert stage(row, "flap").result == "flapping"


def test_it_is_over_when_it_was_quiet_for_long_enough(integration: Integration) -> None:
    flap(integration, 4)
    assert newest().calm_since == NIGHT + 7 * MINUTE
    look(20)
    assert newest().state == "open"
    look(22)
    row = newest()
    assert (row.state, row.resolved_at) == ("resolved", NIGHT + 22 * MINUTE)
    assert "quiet for 15 min" in row.resolve_reason


def test_coming_back_starts_the_quiet_anew(integration: Integration) -> None:
    flap(integration, 4)
    tell(integration, "trigger", 15)
    assert newest().calm_since is None
    tell(integration, "resolve", 18)
    look(30)
    assert newest().state == "open"
    look(33)
    assert newest().state == "resolved"


def test_what_ended_long_ago_does_not_count(integration: Integration) -> None:
    flap(integration, 2)
    flap(integration, 1, start=40)
    row = newest()
    assert (row.is_flapping, row.state) == (False, "resolved")


def test_turns_within_one_batch_count_too(integration: Integration) -> None:
    for number in range(4):
        send(integration, update(key="disk"), at=NIGHT + 2 * number * MINUTE)
        send(integration, update("resolve", key="disk"), at=NIGHT + (2 * number + 1) * MINUTE)
    receive(NIGHT + 8 * MINUTE)
    assert (Alert.objects.count(), newest().state, newest().is_flapping) == (3, "open", True)


def test_another_key_or_integration_is_another_problem(integration: Integration) -> None:
    flap(integration, 2)
    send(integration, update(key="memory"), at=NIGHT + 7 * MINUTE)
    other = make_integration()
    send(other, update(key="disk"), at=NIGHT + 7 * MINUTE)
    receive(NIGHT + 7 * MINUTE)
    assert not Alert.objects.filter(is_flapping=True).exists()


def test_a_person_ends_it_at_once(integration: Integration) -> None:
    flap(integration, 4)
    at: datetime = NIGHT + 9 * MINUTE
    actions.resolve_alert(alert_id=newest().pk, now=at, actor="user:1")
    assert newest().state == "resolved"


def test_while_the_front_door_was_closed_quiet_proves_nothing(integration: Integration) -> None:
    flap(integration, 4)
    told = {"since": (NIGHT - MINUTE).isoformat()}
    at = NIGHT + 8 * MINUTE
    Beat.objects.update_or_create(name="alerting.intake", defaults={"at": at, "detail": told})
    end_what_is_over(NIGHT + 60 * MINUTE)
    assert newest().state == "open"
