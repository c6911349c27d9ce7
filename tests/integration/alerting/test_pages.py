"""The pages of alerting, as people meet them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.alerting import make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_user, signed_in

from evenfall.alerting import actions, queries
from evenfall.alerting.drains.expire import end_what_is_over
from evenfall.alerting.logic.matchers import parse_matchers
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.models import (
    Alert,
    Integration,
    MaintenanceWindow,
    RoutingRule,
    RuleBookVersion,
    Silence,
)
from evenfall.alerting.ports import Severity
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Mia", "manager"))


@pytest.fixture
def responder() -> Client:
    return signed_in(make_user("Ada", "responder"))


@pytest.fixture
def observer() -> Client:
    return signed_in(make_user("Olga", "observer"))


@pytest.fixture
def integration() -> Integration:
    return make_integration()


def opened(
    integration: Integration,
    *keys: str,
    **fields: Any,
) -> list[Alert]:
    now = utc_now()
    for key in keys:
        send(integration, update(key=key, **{"summary": f"Disk {key}", **fields}), at=now)
    receive(now)
    return list(Alert.objects.order_by("id"))


def test_the_list_shows_alerts_newest_first(observer: Client, integration: Integration) -> None:
    opened(integration, "one", "two")
    page = observer.get("/alerts/").content.decode()
    assert page.index("Disk two") < page.index("Disk one")


def test_an_empty_list_says_that_all_is_well(observer: Client) -> None:
    assert b"No open alerts" in observer.get("/alerts/").content
    assert b"No alert like that" in observer.get("/alerts/?q=nothing").content
    assert b"No alerts here" in observer.get("/alerts/?state=resolved").content


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("severity=critical", {"bad"}),
        ("environment=UAT", {"uat"}),
        ("outcome=ticket", {"warn"}),
        ("q=host-bad", {"bad"}),
        ("q=DISK W", {"warn"}),
        ("state=resolved", {"gone"}),
        ("state=all&q=gone", {"gone"}),
        ("state=open", {"bad", "uat", "warn"}),
        ("service=999", set()),
        ("team=x&service=99999999999999999999", {"bad", "uat", "warn"}),
        ("state=nonsense", {"bad", "uat", "warn"}),
    ],
)
def test_the_list_can_be_filtered(
    observer: Client, integration: Integration, query: str, shown: set[str]
) -> None:
    opened(integration, "bad", severity=Severity.CRITICAL, labels={"host": "host-bad"})
    opened(integration, "uat", environment="uat")
    opened(integration, "warn", severity=Severity.WARNING)
    opened(integration, "gone")
    send(integration, update("resolve", "gone"), at=utc_now())
    receive(utc_now())
    page = observer.get(f"/alerts/?{query}&part=list").content.decode()
    assert {key for key in ("bad", "uat", "warn", "gone") if f"Disk {key}" in page} == shown


def test_the_list_has_pages(observer: Client, integration: Integration) -> None:
    opened(integration, *(f"k{number:02}" for number in range(60)))
    first = observer.get("/alerts/")
    assert "Disk k59" in first.content.decode()
    assert "Disk k05" not in first.content.decode()
    second = observer.get("/alerts/", {"cursor": first.context["page"].next_cursor})
    assert "Disk k05" in second.content.decode()
    assert observer.get("/alerts/?cursor=rubbish").status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_many_alerts(
    observer: Client, integration: Integration, count: int, django_assert_num_queries: object
) -> None:
    service = make_service()
    opened(integration, *(f"k{n}" for n in range(count)), labels={"service": service.slug})
    observer.get("/alerts/?part=list")
    with django_assert_num_queries(6):  # type: ignore[operator] # pytest-django's fixture
        observer.get("/alerts/?part=list")


def test_the_why_page_tells_the_life_of_an_alert(
    responder: Client, integration: Integration
) -> None:
    (alert,) = opened(integration, "one", labels={"team": "web"}, details={"free": "2 %"})
    page = responder.get(f"/alerts/{alert.id}/").content.decode()
    for words in (
        "Received from Prometheus",
        "Decided: page somebody",
        "No silence is in force.",
        "production, error: somebody is paged".capitalize(),
        "The message as it came",
        "dedup_key",
        "2 %",
        "web",
    ):
        assert words in page


def test_the_why_page_says_why_nobody_was_paged(
    responder: Client, integration: Integration
) -> None:
    now = utc_now()
    actions.create_silence(
        matchers=parse_matchers('team="web"'),
        starts_at=now,
        ends_at=now + HOUR,
        comment="known since noon",
        by_name="Ada",
        now=now,
        actor="user:1",
    )
    (alert,) = opened(integration, "one", labels={"team": "web"})
    page = responder.get(f"/alerts/{alert.id}/").content.decode()
    assert "Nobody was told. Silence" in page
    assert "Without it: page" in page
    assert "known since noon" in page


def test_the_why_page_escapes_what_tools_send(responder: Client, integration: Integration) -> None:
    (alert,) = opened(
        integration, "one", labels={"x": "<script>alert(1)</script>"}, url="javascript:alert(1)"
    )
    page = responder.get(f"/alerts/{alert.id}/").content.decode()
    assert "<script>alert(1)" not in page
    assert 'href="javascript:' not in page


def test_an_unknown_alert_is_not_found(observer: Client) -> None:
    assert observer.get("/alerts/12345/").status_code == 404


def test_people_acknowledge_and_resolve(responder: Client, integration: Integration) -> None:
    (alert,) = opened(integration, "one")
    assert responder.post(f"/alerts/{alert.id}/acknowledge/").status_code == 302
    assert responder.post(f"/alerts/{alert.id}/acknowledge/").status_code == 302
    page = responder.get(f"/alerts/{alert.id}/").content.decode()
    assert "Ada acknowledged the alert" in page
    assert responder.post(f"/alerts/{alert.id}/resolve/").status_code == 302
    assert responder.post(f"/alerts/{alert.id}/resolve/").status_code == 409
    alert.refresh_from_db()
    assert alert.state == "resolved"
    assert "Ada ended it" in responder.get(f"/alerts/{alert.id}/?part=life").content.decode()


def test_observers_only_look(observer: Client, integration: Integration) -> None:
    (alert,) = opened(integration, "one")
    assert observer.post(f"/alerts/{alert.id}/acknowledge/").status_code == 403
    assert b"Acknowledge</button>" not in observer.get(f"/alerts/{alert.id}/").content
    for path in ("/silences/new/", "/maintenance/new/", "/rules/new/", "/integrations/new/"):
        assert observer.get(path).status_code == 403


def test_a_silence_is_previewed_made_and_ended(responder: Client, integration: Integration) -> None:
    (alert,) = opened(integration, "one", labels={"team": "web"})
    form = responder.get(f"/silences/new/?alert={alert.id}").content.decode()
    assert "team=&quot;web&quot;" in form
    wanted = {"matchers": 'team="web"', "duration": "2h", "comment": "we know"}
    assert b"Matches 1 alert that is not over" in responder.post(
        "/silences/preview/", wanted).content  # fmt: skip
    assert b"Disk one" in responder.post("/silences/new/", wanted | {"preview": "1"}).content
    assert not Silence.objects.exists()
    assert responder.post("/silences/new/", wanted).status_code == 302
    silence = Silence.objects.get()
    assert silence.created_by_name == "Ada"
    page = responder.get("/silences/").content.decode()
    assert "we know" in page
    end_what_is_over(utc_now())
    alert.refresh_from_db()
    assert alert.outcome == "record"
    assert responder.post(f"/silences/{silence.id}/end/").status_code == 302
    assert b"we know" in responder.get("/silences/?expired=1").content
    assert responder.post("/silences/999/end/").status_code == 404


@pytest.mark.parametrize(
    ("matchers", "words"),
    [
        ("", "required"),
        ("nonsense", "Cannot read"),
        ('team=~"(a"', "a ) is missing"),
        ('team=~".*"', "does not match everything"),
    ],
)
def test_a_wrong_silence_is_explained(responder: Client, matchers: str, words: str) -> None:
    data = {"matchers": matchers, "duration": "2h", "comment": "x"}
    assert words in responder.post("/silences/new/", data).content.decode()
    assert not Silence.objects.exists()


def test_maintenance_is_announced_and_ended(responder: Client) -> None:
    service = make_service()
    later = (utc_now() + HOUR).strftime("%Y-%m-%dT%H:%M")
    data = {"name": "Move", "ends_at": later, "service_ids": [service.id], "environments": "UAT"}
    assert responder.post("/maintenance/new/", data).status_code == 302
    window = MaintenanceWindow.objects.get()
    assert (window.service_ids, window.environments) == ([service.id], ["UAT"])
    assert service.name in responder.get("/maintenance/").content.decode()
    assert responder.post(f"/maintenance/{window.id}/end/").status_code == 302
    assert b"Move" in responder.get("/maintenance/?expired=1").content
    wrong = responder.post("/maintenance/new/", data | {"ends_at": "2020-01-01T00:00"})
    assert "Choose a later end" in wrong.content.decode()


def test_rules_are_made_moved_changed_and_deleted(
    manager: Client, integration: Integration
) -> None:
    assert b"Everything else" in manager.get("/rules/").content
    data: dict[str, str] = {}
    for name in ("first", "second"):
        data = {"name": name, "condition": f'labels.team == "{name}"', "outcome": "ticket",
                "is_enabled": "on", "group_by": "host, zone", "group_minutes": "5"}  # fmt: skip
        assert manager.post("/rules/new/", data).status_code == 302
    first, second, rest = RoutingRule.objects.order_by("is_catch_all", "position")
    assert (first.name, second.name, rest.is_catch_all) == ("first", "second", True)
    assert (first.group_by, first.group_window_s) == (["host", "zone"], 300)
    manager.post(f"/rules/{second.id}/move/", {"direction": "up"})
    manager.post(f"/rules/{second.id}/move/", {"direction": "up"})
    page = manager.get("/rules/").content.decode()
    assert page.index(">second<") < page.index(">first<") < page.index(">Everything else<")
    changed = data | {"outcome": "page", "name": "renamed"}
    assert manager.post(f"/rules/{second.id}/", changed).status_code == 302
    (alert,) = opened(integration, "one", labels={"team": "second"}, severity=Severity.INFO)
    assert (alert.outcome, alert.rule_id) == ("page", second.id)
    assert manager.post(f"/rules/{first.id}/delete/").status_code == 302
    assert manager.post(f"/rules/{rest.id}/delete/").status_code == 409
    assert manager.post(f"/rules/{rest.id}/move/", {"direction": "up"}).status_code == 409
    assert RuleBookVersion.objects.count() == 6


def test_the_catch_all_can_be_changed_before_it_has_a_row(manager: Client) -> None:
    assert b"cannot be moved or deleted" in manager.get("/rules/0/").content
    assert manager.post("/rules/0/", {"outcome": "ticket"}).status_code == 302
    rule = RoutingRule.objects.get()
    assert (rule.is_catch_all, rule.outcome, rule.name) == (True, "ticket", "Everything else")


def test_an_integration_shows_its_key_once(manager: Client) -> None:
    assert b"Nothing sends alerts yet" in manager.get("/integrations/").content
    data = {"kind": "prometheus", "name": "Prometheus, main", "mapping": ""}
    made = manager.post("/integrations/new/", data)
    integration = Integration.objects.get()
    first = manager.get(made["Location"]).content.decode()
    assert "It is shown once" in first
    assert "Waiting for the first signal" in first
    assert "path_prefix: /" in first
    again = manager.get(made["Location"]).content.decode()
    assert "It is shown once" not in again
    assert "YOUR-KEY" in again
    old = bytes(integration.key_hash)
    manager.post(f"/integrations/{integration.id}/rotate/")
    integration.refresh_from_db()
    assert bytes(integration.previous_key_hash or b"") == old
    assert "It is shown once" in manager.get(made["Location"]).content.decode()
    assert b"Prometheus, main" in manager.get("/integrations/").content


@pytest.mark.parametrize("kind", ["prometheus", "alertmanager", "grafana", "pagerduty", "json"])
def test_every_tool_has_something_to_copy(manager: Client, kind: str) -> None:
    made = manager.post("/integrations/new/", {"kind": kind, "name": kind})
    page = manager.get(made["Location"]).content.decode()
    assert "curl -X POST" in page
    assert "{key}" not in page
    assert "{url}" not in page


def test_an_integration_says_when_something_came(manager: Client, integration: Integration) -> None:
    path = f"/integrations/{integration.id}/?part=signals"
    assert b"Waiting" in manager.get(path).content
    opened(integration, "one")
    assert b"Disk one" in manager.get(path).content


def test_an_integration_is_changed_and_switched_off(manager: Client) -> None:
    integration = make_integration()
    data = {"kind": "json", "name": "Shell", "mapping": "summary = alert.title\n\nsource = host"}
    assert manager.post(f"/integrations/{integration.id}/edit/", data).status_code == 302
    integration.refresh_from_db()
    assert integration.mapping == {"summary": "alert.title", "source": "host"}
    assert b"alert.title" in manager.get(f"/integrations/{integration.id}/edit/").content
    wrong = manager.post(f"/integrations/{integration.id}/edit/", data | {"mapping": "x"})
    assert b"Cannot read" in wrong.content
    manager.post(f"/integrations/{integration.id}/switch/", {"enabled": "0"})
    integration.refresh_from_db()
    assert not integration.is_enabled


def test_managers_of_a_team_make_integrations_for_it_only() -> None:
    lead = make_user("Lea", "responder")
    team = make_team("Web", leads=[lead])
    client = signed_in(lead)
    mine = {"kind": "json", "name": "Mine", "team_id": team.id}
    assert client.post("/integrations/new/", mine).status_code == 302
    refused = client.post("/integrations/new/", mine | {"team_id": ""})
    assert refused.status_code == 422
    assert b"needs the role" in refused.content
    other = make_integration()
    assert client.post(f"/integrations/{other.id}/rotate/").status_code == 403
    assert client.post("/rules/new/", {"name": "x", "condition": "true"}).status_code == 403


def test_integrations_warn_of_keys_nobody_has(observer: Client) -> None:
    now = utc_now()
    for ends_with, count in [("c3f1", 1), ("<b>", 11)]:
        actions.note_unknown_keys(count=count, first_at=now, last_at=now, ends_with=ends_with)
    page = observer.get("/integrations/").content.decode()
    assert "12 requests with a key nobody has, the last" in page
    assert "Whatever was in them is lost" in page


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/silences/", 5), ("/maintenance/", 6), ("/rules/", 8), ("/integrations/", 9)],
)
def test_lists_take_as_many_queries_for_many_rows(
    manager: Client, path: str, queries: int, count: int, django_assert_num_queries: object
) -> None:
    now, service = utc_now(), make_service()
    for number in range(count):
        make_integration(f"Tool {number}", service=service, team=service.team)
        actions.create_silence(
            matchers=parse_matchers(f'team="{number}"'), starts_at=now, ends_at=now + HOUR,
            by_name="Ada", now=now, actor="user:1")  # fmt: skip
        actions.create_maintenance(
            name=f"Move {number}", starts_at=now, ends_at=now + HOUR, service_ids=[service.id],
            by_name="Ada", now=now, actor="user:1")  # fmt: skip
        effects = Effects(service_id=service.id, policy_id=1)
        draft = actions.RuleDraft(name=f"Rule {number}", effects=effects)
        actions.create_rule(draft=draft, now=now, actor="user:1")
    manager.get(path)
    with django_assert_num_queries(queries):  # type: ignore[operator] # pytest-django's fixture
        manager.get(path)


def test_what_is_open_is_counted_in_an_index(integration: Integration) -> None:
    opened(integration, "a", "b")
    with CaptureQueriesContext(connection) as asked:
        (found,) = queries.all_integrations()
    assert found.live_count == 2
    count = next(one["sql"] for one in asked if "COUNT" in one["sql"])
    with connection.cursor() as cursor:
        # so few rows are read faster one by one
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {count}")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using alert_live_once" in plan
