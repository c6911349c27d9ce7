"""Updates and promises on the pages and over the API."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_token, make_user, signed_in
from tests.factories.incidents import declare

from evenfall.identity.models import User
from evenfall.incidents import actions, queries
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models import Incident
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ana() -> User:
    return make_user("Ana")


@pytest.fixture
def client(ana: User) -> Client:
    return signed_in(ana)


@pytest.fixture
def incident() -> Incident:
    return promised("Nobody can pay", utc_now())


def promised(title: str, at: datetime) -> Incident:
    """A SEV1 with its promises."""
    found = declare(title, severity=Sev.SEV1, now=at)
    by = actions.By(actor="system", at=at)
    actions.follow_turns(
        turned=[actions.Turned(incident_id=found.pk, turn=actions.Turn.BEGUN, by=by)]
    )
    return found


def shown(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_one_draft_is_copied_to_each_audience_changed_and_told(
    client: Client, incident: Incident
) -> None:
    address = f"/incidents/{incident.pk}/updates/"
    assert "Nobody was told anything yet" in shown(client, address)
    draft = {"draft": "Payments fail.", "tell_public": "on", "tell_staff": "on"}
    prepared = client.post(address, draft | {"prepare": "yes", "text_staff": "Ours"})
    page = prepared.content.decode()
    assert page.count("Payments fail.</textarea>") == 3
    assert "Ours</textarea>" in page
    sent = draft | {"text_public": "Paying fails.", "next_staff": "60"}
    assert client.post(address, sent).status_code == 302
    (update,) = queries.updates(incident.pk)
    assert [(one.audience, one.text) for one in update.texts] == [
        (Audience.PUBLIC, "Paying fails."),
        (Audience.STAFF, "Payments fail."),
    ]
    assert "<p>Paying fails.</p>" in shown(client, f"/incidents/{incident.pk}/")


def test_a_form_without_words_or_audience_says_what_is_missing(
    client: Client, incident: Incident
) -> None:
    address = f"/incidents/{incident.pk}/updates/"
    nobody = client.post(address, {"draft": "Down"})
    assert nobody.status_code == 422
    assert "Choose at least one audience" in nobody.content.decode()
    empty = client.post(address, {"tell_public": "on"})
    assert "Write what people should know" in empty.content.decode()


def test_the_incident_shows_who_waits_and_another_time_can_be_named(
    client: Client, incident: Incident
) -> None:
    address = f"/incidents/{incident.pk}/"
    assert "nothing told yet" in shown(client, address)
    assert "Executives" in shown(client, f"{address}parts/updates/")
    assert client.post(f"{address}promises/public/", {"due_in": "60"}).status_code == 302
    assert "named by Ana" in shown(client, address)
    assert client.post(f"{address}promises/cats/", {"due_in": "60"}).status_code == 404
    assert client.post(f"{address}promises/public/", {"due_in": "x"}).status_code == 422


def test_an_old_incident_can_be_said_to_take_long(client: Client) -> None:
    old = promised("Slow for hours", utc_now() - timedelta(hours=3))
    address = f"/incidents/{old.pk}/"
    assert "It takes long" in shown(client, address)
    assert client.post(f"{address}long/").status_code == 302
    assert "It does not take long after all" in shown(client, address)
    assert client.post(f"{address}long/", {"withdrawn": "yes"}).status_code == 302
    assert "It takes long: tell" in shown(client, address)


def test_the_timeline_can_show_updates_alone(client: Client, incident: Incident) -> None:
    page = shown(client, f"/incidents/{incident.pk}/?show=updates")
    assert "An update is promised" in page


def test_the_board_shows_the_late_ones_first(client: Client, incident: Incident) -> None:
    assert incident.pk
    late = promised("Late one", utc_now() - 15 * MINUTE)
    page = shown(client, "/promises/")
    assert page.index("Late one") < page.index("Nobody can pay")
    assert "Late</span>" in page
    only = shown(client, "/promises/?audience=staff")
    assert f"/incidents/{late.pk}/updates/" in only
    assert "The public: Late one" not in only


def test_without_promises_the_board_says_so(client: Client) -> None:
    assert "Nobody waits for an update" in shown(client, "/promises/")
    assert "Nobody of them waits" in shown(client, "/promises/?audience=staff")
    assert "No promise was due" in shown(client, "/reports/promises/")


def test_the_board_costs_the_same_for_one_incident_and_for_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (1, 2):
        for _ in range(more):
            promised("Slow", utc_now())
        client.get("/promises/")
        with django_assert_num_queries(7):
            client.get("/promises/")


def test_the_report_has_a_table_and_a_csv(client: Client) -> None:
    promised("Late one", utc_now() - timedelta(hours=1))
    page = shown(client, "/reports/promises/?days=7")
    assert '<td><strong>The public</strong></td><td data-label="Severity">SEV1</td>' in page
    rows = client.get("/api/v1/reports/promises.csv").content.decode().splitlines()
    assert rows[0].startswith("audience,severity,kept,late,broken")
    assert "public,SEV1,0,0,1,0.0,50.0" in rows[1]


@pytest.mark.parametrize(
    ("role", "reads", "tells"),
    [("observer", 200, 403), ("stakeholder", 200, 403), ("responder", 200, 302)],
)
def test_all_read_and_responders_tell(
    incident: Incident, role: str, reads: int, tells: int
) -> None:
    client = signed_in(make_user(role, role=role))
    address = f"/incidents/{incident.pk}/"
    for page in (f"{address}updates/", "/promises/", "/reports/promises/"):
        assert client.get(page).status_code == reads
    sent = {"draft": "Down", "tell_public": "on"}
    assert client.post(f"{address}updates/", sent).status_code == tells
    assert client.post(f"{address}promises/staff/", {"due_in": "20"}).status_code == tells
    hint = "Write an update" in shown(client, address)
    assert hint is (tells == 302)


def test_strangers_see_nothing(incident: Incident) -> None:
    for page in (f"/incidents/{incident.pk}/updates/", "/promises/", "/reports/promises/"):
        assert Client().get(page).status_code == 302


def test_the_api_tells_and_promises(ana: User, incident: Incident) -> None:
    api = Client(headers={"Authorization": f"Bearer {make_token(ana)}"})
    address = f"/api/v1/incidents/{incident.pk}"
    due_at = (utc_now() + 90 * MINUTE).isoformat()
    body: dict[str, Any] = {
        "draft": "Payments fail.",
        "audiences": {"public": {}, "staff": {"text": "Ours", "next_update_at": due_at}},
    }
    told = api.post(f"{address}/updates", body, content_type="application/json")
    assert told.status_code == 201
    assert [one["text"] for one in told.json()["texts"]] == ["Payments fail.", "Ours"]
    assert len(api.get(f"{address}/updates").json()["items"]) == 1
    desk = api.get(f"{address}/promises").json()
    assert [one["audience"] for one in desk["items"]] == ["public", "staff", "executives"]
    assert desk["suggested"]["public"]
    named = api.put(
        f"{address}/promises/public", {"due_at": due_at}, content_type="application/json"
    )
    assert named.json()["items"][0]["named_by"] == "laptop (Ana)"
    refused = api.put(f"{address}/long", {"is_long": True}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "incidents.not_long_yet")
    board = api.get("/api/v1/promises?audience=staff").json()
    assert [one["incident_id"] for one in board["items"]] == [incident.pk]
    report = api.get("/api/v1/reports/promises").json()
    assert report["total"]["count"] >= 0
