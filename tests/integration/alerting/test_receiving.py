"""Signals become alerts: the whole pipeline on a real database."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.alerting import NIGHT, decision, make_integration, receive, send, stage, update
from tests.factories.catalog import make_service

from evenfall.alerting import actions
from evenfall.alerting.models import Alert, AlertGroup, Integration
from evenfall.alerting.ports import Severity
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def integration() -> Integration:
    return make_integration()


def kinds(alert: Alert) -> list[str]:
    return [entry.kind for entry in journal.entries(subject=f"alert:{alert.id}")]


def data(kind: str) -> list[dict[str, Any]]:
    return [entry.data for entry in journal.recent(kinds=[kind])]


def test_a_trigger_opens_an_alert_with_its_decision(integration: Integration) -> None:
    number = send(integration, update(labels={"team": "web"}, source="db-1"))
    assert receive() == 1
    alert = Alert.objects.get()
    assert (alert.state, alert.outcome, alert.urgency) == ("open", "page", "high")
    assert (alert.summary, alert.source, alert.labels) == (
        "Disk is full", "db-1", {"team": "web"})  # fmt: skip
    assert (alert.signal_id, alert.count, alert.opened_at) == (number, 1, NIGHT)
    assert decision(alert)[-1].stage == "outcome"
    assert kinds(alert) == ["alerting.alert_opened"]


def test_the_event_tells_all_that_reactions_need(integration: Integration) -> None:
    service = make_service()
    annotations = {
        "description": "97 % used",
        "runbook_url": "https://runbooks.example.org/disk",
        "dashboard_url": "javascript:alert(1)",
        "log": "one\ntwo\nthree\nfour",
    }
    send(integration, update(labels={"service": service.slug}, annotations=annotations))
    receive()
    (told,) = data("alerting.alert_opened")
    assert told["service_id"] == service.id
    assert told["team_id"] == service.team_id
    assert (told["outcome"], told["urgency"], told["severity"]) == ("page", "high", "error")
    assert told["group_key"] == Alert.objects.get().group_key
    assert told["runbook_url"] == "https://runbooks.example.org/disk"
    assert told["dashboard_url"] == ""
    assert told["log_lines"] == ["two", "three", "four"]


def test_a_repeat_counts_and_tells_nobody(integration: Integration) -> None:
    send(integration, update())
    receive()
    send(integration, update(annotations={"value": "98 %"}), at=NIGHT + MINUTE)
    receive(NIGHT + MINUTE)
    alert = Alert.objects.get()
    assert (alert.count, alert.last_seen_at) == (2, NIGHT + MINUTE)
    assert alert.annotations == {"value": "98 %"}
    assert kinds(alert) == ["alerting.alert_opened"]


def test_a_rising_severity_decides_again(integration: Integration) -> None:
    send(integration, update(severity=Severity.WARNING))
    receive()
    assert Alert.objects.get().outcome == "ticket"
    send(integration, update(severity=Severity.CRITICAL))
    receive()
    alert = Alert.objects.get()
    assert (alert.outcome, alert.severity, alert.count) == ("page", "critical", 2)
    assert kinds(alert) == ["alerting.alert_opened", "alerting.alert_updated"]
    (told,) = data("alerting.alert_updated")
    assert told["why"] == "Severity rose to critical."
    assert told["before"]["severity"] == "critical" or told["before"]["group_key"]


def test_acknowledge_and_resolve_come_from_the_tool(integration: Integration) -> None:
    send(integration, update())
    receive()
    send(integration, update("acknowledge"))
    receive()
    alert = Alert.objects.get()
    assert (alert.state, alert.acknowledged_by) == ("acknowledged", f"integration:{integration.id}")
    send(integration, update("resolve"), at=NIGHT + MINUTE)
    receive()
    alert.refresh_from_db()
    assert (alert.state, alert.resolved_at) == ("resolved", NIGHT + MINUTE)
    assert alert.resolve_reason == "The tool says it is over."
    assert kinds(alert)[1:] == ["alerting.alert_acknowledged", "alerting.alert_resolved"]


def test_the_same_key_after_a_resolve_is_a_new_alert(integration: Integration) -> None:
    send(integration, update(), update("resolve"), update())
    receive()
    first, second = Alert.objects.order_by("id")
    assert (first.state, second.state) == ("resolved", "open")
    assert first.dedup_key == second.dedup_key
    send(integration, update("resolve"))
    receive()
    assert set(Alert.objects.values_list("state", flat=True)) == {"resolved"}


def test_the_same_key_of_another_integration_is_another_alert(integration: Integration) -> None:
    other = make_integration("Grafana")
    send(integration, update())
    send(other, update())
    receive()
    assert Alert.objects.count() == 2


def test_an_unknown_key_changes_nothing_but_is_visible(integration: Integration) -> None:
    send(integration, update("resolve", "gone"), update("acknowledge", "gone"))
    receive()
    assert not Alert.objects.exists()
    (told,) = data("alerting.signals_ignored")
    assert sum(told["reasons"].values()) == 2
    assert told["examples"] == ["gone", "gone"]


def test_refused_members_are_visible(integration: Integration) -> None:
    send(integration, update(), update(key=""))
    receive()
    assert Alert.objects.count() == 1
    assert data("alerting.signals_ignored")[0]["reasons"] == {"an alert without a key": 1}


@pytest.mark.parametrize(
    ("body", "format_name", "words"),
    [
        (b"not json", "stated", "malformed"),
        (b"raise", "stated", "RuntimeError"),
        (b"[]", "never-heard-of", "not known"),
    ],
)
def test_what_cannot_be_read_pages_as_an_unparsed_alert(
    integration: Integration, body: bytes, format_name: str, words: str
) -> None:
    send(integration, update(key="before"))
    send(integration, body=body, format_name=format_name)
    send(integration, body=body, format_name=format_name)
    send(integration, update(key="after"))
    receive()
    alert = Alert.objects.get(dedup_key="unparsed")
    assert words in alert.unparsed
    assert (alert.outcome, alert.count) == ("page", 2)
    assert words in stage(alert, "route").reason
    assert Alert.objects.count() == 3


def test_a_poisonous_signal_harms_only_itself(integration: Integration) -> None:
    # the key is fine for Python and too much for PostgreSQL: only writing it fails
    poison = update(key="poison", summary="nul \0 inside")
    send(integration, update(key="before"))
    send(integration, poison)
    send(integration, update(key="after"))
    receive()
    assert set(Alert.objects.values_list("dedup_key", flat=True)) == {
        "before", "after", "unparsed"}  # fmt: skip
    assert "Handling it failed" in Alert.objects.get(dedup_key="unparsed").unparsed


def test_signals_of_an_integration_that_is_gone_are_left_out(integration: Integration) -> None:
    send(integration, update())
    Integration.objects.all().delete()
    assert receive() == 1
    assert not Alert.objects.exists()


def test_alerts_of_a_service_share_a_group_within_the_window(integration: Integration) -> None:
    service = make_service()
    integration.service = service
    integration.save()
    for key, at in (("a", NIGHT), ("b", NIGHT + 20 * MINUTE), ("c", NIGHT + 80 * MINUTE)):
        send(integration, update(key=key), at=at)
        receive(at)
    one, two, three = Alert.objects.order_by("id").values_list("group_key", flat=True)
    assert one == two != three
    assert AlertGroup.objects.get().key == three


def test_many_signals_take_as_many_queries_as_one(integration: Integration) -> None:
    def queries(count: int, prefix: str) -> int:
        for number in range(count):
            send(integration, update(key=f"{prefix}{number}"))
        # the queue hands out 64 commits at a time, and a last look finds it empty
        with CaptureQueriesContext(connection) as captured:
            receive()
        return len(captured)

    assert queries(1, "one") == queries(30, "many")


def test_groups_that_nothing_can_join_are_forgotten(integration: Integration) -> None:
    send(integration, update())
    receive()
    assert actions.forget_groups(now=NIGHT + timedelta(days=7)) == 0
    assert actions.forget_groups(now=NIGHT + timedelta(days=8)) == 1
