"""The whole chain of a page: from the message of a tool to the answers, in one document."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories import alerting
from tests.factories.alerting import NIGHT
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.alerting.models import Alert
from evenfall.catalog.models import Service
from evenfall.incidents import queries
from evenfall.incidents.models import Incident
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.actions.attempts import Result
from evenfall.notifications.models import Notice
from evenfall.notifications.ports import Accepted, ChannelError, Receipt, Refusal
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.errors import PageNotFound
from evenfall.paging.ports import Response
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def page_somebody(world: PagedTeam, *keys: str, tries: int = 1) -> int:
    """Send alerts, and let the mails of their page be tried some times."""
    service = Service.objects.filter(team_id=world.team.id).first()
    integration = alerting.make_integration(service=service)
    alerting.send(integration, *(alerting.update("trigger", key) for key in keys))
    alerting.receive()
    react_now(NIGHT)
    incident = Incident.objects.latest("id")
    (page,) = paging_queries.pages_for([f"incident:{incident.pk}"])
    for number in range(tries):
        hand_over(page.id, number, last=number == tries - 1)
    return page.id


def hand_over(page_id: int, number: int, *, last: bool) -> None:
    at = NIGHT + timedelta(seconds=30 * number)
    for notice in Notice.objects.filter(subject=f"page:{page_id}", kind="email"):
        Notice.objects.filter(id=notice.id).update(state="claimed", lease_until=at)
        sent = notifications_actions.hand_over(ids=[notice.id], now=at)
        answer = (
            Accepted(provider_id="m-1", via="second", after=(Refusal(via="first", detail="500"),))
            if last
            else ChannelError("greylisted", permanent=False)
        )
        result = Result(
            notice_id=notice.id,
            attempt=sent[notice.id],
            at=at + timedelta(seconds=2),
            answer=answer,
        )
        notifications_actions.record_results(results=[result], now=at)


def document(page_id: int) -> dict[str, Any]:
    found = queries.as_document(queries.page_chain(page_id), now=NIGHT)
    assert json.loads(json.dumps(found)) == found
    return found


def test_the_chain_holds_every_link(world: PagedTeam) -> None:
    page_id = page_somebody(world, "disk/db-1", tries=2)
    mail = Notice.objects.filter(subject=f"page:{page_id}", kind="email").earliest("id")
    receipt = Receipt(notice_id=mail.id, attempt=2, delivered=True)
    notifications_actions.record_receipts(receipts=[receipt], now=NIGHT + timedelta(minutes=1))
    paging_actions.answer_notice(
        notice_id=mail.id,
        response=Response.ACKNOWLEDGE,
        via="email",
        now=NIGHT + timedelta(minutes=2),
    )
    chain = queries.page_chain(page_id)
    (alert,) = chain.alerts
    assert "disk/db-1" in str(alert.signals[0].text)
    assert [stage.stage for stage in alert.decision][-1] == "outcome"
    (mailed,) = [n for entry in chain.story for n in entry.notices if n.id == mail.id]
    assert [(a.number, a.via, a.state, a.took_s) for a in mailed.attempts] == [
        (1, "", "refused", 2.0),
        (2, "first", "refused", 2.0),
        (2, "second", "delivered", 2.0),
    ]
    assert mailed.attempts[0].detail == "greylisted"
    assert [answer.action for answer in mailed.answers] == ["acknowledge"]
    assert "acknowledged over email" in chain.story[-1].words
    found = document(page_id)
    assert found["alerts"][0]["decision"][-1]["stage"] == "outcome"
    assert found["incident"] is not None
    assert found["exported_at"] == NIGHT.isoformat()


def test_a_page_started_by_hand_has_no_incident(world: PagedTeam) -> None:
    page_id = paging_actions.page_by_hand(
        message="Please look", user_id=world.ada.id, now=NIGHT, actor="system"
    )
    chain = queries.page_chain(page_id)
    assert (chain.incident, chain.alerts) == (None, ())
    assert document(page_id)["alerts"] == []


def test_a_page_that_never_was_is_not_found() -> None:
    with pytest.raises(PageNotFound):
        queries.page_chain(999)


def test_more_alerts_messages_and_tries_take_no_more_queries(
    world: PagedTeam, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few = page_somebody(world, "disk/db-1")
    many = page_somebody(world, "net/a", "net/b", "net/c", tries=3)
    for page_id in (few, many):
        with django_assert_num_queries(25):
            queries.page_chain(page_id)


def test_the_file_and_the_api_say_the_same(world: PagedTeam, client: Client) -> None:
    page_id = page_somebody(world, "disk/db-1")
    client.force_login(world.ada)
    file = client.get(f"/pages/{page_id}/chain.json")
    assert file["Content-Disposition"] == f'attachment; filename="page-{page_id}.json"'
    told = client.get(f"/api/v1/pages/{page_id}/chain")
    assert told.status_code == 200, told.content
    first, second = file.json(), told.json()
    first.pop("exported_at")
    second.pop("exported_at")
    assert first == second
    shown = client.get(f"/pages/{page_id}/")
    assert f"/pages/{page_id}/chain.json".encode() in shown.content
    assert b"over second" in shown.content


def test_why_of_the_alert_tells_the_tries_too(world: PagedTeam, client: Client) -> None:
    page_somebody(world, "disk/db-1")
    (alert,) = Alert.objects.all()
    client.force_login(world.ada)
    told = client.get(f"/api/v1/alerts/{alert.id}/why").json()
    tries = [a for line in told["lines"] for m in line["messages"] for a in m["attempts"]]
    assert {(one["via"], one["accepted"]) for one in tries} == {("first", False), ("second", True)}
    assert b"over second" in client.get(f"/alerts/{alert.id}/").content
