"""Versions of the rules: what, who, why; the difference; back again; whole sets at once."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.catalog import make_service
from tests.factories.identity import make_user, signed_in

from evenfall.alerting import actions, errors, queries
from evenfall.alerting.actions import RuleDraft, RuleSet, WantedRule
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.logic.updates import Outcome
from evenfall.alerting.models import RoutingRule, RuleBookVersion
from evenfall.catalog.models import Service
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Mia", "manager"))


def make_rule(name: str, condition: str = "true", note: str = "", **effects: object) -> int:
    draft = RuleDraft(name=name, condition=condition, effects=Effects(**effects))  # type: ignore[arg-type] # of a test
    return actions.create_rule(draft=draft, now=utc_now(), actor="system", note=note)


def names() -> list[str]:
    return [rule.name for rule in queries.rules()]


def replace(*wanted: WantedRule, **more: object) -> int:
    rule_set = RuleSet(rules=wanted, catch_all=Effects(outcome=Outcome.TICKET))
    return actions.replace_rules(wanted=rule_set, now=utc_now(), actor="system", **more)  # type: ignore[arg-type] # of a test


def test_each_change_says_what_it_did_and_why(manager: Client) -> None:
    data = {"name": "Nights", "condition": "hour() < 6", "is_enabled": "on", "note": "too loud"}
    manager.post("/rules/new/", data)
    rule_id = RoutingRule.objects.get(is_catch_all=False).id
    manager.post(f"/rules/{rule_id}/", data | {"condition": "hour() < 7", "note": ""})
    page = manager.get("/rules/versions/").content.decode()
    for words in ("Added &quot;Nights&quot;", "Changed &quot;Nights&quot;", "too loud", "Mia",
                  "As installed", "In force"):  # fmt: skip
        assert words in page
    newest = queries.rules_version()
    shown = manager.get(f"/rules/versions/{newest}/").content.decode()
    assert "hour() &lt; 6" in shown
    assert "hour() &lt; 7" in shown
    compared = manager.get(f"/rules/versions/{newest}/?from={newest - 2}").content.decode()
    assert f"different from version {newest - 2}" in compared
    assert manager.get("/rules/versions/99999/").status_code == 404
    assert manager.get(f"/rules/versions/{newest}/?from=99999").status_code == 404


def test_a_version_comes_back_and_that_is_undone_too(manager: Client) -> None:
    first = make_rule("First", 'labels.team == "a"', outcome=Outcome.LOW)
    make_rule("Second")
    good = queries.rules_version()
    words = RuleBookVersion.objects.get(id=good).rules
    actions.delete_rule(rule_id=first, now=utc_now(), actor="system")
    seen = queries.rules_version()
    answer = manager.post(f"/rules/versions/{good}/restore/", {"seen": seen, "note": "oops"})
    assert answer.status_code == 302
    newest = RuleBookVersion.objects.latest("id")
    assert newest.rules == words
    assert newest.what == f'Version {good} restored. Added "First"'
    assert newest.note == "oops"
    assert RoutingRule.objects.filter(id=first, created_by__startswith="user:").exists()
    standing = queries.rules_standing()
    assert standing.undo_to == seen
    manager.post(f"/rules/versions/{standing.undo_to}/restore/", {"seen": standing.version})
    assert names() == ["Second", "Everything else"]


def test_undo_does_not_undo_what_somebody_else_did(manager: Client) -> None:
    make_rule("First")
    seen = queries.rules_version()
    make_rule("Theirs")
    answer = manager.post(f"/rules/versions/{seen - 1}/restore/", {"seen": seen})
    assert answer.status_code == 409
    assert names() == ["First", "Theirs", "Everything else"]


def test_what_is_gone_is_told_when_a_version_comes_back() -> None:
    service = make_service()
    rule_id = make_rule("Web", service_id=service.id)
    good = queries.rules_version()
    actions.delete_rule(rule_id=rule_id, now=utc_now(), actor="system")
    Service.objects.filter(id=service.id).delete()
    restored = actions.restore_rules(version=good, now=utc_now(), actor="system")
    assert restored.lost == ('"Web" came back without its service, which is gone',)
    assert RoutingRule.objects.get(id=rule_id).service_id is None


def test_a_whole_set_is_one_version() -> None:
    one, two = make_rule("One"), make_rule("Two")
    before = RuleBookVersion.objects.count()
    wanted = (
        WantedRule(id=two, draft=RuleDraft(name="Two")),
        WantedRule(draft=RuleDraft(name="New", condition='severity == "info"')),
    )
    version = replace(*wanted, note="from files")
    assert names() == ["Two", "New", "Everything else"]
    assert RuleBookVersion.objects.count() == before + 1
    assert queries.rules()[-1].outcome == "ticket"
    assert not RoutingRule.objects.filter(id=one).exists()
    new = RoutingRule.objects.get(name="New").id
    again = (wanted[0], WantedRule(id=new, draft=wanted[1].draft))
    assert replace(*again) == version, "the same set again makes no version"
    assert queries.rules_at(version).about.note == "from files"


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ([WantedRule(id=99_999, draft=RuleDraft(name="x"))], errors.RuleNotFound),
        ([WantedRule(draft=RuleDraft(name="x", condition="1 +"))], errors.ConditionNotValid),
        ([WantedRule(draft=RuleDraft(name=" "))], errors.NameMissing),
        ([WantedRule(draft=RuleDraft(name="x", effects=Effects(service_id=9)))],
         errors.ServiceUnknown),
        ([WantedRule(draft=RuleDraft(name="x", effects=Effects(outcome=Outcome.AUTOMATE)))],
         errors.RunbookMissing),
    ],
)  # fmt: skip
def test_a_set_with_a_mistake_changes_nothing(
    wanted: list[WantedRule], error: type[Exception]
) -> None:
    make_rule("One")
    version = queries.rules_version()
    with pytest.raises(error):
        replace(WantedRule(draft=RuleDraft(name="Fine")), *wanted)
    assert (names(), queries.rules_version()) == (["One", "Everything else"], version)


def test_a_set_names_each_rule_once_and_knows_what_it_was_made_from() -> None:
    one = make_rule("One")
    twice = [WantedRule(id=one, draft=RuleDraft(name="One"))] * 2
    with pytest.raises(errors.RuleTwice):
        replace(*twice)
    with pytest.raises(errors.RulesChangedMeanwhile):
        replace(twice[0], seen=queries.rules_version() - 1)
    assert replace(twice[0], seen=queries.rules_version())


def test_a_set_takes_as_many_queries_for_many_rules() -> None:
    counts = []
    for count in (1, 3):
        make_rule("Old")
        wanted = [WantedRule(draft=RuleDraft(name=f"{count} {n}")) for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            replace(*wanted)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_versions_through_the_api(manager: Client) -> None:
    def call(path: str, body: object = None, method: str = "get") -> Any:
        ask = getattr(manager, method)
        kind = {} if body is None else {"content_type": "application/json"}
        sent = [] if body is None else [json.dumps(body)]
        return ask(f"/api/v1/rules{path}", *sent, **kind).json()

    make_rule("One")
    first = queries.rules_version()
    body = {"rules": [{"name": "Two", "effects": {"outcome": "low"}}], "note": "files"}
    shown = call("", body, "put")
    assert [one["name"] for one in shown["items"]] == ["Two", "Everything else"]
    listed = call("/versions")["items"]
    assert (listed[0]["by"], listed[0]["note"]) == ("Mia", "files")
    diff = call(f"/versions/{listed[0]['version']}/diff?since={first}")
    assert [(one["what"], one["name"]) for one in diff["rules"]] == [
        ("added", "Two"), ("removed", "One")]  # fmt: skip
    kept = call(f"/versions/{first}")
    assert [rule["name"] for rule in kept["rules"]] == ["One", "Everything else"]
    assert call(f"/versions/{first}/restore", {"version": 1}, "post")["code"] == (
        "alerting.rules_changed_meanwhile")  # fmt: skip
    assert call(f"/versions/{first}/restore", {}, "post")["lost"] == []
    assert names() == ["One", "Everything else"]
    exported = manager.get(f"/rules/versions/{first}/rules.json")
    assert "attachment" in exported["Content-Disposition"]
    assert exported.json() == kept | {"at": exported.json()["at"]}
    rule_id = queries.rules()[0].id
    stale = call(f"/{rule_id}", {"name": "Mine", "version": first + 1}, "put")
    assert stale["name"] == "Mine", "the rule was not there in that version, so it is no conflict"
    mine = call(f"/{rule_id}", {"name": "Mine too", "version": first}, "put")
    assert mine["code"] == "alerting.rule_changed_meanwhile"
    assert call("/words") == {"items": []}
