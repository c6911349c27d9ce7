"""What is told, judged: heartbeats, backups, drift and metrics, from the report to the alert."""

import json
from typing import Any

import pytest
from tests.factories.alerting import receive
from tests.factories.catalog import make_service
from tests.factories.monitors import (
    key_of,
    later,
    look,
    make_heartbeat,
    make_monitor,
    tell,
    wish,
)
from tests.factories.telemetry import MetricServer, make_source, metric_server

from evenfall.alerting.models import Alert
from evenfall.monitors import actions, errors
from evenfall.monitors.actions import BackupWish, DrillWish
from evenfall.monitors.actions.telling import KEPT
from evenfall.monitors.models import Backup, Check, Drift, Monitor, Outage, Ping
from evenfall.monitors.queries import check_counts

pytestmark = pytest.mark.django_db(transaction=True)


def open_alerts(**at: float) -> list[str]:
    receive(later(**at))
    return list(Alert.objects.filter(state="open").values_list("summary", flat=True))


def test_a_heartbeat_that_stops_is_heard_of_and_one_that_comes_back_too() -> None:
    monitor = make_heartbeat()
    key = key_of(monitor)
    assert look(monitor, at=later(days=3)).state == "new"
    assert not Check.objects.exists()
    Monitor.objects.filter(id=monitor.pk).update(due_at=later())
    tell(key, at=later())
    assert look(monitor, at=later()).state == "good"
    assert look(monitor, at=later(minutes=14.5)).state == "good"
    assert monitor.due_at == later(minutes=15, milliseconds=1)
    assert look(monitor, at=later(minutes=16)).state == "bad"
    assert open_alerts(minutes=16) == ["Nightly: It is late by 6 min: nothing was heard."]
    tell(key, at=later(minutes=17))
    assert look(monitor, at=later(minutes=17)).state == "good"
    assert open_alerts(minutes=17) == []
    assert Outage.objects.get().until_at == later(minutes=17)
    counts = check_counts([monitor.pk], since=later(), until=later(hours=1))
    assert [(good, total) for _, _, good, total in counts] == [(1, 1), (1, 1), (0, 1), (1, 1)]


def test_a_failed_run_is_bad_at_once_and_its_time_is_kept() -> None:
    monitor = make_heartbeat()
    key = key_of(monitor)
    tell(key, "start", at=later())
    tell(key, "fail", at=later(seconds=90), exit_code=2, text="disk full")
    assert look(monitor, at=later(seconds=91)).state == "bad"
    assert (monitor.last_note, monitor.last_ms) == (
        "It told that it failed with exit status 2.",
        90_000,
    )
    tell(key, "log", at=later(seconds=95), text="cleaning up")
    assert look(monitor, at=later(seconds=96)).state == "bad"
    tell(key, "start", at=later(seconds=100))
    tell(key, at=later(seconds=130))
    assert look(monitor, at=later(seconds=130)).state == "good"


def test_the_newest_pings_are_kept() -> None:
    monitor = make_heartbeat()
    key = key_of(monitor)
    for second in range(KEPT + 5):
        tell(key, at=later(seconds=second), text=f"{second}\0")
    assert Ping.objects.count() == KEPT
    assert Ping.objects.order_by("-id")[0].text == str(KEPT + 4)


def test_a_paused_heartbeat_takes_pings_and_says_nothing() -> None:
    monitor = make_heartbeat()
    key = key_of(monitor)
    actions.pause_monitor(monitor_id=monitor.pk, now=later(), actor="system")
    tell(key, "fail", at=later())
    assert look(monitor, at=later(minutes=1)).state == "paused"
    actions.remove_monitor(monitor_id=monitor.pk, now=later(), actor="system")
    with pytest.raises(errors.KeyNotFound):
        tell(key, at=later())


def backup_monitor(**said: str) -> Monitor:
    return make_monitor("backup", {"longest_age": "1d 6h", **said}, name="Database")


