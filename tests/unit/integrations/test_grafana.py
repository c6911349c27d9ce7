"""Grafana's webhook contact point, new and old."""

import json
from datetime import datetime
from typing import Any

import pytest

from evenfall.alerting.ports import Decoded, Refusal, Severity, UpdateAction
from evenfall.integrations.grafana.webhook import WEBHOOK

UNIFIED: dict[str, Any] = {
    "receiver": "evenfall",
    "status": "firing",
    "orgId": 1,
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "High memory usage", "team": "blue", "severity": "warning"},
            "annotations": {"summary": "Memory above 90 %", "runbook_url": "https://wiki/mem"},
            "startsAt": "2027-01-13T13:55:00.000+01:00",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "https://grafana/alerting/1afz29v7z/edit",
            "fingerprint": "c6eadffa33fcdf37",
            "silenceURL": "https://grafana/alerting/silence/new",
            "dashboardURL": "https://grafana/d/abc",
            "panelURL": "https://grafana/d/abc?viewPanel=1",
            "imageURL": "https://grafana/i.png",
            "values": {"B": 44.23943737541908, "C": 1},
        }
    ],
    "groupLabels": {},
    "commonLabels": {"team": "blue"},
    "commonAnnotations": {},
    "externalURL": "https://grafana/",
    "version": "1",
    "groupKey": "{}:{}",
    "truncatedAlerts": 0,
    "title": "[FIRING:1]",
    "state": "alerting",
    "message": "**Firing**",
}
LEGACY: dict[str, Any] = {
    "dashboardId": 1,
    "evalMatches": [{"value": 1, "metric": "Count", "tags": {}}],
    "imageUrl": "https://grafana/assets/img.png",
    "message": "Notification Message",
    "orgId": 1,
    "panelId": 2,
    "ruleId": 1,
    "ruleName": "Panel Title alert",
    "ruleUrl": "http://localhost:3000/d/hZ7BuVbWz/test-dashboard",
    "state": "alerting",
    "tags": {"severity": "critical"},
    "title": "[Alerting] Panel Title alert",
}


def decode(sent: object, now: datetime) -> Decoded:
    return WEBHOOK.decode(json.dumps(sent).encode(), received_at=now, mapping={})


def test_firing_alert_is_read(now: datetime) -> None:
    (update,) = decode(UNIFIED, now).updates

    assert update.action is UpdateAction.TRIGGER
    assert update.dedup_key == "c6eadffa33fcdf37"
    assert update.severity is Severity.WARNING
    assert update.starts_at is not None
    assert update.starts_at.isoformat() == "2027-01-13T12:55:00+00:00"
    assert (update.ends_at, update.expires_at) == (None, None)
    assert update.details == {"values": {"B": 44.23943737541908, "C": 1}, "org_id": 1}
    assert [link.text for link in update.links] == ["Dashboard", "Panel", "Silence in Grafana"]
    assert update.images[0].src == "https://grafana/i.png"


def test_resolved_alert_without_a_usable_end_ends_now(now: datetime) -> None:
    alert = UNIFIED["alerts"][0] | {"status": "resolved", "endsAt": "soon"}

    (update,) = decode(UNIFIED | {"alerts": [alert]}, now).updates

    assert (update.action, update.ends_at) == (UpdateAction.RESOLVE, now)


@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("alerting", UpdateAction.TRIGGER),
        ("no_data", UpdateAction.TRIGGER),
        ("ok", UpdateAction.RESOLVE),
        ("paused", UpdateAction.RESOLVE),
    ],
)
def test_legacy_message_is_one_alert_per_rule(
    state: str, action: UpdateAction, now: datetime
) -> None:
    (update,) = decode(LEGACY | {"state": state}, now).updates

    assert (update.action, update.dedup_key) == (action, "1")
    assert update.summary == "[Alerting] Panel Title alert"
    assert update.severity is Severity.CRITICAL


@pytest.mark.parametrize("state", [[], {}, None, 7, ["ok"]])
def test_legacy_state_of_another_type_is_an_alert(state: object, now: datetime) -> None:
    (update,) = decode(LEGACY | {"state": state}, now).updates

    assert update.action is UpdateAction.TRIGGER


@pytest.mark.parametrize("body", [b"{}", b"[]", b"nope", b'{"alerts": {}}'])
def test_other_shapes_are_kept_unparsed(body: bytes, now: datetime) -> None:
    examined = WEBHOOK.examine(body, received_at=now, known={})

    assert examined.unparsed
    assert WEBHOOK.accepted(examined).status == 400


def test_good_message_is_answered_ok(now: datetime) -> None:
    examined = WEBHOOK.examine(json.dumps(UNIFIED).encode(), received_at=now, known={})

    assert WEBHOOK.accepted(examined).status == 200


def test_bad_member_of_a_batch_is_named(now: datetime) -> None:
    decoded = decode(UNIFIED | {"alerts": [UNIFIED["alerts"][0], {"labels": {}}]}, now)

    assert len(decoded.updates) == 1
    assert decoded.errors[0].startswith("alert 1:")


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(Refusal.KEY_UNKNOWN, 401), (Refusal.TOO_LARGE, 413), (Refusal.OVERLOADED, 503)],
)
def test_refusals_carry_a_message(refusal: Refusal, status: int) -> None:
    answer = WEBHOOK.refused(refusal)

    assert answer.status == status
    assert "message" in json.loads(answer.body)
