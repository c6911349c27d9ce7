"""Incidents follow alerts and pages."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import make_arrival, open_incident

from evenfall.alerting import events as alerting_events
from evenfall.incidents import actions, reactions
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.paging import actions as paging_actions
from evenfall.paging import events as paging_events
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import Response
from evenfall.platform import journal
from evenfall.platform.events import Event, Recorded, decode

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=3)
_ids = itertools.count(1)


def decided(
    cls: type[alerting_events.AlertOpened | alerting_events.AlertUpdated] = (
        alerting_events.AlertOpened
    ),
    alert_id: int = 1,
    *,
    outcome: str = "page",
    severity: str = "error",
    urgency: str = "high",
    held_by: str = "",
    group_key: str = "g",
    **more: Any,
) -> Any:
    return cls(
        alert_id=alert_id,
        integration_id=1,
        service_id=None,
        group_key=group_key,
        title="Checkout answers 5xx",
        severity=severity,
        environment="PROD",
        team_id=None,
        outcome=outcome,
        urgency=urgency,
        reason="x",
        policy_id=None,
        rule_id=None,
        held_by=held_by,
        source="prometheus",
        starts_at=NOW,
        at=NOW,
        **more,
    )


def updated(alert_id: int = 1, **more: Any) -> alerting_events.AlertUpdated:
    fact: alerting_events.AlertUpdated = decided(
        alerting_events.AlertUpdated, alert_id, why="x", **more
    )
    return fact


def suppressed(alert_id: int = 1) -> alerting_events.AlertSuppressed:
    return decided(  # type: ignore[no-any-return] # one of the three decided events
        alerting_events.AlertSuppressed,  # type: ignore[arg-type] # as above
        alert_id,
        outcome="record",
        held_by="silence:3",
        why="x",
    )


def resolved(alert_id: int = 1, at: datetime = LATER) -> alerting_events.AlertResolved:
    return alerting_events.AlertResolved(
        alert_id=alert_id,
        integration_id=1,
        service_id=None,
        group_key="g",
        title="Checkout answers 5xx",
        reason="x",
        at=at,
    )


def acknowledged(alert_id: int = 1, actor: str = "integration:1") -> Event:
    return alerting_events.AlertAcknowledged(
        alert_id=alert_id, integration_id=1, service_id=None, group_key="g", actor=actor, at=LATER
    )


def recorded(facts: Sequence[Event]) -> list[Recorded[Event]]:
    return [Recorded(id=next(_ids), event=fact) for fact in facts]


def follow(*facts: Event, now: datetime = LATER) -> None:
    reactions.follow_alerts(recorded(facts), now=now)


def page_facts(incident: Incident) -> list[Recorded[Event]]:
    """What the pages of this incident said, as the journal hands it to reactions."""
    entries = journal.entries(subject=f"incident:{incident.pk}")
    known = {cls.kind for cls in reactions.PAGE_EVENTS}
    return [
        Recorded(
            id=entry.id, event=decode(entry.kind, at=entry.at, actor=entry.actor, data=entry.data)
        )
        for entry in entries
        if entry.kind in known
    ]


def pages(incident: Incident) -> list[tuple[str, str]]:
    found = paging_queries.pages_for([f"incident:{incident.pk}"])
    return [(page.urgency.value, page.status.value) for page in found]


def the_incident() -> Incident:
    return Incident.objects.get()


@pytest.mark.parametrize(("outcome", "urgency"), [("page", "high"), ("low", "low")])
def test_an_alert_that_pages_opens_an_incident(outcome: str, urgency: str) -> None:
    follow(decided(outcome=outcome, urgency="high"))
    assert (the_incident().state, the_incident().urgency) == ("open", urgency)
    assert pages(the_incident()) == [(urgency, "paging")]


@pytest.mark.parametrize("outcome", ["ticket", "automate", "record"])
def test_an_alert_that_pages_nobody_opens_nothing(outcome: str) -> None:
    follow(decided(outcome=outcome))
    assert not Incident.objects.exists()


def test_an_alert_decided_anew_to_page_opens_an_incident() -> None:
    follow(decided(outcome="ticket"), updated(severity="critical"))
    assert the_incident().severity == "SEV2"


def test_a_raised_alert_raises_its_incident() -> None:
    follow(decided(outcome="low", severity="warning"))
    follow(updated(severity="critical", outcome="page"))
    assert (the_incident().severity, the_incident().urgency) == ("SEV2", "high")
    assert pages(the_incident()) == [("high", "paging"), ("low", "stopped")]


def test_the_last_word_about_an_alert_counts() -> None:
    follow(decided(), updated(severity="critical"), updated(severity="warning"))
    assert the_incident().severity == "SEV4"
    assert len(pages(the_incident())) == 1


def test_a_silence_over_all_alerts_stops_the_page_and_its_end_pages_again() -> None:
    follow(decided(alert_id=1), decided(alert_id=2))
    follow(suppressed(1))
    assert pages(the_incident()) == [("high", "paging")]
    follow(suppressed(2))
    assert the_incident().state == "open"
    assert pages(the_incident()) == [("high", "stopped")]
    follow(updated(alert_id=2))
    assert pages(the_incident()) == [("high", "paging"), ("high", "stopped")]


def test_an_incident_ends_when_all_its_alerts_did() -> None:
    follow(decided(alert_id=1), decided(alert_id=2))
    follow(resolved(1))
    assert (the_incident().state, the_incident().open_alert_count) == ("open", 1)
    follow(resolved(2), resolved(404))
    assert (the_incident().state, the_incident().open_alert_count) == ("resolved", 0)
    assert pages(the_incident()) == [("high", "stopped")]


def test_an_alert_opened_and_ended_in_one_batch_leaves_a_resolved_incident() -> None:
    follow(decided(), resolved())
    assert the_incident().state == "resolved"
    assert pages(the_incident()) == [("high", "stopped")]


def test_an_alert_ends_only_once() -> None:
    follow(decided(), resolved())
    before = len(journal.entries(subject=f"incident:{the_incident().pk}"))
    follow(resolved())
    assert len(journal.entries(subject=f"incident:{the_incident().pk}")) == before
    assert IncidentAlert.objects.get().ended_at == LATER


def test_an_alert_acknowledged_at_its_source_quietens_the_incident() -> None:
    follow(decided())
    follow(acknowledged())
    assert (the_incident().state, the_incident().acknowledged_by_id) == ("acknowledged", None)
    assert pages(the_incident()) == [("high", "acknowledged")]


def test_an_alert_acknowledged_by_a_person_names_them() -> None:
    user = make_user()
    follow(decided(), acknowledged(actor=f"user:{user.pk}"))
    assert the_incident().acknowledged_by_id == user.pk


@pytest.mark.parametrize(
    ("response", "state"),
    [
        (Response.ACKNOWLEDGE, "acknowledged"),
        (Response.ON_IT, "acknowledged"),
        (Response.NEED_HELP, "acknowledged"),
        (Response.ESCALATE, "open"),
        (Response.RESOLVE, "resolved"),
        (Response.NOT_ACTIONABLE, "resolved"),
    ],
)
def test_an_incident_follows_the_answer_to_its_page(response: Response, state: str) -> None:
    user = make_user()
    incident = open_incident(make_arrival("g"))
    page = paging_queries.pages_for([f"incident:{incident.pk}"])[0]
    paging_actions.respond(
        page_id=page.id,
        response=response,
        user_id=user.pk,
        via="link",
        now=LATER,
        actor=f"user:{user.pk}",
    )
    reactions.follow_pages(page_facts(incident), now=LATER)
    found = the_incident()
    assert found.state == state
    assert found.not_actionable is (response is Response.NOT_ACTIONABLE)
    assert (found.mobilised_by_id == user.pk) is (response is Response.ON_IT)
    assert found.holds_group is (state != "resolved")


def test_an_expired_acknowledgement_opens_the_incident_again() -> None:
    incident = open_incident()
    actions.acknowledge_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    late = LATER + timedelta(minutes=31)
    paging_actions.advance_due_pages(now=late)
    reactions.follow_pages(page_facts(incident), now=late)
    assert the_incident().state == "open"


def test_a_page_that_was_handed_on_opens_the_incident_again() -> None:
    incident = open_incident()
    actions.mobilise_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    late = LATER + timedelta(minutes=1)
    handed_on = paging_events.PageHandedOn(
        page_id=1, subject=f"incident:{incident.pk}", user_id=make_user().pk, at=late
    )
    reactions.follow_pages(recorded([handed_on]), now=late)
    assert the_incident().state == "open"


def test_late_news_of_a_page_changes_nothing() -> None:
    incident = open_incident()
    actions.acknowledge_incident(
        incident_id=incident.pk, user_id=None, now=LATER + timedelta(minutes=1), actor="system"
    )
    expired = paging_events.AckExpired(
        page_id=1, subject=f"incident:{incident.pk}", user_id=None, at=LATER
    )
    reactions.follow_pages(recorded([expired]), now=LATER)
    assert the_incident().state == "acknowledged"


def test_pages_about_something_else_are_left_alone() -> None:
    others = [
        paging_events.AckExpired(page_id=1, subject="call:7", user_id=None, at=LATER),
        paging_events.AckExpired(page_id=1, subject="incident:404", user_id=None, at=LATER),
    ]
    reactions.follow_pages(recorded(others), now=LATER)
    assert not Incident.objects.exists()


def test_the_facts_of_own_actions_find_the_incident_moved_already() -> None:
    incident = open_incident()
    actions.mobilise_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    actions.resolve_incident(
        incident_id=incident.pk, user_id=None, now=LATER, actor="system", not_actionable=True
    )
    before = len(journal.entries(subject=f"incident:{incident.pk}"))
    reactions.follow_pages(page_facts(incident), now=LATER)
    assert len(journal.entries(subject=f"incident:{incident.pk}")) == before
