"""What alerting tells at a hand-over."""

from datetime import timedelta

import pytest
from tests.factories.alerting import NIGHT, make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_user

from evenfall.alerting import actions, queries
from evenfall.alerting.logic.matchers import Matcher, Operator
from evenfall.catalog.models import Service
from evenfall.identity.models import User

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


def _silence(comment: str, by: User | None = None, **matched: str) -> None:
    actions.create_silence(
        matchers=[
            Matcher(name=name, operator=Operator.EQUAL, value=value)
            for name, value in matched.items()
        ],
        comment=comment,
        starts_at=NIGHT,
        ends_at=LATER + MINUTE,
        by_name=by.name if by else "Zoe",
        now=NIGHT,
        actor=f"user:{by.id}" if by else "user:0",
    )


def test_silences_of_a_service_of_the_team_are_told(service: Service) -> None:
    _silence("Until the new disk is there", service=service.slug)
    _silence("Somebody else's", service="search")
    assert _told(service) == {"Silenced": ["Until the new disk is there (Zoe)"]}


def test_silences_that_name_no_service_are_told_to_those_who_asked_for_them() -> None:
    ada = make_user("Ada")
    mine = make_service(team=make_team(members=[ada]))
    _silence("For all disks", by=ada, alertname="Disk")
    _silence("For all processors", alertname="Processor")
    assert _told(mine) == {"Silenced": ["For all disks (Ada)"]}


def test_silences_that_hold_an_alert_of_the_team_are_told(service: Service) -> None:
    _silence("Whoever it was", alertname="DiskFull")
    integration = make_integration(service=service)
    send(integration, update(labels={"alertname": "DiskFull"}), at=NIGHT)
    receive(NIGHT)
    assert _told(service) == {"Silenced": ["Whoever it was (Zoe)"]}
