"""No body, whatever it is, makes a format raise or return what PostgreSQL cannot store."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from evenfall.alerting.ports import Examined, Format, Refusal
from evenfall.alerting.ports.checks import Signed
from evenfall.integrations.alertmanager.api import API
from evenfall.integrations.alertmanager.webhook import WEBHOOK as ALERTMANAGER_WEBHOOK
from evenfall.integrations.amazon_sns.topic import TOPIC
from evenfall.integrations.datadog.webhook import WEBHOOK as DATADOG
from evenfall.integrations.generic.plain import PLAIN
from evenfall.integrations.goalert.generic import GENERIC
from evenfall.integrations.goalert.site24x7 import SITE24X7
from evenfall.integrations.grafana.webhook import WEBHOOK as GRAFANA_WEBHOOK
from evenfall.integrations.nagios.command import COMMAND
from evenfall.integrations.opsgenie.alerts_api import ALERTS
from evenfall.integrations.pagerduty.changes_v2 import CHANGES_V2
from evenfall.integrations.pagerduty.events_v1 import EVENTS_V1
from evenfall.integrations.pagerduty.events_v2 import EVENTS_V2
from evenfall.integrations.sentry.webhook import WEBHOOK as SENTRY
from evenfall.integrations.uptime_kuma.webhook import WEBHOOK as UPTIME_KUMA
from evenfall.integrations.zabbix.webhook import WEBHOOK as ZABBIX

FORMATS: list[Format] = [
    *(EVENTS_V2, CHANGES_V2, EVENTS_V1),
    *(API, ALERTMANAGER_WEBHOOK, GRAFANA_WEBHOOK, PLAIN, ALERTS),
    *(DATADOG, GENERIC, SITE24X7, COMMAND, UPTIME_KUMA, ZABBIX, TOPIC, SENTRY),
]
NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
NAMES = st.sampled_from(
    [
        "message",
        "alias",
        *("alert_cycle_key", "alert_transition", "alert_id", "alert_scope", "event_title"),
        *("date", "hostname", "snapshot", "alert_priority", "body", "org", "dedup", "meta"),
        *("MONITORNAME", "MONITOR_ID", "STATUS", "INCIDENT_REASON", "host", "service", "output"),
        *("heartbeat", "monitor", "msg", "time", "monitorID", "name", "value", "tag", "hostname"),
        *("Type", "Message", "Subject", "TopicArn", "SubscribeURL", "SigningCertURL", "Signature"),
        *("AlarmName", "NewStateValue", "AlarmArn", "Trigger", "Dimensions", "detail-type"),
        *("data", "issue", "event", "error", "metric_alert", "alert_rule", "project", "level"),
        *("issue_id", "culprit", "release", "detail", "state", "resources", "projects"),
        *("event_id", "event_value", "event_name", "event_tags", "event_nseverity", "zabbix_url"),
        *("trigger_id", "event_update_action", "action"),
        "responders",
        "priority",
        "entity",
        "routing_key",
        "service_key",
        "event_action",
        "event_type",
        "dedup_key",
        "incident_key",
        "description",
        "payload",
        "summary",
        "source",
        "severity",
        "timestamp",
        "custom_details",
        "details",
        "links",
        "images",
        "contexts",
        "href",
        "src",
        "type",
        "text",
        "client",
        "labels",
        "annotations",
        "startsAt",
        "endsAt",
        "generatorURL",
        "alerts",
        "status",
        "fingerprint",
        "groupKey",
        "values",
        "title",
        "state",
        "ruleId",
        "tags",
        "url",
        "id",
    ]
)
TEXTS = st.one_of(
    st.text(),
    st.sampled_from(
        [
            *("Notification", "SubscriptionConfirmation", "ALARM", "OK", "issue", "assigned"),
            '{"AlarmName":"a","NewStateValue":"ALARM","AlarmArn":"a:\\u0000:b:c"}',
            '{"detail-type":"x","source":"y","detail":{"alarmName":[]},"resources":[[]]}',
            *("[P1] [Warn on {a:b}] x", "a:b,c:d", '[{"tag":"a","value":"b"}]', "0", "OK"),
            *("trigger", "acknowledge", "resolve", "critical", "firing", "resolved", "\0"),
            *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2027-01-13T14:00:00Z"),
            *("0001-01-01T00:00:00+14:00", "2027-01-13T14:00:00", "\ud800", "x" * 3000),
        ]
    ),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.integers(10**300, 10**301)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(NAMES, TEXTS), inner, max_size=6)
    ),
    max_leaves=25,
)
EVENTS = st.dictionaries(NAMES, VALUES, max_size=10)
BODIES = st.one_of(
    st.binary(),
    VALUES.map(lambda value: json.dumps(value).encode()),
    EVENTS.map(lambda event: json.dumps(event).encode()),
    st.lists(EVENTS, max_size=3).map(lambda events: json.dumps(events).encode()),
    st.lists(EVENTS, max_size=3).map(lambda events: json.dumps({"alerts": events}).encode()),
    st.dictionaries(NAMES, TEXTS, max_size=8).map(
        lambda form: urlencode(form, errors="replace").encode()
    ),
)
AWKWARD = [
    b"",
    b"\xef\xbb\xbf{}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"[" * 900 + b"]" * 900,
    b'{"payload":' * 900 + b"1" + b"}" * 900,
    b"1" * 100_000,
    b'[{"labels":{"a":"b"},"endsAt":' + b"9" * 5000 + b"}]",
    b'[{"labels":{"a":1e999}}]',
    b'{"summary": 1e999, "id": ' + b"8" * 5000 + b"}",
    b'[{"labels":{"a":"\xff\xfe"}}]',
    b'[{"labels":{"\\u0000":"\\u0000"},"annotations":{"\\ud800":"\\udfff"}}]',
    b'[{"labels":{"a":"b"},"annotations":' + b"[" * 5000 + b"]" * 5000 + b"}]",
    b'{"title":"t","details":' + b'{"x":' * 500 + b"0" + b"}" * 500 + b"}",
    b'{"title":"t","timestamp":1e308}',
    b'{"title":"t","timestamp":-1e17}',
    b'{"title":"t","timestamp":NaN}',
]


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
@given(body=BODIES)
@settings(max_examples=150, deadline=None)
def test_any_body_is_examined_decoded_and_answered(format_: Format, body: bytes) -> None:
    check(format_, body)


HEADS = [
    b"",
    b"POST /v2/alerts?\r\n\r\n",
    b"POST /v2/alerts/%ff%00/close?identifierType=alias\r\n\r\n",
    b"POST /v2/alerts/" + b"9" * 5000 + b"/close?identifierType=tiny\r\n\r\n",
    b"DELETE /v2/alerts/%ed%a0%80?identifierType=alias&&=&%\r\n\r\n",
    b"POST /in/K/sentry?\r\nsentry-hook-resource: issue\r\n\r\n",
    b"POST /in/K/sentry?\r\nsentry-hook-resource: metric_alert\r\n\r\n",
    b"POST /in/K/sentry?\r\nsentry-hook-resource: event_alert\r\n\r\n",
    b"\xff\r\n\xfe: \xff\r\n\r\n",
    b" ?\r\n:\r\n\r\n",
]


@pytest.mark.parametrize("head", HEADS, ids=range(len(HEADS)))
@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
@given(body=BODIES)
@settings(max_examples=20, deadline=None)
def test_any_head_before_any_body(format_: Format, head: bytes, body: bytes) -> None:
    check(format_, head + body)


@pytest.mark.parametrize("body", AWKWARD, ids=range(len(AWKWARD)))
@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_awkward_bodies(format_: Format, body: bytes) -> None:
    check(format_, body)


def check(format_: Format, body: bytes) -> None:
    examined = format_.examine(body, received_at=NOW, known={})
    decoded = format_.decode(body, received_at=NOW, mapping={"summary": "a.b", "details": "a"})

    assert examined.unparsed == decoded.unparsed
    assert bool(examined.errors) == bool(decoded.errors)
    assert examined.nothing == (not decoded.updates and not decoded.errors)
    if isinstance(format_, Signed):
        assert isinstance(format_.certificate_url(body), str)
        assert isinstance(format_.problem(body, secret="s", certificate="c"), str)
    answers = [format_.accepted(examined), *(format_.refused(reason) for reason in Refusal)]
    assert all(200 <= answer.status < 600 and answer.status != 500 for answer in answers)
    check_repeats(format_, examined)
    for update in decoded.updates:
        assert 0 < len(update.dedup_key) <= 255
        assert storable(asdict(update))


def check_repeats(format_: Format, examined: Examined) -> None:
    for identity in (*(repeat.identity for repeat in examined.repeats), *examined.over):
        assert format_.repeat_key(identity)


def storable(value: Any) -> bool:
    """Return whether PostgreSQL takes it: no NUL, no half surrogate, times in UTC."""
    if isinstance(value, str):
        return "\0" not in value and value == value.encode(errors="replace").decode()
    if isinstance(value, datetime):
        return value.utcoffset() == timedelta()
    if isinstance(value, dict):
        return all(storable(name) and storable(part) for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return all(map(storable, value))
    return True