def report(monitor: Monitor, **said: Any) -> None:
    days = said.pop("days", 0)
    actions.report_backup(
        monitor_id=monitor.pk, wish=BackupWish(**said), now=later(days=days), actor="ci"
    )


def test_backups_that_are_late_small_or_never_restored_are_heard_of() -> None:
    monitor = backup_monitor(drill_age="30d", longest_restore="1h")
    assert look(monitor, at=later(days=1)).state == "new"
    for day in range(1, 5):
        report(monitor, size_bytes=1000 + day, days=day)
    assert look(monitor, at=later(days=4)).state == "good"
    report(monitor, size_bytes=100, days=5)
    assert look(monitor, at=later(days=5)).state == "bad"
    assert open_alerts(days=5) == [
        "Database: The last backup is 90% smaller than usual (100 of 1002 bytes)."
    ]
    report(monitor, size_bytes=1010, days=6)
    assert look(monitor, at=later(days=6)).state == "good"
    assert look(monitor, at=later(days=8)).last_note.startswith("The last backup is 2 d old")
    report(monitor, size_bytes=1010, days=31)
    assert look(monitor, at=later(days=31)).last_note == "No restore was ever tried."
    drill = DrillWish(ok=True, took_s=5400, exit_code=0, command="./restore.sh")
    actions.report_drill(monitor_id=monitor.pk, wish=drill, now=later(days=31), actor="ci")
    note = look(monitor, at=later(days=31)).last_note
    assert note == "The last restore took 1 h 30 min; 1 h are allowed."


def test_a_backup_can_be_told_by_its_address_and_is_there_once() -> None:
    monitor = backup_monitor()
    key = key_of(monitor)
    tell(key, at=later(), size_bytes=5000)
    assert look(monitor, at=later()).last_value == 5000
    tell(key, "fail", at=later(hours=1), exit_code=1, text="no space left")
    assert look(monitor, at=later(hours=1)).last_note == "The last backup failed. no space left"
    report(monitor, size_bytes=1, finished_at=later())
    report(monitor, size_bytes=1, finished_at=later())
    assert Backup.objects.filter(monitor=monitor).count() == 3
    with pytest.raises(errors.MonitorUnclear):
        report(monitor, finished_at=later(days=1))
    with pytest.raises(errors.NotOfThisKind):
        report(make_heartbeat())


def state(monitor: Monitor, text: str, *, live: bool) -> None:
    about: dict[str, Any] = {"monitor_id": monitor.pk, "text": text, "now": later(), "actor": "ci"}
    if live:
        actions.report_live(**about)
    else:
        actions.declare_state(reason="as planned", **about)


def test_drift_is_found_shown_by_path_and_accepted_with_a_reason() -> None:
    monitor = make_monitor("drift", {"reader": "structure"}, name="Till")
    assert look(monitor, at=later()).state == "new"
    state(monitor, "{a: 1}", live=True)
    assert look(monitor, at=later()).last_note == "Nobody declared yet what should be."
    assert monitor.last_result == "unknown"
    state(monitor, "a: 1\nb: [1]", live=False)
    assert look(monitor, at=later()).state == "bad"
    assert open_alerts() == ["Till: It is not as it was declared: b."]
    state(monitor, json.dumps({"a": 1, "b": [1]}), live=True)
    assert look(monitor, at=later(minutes=1)).state == "good"
    state(monitor, "a: 2", live=True)
    assert look(monitor, at=later(minutes=2)).state == "bad"
    with pytest.raises(errors.MonitorUnclear, match="Say why"):
        actions.accept_live(monitor_id=monitor.pk, reason=" ", now=later(), actor="ci")
    actions.accept_live(monitor_id=monitor.pk, reason="more of it", now=later(), actor="ci")
    assert look(monitor, at=later(minutes=3)).state == "good"
    state(monitor, "{", live=True)
    look(monitor, at=later(minutes=4))
    assert (monitor.state, monitor.last_result) == ("unknown", "unknown")


