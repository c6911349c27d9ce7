"""The pages of incidents: what they show, what they cost, who may act."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.identity import NOW, make_membership, make_team, make_user, signed_in
from tests.factories.incidents import declare, make_arrival, open_incident

from evenfall.incidents import actions
from evenfall.incidents.models import Incident, Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(make_user("Ana", role="responder"))


def html(client: Client, address: str, status: int = 200, *, is_part: bool = False) -> str:
    answer = client.get(address, headers={"HX-Request": "true"} if is_part else {})
    assert answer.status_code == status
    return answer.content.decode()


def test_an_empty_list_says_that_all_is_calm(client: Client) -> None:
    assert "All calm" in html(client, "/incidents/")
    assert "No incident like that" in html(client, "/incidents/?q=zebra")
    assert "No incidents yet" in html(client, "/incidents/?state=resolved")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        incident = open_incident(make_arrival(service_id=make_service(f"s{number}").pk))
        user = make_user(f"Ben {number}")
        actions.acknowledge_incident(
            incident_id=incident.pk, user_id=user.pk, now=NOW, actor=f"user:{user.pk}"
        )
    html(client, "/incidents/")
    with django_assert_num_queries(11):
        assert html(client, "/incidents/").count("row-link") == count


def test_the_list_filters_by_everything(client: Client) -> None:
    service = make_service("Search")
    mine = declare("Search is slow", service_id=service.pk)
    other = declare("Mail bounces")
    for query in (
        f"service={service.pk}",
        f"team={service.team_id}",
        "q=slow",
        f"q=%23{mine.pk}",
        f"q={mine.pk}",
    ):
        shown = html(client, f"/incidents/?{query}")
        assert "Search is slow" in shown
        assert "Mail bounces" not in shown
    assert "Mail bounces" not in html(client, "/incidents/?environment=UAT")
    assert "Mail bounces" not in html(client, "/incidents/?severity=SEV1")
    actions.resolve_incident(incident_id=other.pk, user_id=None, now=NOW, actor="system")
    assert "Mail bounces" in html(client, "/incidents/?state=resolved")
    assert "Mail bounces" not in html(
        client, "/incidents/?state=nonsense&q=%23999999999999999999999"
    )


def test_the_list_fetches_only_its_rows_again(client: Client) -> None:
    declare("Mail bounces")
    part = html(client, "/incidents/", is_part=True)
    assert "Mail bounces" in part
    assert "<html" not in part


def test_the_page_of_an_incident_shows_what_matters(client: Client) -> None:
    service = make_service("Checkout", runbook_url="https://wiki.example/checkout")
    make_change(service, "Deploy 4.2", at=NOW - timedelta(minutes=5))
    incident = open_incident(
        make_arrival(service_id=service.pk, log_lines=["ERROR upstream timed out"])
    )
    actions.add_note(
        incident_id=incident.pk, text="**look**", user_id=None, now=NOW, actor="system"
    )
    shown = html(client, f"/incidents/{incident.pk}/")
    for text in (
        "Checkout answers 5xx",
        "https://wiki.example/checkout",
        "Deploy 4.2",
        "ERROR upstream timed out",
        "<strong>look</strong>",
        "Opened by an alert",
        "Acknowledge",
        "I&#x27;m on it",
    ):
        assert text in shown


def test_the_page_of_an_incident_costs_the_same_for_one_alert_and_for_many(client: Client) -> None:
    """Each card of another domain has a few queries of its own, never one for each row."""
    one, many = (open_incident(*(make_arrival("g") for _ in range(n))) for n in (1, 3))
    for part, most in (("", 32), ("parts/side/", 22), ("parts/alike/", 18)):
        html(client, f"/incidents/{one.pk}/{part}")
        costs = []
        for incident in (one, many):
            with CaptureQueriesContext(connection) as captured:
                html(client, f"/incidents/{incident.pk}/{part}")
            costs.append(len(captured))
        assert costs[0] == costs[1] <= most, part


@pytest.mark.parametrize("name", ["now", "calls", "suspects", "alerts", "story"])
def test_each_part_fetches_itself_again(client: Client, name: str) -> None:
    incident = open_incident()
    part = html(client, f"/incidents/{incident.pk}/parts/{name}/")
    assert f'id="{name}"' in part
    assert "<html" not in part


def test_an_unknown_part_or_incident_is_not_found(client: Client) -> None:
    html(client, f"/incidents/{declare().pk}/parts/secrets/", status=404)
    html(client, "/incidents/404/", status=404)


def test_the_buttons_move_the_incident(client: Client) -> None:
    incident = open_incident()
    for act, state in (
        ("acknowledge", "acknowledged"),
        ("on-it", "acknowledged"),
        ("resolve", "resolved"),
        ("reopen", "open"),
    ):
        answer = client.post(f"/incidents/{incident.pk}/{act}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/incidents/{incident.pk}/")
        assert Incident.objects.get().state == state
    html(client, f"/incidents/{incident.pk}/")


def test_the_forms_edit_the_incident(client: Client) -> None:
    incident = declare()
    address = f"/incidents/{incident.pk}"
    client.post(f"{address}/severity/", {"severity": "SEV2"})
    client.post(f"{address}/title/", {"title": "Shop is down"})
    client.post(f"{address}/not-actionable/")
    client.post(f"{address}/notes/", {"text": "hello"})
    client.post(f"{address}/page/", {"user_ids": [make_user("Ben").pk], "message": "come"})
    found = Incident.objects.get()
    assert (found.severity, found.title, found.not_actionable) == (
        "SEV2",
        "Shop is down",
        True,
    )
    assert Note.objects.get().text == "hello"
    assert "asked for Ben" in html(client, f"{address}/")


def test_merge_leads_to_the_other_incident(client: Client) -> None:
    one, two = declare("One"), declare("Two")
    answer = client.post(f"/incidents/{one.pk}/merge/", {"into_id": f"#{two.pk}"})
    assert answer["Location"] == f"/incidents/{two.pk}/"
    assert "frozen" in html(client, f"/incidents/{one.pk}/")
    assert "Merged into this" in html(client, f"/incidents/{two.pk}/")
    assert client.post(f"/incidents/{two.pk}/merge/", {"into_id": "x"}).status_code == 422


def test_declare_suggests_what_is_known(client: Client) -> None:
    declare("Checkout API is down")
    assert "Checkout API is down" in html(client, "/incidents/similar/?title=checkout+down")
    assert "known already" not in html(client, "/incidents/similar/?title=")


def test_declare_by_hand_pages(client: Client) -> None:
    service = make_service()
    assert "What is wrong?" in html(client, f"/incidents/new/?service={service.pk}")
    answer = client.post(
        "/incidents/new/",
        {
            "title": "Shop is down",
            "severity": "SEV2",
            "urgency": "high",
            "environment": "PROD",
            "service_id": service.pk,
            "page": "on",
        },
    )
    incident = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{incident.pk}/"
    assert (incident.severity, incident.is_paged) == ("SEV2", True)


def test_declare_without_a_title_says_so(client: Client) -> None:
    answer = client.post("/incidents/new/", {"title": ""})
    assert answer.status_code == 422


def test_an_observer_reads_and_cannot_act() -> None:
    incident = open_incident()
    client = signed_in(make_user("Olga", role="observer"))
    shown = html(client, f"/incidents/{incident.pk}/")
    assert "data-ack" not in shown
    assert client.post(f"/incidents/{incident.pk}/acknowledge/").status_code == 403
    assert html(client, "/incidents/new/", status=403)


def test_a_responder_of_another_team_cannot_act() -> None:
    user = make_user("Olga", role="observer")
    make_membership(make_team("Mail"), user)
    incident = open_incident(make_arrival(service_id=make_service().pk))
    client = signed_in(user)
    assert client.post(f"/incidents/{incident.pk}/acknowledge/").status_code == 403
    assert Incident.objects.get().state == "open"
