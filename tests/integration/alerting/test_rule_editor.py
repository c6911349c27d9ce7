"""The rule editor: what a draft would take, completion, two people at once, moving by hand."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.alerting import make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.identity import make_user, signed_in

from evenfall.alerting import actions, queries
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.logic.updates import Outcome
from evenfall.alerting.models import Alert, Integration, RoutingRule
from evenfall.alerting.ports import Severity
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Mia", "manager"))


@pytest.fixture
def integration() -> Integration:
    return make_integration()


def came(integration: Integration, *teams: str, days_ago: int = 0) -> None:
    at = utc_now() - timedelta(days=days_ago)
    for number, team in enumerate(teams):
        key = f"{team}-{days_ago}-{number}"
        send(integration, update(key=key, summary=f"Disk {key}", labels={"team": team}), at=at)
    receive(at)


def make_rule(name: str, condition: str = "true") -> int:
    draft = actions.RuleDraft(name=name, condition=condition, effects=Effects(outcome=Outcome.LOW))
    return actions.create_rule(draft=draft, now=utc_now(), actor="system")


def test_a_draft_is_tried_on_the_last_week(integration: Integration) -> None:
    make_rule("Web", 'labels.team == "web"')
    came(integration, "web", "db", days_ago=9)
    came(integration, "web", "db", days_ago=3)
    came(integration, "web", "web", "api")
    now = utc_now()
    found = queries.try_rule(
        condition='labels.team in ("web", "db")', rule_id=None, now=now, zone=UTC
    )
    assert (found.looked_at, found.total, found.matched, found.taken) == (5, 5, 4, 1)
    assert not found.is_sample
    assert [(day.looked_at, day.matched) for day in found.days if day.looked_at] == [(2, 2), (3, 2)]
    assert [(one.rule, one.count) for one in found.earlier] == [("Web", 3)]
    assert [(one.rule, one.count) for one in found.gained] == [("Everything else", 1)]
    assert found.examples[0].values == (("labels.team", "web"),)


def test_a_draft_sees_the_service_as_the_rules_see_it(integration: Integration) -> None:
    service = make_service()
    rule_id = make_rule("To the service", 'service == ""')
    draft = actions.RuleDraft(
        name="To the service", condition='service == ""', effects=Effects(service_id=service.id)
    )
    actions.change_rule(rule_id=rule_id, draft=draft, now=utc_now(), actor="system")
    came(integration, "web")
    assert Alert.objects.get().service_id == service.id
    found = queries.try_rule(condition='service == ""', rule_id=rule_id, now=utc_now(), zone=UTC)
    assert (found.matched, found.taken) == (1, 1)


def test_a_large_week_is_sampled_and_said_so(
    integration: Integration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenfall.alerting.queries.trials.LOOKED_AT", 20)
    came(integration, *["web", "db"] * 50)
    found = queries.try_rule(condition="true", rule_id=None, now=utc_now(), zone=UTC)
    assert found.is_sample
    assert found.looked_at <= 20
    assert 80 <= found.matched <= 120
    assert not found.ran_out
    monkeypatch.setattr("evenfall.alerting.queries.trials._AT_ONCE", 5)
    late = queries.try_rule(
        condition="true", rule_id=None, now=utc_now(), zone=UTC, is_late=lambda: True
    )
    assert late.ran_out
    assert late.looked_at == 5


def test_details_are_looked_at_where_a_condition_asks(integration: Integration) -> None:
    send(integration, update(details={"free": 2}), at=utc_now())
    receive(utc_now())
    found = queries.try_rule(condition="details.free < 5", rule_id=None, now=utc_now(), zone=UTC)
    assert found.examples[0].values == (("details.free", 2),)


def test_a_trial_takes_as_many_queries_for_many_alerts(integration: Integration) -> None:
    counts = []
    for teams in (("web",), ("db", "api", "ops")):
        came(integration, *teams)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            queries.try_rule(condition="true", rule_id=None, now=utc_now(), zone=UTC)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_names_and_values_seen_lately_are_listed(integration: Integration) -> None:
    came(integration, "web", "web", "db")
    send(integration, update(key="x", labels={"a/b": "1"}, severity=Severity.INFO), at=utc_now())
    receive(utc_now())
    words = {word.name: word.values for word in queries.words_seen()}
    assert words["labels.team"] == ("web", "db")
    assert words['labels["a/b"]'] == ("1",)
    assert words["severity"] == ("error", "info")
    assert words["service"] == ()


def test_a_condition_is_checked_while_it_is_written(
    manager: Client, integration: Integration
) -> None:
    assert b"No alert came" in manager.post("/rules/check/", {"condition": "true"}).content
    came(integration, "web", "api")
    page = manager.post("/rules/check/", {"condition": 'labels.team == "web"'}).content.decode()
    assert "2 alerts match" in page.replace("\n", " ")
    assert "Disk web-0-0" in page
    assert "<b>labels.team</b><span>web</span>" in page
    assert "Today Everything else, then This rule" in page
    none = manager.post("/rules/check/", {"condition": 'labels.team == "x"'}).content
    assert b"None matches" in none
    assert b"Write a condition" in manager.post("/rules/check/", {"condition": " "}).content


def test_a_mistake_is_shown_in_its_place(manager: Client) -> None:
    page = manager.post("/rules/check/", {"condition": "labels.team = 1"}).content.decode()
    assert "Column 13: to compare, write ==" in page
    assert "labels.team <mark>=</mark> 1" in page
    refused = manager.post("/rules/new/", {"name": "x", "condition": "1 +"})
    assert "The condition cannot be used. Column" in refused.content.decode()


def test_the_editor_works_without_scripts(manager: Client, integration: Integration) -> None:
    came(integration, "web")
    tried = manager.post("/rules/new/", {"name": "x", "condition": "true", "preview": "1"})
    assert b"1</strong> of 1 alert match" in tried.content
    assert b"<code data-name>labels.team</code>" in tried.content
    assert not RoutingRule.objects.exists()


def test_two_people_at_once_lose_nothing(manager: Client) -> None:
    rule_id = make_rule("Web", 'labels.team == "web"')
    seen = manager.get(f"/rules/{rule_id}/").context["form"]["version"].value()
    mine = {"name": "Web", "condition": 'labels.team == "api"', "is_enabled": "on", "version": seen}
    make_rule("Another")  # what does not touch this rule is no conflict
    theirs = actions.RuleDraft(name="Web", condition='labels.team == "db"')
    actions.change_rule(rule_id=rule_id, draft=theirs, now=utc_now(), actor="system")
    answer = manager.post(f"/rules/{rule_id}/", mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed the rule" in page
    assert "labels.team == &quot;db&quot;" in page
    assert "labels.team == &quot;api&quot;" in page
    again = mine | {"version": answer.context["version"]}
    assert manager.post(f"/rules/{rule_id}/", again).status_code == 302
    assert RoutingRule.objects.get(id=rule_id).condition == 'labels.team == "api"'


def test_a_rule_that_was_deleted_meanwhile_can_be_saved_anew(manager: Client) -> None:
    rule_id = make_rule("Web")
    actions.delete_rule(rule_id=rule_id, now=utc_now(), actor="system")
    mine = {"name": "Mine", "condition": "true", "is_enabled": "on", "version": "1"}
    answer = manager.post(f"/rules/{rule_id}/", mine)
    assert b"Somebody deleted this rule meanwhile" in answer.content
    assert b'value="Mine"' in answer.content
    assert manager.post(f"/rules/{rule_id}/", mine | {"again": "1"}).status_code == 302
    assert RoutingRule.objects.filter(name="Mine").exists()
    assert manager.get(f"/rules/{rule_id}/").status_code == 404


def test_rules_are_put_in_another_place(manager: Client) -> None:
    one, two, three = (make_rule(name) for name in ("one", "two", "three"))

    def order() -> str:
        return " ".join(RoutingRule.objects.order_by("position").values_list("name", flat=True))

    def put(rule_id: int, before: object, **headers: str) -> int:
        data = {"before": str(before)}
        return manager.post(f"/rules/{rule_id}/move/", data, **headers).status_code  # type: ignore[arg-type] # test client

    assert put(three, one) == 302
    assert order() == "three one two Everything else"
    assert put(three, "", HTTP_HX_REQUEST="true") == 200
    assert order() == "one two three Everything else"
    rest = RoutingRule.objects.get(is_catch_all=True).id
    assert put(one, rest) == 302
    assert order() == "two three one Everything else"
    assert put(two, 99_999) == 409
    assert put(rest, two) == 409
    before = queries.rules_version()
    assert put(two, three) == 302
    assert queries.rules_version() == before, "nothing moved, so there is no version"
