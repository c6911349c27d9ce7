"""Uptime Kuma's webhook."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.factories.tools import error_of, read

from evenfall.alerting.ports import Severity, UpdateAction
from evenfall.integrations.uptime_kuma.webhook import WEBHOOK

DOWN: dict[str, Any] = {
    "heartbeat": {
        "monitorID": 1,
        "status": 0,
        "time": "2027-01-13 13:59:00.123",
        "msg": "connect ECONNREFUSED 10.0.0.7:443",
        "ping": None,
        "important": True,
        "duration": 60,
        "retries": 0,
        "timezone": "Europe/Berlin",
        "timezoneOffset": "+01:00",
        "localDateTime": "2027-01-13 14:59:00",
    },
    "monitor": {
        "id": 1,
        "name": "Shop",
        "description": "The checkout page",
        "url": "https://shop.example.org",
        "method": "GET",
        "hostname": None,
        "port": None,
        "maxretries": 0,
        "type": "http",
        "interval": 60,
        "tags": [
            {"tag_id": 1, "name": "severity", "value": "critical", "color": "#059669"},
            {"tag_id": 2, "name": "env", "value": "prod"},
            {"tag_id": 3, "name": "lonely", "value": ""},
        ],
    },
    "msg": "[Shop] [\U0001f534 Down] connect ECONNREFUSED 10.0.0.7:443",
}


def beat(**changes: object) -> dict[str, Any]:
    return DOWN | {"heartbeat": DOWN["heartbeat"] | changes}


def test_monitor_that_is_down_is_an_alert(now: datetime) -> None:
    (update,) = read(WEBHOOK, DOWN, now)

    assert (update.action, update.dedup_key) == (UpdateAction.TRIGGER, "monitor 1")
    assert update.summary == "Shop is down: connect ECONNREFUSED 10.0.0.7:443"
    assert (update.severity, update.environment) == (Severity.CRITICAL, "prod")
    assert update.labels == {"monitor": "Shop", "severity": "critical", "env": "prod"}
    assert update.starts_at == datetime(2027, 1, 13, 13, 59, 0, 123_000, UTC)
    assert update.source == "https://shop.example.org"


def test_monitor_that_is_up_again_ends_it(now: datetime) -> None:
    (update,) = read(WEBHOOK, beat(status=1, msg="200 - OK", ping=35), now)

    assert (update.action, update.dedup_key) == (UpdateAction.RESOLVE, "monitor 1")
    assert update.ends_at == datetime(2027, 1, 13, 13, 59, 0, 123_000, UTC)


@pytest.mark.parametrize("status", [2, 3, None, "0", True, False, 7, [0]])
def test_pending_and_maintenance_are_nothing(status: object, now: datetime) -> None:
    assert read(WEBHOOK, beat(status=status), now) == ()


def test_monitor_without_tags_has_no_severity(now: datetime) -> None:
    (update,) = read(WEBHOOK, DOWN | {"monitor": {"id": 7, "name": "Shop"}}, now)

    assert (update.severity, update.dedup_key) == (None, "monitor 7")


def test_button_test_is_an_alert_that_wakes_nobody(now: datetime) -> None:
    (update,) = read(WEBHOOK, {"heartbeat": None, "monitor": None, "msg": "Evenfall Testing"}, now)

    assert (update.severity, update.summary) == (Severity.INFO, "Evenfall Testing")


def test_certificate_that_ends_soon_is_a_warning(now: datetime) -> None:
    said = "[Shop][https://shop.example.org] server certificate will be expired in 7 days"
    (update,) = read(WEBHOOK, {"heartbeat": None, "monitor": None, "msg": said}, now)

    assert (update.severity, update.summary) == (Severity.WARNING, said)


@pytest.mark.parametrize("body", [b"{}", b"[]", b"nope", b'{"heartbeat": 1, "msg": " "}'])
def test_other_shapes_are_kept_unparsed(body: bytes, now: datetime) -> None:
    assert error_of(WEBHOOK, body, now)[0] == 400
