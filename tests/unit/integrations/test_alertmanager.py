"""Alertmanager's API v2 and webhook as Prometheus and Alertmanager use them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evenfall.alerting.ports import Examined, KnownAlert, Refusal, Severity, UpdateAction
from evenfall.integrations.alertmanager.api import API
from evenfall.integrations.alertmanager.webhook import WEBHOOK

FROM_PROMETHEUS: dict[str, Any] = {
    "labels": {
        "alertname": "HighRequestLatency",
        "instance": "localhost:8080",
        "job": "app",
        "severity": "page",
    },
    "annotations": {"summary": "High request latency"},
    "startsAt": "2027-01-13T13:30:13.411421309Z",
    "endsAt": "2027-01-13T14:04:13.411421309Z",
    "generatorURL": "http://prometheus:9090/graph?g0.expr=x",
}
WEBHOOK_V4: dict[str, Any] = {
    "version": "4",
    "groupKey": '{}:{alertname="InstanceDown"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "evenfall",
    "groupLabels": {"alertname": "InstanceDown"},
    "commonLabels": {"alertname": "InstanceDown", "job": "node"},
    "commonAnnotations": {},
    "externalURL": "http://alertmanager:9093",
    "notification_reason": "new alerts",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "InstanceDown", "instance": "a:9100", "severity": "critical"},
            "annotations": {"description": "a:9100 has been down"},
            "startsAt": "2027-01-13T13:58:43.000Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus:9090/graph",
            "fingerprint": "b25c4c16c2d9dd3d",
        },
        {
            "status": "resolved",
            "labels": {"alertname": "InstanceDown", "instance": "b:9100"},
            "annotations": {},
            "startsAt": "2027-01-13T13:58:43.000Z",
            "endsAt": "2027-01-13T13:59:43.000Z",
            "generatorURL": "",
            "fingerprint": "0c5ea1d6a9fbd9a3",
        },
    ],
}


def body(*alerts: object) -> bytes:
    return json.dumps(alerts).encode()


def knowing(examined: Examined, **changes: Any) -> dict[bytes, KnownAlert]:
    return {
        repeat.identity: KnownAlert(
            **({"content": repeat.content, "expires_at": repeat.expires_at} | changes),
            saved_until=repeat.expires_at,
            added_at=0,
        )
        for repeat in examined.repeats
    }


def test_firing_alert_is_read(now: datetime) -> None:
    (update,) = API.decode(body(FROM_PROMETHEUS), received_at=now, mapping={}).updates

    assert update.action is UpdateAction.TRIGGER
    assert update.severity is Severity.CRITICAL
    assert (update.summary, update.source) == ("High request latency", "localhost:8080")
    assert update.starts_at == datetime(2027, 1, 13, 13, 30, 13, 411421, tzinfo=UTC)
    assert update.expires_at == datetime(2027, 1, 13, 14, 4, 13, 411421, tzinfo=UTC)
    assert update.ends_at is None


def test_end_in_the_past_means_resolved(now: datetime) -> None:
    over = FROM_PROMETHEUS | {"endsAt": "2027-01-13T13:59:00Z"}

    (update,) = API.decode(body(over), received_at=now, mapping={}).updates
    examined = API.examine(body(over), received_at=now, known={})

    assert update.action is UpdateAction.RESOLVE
    assert update.ends_at == datetime(2027, 1, 13, 13, 59, tzinfo=UTC)
    assert update.expires_at is None
    assert len(examined.over) == 1
    assert not examined.repeats


@pytest.mark.parametrize("end", [None, "", "0001-01-01T00:00:00Z"])
def test_without_end_an_alert_lasts_five_minutes_from_each_repeat(
    end: str | None, now: datetime
) -> None:
    alert = FROM_PROMETHEUS | {"endsAt": end}

    (update,) = API.decode(body(alert), received_at=now, mapping={}).updates

    assert update.expires_at == now + timedelta(minutes=5)


def test_missing_start_is_now(now: datetime) -> None:
    (update,) = API.decode(body({"labels": {"a": "b"}}), received_at=now, mapping={}).updates

    assert update.starts_at == now


def test_identity_is_the_label_set_without_empty_ones(now: datetime) -> None:
    first = {"labels": {"a": "1", "b": "2"}, "annotations": {"x": "y"}}
    same = {"labels": {"b": "2", "a": "1", "c": ""}}
    other = {"labels": {"a": "1", "b": "3"}}

    one, two, three = API.decode(body(first, same, other), received_at=now, mapping={}).updates

    assert one.dedup_key == two.dedup_key != three.dedup_key


def test_repeat_key_is_the_dedup_key(now: datetime) -> None:
    (repeat,) = API.examine(body(FROM_PROMETHEUS), received_at=now, known={}).repeats
    (update,) = API.decode(body(FROM_PROMETHEUS), received_at=now, mapping={}).updates

    assert API.repeat_key(repeat.identity) == update.dedup_key


def test_unchanged_repeat_is_seen(now: datetime) -> None:
    known = knowing(API.examine(body(FROM_PROMETHEUS), received_at=now, known={}))
    again = FROM_PROMETHEUS | {"endsAt": "2027-01-13T14:05:13Z", "generatorURL": "http://replica/"}

    examined = API.examine(body(again), received_at=now, known=known)

    assert examined.unchanged
    assert (
        examined.repeats[0].expires_at == datetime(2027, 1, 13, 14, 5, 13, tzinfo=UTC).timestamp()
    )


@pytest.mark.parametrize(
    "change",
    [
        {"annotations": {"summary": "Worse"}},
        {"labels": {"alertname": "Other"}},
        {"endsAt": "2027-01-13T13:59:00Z"},
    ],
)
def test_changed_alert_is_no_mere_repeat(change: dict[str, Any], now: datetime) -> None:
    known = knowing(API.examine(body(FROM_PROMETHEUS), received_at=now, known={}))

    assert not API.examine(body(FROM_PROMETHEUS | change), received_at=now, known=known).unchanged


def test_repeat_of_an_alert_that_ran_out_is_no_mere_repeat(now: datetime) -> None:
    examined = API.examine(body(FROM_PROMETHEUS), received_at=now, known={})
    known = knowing(examined, expires_at=now.timestamp() - 1)

    assert not API.examine(body(FROM_PROMETHEUS), received_at=now, known=known).unchanged


def test_one_new_alert_makes_the_whole_body_new(now: datetime) -> None:
    known = knowing(API.examine(body(FROM_PROMETHEUS), received_at=now, known={}))
    posted = body(FROM_PROMETHEUS, {"labels": {"alertname": "New"}})

    examined = API.examine(posted, received_at=now, known=known)

    assert not examined.unchanged
    assert len(examined.repeats) == 2


@pytest.mark.parametrize(
    ("alert", "says"),
    [
        ({"labels": {}}, "at least one label"),
        ({"labels": {"a": ""}}, "at least one label"),
        ({}, "at least one label"),
        ({"labels": {"a": 5}}, "label 'a' must be a text"),
        ({"labels": {"a": "b"}, "startsAt": "yesterday"}, "is not a time"),
        (
            {
                "labels": {"a": "b"},
                "startsAt": "2027-01-13T15:00:00Z",
                "endsAt": "2027-01-13T14:30:00Z",
            },
            "start must not be after the end",
        ),
        ("text", "must be a JSON object"),
    ],
)
def test_bad_alert_is_named_and_the_good_one_counts(
    alert: object, says: str, now: datetime
) -> None:
    posted = body(FROM_PROMETHEUS, alert)

    examined = API.examine(posted, received_at=now, known={})
    decoded = API.decode(posted, received_at=now, mapping={})
    answer = API.accepted(examined)

    assert len(decoded.updates) == 1
    assert says in decoded.errors[0]
    assert not decoded.unparsed
    assert examined.errors == decoded.errors
    assert answer.status == 400
    assert says in json.loads(answer.body)


@pytest.mark.parametrize("posted", [b"{", b"{}", b"null", b"5", b""])
def test_what_is_no_list_is_kept_unparsed(posted: bytes, now: datetime) -> None:
    examined = API.examine(posted, received_at=now, known={})

    assert examined.unparsed
    assert API.accepted(examined).status == 400
    assert isinstance(json.loads(API.accepted(examined).body), str)


def test_empty_list_is_fine_and_not_kept(now: datetime) -> None:
    examined = API.examine(b"[]", received_at=now, known={})

    assert examined.nothing
    assert not examined.unchanged
    assert (API.accepted(examined).status, API.accepted(examined).body) == (200, b"")


def test_invalid_utf8_is_replaced_as_alertmanager_does(now: datetime) -> None:
    posted = b'[{"labels":{"a":"\xff\\ud800\\u0000x"}}]'

    (update,) = API.decode(posted, received_at=now, mapping={}).updates

    assert "\0" not in update.labels["a"]
    assert update.labels["a"].endswith("x")
    assert not API.examine(posted, received_at=now, known={}).errors


@pytest.mark.parametrize("format_", [API, WEBHOOK])
def test_overload_is_never_a_4xx(format_: Any) -> None:
    assert format_.refused(Refusal.OVERLOADED).status == 503


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(Refusal.KEY_UNKNOWN, 401), (Refusal.KEY_MISSING, 401), (Refusal.TOO_LARGE, 413)],
)
def test_api_refuses_with_a_json_text(refusal: Refusal, status: int) -> None:
    answer = API.refused(refusal)

    assert answer.status == status
    assert isinstance(json.loads(answer.body), str)


def test_webhook_carries_firing_and_resolved(now: datetime) -> None:
    posted = json.dumps(WEBHOOK_V4).encode()

    firing, resolved = WEBHOOK.decode(posted, received_at=now, mapping={}).updates

    assert (firing.action, resolved.action) == (UpdateAction.TRIGGER, UpdateAction.RESOLVE)
    assert firing.dedup_key == "b25c4c16c2d9dd3d"
    assert (firing.ends_at, firing.expires_at) == (None, None)
    assert firing.summary == "a:9100 has been down"
    assert firing.group == '{}:{alertname="InstanceDown"}'
    assert firing.client_url == "http://alertmanager:9093"
    assert resolved.ends_at == datetime(2027, 1, 13, 13, 59, 43, tzinfo=UTC)
    assert resolved.summary == "InstanceDown"


def test_webhook_answers_ok(now: datetime) -> None:
    examined = WEBHOOK.examine(json.dumps(WEBHOOK_V4).encode(), received_at=now, known={})

    assert not examined.errors
    assert WEBHOOK.accepted(examined).status == 200


def test_webhook_without_fingerprint_is_named_by_its_labels(now: datetime) -> None:
    alert = WEBHOOK_V4["alerts"][0] | {"fingerprint": ""}
    posted = json.dumps(WEBHOOK_V4 | {"alerts": [alert]}).encode()

    (update,) = WEBHOOK.decode(posted, received_at=now, mapping={}).updates

    assert len(update.dedup_key) == 40


@pytest.mark.parametrize("sent", [[], {}, {"alerts": 5}, {"alerts": None}, "text"])
def test_webhook_of_another_shape_is_kept_unparsed(sent: object, now: datetime) -> None:
    examined = WEBHOOK.examine(json.dumps(sent).encode(), received_at=now, known={})

    assert examined.unparsed
    assert WEBHOOK.accepted(examined).status == 400


def test_webhook_keeps_the_good_alerts_of_a_batch(now: datetime) -> None:
    posted = json.dumps({"alerts": [5, WEBHOOK_V4["alerts"][0]]}).encode()

    decoded = WEBHOOK.decode(posted, received_at=now, mapping={})

    assert len(decoded.updates) == 1
    assert decoded.errors == ("alert 0: at least one label pair required",)
    assert not decoded.unparsed
