import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_token, make_user
from tests.factories.incidents import declare
from tests.factories.runbooks import folder

from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
ALL = "/api/v1/runbooks"


@pytest.fixture
def client() -> Client:
    token = make_token(make_user("Max", "manager"), scopes=tuple(Permission), now=utc_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_a_runbook_lives_over_the_api(client: Client) -> None:
    team = make_team("Core", slug="core")
    service = make_service(team=team)
    body = {"title": "Disk", "text": "one\n- [ ] two", "owner": {"team_id": team.pk}}
    made = client.post(ALL, body, "application/json")
    assert (made.status_code, made.json()["slug"]) == (201, "disk")
    one = f"{ALL}/disk"
    saved = client.put(one, {**body, "text": "ONE\n- [ ] two", "base": 1}, "application/json")
    assert saved.json()["number"] == 2
    late = {**body, "text": "one\n- [ ] TWO", "base": 1}
    refused = client.put(one, late, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "runbooks.edited_meanwhile")
    merged = client.post(f"{one}/merge", late, "application/json").json()
    assert merged["number"] == 2
    assert merged["clashes"] == 1
    assert [line["number"] for line in client.get(f"{one}/versions").json()["items"]] == [2, 1]
    assert client.get(f"{one}/versions/1").json()["text"] == "one\n- [ ] two"
    signs = [line["sign"] for line in client.get(f"{one}/versions/2/changes").json()["items"]]
    assert signs == ["-", "+", " "]
    links = {"services": [service.slug], "alerts": ["alertname=Disk*"]}
    assert client.put(f"{one}/links", links, "application/json").json()["services"] == [
        service.slug
    ]
    assert len(client.get(f"{one}/links").json()["alerts"]) == 1
    assert client.post(f"{one}/uses", {"helped": True}, "application/json").json()["freshness"] == (
        "fresh"
    )
    assert client.get(ALL, {"q": "two"}).json()["items"][0]["slug"] == "disk"
    assert client.post(f"{one}/archive").json()["is_archived"]
    assert client.get(ALL).json() == {"items": [], "next": None}
    assert not client.post(f"{one}/restore").json()["is_archived"]
    assert client.get(f"{ALL}/export").content[:2] == b"PK"


def test_folders_come_in_over_the_api(client: Client) -> None:
    team = make_team("Core", slug="core")
    address = f"{ALL}/imports?name=docs&team_id={team.pk}"
    made = client.post(address, folder({"a.md": "# A"}), "application/zip").json()
    assert made["counts"]["added"] == 1
    one = f"{ALL}/imports/{made['id']}"
    assert client.get(one).json()["imported_at"] is None
    done = client.post(f"{one}/run", {}, "application/json").json()
    assert done["steps"][0]["slug"] == "a"


def test_a_folder_of_another_team_is_not_imported(client: Client) -> None:
    team, olga = make_team("Core", slug="core"), make_user("Olga", "observer")
    make_team("Other", leads=(olga,))
    address = f"{ALL}/imports?name=docs&team_id={team.pk}"
    number = client.post(address, folder({"a.md": "# A"}), "application/zip").json()["id"]
    token = make_token(olga, scopes=tuple(Permission), now=utc_now())
    other = Client(headers={"Authorization": f"Bearer {token}"})
    assert other.post(address, folder({"a.md": "# A"}), "application/zip").status_code == 403
    assert other.get(f"{ALL}/imports/{number}").status_code == 403
    answer = other.post(f"{ALL}/imports/{number}/run", {}, "application/json")
    assert answer.status_code == 403


def test_missing_ones_over_the_api(client: Client) -> None:
    made = client.post(f"{ALL}/missing", {"text": "Cards fail"}, "application/json").json()
    assert client.get(f"{ALL}/missing").json()["items"][0]["id"] == made["id"]
    assert client.delete(f"{ALL}/missing/{made['id']}").status_code == 204
    assert client.get(f"{ALL}/missing").json()["items"] == []


def test_an_incident_is_worked_through_over_the_api(client: Client) -> None:
    team = make_team("Core", slug="core")
    service = make_service(team=team)
    body = {"title": "Disk", "text": "- [ ] two", "owner": {"team_id": team.pk}}
    client.post(ALL, body, "application/json")
    client.put(f"{ALL}/disk/links", {"services": [service.slug]}, "application/json")
    incident = declare(service_id=service.pk, team_id=team.pk, now=utc_now())
    address = f"/api/v1/incidents/{incident.pk}/runbooks"
    (found,) = client.get(address).json()["items"]
    assert (found["slug"], found["why"]) == ("disk", "its service")
    tick = {"key": found["tasks"][0]["key"]}
    answer = client.post(f"{address}/disk/ticks", tick, "application/json").json()
    assert answer["items"][0]["tasks"][0]["done_by"]
    wrong = {"helped": False, "text": "The host is gone."}
    answer = client.post(f"{address}/disk/uses", wrong, "application/json").json()
    assert answer["items"][0]["freshness"] == "wrong"
    client.post(f"{address}/missing", {"text": "More"}, "application/json")
    assert client.get(f"{ALL}/missing").json()["items"][0]["subject"] == f"incident:{incident.pk}"
