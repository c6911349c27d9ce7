"""PagerDuty's Events API as its clients use it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from evenfall.alerting.ports import Decoded, Examined, Refusal, Severity, UpdateAction
from evenfall.integrations.pagerduty.changes_v2 import CHANGES_V2
from evenfall.integrations.pagerduty.event_format import EventFormat
from evenfall.integrations.pagerduty.events_v1 import EVENTS_V1
from evenfall.integrations.pagerduty.events_v2 import EVENTS_V2

KEY = "0123456789abcdef0123456789abcdef"
TRIGGER: dict[str, Any] = {
    "routing_key": KEY,
    "event_action": "trigger",
    "dedup_key": "samplekeyhere",
    "client": "Sample Monitoring Service",
    "client_url": "https://monitoring.example.com",
    "links": [{"href": "https://example.com/", "text": "Link text"}, {"text": "no address"}],
    "images": [{"src": "https://example.com/a.png", "href": "https://example.com/", "alt": "A"}],
    "payload": {
        "summary": "PING OK - Packet loss = 0%, RTA = 1.41 ms",
        "timestamp": "2027-01-13T13:57:28.123+0000",
        "source": "monitoringtool:cloudvendor:central-region-dc-01:852559987:cluster/api-stats-01",
        "severity": "info",
        "component": "postgres",
        "group": "prod-datapipe",
        "class": "deploy",
        "custom_details": {"ping time": "1500ms", "load avg": 0.75, "env": "PROD"},
    },
    "unknown_field": {"is": "ignored"},
}
V1_TRIGGER: dict[str, Any] = {
    "service_key": KEY,
    "event_type": "trigger",
    "incident_key": "web-01/HTTP",
    "description": "CRITICAL: HTTP on web-01",
    "client": "Nagios",
    "client_url": "https://nagios.example.com",
    "details": {"HOSTNAME": "web-01", "host": "web-01", "severity": "critical"},
    "contexts": [
        {"type": "link", "href": "https://nagios.example.com/web-01", "text": "Host"},
        {"type": "image", "src": "https://nagios.example.com/graph.png"},
    ],
}
CHANGE: dict[str, Any] = {
    "routing_key": KEY,
    "payload": {
        "summary": "Build 412 deployed to production",
        "timestamp": "2027-01-13T13:50:00Z",
        "source": "ci.example.com",
        "custom_details": {"build": 412},
    },
    "links": [{"href": "https://ci.example.com/412", "text": "Build"}],
}


def examine(format_: EventFormat, event: object, now: datetime) -> Examined:
    return format_.examine(json.dumps(event).encode(), received_at=now, known={})


def decode(format_: EventFormat, event: object, now: datetime) -> Decoded:
    return format_.decode(json.dumps(event).encode(), received_at=now, mapping={})


def without(event: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in names}


def test_trigger_is_read_with_all_its_fields(now: datetime) -> None:
    (update,) = decode(EVENTS_V2, TRIGGER, now).updates

    assert update.action is UpdateAction.TRIGGER
    assert update.dedup_key == "samplekeyhere"
    assert update.summary.startswith("PING OK")
    assert update.severity is Severity.INFO
    assert update.starts_at == datetime(2027, 1, 13, 13, 57, 28, 123000, tzinfo=UTC)
    assert update.details["load avg"] == 0.75
    assert update.environment == "PROD"
    assert [link.href for link in update.links] == ["https://example.com/"]
    assert [image.alt for image in update.images] == ["A"]
    assert (update.component, update.group, update.class_) == (
        "postgres",
        "prod-datapipe",
        "deploy",
    )


def test_trigger_is_answered_with_its_dedup_key(now: datetime) -> None:
    examined = examine(EVENTS_V2, TRIGGER, now)
    answer = EVENTS_V2.accepted(examined)

    assert examined.key == KEY
    assert answer.status == 202
    assert json.loads(answer.body) == {
        "status": "success",
        "message": "Event processed",
        "dedup_key": "samplekeyhere",
    }


def test_made_up_dedup_key_is_the_same_at_the_door_and_in_the_pipeline(now: datetime) -> None:
    event = without(TRIGGER, "dedup_key")

    answered = examine(EVENTS_V2, event, now).answer_key
    (update,) = decode(EVENTS_V2, event, now).updates

    assert len(answered) == 32
    assert update.dedup_key == answered


def test_two_triggers_without_dedup_key_are_two_alerts(now: datetime) -> None:
    event = without(TRIGGER, "dedup_key")
    later = now.replace(microsecond=1)

    assert examine(EVENTS_V2, event, now).answer_key != examine(EVENTS_V2, event, later).answer_key


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_acknowledge_and_resolve_need_no_payload(action: str, now: datetime) -> None:
    event = {"routing_key": KEY, "event_action": action, "dedup_key": "samplekeyhere"}

    (update,) = decode(EVENTS_V2, event, now).updates

    assert update.action == action


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"event_action": "acknowledge", "dedup_key": None}, "'dedup_key' is required"),
        ({"event_action": "explode"}, "'event_action' must be"),
        ({"event_action": None}, "'event_action' must be"),
        ({"event_action": ["trigger"]}, "'event_action' must be"),
        ({"dedup_key": "x" * 256}, "longer than 255"),
        ({"payload": None}, "'payload' is required"),
        ({"payload": {"source": "a", "severity": "info"}}, "'payload.summary' is required"),
        ({"payload": {"summary": "a", "severity": "info"}}, "'payload.source' is required"),
        ({"payload": {"summary": "a", "source": "b", "severity": "bad"}}, "'payload.severity'"),
        ({"payload": {"summary": "a", "source": "b", "severity": ["info"]}}, "'payload.severity'"),
    ],
)
def test_invalid_event_is_refused_as_pagerduty_does_but_kept(
    change: dict[str, Any], says: str, now: datetime
) -> None:
    examined = examine(EVENTS_V2, TRIGGER | change, now)
    answer = EVENTS_V2.accepted(examined)
    body = json.loads(answer.body)

    assert examined.unparsed
    assert examined.key == KEY
    assert answer.status == 400
    assert (body["status"], body["message"]) == ("invalid event", "Event object is invalid")
    assert says in body["errors"][0]
    assert decode(EVENTS_V2, TRIGGER | change, now).unparsed


def test_long_summary_is_cut_not_refused(now: datetime) -> None:
    event = TRIGGER | {"payload": TRIGGER["payload"] | {"summary": "x" * 5000}}

    (update,) = decode(EVENTS_V2, event, now).updates

    assert len(update.summary) == 1024


def test_custom_details_may_be_a_text(now: datetime) -> None:
    event = TRIGGER | {"payload": TRIGGER["payload"] | {"custom_details": "only words"}}

    (update,) = decode(EVENTS_V2, event, now).updates

    assert update.details == {"details": "only words"}


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal.KEY_UNKNOWN, 400),
        (Refusal.KEY_MISSING, 400),
        (Refusal.INVALID, 400),
        (Refusal.TOO_LARGE, 413),
        (Refusal.OVERLOADED, 503),
    ],
)
@pytest.mark.parametrize("format_", [EVENTS_V2, CHANGES_V2, EVENTS_V1])
def test_refusals_have_pagerdutys_shape(
    format_: EventFormat, refusal: Refusal, status: int
) -> None:
    answer = format_.refused(refusal)

    assert answer.status == status
    assert set(json.loads(answer.body)) == {"status", "message", "errors"}


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'"text"', b"null"])
def test_what_is_no_event_has_no_key(body: bytes, now: datetime) -> None:
    examined = EVENTS_V2.examine(body, received_at=now, known={})

    assert examined.key is None
    assert examined.errors


def test_version_1_is_read_and_answered_with_its_incident_key(now: datetime) -> None:
    (update,) = decode(EVENTS_V1, V1_TRIGGER, now).updates
    examined = examine(EVENTS_V1, V1_TRIGGER, now)
    answer = EVENTS_V1.accepted(examined)

    assert (update.dedup_key, update.summary) == ("web-01/HTTP", "CRITICAL: HTTP on web-01")
    assert (update.severity, update.source) == (Severity.CRITICAL, "web-01")
    assert [len(update.links), len(update.images)] == [1, 1]
    assert examined.key == KEY
    assert answer.status == 200
    assert json.loads(answer.body)["incident_key"] == "web-01/HTTP"


def test_version_1_wants_a_description(now: datetime) -> None:
    examined = examine(EVENTS_V1, without(V1_TRIGGER, "description"), now)

    assert examined.errors == ("'description' is required to trigger.",)


def test_change_event_is_no_alert(now: datetime) -> None:
    (update,) = decode(CHANGES_V2, CHANGE, now).updates
    answer = CHANGES_V2.accepted(examine(CHANGES_V2, CHANGE, now))

    assert update.action is UpdateAction.CHANGE
    assert update.summary == "Build 412 deployed to production"
    assert update.starts_at == datetime(2027, 1, 13, 13, 50, tzinfo=UTC)
    assert answer.status == 202
    assert "dedup_key" not in json.loads(answer.body)


def test_change_event_wants_a_summary(now: datetime) -> None:
    examined = examine(CHANGES_V2, CHANGE | {"payload": {}}, now)

    assert examined.errors == ("'payload.summary' is required.",)
    assert CHANGES_V2.accepted(examined).status == 400
