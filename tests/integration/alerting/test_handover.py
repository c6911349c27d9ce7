"""What alerting tells at a hand-over."""

from datetime import timedelta

import pytest
from tests.factories.alerting import NIGHT, make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.identity import make_team

from evenfall.alerting import actions, queries
from evenfall.alerting.logic.matchers import Matcher, Operator
from evenfall.catalog.models import Service

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = NIGHT + timedelta(hours=8)


@pytest.fixture
def service() -> Service:
    return make_service(team=make_team())


def _flap(service: Service, times: int) -> None:
    integration = make_integration(service=service)
    for number in range(times):
        at = NIGHT + 30 * number * MINUTE
        send(integration, update(), at=at)
        receive(at)
        send(integration, update("resolve"), at=at + MINUTE)
        receive(at + MINUTE)


def _told(service: Service) -> dict[str, list[str]]:
    found = queries.handover_briefing(
        team_id=service.team_id, service_ids=[service.id], since=NIGHT, now=LATER
    )
    return {part.title: [line.text for line in part.lines] for part in found}


def test_an_alert_that_came_three_times_is_told(service: Service) -> None:
    _flap(service, 3)
    assert _told(service) == {"Came again and again": ["Disk is full: opened 3 times"]}


def test_an_alert_that_came_twice_is_not(service: Service) -> None:
    _flap(service, 2)
    assert _told(service) == {}


def test_flapping_of_another_team_is_not_told(service: Service) -> None:
    _flap(make_service("Search", team=make_team("Search")), 3)
    assert _told(service) == {}


def test_running_silences_are_told(service: Service) -> None:
    actions.create_silence(
        matchers=[Matcher(name="alertname", operator=Operator.EQUAL, value="Disk")],
        comment="Until the new disk is there",
        starts_at=NIGHT,
        ends_at=LATER + MINUTE,
        by_name="Ada",
        now=NIGHT,
        actor="user:1",
    )
    assert _told(service) == {"Silenced": ["Until the new disk is there (Ada)"]}
