from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.factories.alerting import NIGHT, make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team

from evenfall.alerting.events import AlertOpened
from evenfall.alerting.models import Alert
from evenfall.alerting.ports import Severity
from evenfall.identity.actions import create_team
from evenfall.platform.events import Recorded
from evenfall.platform.reactions import react_now
from evenfall.triage import queries, reactions
from evenfall.triage.actions import ReviewWish, set_team_review
from evenfall.triage.actions.reporting import STRAY
from evenfall.triage.models import Item, ItemEvent

pytestmark = pytest.mark.django_db


def opened(alert_id: int = 5, *, outcome: str = "ticket", **fields: object) -> AlertOpened:
    fact = AlertOpened(
        alert_id=alert_id,
        integration_id=1,
        service_id=None,
        group_key="",
        title="Disk is 82 % full",
        severity="warning",
        environment="PROD",
        team_id=None,
        outcome=outcome,
        urgency="low",
        reason="a warning becomes a ticket",
        policy_id=None,
        rule_id=None,
        held_by="",
        source="db-3",
        starts_at=NOW,
        at=NOW,
    )
    return replace(fact, **fields)


def follow(*facts: AlertOpened) -> None:
    recorded = [Recorded(id=number, event=fact) for number, fact in enumerate(facts, start=1)]
    reactions.follow_alerts(recorded, now=NOW)


def test_an_alert_that_asks_for_a_ticket_is_an_item_once() -> None:
    service = make_service(team=make_team("Storage"))
    follow(opened(service_id=service.id), opened(service_id=service.id))
    follow(opened(service_id=service.id))
    item = Item.objects.get()
    assert (item.alert_id, item.team_id, item.priority) == (5, service.team_id, "P3")
    assert (item.source, item.reporter_name, item.title) == ("alert", "db-3", "Disk is 82 % full")


def test_other_outcomes_and_held_alerts_make_none() -> None:
    team_id = make_team().id
    follow(
        opened(1, team_id=team_id, outcome="page"),
        opened(2, team_id=team_id, held_by="silence:3"),
    )
    assert not Item.objects.exists()


def test_the_first_team_finds_what_was_told_while_there_was_none() -> None:
    integration = make_integration("Backups")
    for number in range(3):
        send(integration, update(key=f"backup-{number}"), at=NIGHT)
    receive(NIGHT)
    Alert.objects.update(outcome="ticket", held_by="")
    paging = Alert.objects.latest("id")
    Alert.objects.filter(id=paging.id).update(outcome="page")
    react_now(NIGHT)
    assert not Item.objects.exists()

    first = create_team(name="Ops", slug="ops", now=NIGHT, actor="system")
    for name in ("Web", "Data"):  # another team later changes nothing
        react_now(NIGHT)
        create_team(name=name, now=NIGHT, actor="system")

    owners = dict(Item.objects.values_list("alert_id", "team_id"))
    assert owners == dict.fromkeys(
        Alert.objects.exclude(id=paging.id).values_list("id", flat=True), first
    )
    assert set(ItemEvent.objects.values_list("text", flat=True)) == {STRAY}


def test_an_alert_that_no_team_has_waits_where_somebody_looks() -> None:
    follow(opened(1))  # without any team there is no queue, and the alert itself is open
    assert not Item.objects.exists()
    oldest, other = make_team("Zebra"), make_team("Ant")

    follow(opened(2), opened(3, team_id=other.id))
    for team in (other, oldest, other):
        wish = ReviewWish(takes_strays=True)
        set_team_review(team_id=team.id, wish=wish, now=NOW, actor="system")
    follow(opened(4))

    owners = dict(Item.objects.values_list("alert_id", "team_id"))
    assert owners == {2: oldest.id, 3: other.id, 4: other.id}
    said = dict(ItemEvent.objects.values_list("item__alert_id", "text"))
    assert (said[2], said[3]) == (STRAY, "")
    assert [queries.team_review(one.id).takes_strays for one in (oldest, other)] == [False, True]


def test_the_severity_of_an_alert_decides_its_priority() -> None:
    team_id = make_team().id
    follow(
        opened(1, team_id=team_id, severity="critical"),
        opened(2, team_id=team_id, severity="info"),
    )
    assert dict(Item.objects.values_list("alert_id", "priority")) == {1: "P1", 2: "P5"}


def test_a_warning_comes_in_and_is_an_item_with_clocks() -> None:
    """From the signal to the queue: pipeline, journal, item; a repeat makes no other."""
    service = make_service(team=make_team("Storage"))
    integration = make_integration(service=service)
    warning = update(severity=Severity.WARNING)
    for at in (NIGHT, NIGHT + timedelta(minutes=1)):
        send(integration, warning, at=at)
        receive(at)
        react_now(at)
    alert, item = Alert.objects.get(), Item.objects.get()
    assert (alert.outcome, alert.count) == ("ticket", 2)
    assert (item.alert_id, item.team_id, item.title) == (alert.pk, service.team_id, "Disk is full")
    shown = queries.item(item.pk, now=NIGHT)
    assert (shown.reported_at, shown.state.value) == (NIGHT, "new")
    assert shown.next_clock is not None
    assert item.next_due_at is not None
