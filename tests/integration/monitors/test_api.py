"""Monitors over the API."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_token, make_user
from tests.factories.monitors import URL, look, make_heartbeat, make_monitor

from evenfall.identity.permissions import Permission
from evenfall.monitors.models import Monitor, Tally
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
ALL = "/api/v1/monitors"


def bearer(name: str, role: str) -> Client:
    token = make_token(make_user(name, role), scopes=tuple(Permission), now=utc_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def client() -> Client:
    return bearer("Max", "manager")


def test_a_monitor_lives_over_the_api(client: Client) -> None:
    service = make_service("Shop", team=make_team("Core"))
    body = {"kind": "http", "name": "Shop", "service_id": service.pk, "settings": {"url": URL}}
    made = client.post(ALL, body, "application/json")
    assert (made.status_code, made.json()["ping_url"]) == (201, "")
    found = made.json()
    assert (found["state"], found["target"], found["bad_needed"]) == ("new", URL, 2)
    one = f"{ALL}/{found['id']}"
    secret = {**body, "settings": {"url": URL, "authorization": "Bearer s3cret"}, "version": 1}
    changed = client.put(one, secret, "application/json").json()
    assert (changed["version"], changed["secret_names"]) == (2, ["authorization"])
    late = client.put(one, secret, "application/json")
    assert (late.status_code, late.json()["code"]) == (409, "monitors.edited_meanwhile")
    assert "s3cret" not in client.get(one).content.decode()
    wrong = client.post(ALL, {**body, "settings": {"url": "x"}}, "application/json")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "url")
    unknown = client.post(ALL, {**body, "kind": "moon"}, "application/json")
    assert unknown.status_code == 404
    assert client.post(f"{one}/pause").json()["state"] == "paused"
    assert client.post(f"{one}/resume").json()["state"] == "new"
    assert client.post(f"{one}/look").status_code == 202
    assert [line["id"] for line in client.get(ALL, {"kind": "http"}).json()["items"]] == [
        found["id"]
    ]
    assert client.get(ALL, {"state": "bad"}).json()["items"] == []
    assert client.get(f"{one}/checks").json() == {"items": [], "next": None}
    assert client.get(f"{one}/outages").json() == {"items": []}
    kinds = client.get("/api/v1/monitor-kinds").json()["items"]
    assert [one["name"] for one in kinds] == [
        *("http", "tcp", "tls", "dns", "icmp", "heartbeat", "metric", "backup", "drift"),
        "configuration",
    ]
    assert client.post(f"{one}/key").status_code == 409
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


def test_the_address_is_told_once(client: Client) -> None:
    service = make_service()
    body = {"kind": "heartbeat", "name": "Job", "service_id": service.pk, "settings": {}}
    made = client.post(ALL, body, "application/json").json()
    path = made["ping_url"].partition("/ping/")[2]
    assert Client().get(f"/ping/{path}").status_code == 200
    rotated = client.post(f"{ALL}/{made['id']}/key").json()["url"]
    assert path not in rotated
    assert Client().get(f"/ping/{path}").status_code == 404


def test_backups_and_drills_are_reported(client: Client) -> None:
    monitor = make_monitor("backup", {"longest_age": "1d"}, now=utc_now())
    one = f"{ALL}/{monitor.pk}"
    made = client.post(f"{one}/backups", {"size_bytes": 10**12}, "application/json")
    assert (made.status_code, made.json()["size_bytes"]) == (201, 10**12)
    drill = {"ok": False, "took_s": 12.5, "exit_code": 1, "command": "./x", "output": "no"}
    made = client.post(f"{one}/drills", drill, "application/json")
    assert (made.status_code, made.json()["took_s"]) == (201, 12.5)
    assert len(client.get(f"{one}/backups").json()["items"]) == 1
    assert client.get(f"{one}/drills").json()["items"][0]["output"] == "no"
    assert look(monitor, at=utc_now()).last_note == "The last restore failed."
    other = f"{ALL}/{make_heartbeat().pk}/backups"
    assert client.post(other, {}, "application/json").status_code == 409


def test_drift_is_reported_and_accepted(client: Client) -> None:
    one = f"{ALL}/{make_monitor('drift', {'reader': 'structure'}, now=utc_now()).pk}/drift"
    assert client.get(one).json()["differences"] is None
    client.put(f"{one}/declared", {"text": "a: 1"}, "application/json")
    found = client.post(f"{one}/live", {"text": "a: 2"}, "application/json").json()
    assert found["differences"] == [{"path": "a", "what": "changed", "declared": "1", "live": "2"}]
    accepted = client.post(f"{one}/accept", {"reason": "two is better"}, "application/json").json()
    assert (accepted["differences"], accepted["reason"]) == ([], "two is better")
    assert client.get(f"{ALL}/{make_heartbeat().pk}/drift").status_code == 409


def test_uptimes_of_monitors_and_services(client: Client) -> None:
    service = make_service("Shop", slug="shop")
    today = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    monitor = make_monitor(service=service, now=utc_now())
    other = make_monitor(service=service, now=utc_now())
    for one, good, bad in ((other, 3, 1), (monitor, 4, 0)):
        Tally.objects.create(
            monitor=one, span="day", starts_at=today - timedelta(days=3), good=good, bad=bad
        )
    found = client.get(f"{ALL}/{monitor.pk}/uptime").json()
    assert [(one["days"], one["percent"]) for one in found["windows"]] == [
        (1, None),
        (7, 100.0),
        (30, 100.0),
        (90, 100.0),
    ]
    both = client.get("/api/v1/services/shop/uptime").json()
    assert both["windows"][1] == {
        "days": 7,
        "good": 7,
        "bad": 1,
        "unknown": 0,
        "percent": 87.5,
    }
    assert len(both["days"]) == 90


def test_responders_of_a_team_pause_and_report_and_change_nothing_else() -> None:
    mia = make_user("Mia", "observer")
    service = make_service(team=make_team("Core", members=(mia,)))
    token = make_token(mia, scopes=tuple(Permission), now=utc_now())
    client = Client(headers={"Authorization": f"Bearer {token}"})
    mine, theirs = make_monitor(service=service), make_monitor()
    assert client.post(f"{ALL}/{mine.pk}/pause").status_code == 200
    assert client.post(f"{ALL}/{theirs.pk}/pause").status_code == 403
    assert client.delete(f"{ALL}/{mine.pk}").status_code == 403
    assert Monitor.objects.filter(removed_at=None).count() == 2
