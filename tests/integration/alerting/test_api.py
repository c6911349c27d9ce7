"""The REST API of alerting."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.alerting import make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.identity import make_token, make_user, signed_in

from evenfall.alerting.models import Alert, Integration
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Mia", "manager"))


@pytest.fixture
def observer() -> Client:
    return signed_in(make_user("Olga", "observer"))


@pytest.fixture
def integration() -> Integration:
    return make_integration()


def opened(integration: Integration, *keys: str, service: str = "") -> list[Alert]:
    now = utc_now()
    labels = {"service": service} if service else {}
    for key in keys:
        send(integration, update(key=key, summary=f"Disk {key}", labels=labels), at=now)
    receive(now)
    return list(Alert.objects.order_by("id"))


def posted(client: Client, path: str, body: object = None, *, method: str = "post") -> Any:
    data = {} if body is None else body
    return getattr(client, method)(f"/api/v1{path}", data, content_type=JSON)


def test_alerts_come_in_pages(observer: Client, integration: Integration) -> None:
    opened(integration, "a", "b", "c")
    first = observer.get("/api/v1/alerts?limit=2").json()
    assert [item["title"] for item in first["items"]] == ["Disk c", "Disk b"]
    rest = observer.get("/api/v1/alerts", {"limit": 2, "cursor": first["next"]}).json()
    assert [item["title"] for item in rest["items"]] == ["Disk a"]
    assert rest["next"] is None


def test_alerts_are_filtered_by_service(observer: Client, integration: Integration) -> None:
    service = make_service()
    opened(integration, "a", service=service.slug)
    opened(integration, "b")
    found = observer.get(f"/api/v1/alerts?service={service.slug}").json()["items"]
    assert [item["title"] for item in found] == ["Disk a"]
    assert observer.get("/api/v1/alerts?service=none").status_code == 404
    assert observer.get("/api/v1/alerts?severity=awful").status_code == 422


def test_one_alert_and_its_why(observer: Client, integration: Integration) -> None:
    (alert,) = opened(integration, "a")
    detail = observer.get(f"/api/v1/alerts/{alert.id}").json()
    assert detail["decision"][-1]["stage"] == "outcome"
    why = observer.get(f"/api/v1/alerts/{alert.id}/why").json()
    assert why["verdict"]
    assert why["raw"]["format"] == "stated"
    assert why["lines"][0]["title"].startswith("Received from Prometheus")
    problem = observer.get("/api/v1/alerts/999/why")
    assert (problem.status_code, problem.json()["code"]) == (404, "alerting.alert_not_found")


def test_a_token_acknowledges_and_resolves(integration: Integration) -> None:
    (alert,) = opened(integration, "a")
    token = make_token(make_user("Ada", "responder"), now=utc_now())
    client = Client(headers={"authorization": f"Bearer {token}"})
    assert posted(client, f"/alerts/{alert.id}/acknowledge").json()["state"] == "acknowledged"
    resolved = posted(client, f"/alerts/{alert.id}/resolve", {"reason": "fixed"})
    assert resolved.json()["state"] == "resolved"
    assert posted(client, f"/alerts/{alert.id}/resolve").status_code == 409
    alert.refresh_from_db()
    assert alert.acknowledged_by.startswith("token:")
    assert alert.resolve_reason == "fixed"


def test_observers_change_nothing(observer: Client, integration: Integration) -> None:
    (alert,) = opened(integration, "a")
    until = (utc_now() + timedelta(hours=1)).isoformat()
    silence = {"matchers": [{"name": "team", "value": "web"}], "ends_at": until}
    for path, body in (
        (f"/alerts/{alert.id}/acknowledge", None),
        ("/silences", silence),
        ("/maintenance", {"name": "x", "ends_at": until}),
        ("/rules", {"name": "x"}),
        ("/integrations", {"name": "x", "kind": "json"}),
    ):
        assert posted(observer, path, body).status_code == 403


def test_silences(manager: Client) -> None:
    until = (utc_now() + timedelta(hours=1)).isoformat()
    body = {"matchers": [{"name": "team", "operator": "=~", "value": "web|api"}], "ends_at": until}
    made = posted(manager, "/silences", body | {"comment": "we know"})
    assert made.status_code == 201
    assert made.json()["state"] == "active"
    number = made.json()["id"]
    listed = manager.get("/api/v1/silences").json()["items"]
    assert [one["id"] for one in listed] == [number]
    assert posted(manager, f"/silences/{number}/end").json()["state"] == "expired"
    assert manager.get("/api/v1/silences?expired=true").json()["items"][0]["id"] == number
    wrong = posted(manager, "/silences", body | {"matchers": [
        {"name": "team", "operator": "=~", "value": "(a"}]})  # fmt: skip
    assert wrong.json()["code"] == "alerting.matchers_not_valid"
    late = posted(manager, "/silences", body | {"ends_at": "2020-01-01T00:00:00Z"})
    assert late.json()["code"] == "alerting.span_not_valid"


def test_maintenance(manager: Client) -> None:
    service = make_service()
    until = (utc_now() + timedelta(hours=1)).isoformat()
    body = {"name": "Move", "service_ids": [service.id], "ends_at": until}
    made = posted(manager, "/maintenance", body)
    assert made.status_code == 201
    number = made.json()["id"]
    assert manager.get("/api/v1/maintenance").json()["items"][0]["name"] == "Move"
    assert posted(manager, f"/maintenance/{number}/end").json()["state"] == "expired"
    wrong = posted(manager, "/maintenance", body | {"service_ids": [99_999]})
    assert wrong.json()["code"] == "alerting.service_unknown"


def test_rules(manager: Client, integration: Integration) -> None:
    opened(integration, "a")
    nights = {"name": "nights", "condition": 'hour("UTC") < 6', "effects": {"outcome": "low"}}
    made = posted(manager, "/rules", nights)
    assert made.status_code == 201
    first = made.json()["id"]
    second = posted(manager, "/rules", {"name": "any", "effects": {"group_window_s": 60}}).json()
    ordered = posted(manager, "/rules/order", {"rule_ids": [second["id"], first]}, method="put")
    assert [rule["name"] for rule in ordered.json()["items"]] == [
        "any", "nights", "Everything else"]  # fmt: skip
    assert posted(manager, "/rules/order", {"rule_ids": [first]}, method="put").status_code == 409
    changed = posted(manager, f"/rules/{first}", {"name": "n", "is_enabled": False}, method="put")
    assert changed.json()["is_enabled"] is False
    assert changed.json()["effects"]["outcome"] is None
    rest = posted(manager, "/rules/0", {"name": "", "effects": {"policy_id": 4}}, method="put")
    assert rest.status_code == 422
    rest = posted(manager, "/rules/0", {"name": "x", "effects": {"policy_id": 4}}, method="put")
    assert (rest.json()["name"], rest.json()["effects"]["policy_id"]) == ("Everything else", 4)
    assert manager.delete(f"/api/v1/rules/{first}").status_code == 204
    assert manager.delete("/api/v1/rules/999").status_code == 404
    preview = posted(manager, "/rules/preview", {"condition": "true"}).json()
    assert (preview["looked_at"], preview["matched"], preview["taken"]) == (1, 1, 0)
    assert preview["earlier"] == [{"rule": "any", "count": 1}]
    wrong = posted(manager, "/rules/preview", {"condition": "1 +"}).json()
    assert wrong["code"] == "alerting.condition_not_valid"


def test_integrations(manager: Client) -> None:
    made = posted(manager, "/integrations", {"name": "Shell", "kind": "json"})
    assert made.status_code == 201
    key, number = made.json()["key"], made.json()["integration"]["id"]
    assert len(key) == 32
    assert key.isalnum()
    assert key not in manager.get("/api/v1/integrations").content.decode()
    other = posted(manager, f"/integrations/{number}/rotate").json()["key"]
    assert other != key
    changed = posted(manager, f"/integrations/{number}", {
        "name": "Old shell", "kind": "json", "is_enabled": False,
        "environment": "UAT", "mapping": {"summary": "title"}}, method="put")  # fmt: skip
    assert changed.json()["environment"] == "UAT"
    assert manager.get(f"/api/v1/integrations/{number}").json()["is_enabled"] is False
    wrong = posted(manager, "/integrations", {"name": "x", "kind": "carrier pigeon"})
    assert wrong.json()["code"] == "alerting.integration_kind_unknown"
    assert manager.get("/api/v1/integrations/999").status_code == 404