def test_states_are_encrypted() -> None:
    monitor = make_monitor("drift", {"reader": "text"})
    state(monitor, "password=hunter2", live=False)
    assert Drift.objects.get().declared == "password=hunter2"
    raw = Drift.objects.extra(select={"raw": "declared"}).values_list("raw", flat=True)
    assert "hunter2" not in str(list(raw))


def test_a_live_state_that_is_not_reported_any_more_is_unknown() -> None:
    monitor = make_monitor("drift", {"reader": "text", "longest_silence": "1h"})
    state(monitor, "a", live=False)
    state(monitor, "a", live=True)
    assert look(monitor, at=later()).state == "good"
    assert look(monitor, at=later(hours=2)).state == "unknown"


def test_a_plan_needs_nothing_declared_and_cannot_be_accepted() -> None:
    monitor = make_monitor("drift", {"reader": "plan"})
    change: dict[str, Any] = {"actions": ["create"], "before": None, "after": {}}
    plan = {"format_version": "1.2", "resource_changes": [{"address": "a.b", "change": change}]}
    state(monitor, json.dumps(plan), live=True)
    assert look(monitor, at=later()).last_note == "It is not as it was declared: a.b."
    with pytest.raises(errors.MonitorUnclear):
        actions.accept_live(monitor_id=monitor.pk, reason="fine", now=later(), actor="ci")
    with pytest.raises(errors.MonitorUnclear):
        state(monitor, json.dumps(plan), live=False)


def told(server: MetricServer, *values: str) -> None:
    server.answer = lambda asked: [
        {"metric": {"disk": str(place)}, "value": [float(asked["time"]), value]}
        for place, value in enumerate(values)
    ]


def test_a_watcher_asks_its_source_and_holds_between_its_thresholds() -> None:
    with metric_server() as server:
        source = make_source(server.url)
        settings = {
            "source": str(source),
            "query": "disk_used_percent",
            "limit": "90",
            "clear": "80",
        }
        monitor = make_monitor("metric", settings, name="Disks")
        for minute, values, wanted in (
            (0, ["50"], "good"),
            (1, ["50", "95"], "bad"),
            (2, ["85"], "bad"),
            (3, ["80"], "good"),
        ):
            told(server, *values)
            assert look(monitor, at=later(minutes=minute)).state == wanted
        assert server.asked[0]["query"] == "disk_used_percent"
        told(server)
        assert look(monitor, at=later(minutes=4)).state == "unknown"
        server.status = 503
        look(monitor, at=later(minutes=5))
        assert monitor.last_result == "unknown"
        assert monitor.last_note != "The query answered nothing."
        look(monitor, at=later(minutes=40))
        assert monitor.is_missed


def test_a_query_that_is_wrong_is_refused_when_it_is_stored() -> None:
    settings = {"source": str(make_source()), "query": "up{", "limit": "1"}
    with pytest.raises(errors.MonitorUnclear) as raised:
        make_monitor("metric", settings)
    assert raised.value.field == "query"
    with pytest.raises(errors.MonitorUnclear) as raised:
        make_monitor("metric", {**settings, "query": "up", "source": "987654"})
    assert raised.value.field == "source"


def test_moving_to_another_service_closes_the_alert_there() -> None:
    monitor = make_heartbeat()
    tell(key_of(monitor), "fail", at=later())
    assert look(monitor, at=later()).state == "bad"
    assert len(open_alerts()) == 1
    moved = wish(make_service("Other"), {"period": "10m", "grace": "5m"}, name="Nightly")
    actions.change_monitor(
        monitor_id=monitor.pk, version=None, wish=moved, now=later(minutes=1), actor="system"
    )
    assert open_alerts(minutes=1) == []
    assert Outage.objects.get().until_at == later(minutes=1)
