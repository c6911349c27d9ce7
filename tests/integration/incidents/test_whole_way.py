"""From a signal to an incident with its page, through the product's own wiring."""

from datetime import timedelta

import pytest
from tests.factories import alerting
from tests.factories.alerting import NIGHT
from tests.factories.catalog import make_service
from tests.factories.identity import make_user

from evenfall.alerting import queries as alerting_queries
from evenfall.incidents import actions, queries
from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import Response
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db

SOON = NIGHT + timedelta(minutes=4)


def signal(*keys: str, action: str = "trigger") -> None:
    service = make_service("Checkout")
    integration = alerting.make_integration(service=service)
    alerting.send(integration, *(alerting.update(action, key) for key in keys))
    alerting.receive()
    react_now(NIGHT)


def test_a_signal_becomes_an_incident_with_a_page() -> None:
    signal("disk/db-1", "disk/db-2")
    incident = queries.incident(Incident.objects.get().pk)
    assert (incident.state, incident.alert_count) == (State.OPEN, 2)
    assert incident.service is not None
    assert incident.service.name == "Checkout"
    (page,) = paging_queries.pages_for([incident.subject])
    assert page.content.alert_count == 2


def test_an_answer_to_the_page_moves_the_incident() -> None:
    signal("disk/db-1")
    incident = Incident.objects.get()
    user = make_user("Ana")
    (page,) = paging_queries.pages_for([f"incident:{incident.pk}"])
    paging_actions.respond(
        page_id=page.id,
        response=Response.ON_IT,
        user_id=user.pk,
        via="webpush",
        now=SOON,
        actor=f"user:{user.pk}",
    )
    react_now(SOON)
    view = queries.incident(incident.pk)
    assert (view.state, view.mobilised_at) == (State.ACKNOWLEDGED, SOON)
    texts = [told.line.text for told in queries.incident_story(incident.pk)]
    assert "Ana is on it, said by push after 4 min" in texts


def test_a_resolved_incident_ends_its_alerts() -> None:
    signal("disk/db-1")
    incident = Incident.objects.get()
    alert_id = IncidentAlert.objects.get().alert_id
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=SOON, actor="system")
    assert alerting_queries.alert(alert_id).row.state == "resolved"
    react_now(SOON)
    assert not IncidentAlert.objects.get().is_open
    assert queries.incident(incident.pk).state is State.RESOLVED


def test_a_page_resolved_by_a_person_ends_the_alerts_too() -> None:
    signal("disk/db-1")
    incident = Incident.objects.get()
    (page,) = paging_queries.pages_for([f"incident:{incident.pk}"])
    paging_actions.respond(
        page_id=page.id,
        response=Response.RESOLVE,
        user_id=None,
        via="link",
        now=SOON,
        actor="system",
    )
    react_now(SOON)
    assert queries.incident(incident.pk).state is State.RESOLVED
    assert alerting_queries.alert(IncidentAlert.objects.get().alert_id).row.state == "resolved"


def test_an_alert_that_recovers_ends_its_incident() -> None:
    service = make_service("Checkout")
    integration = alerting.make_integration(service=service)
    for action, at in (("trigger", NIGHT), ("resolve", SOON)):
        alerting.send(integration, alerting.update(action), at=at)
        alerting.receive(at)
        react_now(at)
    view = queries.incident(Incident.objects.get().pk)
    assert (view.state, view.resolved_by) == (State.RESOLVED, None)
    assert [p.is_open for p in paging_queries.pages_for([view.subject])] == [False]
