"""Heartbeats as tools made for Opsgenie, Grafana OnCall and GoAlert tell them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.factories.alerting import make_integration
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_user, signed_in
from tests.factories.monitors import key_of, make_heartbeat
from tests.factories.senders import KEY, make_keyed

from evenfall.alerting.models import Integration
from evenfall.catalog.models import Service
from evenfall.monitors.models import Monitor, Ping
from evenfall.monitors.ports import PACE
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
HEADERS = {"Authorization": f"GenieKey {KEY}"}
MADE = {
    "name": "nightly",
    "description": "The nightly import",
    "intervalUnit": "minutes",
    "interval": 10,
    "enabled": True,
    "ownerTeam": {"name": "ops"},
    "alertMessage": "The import stopped",
    "alertTags": ["import"],
    "alertPriority": "P1",
}


@pytest.fixture(autouse=True)
def _fresh_pace() -> None:
    PACE.clear()


@pytest.fixture
def service() -> Service:
    return make_service("Shop", team=make_team("Core"))


@pytest.fixture
def opsgenie(service: Service) -> Integration:
    return make_keyed("opsgenie", now=NOW, service=service, environment="UAT")


def asked(client: Client, method: str, path: str, body: object = None) -> tuple[int, Any]:
    answer = client.generic(
        method,
        f"/v2/heartbeats{path}",
        "" if body is None else json.dumps(body),
        content_type="application/json",
        headers=HEADERS,
    )
    return answer.status_code, answer.json()


@pytest.mark.usefixtures("opsgenie")
def test_a_heartbeat_made_over_opsgenies_api_is_a_monitor(client: Client, service: Service) -> None:
    status, said = asked(client, "POST", "", MADE)
    assert status == 201
    assert said["data"] == {
        "name": "nightly",
        "description": "nightly",
        "enabled": True,
        "expired": False,
        "interval": 10,
        "intervalUnit": "minutes",
    }
    monitor = Monitor.objects.get()
    assert (monitor.service_id, monitor.environment) == (service.pk, "UAT")
    assert (monitor.kind, monitor.severity, monitor.state) == ("heartbeat", "critical", "new")
    assert monitor.settings["period"] == "10m"
    assert asked(client, "POST", "", MADE)[0] == 409


@pytest.mark.usefixtures("opsgenie")
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH"])
def test_a_ping_of_opsgenie_is_told_to_the_monitor(client: Client, method: str) -> None:
    asked(client, "POST", "", MADE)
    status, said = asked(client, method, "/nightly/ping", {} if method == "POST" else None)
    assert (status, said["result"]) == (202, "PONG - Heartbeat received")
    assert set(said) == {"result", "took", "requestId"}
    assert Ping.objects.values_list("what", "text").get() == ("success", "")
    assert asked(client, "GET", "/nightly")[1]["data"]["lastPingTime"].endswith("Z")


@pytest.mark.usefixtures("opsgenie")
def test_an_opsgenie_heartbeat_is_changed_switched_and_deleted(client: Client) -> None:
    asked(client, "POST", "", {**MADE, "enabled": False})
    assert Monitor.objects.get().state == "paused"
    assert asked(client, "POST", "/nightly/enable")[1]["data"]["enabled"] is True
    assert asked(client, "PUT", "/nightly/disable")[1]["data"]["enabled"] is False
    status, said = asked(client, "PATCH", "/nightly", {"interval": 2, "intervalUnit": "hours"})
    assert (status, said["data"]["interval"], said["data"]["intervalUnit"]) == (200, 2, "hours")
    assert Monitor.objects.get().severity == "critical"
    asked(client, "PATCH", "/nightly", {"enabled": True, "alertPriority": "P3"})
    monitor = Monitor.objects.get()
    assert (monitor.state, monitor.severity) == ("new", "warning")
    Monitor.objects.update(state="bad")
    assert asked(client, "GET", "/nightly")[1]["data"]["expired"] is True
    assert asked(client, "DELETE", "/nightly")[0] == 200
    assert asked(client, "GET", "/nightly")[0] == 404
    assert asked(client, "POST", "", MADE)[0] == 201  # the name is free again


@pytest.mark.usefixtures("opsgenie")
def test_a_heartbeat_that_nobody_watches_is_not_answered_as_if(client: Client) -> None:
    for method, path in (("POST", "/x/ping"), ("POST", "/x/enable"), ("PATCH", "/x")):
        status, said = asked(client, method, path)
        assert status == 404
        assert "No heartbeat of this integration is called “x”" in said["message"]
    assert asked(client, "GET", "")[0] == 422
    assert asked(client, "POST", "/x/explode")[0] == 422
    assert client.get("/v2/heartbeats/x/ping").status_code == 401


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "called"),
        ({"interval": 0}, "interval"),
        ({"interval": "10"}, "interval"),
        ({"interval": 401, "intervalUnit": "days"}, "interval"),
        ({"intervalUnit": "weeks"}, "intervalUnit"),
    ],
)
@pytest.mark.usefixtures("opsgenie")
def test_what_cannot_be_a_heartbeat_is_refused_by_its_field(
    client: Client, wrong: dict[str, object], field: str
) -> None:
    status, said = asked(client, "POST", "", {**MADE, **wrong})
    assert (status, list(said["errors"])) == (422, [field])
    assert not Monitor.objects.exists()


def test_without_a_service_nobody_would_hear_of_it(client: Client) -> None:
    make_keyed("opsgenie", now=NOW)
    status, said = asked(client, "POST", "", MADE)
    assert status == 422
    assert "has no service" in said["errors"]["name"]


def test_a_key_reaches_the_heartbeats_of_its_own_integration_only(
    client: Client, opsgenie: Integration
) -> None:
    other = make_integration("Other", service=opsgenie.service, kind="opsgenie")
    make_heartbeat(integration=str(other.pk), called="theirs")
    assert asked(client, "POST", "/theirs/ping")[0] == 404
    assert asked(client, "DELETE", "/theirs")[0] == 404


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_heartbeat_address_of_grafana_oncall(client: Client, slash: str) -> None:
    integration = make_keyed("grafana_oncall", now=NOW)
    url = f"/integrations/v1/alertmanager/{KEY}/heartbeat{slash}"
    assert client.post(url).status_code == 404
    monitor = make_heartbeat(integration=str(integration.pk))

    got, posted = client.get(url), client.post(url, "{}", content_type="application/json")

    assert (got.status_code, got.content) == (200, b":)")
    assert (posted.status_code, posted.content) == (200, b"")
    assert list(Ping.objects.values_list("monitor_id", "what")) == [(monitor.pk, "success")] * 2
    wrong = client.post(f"/integrations/v1/alertmanager/nobody/heartbeat{slash}")
    assert wrong.status_code == 403


def test_the_heartbeat_address_of_goalert(client: Client) -> None:
    monitor = make_heartbeat()
    url = f"/api/v2/heartbeat/{key_of(monitor)}"
    answer = client.post(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert Ping.objects.get().monitor_id == monitor.pk
    assert client.get(url).status_code == 405
    assert client.post("/api/v2/heartbeat/6a2d3b0c-9a53-4f0e-8f1a-f3c1a1a6b5d2").status_code == 404


def test_a_loop_gone_wrong_is_held_back_in_each_format(
    client: Client, opsgenie: Integration
) -> None:
    asked(client, "POST", "", MADE)
    make_heartbeat(integration=str(opsgenie.pk))
    key = key_of(make_heartbeat())
    now = utc_now() + timedelta(seconds=30)
    for name in ((opsgenie.pk, "nightly"), (opsgenie.pk, "")):
        for _ in range(60):
            PACE.spend(name, now=now)
    statuses = [client.post(f"/api/v2/heartbeat/{key}").status_code for _ in range(70)]
    assert (statuses[0], statuses[-1]) == (200, 429)
    for url in ("/v2/heartbeats/nightly/ping", f"/integrations/v1/webhook/{KEY}/heartbeat/"):
        answer = client.post(url, headers=HEADERS)
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0


def test_one_name_is_told_to_one_monitor(opsgenie: Integration) -> None:
    manager = signed_in(make_user("Max", "manager"))
    first = make_heartbeat(integration=str(opsgenie.pk), called="nightly")
    page = manager.get(f"/monitors/{first.pk}/edit/").content.decode()
    assert "opsgenie" in page
    assert "opsgenie" in manager.get(f"/monitors/{first.pk}/").content.decode()
    body = {
        **dict.fromkeys(("interval_s", "bad_needed", "good_needed"), "60"),
        "time_limit_s": "10",
        "environment": "PROD",
        "severity": "error",
        "name": "Other",
        "service_id": str(first.service_id),
        "set_schedule": "period",
        "set_period": "1h",
        "set_grace": "5m",
        "set_called": "nightly",
    }
    alone = manager.post("/monitors/new/heartbeat/", body)
    assert "Choose the integration whose key tells under this name." in alone.content.decode()
    twice = {**body, "set_integration": str(opsgenie.pk)}
    answer = manager.post("/monitors/new/heartbeat/", twice)
    assert "“Nightly” is told over this integration" in answer.content.decode()
    # saving the first one again is no second one
    again = manager.post(f"/monitors/{first.pk}/edit/", {**twice, "name": "Nightly"})
    assert again.status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        Monitor.objects.create(
            **{
                name: getattr(first, name)
                for name in ("service", "environment", "kind", "created_at", "changed_at")
            },
            settings=first.settings,
        )
