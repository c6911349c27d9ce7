"""Sentry's webhooks: issues, errors, alert rules, and the signature."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

import pytest
from tests.factories.senders import KEY, through_door
from tests.factories.tools import error_of, read

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction
from evenfall.integrations.sentry.webhook import WEBHOOK

SECRET = "client secret of the integration"
ALERT: dict[str, Any] = {
    "action": "triggered",
    "actor": {"id": "sentry", "name": "Sentry", "type": "application"},
    "installation": {"uuid": "a8e5d37a-696c-4c54-adb5-b3f28d64c7de"},
    "data": {
        "event": {
            "event_id": "e4874d664c3540c1a32eab185f12c5ab",
            "issue_id": "1170820242",
            "issue_url": "https://sentry.io/api/0/organizations/e/issues/1170820242/",
            "title": "ReferenceError: heck is not defined",
            "culprit": "?(<anonymous>)",
            "level": "error",
            "platform": "javascript",
            "project": 1,
            "environment": "production",
            "tags": [["browser", "Chrome 75"], ["service", "shop"], ["odd"], "x"],
            "url": "https://sentry.io/api/0/projects/e/front/events/e4874d66/",
            "web_url": "https://sentry.io/organizations/e/issues/1170820242/events/e4874d66/",
        },
        "triggered_rule": "Very Important Alert Rule!",
    },
}
ISSUE: dict[str, Any] = {
    "action": "resolved",
    "data": {
        "issue": {
            "id": "1170820242",
            "shortId": "FRONT-1",
            "title": "ReferenceError: heck is not defined",
            "culprit": "?(<anonymous>)",
            "level": "error",
            "status": "resolved",
            "permalink": "https://sentry.io/organizations/e/issues/1170820242/",
            "project": {"id": "1", "name": "Front", "slug": "front"},
            "metadata": {"type": "ReferenceError", "value": "heck is not defined"},
            "count": "1",
        }
    },
}
METRIC: dict[str, Any] = {
    "action": "critical",
    "data": {
        "description_text": "1000 events in the last 10 minutes\nFilter: level:error",
        "description_title": "Critical: Too many errors",
        "metric_alert": {
            "id": "7",
            "identifier": "3",
            "title": "Too many errors",
            "date_started": "2027-01-13T13:55:00.000Z",
            "alert_rule": {
                "id": "4",
                "name": "Too many errors",
                "aggregate": "count()",
                "environment": "production",
                "projects": ["front"],
            },
        },
        "web_url": "https://sentry.io/organizations/e/alerts/rules/details/4/?alert=3",
    },
}
PLUGIN: dict[str, Any] = {
    "id": "27379932",
    "project": "front",
    "project_name": "Front",
    "project_slug": "front",
    "logger": None,
    "level": "fatal",
    "culprit": "raven.scripts.runner in main",
    "message": "This is an example Python exception",
    "url": "https://sentry.io/e/front/issues/27379932/",
    "triggering_rules": ["Rule"],
    "event": {"event_id": "a", "tags": [["os.name", "Linux"]], "title": "This is an example"},
}


def heard(resource: str, sent: object, *, secret: str = SECRET) -> bytes:
    body = json.dumps(sent).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Sentry-Hook-Resource": resource, "Sentry-Hook-Signature": signature}
    key, name, stored = through_door(f"/in/{KEY}/sentry", body, headers=headers)
    assert (key, name) == (KEY, "sentry.webhook")
    return stored


def only(now: datetime, resource: str, sent: object) -> AlertUpdate:
    (update,) = read(WEBHOOK, heard(resource, sent), now)
    return update


def test_alert_rule_of_an_issue(now: datetime) -> None:
    update = only(now, "event_alert", ALERT)

    assert (update.action, update.dedup_key) == (UpdateAction.TRIGGER, "issue 1170820242")
    assert update.summary == "ReferenceError: heck is not defined"
    assert (update.severity, update.environment) == (Severity.ERROR, "production")
    assert update.labels == {
        "browser": "Chrome 75",
        "service": "shop",
        "project": "1",
        "environment": "production",
        "platform": "javascript",
        "rule": "Very Important Alert Rule!",
    }
    assert update.url.endswith("/events/e4874d66/")


def test_issue_without_its_id_is_named_by_its_address(now: datetime) -> None:
    event = {**ALERT["data"]["event"], "issue_id": None}

    update = only(now, "event_alert", {**ALERT, "data": {"event": event}})

    assert update.dedup_key == "issue 1170820242"


@pytest.mark.parametrize(
    ("action", "deed"),
    [
        ("created", "trigger"),
        ("unresolved", "trigger"),
        ("resolved", "resolve"),
        ("archived", "resolve"),
        ("ignored", "resolve"),
        ("assigned", "acknowledge"),
    ],
)
def test_changes_of_an_issue_are_about_the_same_alert(
    action: str, deed: str, now: datetime
) -> None:
    update = only(now, "issue", ISSUE | {"action": action})

    assert (update.action, update.dedup_key) == (deed, "issue 1170820242")
    assert update.labels == {"project": "front", "issue": "FRONT-1"}
    assert update.url == "https://sentry.io/organizations/e/issues/1170820242/"


@pytest.mark.parametrize(
    ("action", "deed", "severity"),
    [
        ("critical", "trigger", Severity.CRITICAL),
        ("warning", "trigger", Severity.WARNING),
        ("resolved", "resolve", None),
    ],
)
def test_metric_alert(action: str, deed: str, severity: Severity | None, now: datetime) -> None:
    update = only(now, "metric_alert", METRIC | {"action": action})

    assert (update.action, update.severity, update.dedup_key) == (deed, severity, "metric 7")
    assert update.summary == "Critical: Too many errors"
    assert update.labels == {"rule": "Too many errors", "project": "front"}
    assert update.environment == "production"


def test_error_is_about_its_issue(now: datetime) -> None:
    sent = {"action": "created", "data": {"error": ALERT["data"]["event"] | {"level": "fatal"}}}

    update = only(now, "error", sent)

    assert (update.dedup_key, update.severity) == ("issue 1170820242", Severity.CRITICAL)


def test_old_plugin_and_lost_headers_are_read(now: datetime) -> None:
    update = only(now, "", PLUGIN)

    assert (update.dedup_key, update.severity) == ("issue 27379932", Severity.CRITICAL)
    assert (update.labels["project"], update.labels["os.name"]) == ("front", "Linux")
    assert only(now, "", ALERT).dedup_key == "issue 1170820242"
    assert only(now, "", ISSUE).action is UpdateAction.RESOLVE


@pytest.mark.parametrize("resource", ["installation", "comment", "seer", "x"])
def test_other_resources_are_nothing(resource: str, now: datetime) -> None:
    assert read(WEBHOOK, heard(resource, {"action": "created", "data": {}}), now) == ()
    assert read(WEBHOOK, heard("issue", ISSUE | {"action": "commented"}), now) == ()


def test_signature_is_checked_where_the_secret_is_known() -> None:
    stored = heard("issue", ISSUE)

    def problem(body: bytes, secret: str) -> str:
        return WEBHOOK.problem(body, secret=secret, certificate="")

    assert problem(stored, SECRET) == ""
    assert problem(stored, "") == ""
    assert "signature is wrong" in problem(stored, "another")
    assert "signature is wrong" in problem(stored + b" ", SECRET)
    assert "signature is wrong" in problem(b"{}", SECRET)
    assert "signature is wrong" in problem(b"\xff: \xff\r\n\r\n", SECRET)
    assert WEBHOOK.certificate_url(stored) == ""


def test_other_shapes_are_kept_unparsed(now: datetime) -> None:
    for body in (b"[]", b"nope", heard("issue", [])):
        assert error_of(WEBHOOK, body, now)[0] == 400
