"""Who hears what on the pages and over the API."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.hearing import make_listener, react
from tests.factories.identity import make_team, make_token, make_user, signed_in
from tests.factories.incidents import declare

from evenfall.identity.models import User
from evenfall.incidents import queries
from evenfall.incidents.logic.hearing import Hears
from evenfall.incidents.logic.severity import Sev
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_user("Root", "admin")


@pytest.fixture
def dora() -> User:
    return make_user("Dora", "stakeholder")


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_complaint_36_an_administrator_adds_and_removes_a_row(admin: User, dora: User) -> None:
    client = signed_in(admin)
    assert "Nobody is in the table yet" in shown(client, "/hearing/")
    sent = {
        "severity": "SEV2",
        "environment": "PROD",
        "hears": "called",
        "user_id": str(dora.pk),
    }
    assert client.post("/hearing/add/", sent).status_code == 302
    page = shown(client, "/hearing/")
    assert "Dora is called" in page
    assert "SEV2 or worse" in page
    (row,) = queries.listeners()
    again = client.post("/hearing/add/", sent)
    assert again.status_code == 422
    assert "in the table already" in again.content.decode()
    assert client.post(f"/hearing/{row.id}/remove/").status_code == 302
    assert queries.listeners() == []


def test_nobody_and_both_are_refused_in_the_form(admin: User) -> None:
    answer = signed_in(admin).post(
        "/hearing/add/", {"severity": "SEV1", "environment": "PROD", "hears": "life"}
    )
    assert answer.status_code == 422
    assert "either one person or one team" in answer.content.decode()


@pytest.mark.parametrize("role", ["observer", "stakeholder", "responder", "manager"])
def test_others_read_it_and_change_nothing(role: str, dora: User) -> None:
    made = make_listener(dora)
    person = make_user("Olga", role)
    client = signed_in(person)
    page = shown(client, "/hearing/")
    assert "Dora is called" in page
    assert "Remove" not in page
    assert client.post("/hearing/add/", {"severity": "SEV1"}).status_code == 403
    assert client.post(f"/hearing/{made}/remove/").status_code == 403
    headers = {"Authorization": f"Bearer {make_token(person, now=utc_now())}"}
    body = {"severity": "SEV1", "hears": "called", "user_id": dora.pk}
    json = "application/json"
    api = Client()
    assert api.post("/api/v1/listeners", body, json, headers=headers).status_code == 403
    assert api.delete(f"/api/v1/listeners/{made}", headers=headers).status_code == 403
    assert len(queries.listeners()) == 1


def test_the_incident_says_who_hears_of_it(admin: User, dora: User) -> None:
    make_listener(dora)
    make_listener(make_team("Support"), Hears.STAFF)
    now = utc_now()
    incident = declare("Nobody can pay", severity=Sev.SEV1, now=now)
    react(now)
    page = shown(signed_in(admin), f"/incidents/{incident.pk}/updates/")
    assert "is called" in page
    assert "The team Support" in page
    calm = declare("Slow", now=now)
    assert "No list has incidents like this" in shown(
        signed_in(admin), f"/incidents/{calm.pk}/updates/"
    )


def test_it_says_who_is_left_out_of_a_private_one(admin: User, dora: User) -> None:
    make_listener(dora, Hears.LIFE)
    incident = declare("A key leaked", severity=Sev.SEV1, is_private=True)
    page = shown(signed_in(admin), f"/incidents/{incident.pk}/updates/")
    assert "It is private, so Dora hears nothing." in page


def test_the_same_over_the_api(admin: User, dora: User) -> None:
    api = Client(headers={"Authorization": f"Bearer {make_token(admin, now=utc_now())}"})
    body = {"severity": "SEV2", "hears": "life", "user_id": dora.pk}
    made = api.post("/api/v1/listeners", body, "application/json")
    assert made.status_code == 201
    (row,) = api.get("/api/v1/listeners").json()["items"]
    assert row == {
        "id": made.json()["id"],
        "severity": "SEV2",
        "environment": "PROD",
        "team": None,
        "hears": "life",
        "person": {"id": dora.pk, "name": "Dora"},
        "group": None,
    }
    incident = declare("Nobody can pay", severity=Sev.SEV1)
    (line,) = api.get(f"/api/v1/incidents/{incident.pk}/listeners").json()["items"]
    assert (line["at"], line["was_here"], line["left_out"]) == (None, False, [])
    assert api.delete(f"/api/v1/listeners/{row['id']}").status_code == 204
    assert api.delete(f"/api/v1/listeners/{row['id']}").status_code == 404


def test_the_table_costs_the_same_however_long_it_is(admin: User) -> None:
    client = signed_in(admin)

    def count(rows: int) -> int:
        for number in range(rows):
            make_listener(make_user(f"Ann {number}"), team=make_team(f"Team {number}"))
        with CaptureQueriesContext(connection) as captured:
            client.get("/hearing/")
        return len(captured)

    count(1)
    assert count(0) == count(3)
