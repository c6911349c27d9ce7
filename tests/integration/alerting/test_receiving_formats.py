"""Real senders' bodies through the whole pipeline."""

from datetime import timedelta

import msgspec
import pytest
from tests.factories.alerting import NIGHT, make_integration, receive, send

from evenfall.alerting.models import Alert

pytestmark = pytest.mark.django_db
FIRING = {
    "labels": {"alertname": "DiskFull", "instance": "db-1:9100", "severity": "critical"},
    "annotations": {"summary": "Disk of db-1 is full"},
    "startsAt": "2026-03-02T00:55:00Z",
    "generatorURL": "https://prometheus.example.org/graph",
}


def posted(name: str, body: object, minutes: int = 0) -> None:
    at = NIGHT + timedelta(minutes=minutes)
    (integration,) = {a.integration for a in Alert.objects.all()} or {make_integration()}
    send(integration, body=msgspec.json.encode(body), format_name=name, at=at)
    receive(at)


def only_alert() -> Alert:
    return Alert.objects.get()


def test_prometheus_opens_repeats_and_resolves() -> None:
    name = "alertmanager.api"
    posted(name, [FIRING])
    alert = only_alert()
    assert (alert.severity, alert.outcome, alert.summary) == (
        "critical",
        "page",
        "Disk of db-1 is full",
    )
    assert alert.expires_at is not None
    posted(name, [FIRING | {"annotations": {"summary": "Disk of db-1 is very full"}}], 1)
    posted(name, [FIRING | {"endsAt": "2026-03-02T01:01:30Z"}], 2)
    alert.refresh_from_db()
    assert (alert.state, alert.count) == ("resolved", 2)
    assert alert.summary == "Disk of db-1 is very full"


def test_pagerduty_opens_acknowledges_and_resolves() -> None:
    name = "pagerduty.v2"
    payload = {"summary": "Checkout fails", "source": "lb", "severity": "error"}
    event = {"routing_key": "k" * 32, "dedup_key": "checkout"}
    posted(name, event | {"event_action": "trigger", "payload": payload})
    posted(name, event | {"event_action": "acknowledge"}, 1)
    assert only_alert().state == "acknowledged"
    posted(name, event | {"event_action": "resolve"}, 2)
    assert only_alert().state == "resolved"
