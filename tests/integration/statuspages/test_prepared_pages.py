"""Prepared posts as people meet them: on the incident, on the status page, over the API."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories import incidents
from tests.factories.catalog import make_service
from tests.factories.identity import make_membership, make_team, make_user, signed_in
from tests.factories.statuspages import make_component, make_page, make_post

from evenfall.identity.models import Team
from evenfall.incidents.models import Incident
from evenfall.incidents.ports import Sev
from evenfall.platform.clock import utc_now
from evenfall.statuspages import actions
from evenfall.statuspages.models import Component, Post, Prepared, StatusPage

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def page(team: Team) -> StatusPage:
    return make_page("Shop", team_id=team.id, now=utc_now() - HOUR)


@pytest.fixture
def part(page: StatusPage, team: Team) -> Component:
    service = make_service("till-api", team=team)
    return make_component(page, "Checkout", service_ids=[service.id], now=utc_now() - HOUR)


@pytest.fixture
def incident(part: Component) -> Incident:
    service_id = part.links.get().service_id
    return incidents.declare(
        "db-3 is full", severity=Sev.SEV1, service_id=service_id, now=utc_now() - HOUR
    )


@pytest.fixture
def row(incident: Incident) -> Prepared:
    actions.follow_incidents(incident_ids=[incident.pk], now=utc_now() - HOUR)
    return Prepared.objects.get()


def as_role(team: Team, role: str) -> Client:
    person = make_user(role="observer")
    make_membership(team, person, role=role)
    return signed_in(person)


@pytest.fixture
def client(team: Team) -> Client:
    return as_role(team, "responder")


def address(row: Prepared, rest: str = "") -> str:
    return f"/status-pages/{row.page_id}/waiting/{row.pk}/{rest}"


def test_it_waits_where_people_look(row: Prepared, client: Client, part: Component) -> None:
    for place in (f"/incidents/{row.incident_id}/parts/side/", f"/status-pages/{row.page_id}/"):
        shown = client.get(place).content.decode()
        assert "Waiting for you" in shown
        assert "Problem with Checkout" in shown
        assert "Checkout: Partial outage" in shown
        assert address(row, "publish/") in shown
    assert "1 post waiting for you" in client.get("/status-pages/").content.decode()
    on_incident = client.get(f"/incidents/{row.incident_id}/parts/side/").content.decode()
    assert f"/status-pages/{part.page_id}/posts/new/" not in on_incident


def test_one_tap_posts_it_with_a_promise(row: Prepared, client: Client) -> None:
    answer = client.post(address(row, "publish/"))
    post = Post.objects.get()
    assert answer["Location"] == f"/status-pages/{row.page_id}/posts/{post.pk}/"
    assert post.next_update_at is not None
    assert "Problem with Checkout" in Client().get(f"/status/{row.page.slug}/").content.decode()
    again = client.post(address(row, "publish/"))
    assert again.status_code == 409
    shown = client.get(address(row)).content.decode()
    assert "It was posted" in shown
    assert "Post it" not in shown
    side = client.get(f"/incidents/{row.incident_id}/parts/side/").content.decode()
    assert "Waiting for you" not in side


def form(part: Component, **more: str) -> dict[str, str]:
    said = {"title": "Cards fail", "text": "We look **now**.", "state": "investigating"}
    return {**said, f"status_{part.pk}": "major_outage", **more}


def test_words_are_previewed_saved_and_posted(
    row: Prepared, client: Client, part: Component
) -> None:
    assert 'value="Problem with Checkout"' in client.get(address(row)).content.decode()
    preview = client.post(address(row), form(part, preview="yes")).content.decode()
    assert "We look <strong>now</strong>." in preview
    assert client.post(address(row), form(part, save="yes"))["Location"] == address(row)
    row.refresh_from_db()
    assert (row.title, row.statuses) == ("Cards fail", {str(part.pk): "major_outage"})
    assert not Post.objects.exists()
    assert client.post(address(row), form(part, title="")).status_code == 422
    assert client.post(address(row), form(part, next_in="60")).status_code == 302
    assert Post.objects.get().impact == "critical"


def test_it_is_dropped_with_a_reason(row: Prepared, client: Client) -> None:
    client.post(address(row, "drop/"), {"reason": ""})
    row.refresh_from_db()
    assert row.settled_at is None
    client.post(address(row, "drop/"), {"reason": "Nobody noticed"})
    shown = client.get(address(row)).content.decode()
    assert "It was dropped" in shown
    assert "Nobody noticed" in shown
    assert not Post.objects.exists()


@pytest.mark.parametrize("role", ["observer", "stakeholder"])
def test_others_read_it_and_decide_nothing(
    row: Prepared, team: Team, role: str, part: Component
) -> None:
    reader = as_role(team, role)
    of_incident = f"/incidents/{row.incident_id}/parts/side/"
    for place in (address(row), of_incident, f"/status-pages/{row.page_id}/"):
        shown = reader.get(place).content.decode()
        assert "Problem with Checkout" in shown
        assert address(row, "publish/") not in shown
    assert reader.post(address(row), form(part)).status_code == 403
    assert reader.post(address(row, "publish/")).status_code == 403
    assert reader.post(address(row, "drop/"), {"reason": "x"}).status_code == 403
    assert not Post.objects.exists()


def test_responders_of_another_team_decide_nothing(row: Prepared) -> None:
    outsider = as_role(make_team("Other"), "manager")
    assert outsider.post(address(row, "publish/")).status_code == 403
    assert outsider.post(address(row, "drop/"), {"reason": "x"}).status_code == 403


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    sent = None if body is None else json.dumps(body)
    return client.generic(method, f"/api/v1{path}", sent or "", content_type="application/json")


def test_over_the_api(row: Prepared, client: Client, part: Component) -> None:
    base = f"/status-pages/{row.page_id}/prepared-posts"
    one = f"{base}/{row.pk}"
    assert [item["id"] for item in send(client, "GET", base).json()["items"]] == [row.pk]
    of_incident = send(client, "GET", f"/incidents/{row.incident_id}/prepared-posts").json()
    assert of_incident["items"][0]["statuses"] == {str(part.pk): "partial_outage"}
    words = {"title": "Cards", "text": "We look.", "statuses": {str(part.pk): "degraded"}}
    changed = send(client, "PUT", one, words).json()
    assert (changed["title"], changed["settled_how"]) == ("Cards", None)
    posted = send(client, "POST", f"{one}/publish", {"notify": False})
    assert posted.status_code == 201
    assert posted.json()["title"] == "Cards"
    settled = send(client, "GET", one).json()
    assert (settled["settled_how"], settled["post_id"]) == ("posted", posted.json()["id"])
    late = send(client, "POST", f"{one}/drop", {"reason": "Late"})
    assert (late.status_code, late.json()["code"]) == (409, "statuspages.already_settled")
    assert send(client, "GET", f"{base}/0").status_code == 404


def test_dropped_over_the_api(row: Prepared, client: Client, team: Team) -> None:
    path = f"/status-pages/{row.page_id}/prepared-posts/{row.pk}/drop"
    assert send(as_role(team, "observer"), "POST", path, {"reason": "No"}).status_code == 403
    assert send(client, "POST", path, {"reason": "No"}).json()["settled_how"] == "dropped"


def test_the_page_says_from_which_severity_on(team: Team, page: StatusPage) -> None:
    lead = as_role(team, "manager")
    place = f"/status-pages/{page.pk}/edit/"
    assert 'value="SEV2" selected' in lead.get(place).content.decode()
    said = {
        "title": "Shop",
        "team_id": team.id,
        "visibility": "public",
        "time_zone": "UTC",
        "weight_major": "1",
        "weight_partial": "0",
        "weight_degraded": "0",
    }
    lead.post(place, {**said, "prepare_from": "SEV1"})
    page.refresh_from_db()
    assert page.prepare_from == "SEV1"
    lead.post(place, {**said, "prepare_from": ""})
    page.refresh_from_db()
    assert page.prepare_from == ""
    assert lead.post(place, {**said, "prepare_from": "SEV9"}).status_code == 422


def test_the_panel_shows_what_was_told_without_marks(
    page: StatusPage, incident: Incident, client: Client
) -> None:
    long = "We **know** why. <b>x</b> " + "word " * 40
    make_post(page, incident_id=incident.pk, text=long, now=utc_now())
    shown = client.get(f"/incidents/{incident.pk}/parts/side/").content.decode()
    assert "We <strong>know</strong> why." in shown
    assert "**know**" not in shown
    assert "<b>x</b>" not in shown
