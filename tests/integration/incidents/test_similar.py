"""Declaring by hand: what it may be the same as, joining it, and declaring once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_user, signed_in
from tests.factories.incidents import declare, make_arrival, open_incident

from evenfall.incidents import actions, queries
from evenfall.incidents.models import Incident, Note, RoleAssignment
from evenfall.incidents.ports import Sev

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
type Count = Callable[..., Any]


def titles(title: str, text: str = "", service_id: int | None = None) -> list[str]:
    found = queries.similar_to(title, text, service_id, now=NOW)
    return [one.view.title for one in found]


def test_open_and_past_ones_are_found_by_their_words() -> None:
    past = declare("Checkout fails for cards", now=NOW - 3 * DAY)
    actions.resolve_incident(incident_id=past.pk, user_id=None, now=NOW - 2 * DAY, actor="system")
    declare("Cards fail at the checkout")
    declare("Mail queue grows")
    assert titles("checkout failing for cards") == [
        "Cards fail at the checkout",
        "Checkout fails for cards",
    ]
    assert titles("") == []
    assert titles("', | & ! :* \\") == []


def test_reasons_name_the_service_and_the_alert() -> None:
    service = make_service("Checkout")
    open_incident(make_arrival(title="Checkout answers 5xx", service_id=service.pk))
    (found,) = queries.similar_to("Shop answers 5xx", "", service.pk, now=NOW)
    assert found.reasons == (
        "In common: answers, 5xx",
        "Same service: Checkout",
        "Its alert says the same: Checkout answers 5xx",
    )


def test_declined_and_merged_ones_are_no_problem_to_join() -> None:
    declined, child, parent = declare("Disk full"), declare("Disk full"), declare("Disk full")
    actions.decline_incident(
        incident_id=declined.pk, reason="no", user_id=None, now=NOW, actor="system"
    )
    actions.merge_incidents(incident_id=child.pk, into_id=parent.pk, now=NOW, actor="system")
    assert [one.view.id for one in queries.similar_to("Disk full", "", None, now=NOW)] == [
        parent.pk
    ]


def test_only_live_ones_of_the_same_environment_may_be_merged_with_it() -> None:
    """However many past ones say the same: they crowd nothing out."""
    for _ in range(6):
        past = declare("Disk full")
        actions.resolve_incident(incident_id=past.pk, user_id=None, now=NOW, actor="system")
    asked, live, elsewhere = declare("Disk full"), declare("Disk full"), declare("Disk full")
    Incident.objects.filter(id=elsewhere.pk).update(environment="UAT")
    declare("Mail queue grows")
    found = queries.mergeable(queries.incident(asked.pk), now=NOW)
    assert [(one.view.id, one.reasons) for one in found] == [(live.pk, ("Almost the same title",))]
    alone = queries.incident(elsewhere.pk)
    assert queries.mergeable(alone, now=NOW) == []


def test_page_fetches_what_may_be_the_same() -> None:
    """It is compared with all that are live: nobody waits for that at a burning incident."""
    asked, live = declare("Disk full"), declare("Disk full")
    declare("Mail queue grows")
    ben, page = signed_in(make_user("Ben", "responder")), f"/incidents/{asked.pk}/"
    assert f'hx-get="{page}parts/alike/"' in ben.get(page).content.decode()
    part = ben.get(f"{page}parts/alike/").content.decode()
    assert "Perhaps the same" in part
    assert f"/incidents/{live.pk}/" in part
    assert "Mail queue" not in part
    viewer = signed_in(make_user("Vic", "observer"))
    assert "parts/alike/" not in viewer.get(page).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_similar_costs_the_same_for_one_and_for_many(
    count: int, django_assert_num_queries: Count
) -> None:
    service = make_service("Shop")
    for _ in range(count):
        open_incident(make_arrival(title="Disk full", service_id=service.pk))
    with django_assert_num_queries(7):
        assert len(queries.similar_to("Disk full", "", service.pk, now=NOW)) == count


def test_the_form_suggests_and_joins_with_one_tap(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    known = declare("Checkout is down")
    shown = client.get("/incidents/similar/", {"title": "checkout down"}).content.decode()
    assert f"/incidents/{known.pk}/join/" in shown
    assert "Almost the same title" in shown
    typed = {"title": "Checkout down", "description": "Since noon", "severity": "SEV2"}
    answer = client.post(f"/incidents/{known.pk}/join/", typed)
    assert (answer.status_code, answer["Location"]) == (302, f"/incidents/{known.pk}/")
    assert Note.objects.get().text == "Seen too: Checkout down\n\nSince noon"
    assert RoleAssignment.objects.get().role == "observer"
    client.post(f"/incidents/{known.pk}/join/", {})
    assert RoleAssignment.objects.count() == 1
    assert Note.objects.count() == 2
    assert Incident.objects.count() == 1


def test_nobody_joins_what_is_over(client: Client) -> None:
    client.force_login(make_user())
    known = declare()
    actions.resolve_incident(incident_id=known.pk, user_id=None, now=NOW, actor="system")
    assert client.post(f"/incidents/{known.pk}/join/", {"title": "x"}).status_code == 409
    assert not Note.objects.exists()


def test_an_observer_declares_and_joins_nothing(client: Client) -> None:
    client.force_login(make_user(role="observer"))
    known = declare()
    assert client.post(f"/incidents/{known.pk}/join/", {"title": "x"}).status_code == 403
    assert client.get("/incidents/similar/", {"title": "shop"}).status_code == 403


def test_the_same_key_declares_once_and_calls_once(client: Client) -> None:
    client.force_login(make_user())

    def send(key: str) -> int:
        body = json.dumps({"title": "Shop is down"})
        answer = client.post(
            "/api/v1/incidents",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )
        assert answer.status_code == 201, answer.content
        return int(answer.json()["id"])

    assert send("a") == send("a")
    assert send("b") != send("a")
    client.force_login(make_user("Somebody else"))
    send("a")
    assert Incident.objects.count() == 3


def test_a_form_sent_twice_declares_once(client: Client) -> None:
    client.force_login(make_user())
    form = client.get("/incidents/new/").context["form"]
    typed = {
        "title": "Shop is down",
        "severity": "SEV2",
        "environment": "PROD",
        "urgency": "high",
        "request_key": form.initial["request_key"],
    }
    places = {client.post("/incidents/new/", typed)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Incident.objects.get().severity == "SEV2"


def test_outside_production_nothing_is_worse_than_sev3(client: Client) -> None:
    client.force_login(make_user())
    typed = {"title": "x", "severity": "SEV1", "environment": "UAT", "urgency": "high"}
    answer = client.post("/incidents/new/", typed)
    assert answer.status_code == 422
    assert "In UAT an incident is SEV3 at worst" in answer.content.decode()
    arrival = make_arrival(environment="DEV")
    incident = open_incident(arrival)
    answer = client.put(
        f"/api/v1/incidents/{incident.pk}/severity",
        json.dumps({"severity": "SEV2"}),
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "incidents.severity_too_high")


def test_both_severities_and_the_time_in_each_are_kept(client: Client) -> None:
    client.force_login(make_user())
    began = NOW - timedelta(hours=1)
    incident = declare(now=began)
    actions.set_severity(
        incident_id=incident.pk,
        severity=Sev.SEV1,
        now=began + timedelta(minutes=20),
        actor="system",
    )
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=NOW, actor="system")
    said = client.get(f"/api/v1/incidents/{incident.pk}/severity").json()
    assert said == {
        "declared": "SEV3",
        "final": "SEV1",
        "times": [
            {"severity": "SEV3", "seconds": 1200.0},
            {"severity": "SEV1", "seconds": 2400.0},
        ],
    }
    page = client.get(f"/incidents/{incident.pk}/").content.decode()
    assert "SEV3 at first" in page
    listed = client.get("/api/v1/severities").json()["items"]
    assert [one["review"] for one in listed] == ["full", "full", "light", "optional", "none"]
