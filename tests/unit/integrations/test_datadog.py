"""Datadog's webhook: with our template, as told in the documentation, and without."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests import documentation
from tests.factories.tools import error_of, read

from evenfall.alerting.logic.snippets import snippets_for
from evenfall.alerting.ports import Severity, UpdateAction
from evenfall.integrations.datadog.webhook import WEBHOOK

PAGE = "docs/how-to/connect-datadog.md"
VALUES = {
    "$EVENT_TITLE": "[P2] [Triggered on {host:db-1}] Disk is full",
    "$ALERT_TITLE": "[Triggered on {host:db-1}] Disk is full",
    "$TEXT_ONLY_MSG": "The disk of db-1 is full @webhook-evenfall",
    "$ALERT_ID": "1234",
    "$ALERT_CYCLE_KEY": "8817461208112870000",
    "$ALERT_TRANSITION": "Triggered",
    "$ALERT_TYPE": "error",
    "$ALERT_PRIORITY": "P2",
    "$ALERT_SCOPE": "host:db-1,device:/dev/sda1",
    "$ALERT_METRIC": "system.disk.in_use",
    "$ALERT_QUERY": "avg(last_5m):avg:system.disk.in_use{*} by {host} > 0.9",
    "$ALERT_STATUS": "system.disk.in_use over host:db-1 was > 0.9",
    "$EVENT_TYPE": "metric_alert_monitor",
    "$HOSTNAME": "db-1",
    "$TAGS": "monitor, env:prod, service:shop, url:http://x:1",
    "$LINK": "https://app.datadoghq.com/event/event?id=7",
    "$SNAPSHOT": "https://p.datadoghq.com/snapshot/7.png",
    "$DATE": "1800000000000",
    "$ORG_NAME": "Example",
}
DEFAULT: dict[str, Any] = {
    "body": "%%%\n@webhook-evenfall\n%%%",
    "last_updated": "1800000000000",
    "event_type": "query_alert_monitor",
    "title": "[Triggered on {host:db-1}] Disk is full",
    "date": "1800000000000",
    "org": {"id": "11023", "name": "Example"},
    "id": "2235369206653363673",
}


def filled(**changes: str) -> dict[str, str]:
    """The template of the documentation as Datadog fills it."""
    (block,) = [one for one in documentation.blocks("json") if one.page == PAGE]
    template: dict[str, str] = json.loads(block.text)
    return {name: VALUES[variable] for name, variable in template.items()} | changes


def test_alert_is_read_from_our_template(now: datetime) -> None:
    (update,) = read(WEBHOOK, filled(), now)

    assert (update.action, update.dedup_key) == (UpdateAction.TRIGGER, "8817461208112870000")
    assert update.summary == "[Triggered on {host:db-1}] Disk is full"
    assert (update.severity, update.source) == (Severity.ERROR, "db-1")
    assert update.labels["device"] == "/dev/sda1"
    assert (update.labels["service"], update.labels["url"]) == ("shop", "http://x:1")
    assert update.environment == "prod"
    assert update.starts_at == datetime.fromtimestamp(1_800_000_000, UTC)
    assert update.url.startswith("https://app.datadoghq.com/")
    assert update.images[0].src.endswith("7.png")
    assert update.details["message"].startswith("The disk")


def test_snippet_is_the_template_of_the_documentation() -> None:
    snippets = snippets_for("datadog", public_url="https://e.example.org", key="K")

    assert json.loads(snippets[1].text) == {name: f"${name.upper()}" for name in filled()}


@pytest.mark.parametrize(
    ("transition", "action", "severity"),
    [
        ("Triggered", "trigger", Severity.ERROR),
        ("Re-Triggered", "trigger", Severity.ERROR),
        ("Renotify", "trigger", Severity.ERROR),
        ("No Data", "trigger", Severity.ERROR),
        ("Re-No Data", "trigger", Severity.ERROR),
        ("Warn", "trigger", Severity.WARNING),
        ("Re-Warn", "trigger", Severity.WARNING),
        ("Recovered", "resolve", Severity.ERROR),
    ],
)
def test_transitions(transition: str, action: str, severity: Severity, now: datetime) -> None:
    (update,) = read(WEBHOOK, filled(alert_transition=transition), now)

    assert (update.action, update.severity) == (action, severity)
    assert update.dedup_key == VALUES["$ALERT_CYCLE_KEY"]


def test_without_a_cycle_the_monitor_and_its_group_name_the_alert(now: datetime) -> None:
    hole = "$ALERT_CYCLE_KEY"
    (one,) = read(WEBHOOK, filled(alert_cycle_key=hole), now)
    (over,) = read(WEBHOOK, filled(alert_cycle_key=hole, alert_transition="Recovered"), now)
    (other,) = read(WEBHOOK, filled(alert_cycle_key=hole, alert_scope="host:db-2"), now)

    assert one.dedup_key == over.dedup_key != other.dedup_key


def test_payload_of_datadog_itself_is_read_from_its_title(now: datetime) -> None:
    (update,) = read(WEBHOOK, DEFAULT, now)
    (over,) = read(WEBHOOK, DEFAULT | {"title": "[Recovered on {host:db-1}] Disk is full"}, now)
    (warning,) = read(WEBHOOK, DEFAULT | {"title": "[P1] [Warn on {host:db-1}] Disk is full"}, now)
    (other,) = read(WEBHOOK, DEFAULT | {"title": "[Triggered on {host:db-2}] Disk is full"}, now)

    assert (update.action, update.summary) == (UpdateAction.TRIGGER, "Disk is full")
    assert (over.action, over.dedup_key) == (UpdateAction.RESOLVE, update.dedup_key)
    assert (warning.severity, warning.dedup_key) == (Severity.WARNING, update.dedup_key)
    assert other.dedup_key != update.dedup_key
    assert update.labels == {"host": "db-1"}


@pytest.mark.parametrize("body", [b"[]", b"nope", b'"x"'])
def test_other_shapes_are_kept_unparsed(body: bytes, now: datetime) -> None:
    assert error_of(WEBHOOK, body, now)[0] == 400
