"""While the cause is open its symptoms wake nobody, in whatever order they come."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.alerting import NIGHT, decision, make_integration, receive, send, stage, update

from evenfall.alerting import actions
from evenfall.alerting.actions import InhibitionDraft
from evenfall.alerting.errors import InhibitionNotFound, InhibitionNotValid, NameMissing
from evenfall.alerting.logic.matchers import parse_matchers
from evenfall.alerting.models import Alert, AlertRole, Integration
from evenfall.platform.models import JournalEntry

pytestmark = pytest.mark.django_db
CAUSE = 'alertname="DatabaseDown"'
SYMPTOM = 'alertname=~".*Slow"'


def draft(source: str = CAUSE, target: str = SYMPTOM, **more: object) -> InhibitionDraft:
    said = {"name": "Database", "equal": ("cluster",), **more}
    return InhibitionDraft(source=parse_matchers(source), target=parse_matchers(target), **said)  # type: ignore[arg-type] # what the test varies


def make_rule(**more: object) -> int:
    return actions.create_inhibition(draft=draft(**more), now=NIGHT, actor="user:1")  # type: ignore[arg-type] # passed on


@pytest.fixture
def integration() -> Integration:
    return make_integration()


def tell(integration: Integration, name: str, action: str = "trigger", cluster: str = "eu") -> None:
    labels = {"alertname": name, "cluster": cluster}
    send(integration, update(action, key=f"{name}/{cluster}", summary=name, labels=labels))
    receive()


def follow(minutes: int = 0) -> None:
    actions.follow_causes(now=NIGHT + timedelta(minutes=minutes))


def held(name: str, cluster: str = "eu") -> str:
    return Alert.objects.get(dedup_key=f"{name}/{cluster}").held_by


def cause() -> str:
    return f"alert:{Alert.objects.get(summary='DatabaseDown').pk}"


def test_a_symptom_that_comes_after_its_cause_is_held_at_once(integration: Integration) -> None:
    make_rule()
    tell(integration, "DatabaseDown")
    tell(integration, "CheckoutSlow")
    assert held("CheckoutSlow") == cause()
    row = Alert.objects.get(summary="CheckoutSlow")
    said = stage(row, "inhibit")
    assert 'its cause by the rule "Database"' in said.reason
    assert row.outcome == "record"


def test_cause_and_symptom_in_one_batch(integration: Integration) -> None:
    make_rule()
    for name in ("CheckoutSlow", "DatabaseDown"):
        labels = {"alertname": name, "cluster": "eu"}
        send(integration, update(key=f"{name}/eu", summary=name, labels=labels))
    receive()
    assert held("CheckoutSlow") == cause()
    assert held("DatabaseDown") == ""


def test_a_symptom_that_was_first_is_held_when_its_cause_comes(integration: Integration) -> None:
    make_rule()
    tell(integration, "CheckoutSlow")
    assert held("CheckoutSlow") == ""
    tell(integration, "DatabaseDown")
    follow()
    assert held("CheckoutSlow") == cause()
    kinds = list(JournalEntry.objects.values_list("kind", flat=True))
    assert "alerting.alert_suppressed" in kinds


def test_another_cluster_is_another_matter(integration: Integration) -> None:
    make_rule()
    tell(integration, "DatabaseDown", cluster="us")
    tell(integration, "CheckoutSlow", cluster="eu")
    assert held("CheckoutSlow") == ""


def test_when_the_last_cause_is_over_what_is_still_open_is_decided_again(
    integration: Integration,
) -> None:
    make_rule(source='alertname=~"(Database|Disk)Down"')
    for name in ("DatabaseDown", "DiskDown", "CheckoutSlow", "CartSlow"):
        tell(integration, name)
    tell(integration, "CartSlow", "resolve")
    tell(integration, "DatabaseDown", "resolve")
    follow(1)
    disk = Alert.objects.get(summary="DiskDown").pk
    assert held("CheckoutSlow") == f"alert:{disk}"
    tell(integration, "DiskDown", "resolve")
    follow(2)
    row = Alert.objects.get(summary="CheckoutSlow")
    assert (row.held_by, row.inhibitor_id, row.outcome) == ("", None, "page")
    live = set(Alert.objects.filter(state="open").values_list("id", flat=True))
    assert set(AlertRole.objects.values_list("alert_id", flat=True)) <= live


def test_a_rule_holds_what_is_open_already_and_lets_go_when_deleted(
    integration: Integration,
) -> None:
    tell(integration, "DatabaseDown")
    tell(integration, "CheckoutSlow")
    number = make_rule()
    follow()
    assert held("CheckoutSlow") == cause()
    actions.change_inhibition(
        inhibition_id=number, draft=draft(is_enabled=False), now=NIGHT, actor="user:1"
    )
    follow()
    assert held("CheckoutSlow") == ""
    actions.change_inhibition(inhibition_id=number, draft=draft(), now=NIGHT, actor="user:1")
    follow()
    assert held("CheckoutSlow") == cause()
    actions.delete_inhibition(inhibition_id=number, now=NIGHT, actor="user:1")
    follow()
    assert held("CheckoutSlow") == ""
    assert not AlertRole.objects.exists()


def test_a_raised_severity_changes_what_an_alert_is(integration: Integration) -> None:
    make_rule(source=f'{CAUSE}\nseverity="critical"')
    tell(integration, "CheckoutSlow")
    tell(integration, "DatabaseDown")
    follow()
    assert held("CheckoutSlow") == ""
    labels = {"alertname": "DatabaseDown", "cluster": "eu"}
    worse = update(
        key="DatabaseDown/eu", summary="DatabaseDown", severity="critical", labels=labels
    )
    send(integration, worse)
    receive()
    follow()
    assert held("CheckoutSlow") == cause()


def test_silence_and_cause_both_hold_and_the_cause_is_named(integration: Integration) -> None:
    make_rule()
    tell(integration, "DatabaseDown")
    actions.create_silence(
        matchers=parse_matchers(SYMPTOM),
        starts_at=NIGHT,
        ends_at=NIGHT + timedelta(hours=1),
        by_name="Root",
        now=NIGHT,
        actor="user:1",
    )
    tell(integration, "CheckoutSlow")
    row = Alert.objects.get(summary="CheckoutSlow")
    assert (row.held_by, row.silence_id is not None) == (cause(), True)


def test_without_rules_nothing_is_asked_or_told(
    integration: Integration, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tell(integration, "CheckoutSlow")
    stages = [one.stage for one in decision(Alert.objects.get())]
    assert "inhibit" not in stages
    follow()
    follow()
    with django_assert_num_queries(2):
        follow()


@pytest.mark.parametrize("alerts", [1, 3])
def test_following_takes_the_same_statements_for_one_and_for_many(
    integration: Integration, django_assert_num_queries: DjangoAssertNumQueries, alerts: int
) -> None:
    make_rule()
    follow()
    for number in range(alerts):
        labels = {"alertname": f"S{number}Slow", "cluster": "eu"}
        send(integration, update(key=f"S{number}Slow/eu", labels=labels))
    receive()
    tell(integration, "DatabaseDown")
    with django_assert_num_queries(17):
        follow()
    assert Alert.objects.filter(inhibitor_id__isnull=False).count() == alerts


def test_what_is_wrong_with_a_rule_is_said() -> None:
    with pytest.raises(NameMissing):
        make_rule(name=" ")
    with pytest.raises(InhibitionNotValid, match="every alert would fit"):
        make_rule(source="")
    with pytest.raises(InhibitionNotValid, match="At most 20"):
        make_rule(equal=tuple(f"l{n}" for n in range(21)))
    with pytest.raises(InhibitionNotFound):
        actions.delete_inhibition(inhibition_id=9, now=NIGHT, actor="user:1")
