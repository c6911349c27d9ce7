"""Monitors on pages: what is shown, to whom, and what can be done there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.monitors import key_of, make_heartbeat, make_monitor

from evenfall.catalog.models import Service
from evenfall.monitors import actions
from evenfall.monitors.actions import BackupWish, DrillWish
from evenfall.monitors.models import Backup, Beat, Check, Drill, Monitor, Outage, Ping, Tally
from evenfall.monitors.ports import PACE
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import token_hash
from evenfall.telemetry.actions import SourceWish, add_source

pytestmark = pytest.mark.django_db
ALL = "/monitors/"
HTTP = {
    "environment": "PROD",
    "severity": "error",
    "interval_s": "60",
    "time_limit_s": "10",
    "bad_needed": "2",
    "good_needed": "1",
    "unknown_for_s": "1800",
    "set_url": "https://shop.example.org/health",
    "set_method": "GET",
    "set_status": "200",
    "set_compare": "is",
    "set_redirects": "follow",
}


@pytest.fixture
def service() -> Service:
    return make_service("Shop", team=make_team("Core"))


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Max", "manager"))


def body(service: Service, **said: str) -> dict[str, str]:
    return {"name": "The shop opens", "service_id": str(service.pk), **HTTP, **said}


def seen(monitor: Monitor, *, good: int, bad: int = 0, unknown: int = 0) -> None:
    """An hour and a day of looks, and the newest of them."""
    now = utc_now()
    for span, at in (
        ("hour", now.replace(minute=0, second=0, microsecond=0)),
        ("day", now.replace(hour=0, minute=0, second=0, microsecond=0)),
    ):
        Tally.objects.create(
            monitor=monitor, span=span, starts_at=at, good=good, bad=bad, unknown=unknown
        )
    for minute in range(3):
        at = now - timedelta(minutes=minute)
        Check.objects.create(
            monitor_id=monitor.pk, at=at, result="good", duration_ms=42, note="It answered 200."
        )
    Monitor.objects.filter(id=monitor.pk).update(
        state="good", since=now, last_at=now, last_result="good", last_note="It answered 200."
    )


def test_an_empty_list_says_how_to_begin(manager: Client) -> None:
    assert "Add the first monitor" in manager.get(ALL).content.decode()
    observer = signed_in(make_user("Olga", "observer")).get(ALL).content.decode()
    assert "Add the first monitor" not in observer
    assert "A manager of a team can" in observer


def test_a_monitor_is_added_changed_paused_and_removed(service: Service, manager: Client) -> None:
    assert "HTTP address" in manager.get(f"{ALL}new/").content.decode()
    assert manager.get(f"{ALL}new/http/").status_code == 200
    made = manager.post(f"{ALL}new/http/", body(service, set_authorization="Bearer s3cret"))
    row = Monitor.objects.get()
    one = f"{ALL}{row.pk}/"
    assert made["Location"] == one
    shown = manager.get(one).content.decode()
    assert "The first look comes within seconds" in shown
    assert "s3cret" not in shown + manager.get(f"{one}edit/").content.decode()
    changed = body(service, name="Shop", version="1", set_status="200-299")
    assert manager.post(f"{one}edit/", changed)["Location"] == one
    row.refresh_from_db()
    assert (row.name, row.version, "s3cret" in row.secrets) == ("Shop", 2, True)
    late = manager.post(f"{one}edit/", changed)
    assert late.status_code == 422
    assert "Somebody changed this monitor" in late.content.decode()
    manager.post(f"{one}switch/")
    assert "Nobody looks since" in manager.get(one).content.decode()
    manager.post(f"{one}switch/")
    manager.post(f"{one}look/")
    assert Monitor.objects.get().due_at is not None
    assert manager.post(f"{one}remove/")["Location"] == ALL
    assert manager.get(one).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("set_url", "ftp://x", "starts with http"),
        ("set_status", "abc", "Write statuses such as"),
        ("set_headers", "no header", "Cannot read the header"),
        ("set_authority", "no pem", "There is no certificate"),
        ("name", " ", "This field is required"),
    ],
)
def test_what_cannot_work_is_shown_at_its_field(
    field: str, value: str, words: str, service: Service, manager: Client
) -> None:
    answer = manager.post(f"{ALL}new/http/", body(service, **{field: value}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_a_list_shows_states_uptimes_and_filters(service: Service, manager: Client) -> None:
    seen(make_monitor(service=service, name="Front", now=utc_now()), good=199, bad=1)
    bad = make_monitor("tcp", {"host": "db1", "port": "5432"}, name="Database", now=utc_now())
    Monitor.objects.filter(id=bad.pk).update(
        state="bad", last_note="The connection was refused.", last_at=utc_now()
    )
    shown = manager.get(ALL).content.decode()
    assert shown.index("Database") < shown.index("Front")
    assert "The connection was refused." in shown
    assert "99.5 %" in shown
    of_service = manager.get(ALL, {"service": service.pk}).content.decode()
    assert "Database" not in of_service
    assert "The service as a whole" in of_service
    assert "Front" not in manager.get(ALL, {"state": "bad"}).content.decode()
    assert "No monitor like that" in manager.get(ALL, {"q": "nowhere"}).content.decode()


def test_many_monitors_cost_as_many_queries_as_one(manager: Client) -> None:
    seen(make_monitor(now=utc_now()), good=1)
    manager.get(ALL)
    with CaptureQueriesContext(connection) as few:
        manager.get(ALL)
    for _ in range(20):
        seen(make_monitor(now=utc_now()), good=5, bad=1)
    with CaptureQueriesContext(connection) as many:
        manager.get(ALL)
    assert len(many) == len(few)


def test_one_monitor_shows_what_it_saw(service: Service, manager: Client) -> None:
    monitor = make_monitor(service=service, now=utc_now())
    seen(monitor, good=99, bad=1, unknown=100)
    Outage.objects.create(
        monitor=monitor,
        from_at=utc_now() - timedelta(hours=2),
        until_at=utc_now() - timedelta(hours=1),
        reason="It answered 503.",
    )
    shown = manager.get(f"{ALL}{monitor.pk}/").content.decode()
    assert "It answered 503." in shown
    assert "99 %" in shown
    assert "50 % unknown" in shown
    assert "Time of the answer: from 42 ms to 42 ms" in shown
    month = manager.get(f"{ALL}{monitor.pk}/", {"span": "month"})
    assert month.status_code == 200


def test_managers_of_other_teams_change_nothing(service: Service) -> None:
    monitor = make_monitor(service=service, now=utc_now())
    olga = make_user("Olga", "observer")
    other = signed_in(olga)
    mine = make_service("Zoo", team=make_team("Zebra", leads=(olga,)))
    for path in ("edit/", "look/", "switch/", "key/", "remove/", "state/", "accept/"):
        assert other.post(f"{ALL}{monitor.pk}/{path}", body(mine)).status_code == 403
    refused = other.post(f"{ALL}new/http/", body(service))
    assert refused.status_code == 422
    assert other.post(f"{ALL}new/http/", body(mine)).status_code == 302
    theirs = Monitor.objects.get(service=mine)
    assert other.post(f"{ALL}{theirs.pk}/edit/", body(service)).status_code == 422
    assert other.get(f"{ALL}{monitor.pk}/").status_code == 200


def test_the_address_of_a_heartbeat_is_shown_once(service: Service, manager: Client) -> None:
    said = body(service, set_schedule="period", set_period="1h", set_grace="5m", set_zone="UTC")
    made = manager.post(f"{ALL}new/heartbeat/", said)
    assert made.status_code == 200
    key = made.content.decode().partition("/ping/")[2].partition("<")[0]
    beat = Beat.objects.get()
    assert bytes(beat.key_hash) == token_hash(key)
    again = manager.get(f"{ALL}{beat.monitor_id}/").content.decode()
    assert key not in again
    assert f"ends with {beat.key_hint}" in again
    rotated = manager.post(f"{ALL}{beat.monitor_id}/key/").content.decode()
    assert key not in rotated
    assert Client().get(f"/ping/{key}").status_code == 404


def test_what_is_called_at_the_address() -> None:
    monitor = make_heartbeat()
    key, anybody = key_of(monitor), Client()
    PACE.clear()
    assert anybody.get(f"/ping/{key}").content == b"OK\n"
    assert anybody.get(f"/ping/{key}/start").status_code == 200
    assert anybody.post(f"/ping/{key}/3", b"disk full", "text/plain").status_code == 200
    assert anybody.head(f"/ping/{key}/0").status_code == 200
    assert anybody.get(f"/ping/{key}/log").status_code == 200
    told = Ping.objects.order_by("id").values_list("what", "exit_code", "text")
    assert list(told) == [
        ("success", None, ""),
        ("start", None, ""),
        ("fail", 3, "disk full"),
        ("success", 0, ""),
        ("log", None, ""),
    ]
    assert anybody.get(f"/ping/{key}/what").status_code == 400
    assert anybody.get(f"/ping/{key}/256").status_code == 400
    assert anybody.get("/ping/evm_nobody").status_code == 404
    assert anybody.post(f"/ping/{key}", b"x" * 100_001, "text/plain").status_code == 413
    answers = [anybody.get(f"/ping/{key}").status_code for _ in range(60)]
    assert answers[-1] == 429
    PACE.clear()


def test_a_backup_shows_its_sizes_and_its_drills(service: Service, manager: Client) -> None:
    monitor = make_monitor(
        "backup",
        {"longest_age": "1d", "drill_age": "30d", "longest_restore": "1h"},
        service=service,
        now=utc_now(),
    )
    one = f"{ALL}{monitor.pk}/"
    assert "No restore was tried yet" in manager.get(one).content.decode()
    for days in (3, 2, 1):
        actions.report_backup(
            monitor_id=monitor.pk,
            wish=BackupWish(size_bytes=2_000_000 * days, finished_at=utc_now() - timedelta(days)),
            now=utc_now(),
            actor="system",
        )
        actions.report_drill(
            monitor_id=monitor.pk,
            wish=DrillWish(ok=True, took_s=600, command="./restore.sh", output="2 tables"),
            now=utc_now() - timedelta(days=days),
            actor="system",
        )
    shown = manager.get(one).content.decode()
    assert "Size: from 2 MB to 6 MB" in shown
    assert "Time to restore: from 10 min to 10 min" in shown
    assert "2 tables" in shown
    assert (Backup.objects.count(), Drill.objects.count()) == (3, 3)


def test_drift_is_shown_and_accepted(service: Service, manager: Client) -> None:
    monitor = make_monitor("drift", {"reader": "structure"}, service=service, now=utc_now())
    one = f"{ALL}{monitor.pk}/"
    wrong = manager.post(f"{one}state/", {"which": "declared", "text": "{"})
    assert wrong.status_code == 422
    assert "neither JSON nor YAML" in wrong.content.decode()
    early = manager.post(f"{one}accept/", {"reason": "good"})
    assert "Nothing was reported yet" in early.content.decode()
    manager.post(f"{one}state/", {"which": "declared", "text": "replicas: 3", "reason": "plan"})
    manager.post(f"{one}state/", {"which": "live", "text": '{"replicas": 4}'})
    shown = manager.get(one).content.decode()
    assert "replicas" in shown
    assert "Accept what is" in shown
    assert manager.post(f"{one}accept/", {"reason": ""}).status_code == 422
    assert manager.post(f"{one}accept/", {"reason": "more load"})["Location"] == one
    assert "It is as it was declared." in manager.get(one).content.decode()


def test_a_watcher_asks_for_a_source_first(service: Service, manager: Client) -> None:
    assert "There is no metric source" in manager.get(f"{ALL}new/metric/").content.decode()
    source = SourceWish(name="Metrics", url="https://prometheus.example.org")
    number = add_source(wish=source, now=utc_now(), actor="system")
    said = body(
        service,
        set_source=str(number),
        set_query="up{",
        set_compare="below",
        set_limit="1",
        set_no_data="unknown",
    )
    wrong = manager.post(f"{ALL}new/metric/", said)
    assert wrong.status_code == 422
    assert "The query cannot be asked" in wrong.content.decode()
    made = manager.post(f"{ALL}new/metric/", {**said, "set_query": "up"})
    assert made.status_code == 302
    assert "Metrics" in manager.get(made["Location"]).content.decode()
