"""One incident for a database that is down and for what needs it, and nobody is woken twice."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.alerting import NIGHT, make_integration, receive, send, update
from tests.factories.catalog import make_dependency, make_service
from tests.factories.identity import make_membership, make_team, make_user

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.actions import Dependence
from evenfall.alerting.logic.causes import LINGER, Holding
from evenfall.alerting.models import Alert, Integration
from evenfall.alerting.ports import Severity
from evenfall.catalog.models import Service
from evenfall.incidents import actions
from evenfall.incidents.models import Incident, IncidentAlert, IncidentCause
from evenfall.notifications.models import Notice
from evenfall.paging.models import Page
from evenfall.platform.models import JournalEntry
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


class World:
    """Checkout needs Database; each has a team of its own unless `team` says otherwise."""

    def __init__(self, *, shared: bool = False, tier: int = 2) -> None:
        owner = make_team("Data")
        team = owner if shared else make_team("Shop")
        self.member = make_user()
        make_membership(team, self.member)
        self.database = make_service("Database", team=owner)
        self.checkout = make_service("Checkout", team=team, tier=tier)
        make_dependency(self.checkout, self.database)
        self.integration: Integration = make_integration()
        alerting_actions.write_graph(now=NIGHT)

    def tell(
        self,
        *services: Service,
        action: str = "trigger",
        at: datetime = NIGHT,
        severity: Severity = Severity.ERROR,
    ) -> None:
        more = {"severity": severity} if action == "trigger" else {}
        for one in services:
            said = {"summary": f"{one.name} is down", "labels": {"service": one.slug}, **more}
            send(self.integration, update(action, key=one.slug, **said), at=at)
        receive(at)
        self.react(at)

    def react(self, at: datetime = NIGHT) -> None:
        alerting_actions.follow_causes(now=at)
        react_now(at)

    def alert(self, service: Service) -> Alert:
        return Alert.objects.filter(dedup_key=service.slug).latest("id")

    def incident(self, service: Service) -> Incident:
        return IncidentAlert.objects.get(alert_id=self.alert(service).pk).incident


def pages() -> list[str]:
    return list(Page.objects.order_by("id").values_list("subject", flat=True))


def test_one_incident_one_page_and_a_quiet_word_for_the_other_team() -> None:
    world = World()
    world.tell(world.checkout, world.database)
    home = world.incident(world.database)
    assert world.incident(world.checkout) == home
    assert pages() == [f"incident:{home.pk}"]
    assert (home.alert_count, home.open_alert_count) == (2, 2)
    words = Notice.objects.filter(user=world.member, purpose="cause")
    assert {(one.urgency, one.subject) for one in words} == {("low", f"incident:{home.pk}")}
    client = Client()
    client.force_login(make_user("Root", "admin"))
    shown = client.get(f"/incidents/{home.pk}/").content.decode()
    assert "waits here: its service needs this one" in shown
    assert "/split/" in shown
    story = alerting_queries.alert_story(world.alert(world.checkout).pk)
    assert story.incident_id == home.pk
    assert "Checkout needs Database" in str(story.alert.decision)


def test_a_symptom_that_stays_when_its_cause_is_over_calls_its_own_people() -> None:
    world = World()
    world.tell(world.database)
    world.tell(world.checkout)
    first = world.incident(world.database)
    world.tell(world.database, action="resolve", at=NIGHT + 5 * MINUTE)
    world.react(NIGHT + 5 * MINUTE + LINGER - MINUTE)
    assert world.alert(world.checkout).held_by.startswith("cause:")
    assert len(pages()) == 1
    world.react(NIGHT + 5 * MINUTE + LINGER)
    alert, second = world.alert(world.checkout), world.incident(world.checkout)
    assert (alert.held_by, alert.outcome) == ("", "page")
    assert second != first
    assert pages() == [f"incident:{first.pk}", f"incident:{second.pk}"]
    first.refresh_from_db()
    assert (first.state, first.open_alert_count, first.alert_count) == ("resolved", 0, 1)
    kinds = set(JournalEntry.objects.values_list("kind", flat=True))
    assert "incidents.alerts_left" in kinds


def test_a_symptom_that_is_over_minutes_after_its_cause_calls_nobody() -> None:
    world = World()
    world.tell(world.database)
    world.tell(world.checkout)
    world.tell(world.database, action="resolve", at=NIGHT + 5 * MINUTE)
    home = world.incident(world.database)
    assert (home.state, home.open_alert_count) == ("open", 1)
    world.tell(world.checkout, action="resolve", at=NIGHT + 8 * MINUTE)
    world.react(NIGHT + 5 * MINUTE + LINGER)
    home.refresh_from_db()
    assert (home.state, home.alert_count, len(pages())) == ("resolved", 2, 1)


def test_a_symptom_that_gets_worse_after_its_cause_waits_no_longer() -> None:
    world = World()
    world.tell(world.database)
    world.tell(world.checkout)
    world.tell(world.database, action="resolve", at=NIGHT + 5 * MINUTE)
    world.tell(world.checkout, severity=Severity.CRITICAL, at=NIGHT + 6 * MINUTE)
    assert world.alert(world.checkout).held_by == ""
    assert len(pages()) == 2


def test_both_end_and_nobody_else_was_called() -> None:
    world = World()
    world.tell(world.database)
    world.tell(world.checkout)
    world.tell(world.checkout, action="resolve", at=NIGHT + MINUTE)
    world.tell(world.database, action="resolve", at=NIGHT + 2 * MINUTE)
    home = world.incident(world.database)
    assert (home.state, home.alert_count, len(pages())) == ("resolved", 2, 1)


def test_somebody_splits_it_off_and_it_does_not_come_back() -> None:
    world = World()
    world.tell(world.database)
    world.tell(world.checkout)
    alert = world.alert(world.checkout)
    for _ in range(2):
        alerting_actions.split_off(alert_id=alert.pk, now=NIGHT + MINUTE, actor="user:1")
        world.react(NIGHT + MINUTE)
    assert len(pages()) == 2
    assert world.incident(world.checkout) != world.incident(world.database)
    alerting_actions.redecide(alert_ids=[alert.pk], why="test", now=NIGHT + 2 * MINUTE)
    alert.refresh_from_db()
    assert (alert.held_by, alert.outcome) == ("", "page")


def test_a_late_cause_of_another_team_is_linked() -> None:
    world = World()
    world.tell(world.checkout)
    world.tell(world.database, at=NIGHT + MINUTE)
    effect, cause = world.incident(world.checkout), world.incident(world.database)
    assert len(pages()) == 2
    assert list(IncidentCause.objects.values_list("incident_id", "cause_id")) == [
        (effect.pk, cause.pk)
    ]
    pairs = [(world.alert(world.database).pk, world.alert(world.checkout).pk)]
    actions.link_causes(pairs=pairs, now=NIGHT)
    assert IncidentCause.objects.count() == 1  # never both ways
    client = Client()
    client.force_login(make_user("Root", "admin"))
    assert "Probably caused by" in client.get(f"/incidents/{effect.pk}/").content.decode()
    assert "Probably the cause of" in client.get(f"/incidents/{cause.pk}/").content.decode()


def test_a_late_cause_of_the_same_team_does_not_call_it_again() -> None:
    world = World(shared=True)
    world.tell(world.checkout)
    world.tell(world.database, at=NIGHT + MINUTE)
    assert world.incident(world.checkout) == world.incident(world.database)
    assert len(pages()) == 1


@pytest.mark.parametrize(
    ("severity", "tier", "holding", "calls"),
    [
        (Severity.CRITICAL, 1, Holding.AUTO, True),
        (Severity.ERROR, 1, Holding.AUTO, False),
        (Severity.CRITICAL, 1, Holding.ALWAYS, False),
        (Severity.ERROR, 2, Holding.NEVER, True),
    ],
)
def test_who_waits_is_a_setting(
    severity: Severity, tier: int, holding: Holding, *, calls: bool
) -> None:
    world = World(tier=tier)
    alerting_actions.set_holding(
        service_id=world.checkout.pk, holding=holding, now=NIGHT, actor="user:1"
    )
    world.tell(world.database)
    world.tell(world.checkout, severity=severity)
    assert (world.alert(world.checkout).outcome == "page") is calls
    assert IncidentCause.objects.exists() is calls


def test_whoever_acknowledges_or_resolves_speaks_for_its_own_alerts_only() -> None:
    world = World()
    world.tell(world.database)
    world.tell(world.checkout)
    home = world.incident(world.database)
    alerting_actions.acknowledge_alert(
        alert_id=world.alert(world.checkout).pk, now=NIGHT, actor=f"user:{world.member.pk}"
    )
    react_now(NIGHT)
    home.refresh_from_db()
    assert home.state == "open"
    actions.resolve_incident(
        incident_id=home.pk, user_id=world.member.pk, now=NIGHT + MINUTE, actor="user:1"
    )
    world.react(NIGHT + MINUTE)
    world.react(NIGHT + MINUTE + LINGER)
    assert world.alert(world.checkout).state == "acknowledged"
    assert world.incident(world.checkout) != home


def test_a_silenced_cause_holds_nobody() -> None:
    world = World()
    world.tell(world.database)
    world.tell(world.checkout)
    Alert.objects.filter(pk=world.alert(world.database).pk).update(held_by="silence:1")
    world.react(NIGHT + MINUTE)
    assert world.alert(world.checkout).outcome == "page"


def test_switched_off_what_waits_is_decided_again() -> None:
    world = World()
    world.tell(world.database)
    world.tell(world.checkout)
    off = Dependence(is_on=False)
    alerting_actions.set_dependence(wanted=off, now=NIGHT + MINUTE, actor="user:1")
    assert world.alert(world.checkout).outcome == "page"
    react_now(NIGHT + MINUTE)
    assert len(pages()) == 2


def test_as_many_statements_for_one_alert_as_for_fifty() -> None:
    world = World()
    world.tell(world.database)
    counts = []
    for some in (range(1), range(1, 51)):
        for number in some:
            labels = {"service": world.checkout.slug}
            send(world.integration, update(key=f"c{number}", labels=labels))
        with CaptureQueriesContext(connection) as counted:
            receive()
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert Alert.objects.filter(held_by__startswith="cause:").count() == 51
