"""The whole life of an incident in the database: steps, pauses, endings, times, what came back."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import declare, make_arrival, open_incident

from evenfall.alerting.ports import Urgency
from evenfall.identity.models import User
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.actions import By, moving
from evenfall.incidents.actions.following import AlertEnd
from evenfall.incidents.logic.stamps import Stamp
from evenfall.incidents.logic.states import TERMINAL, TRANSITIONS, Act, State
from evenfall.incidents.models import Incident
from evenfall.incidents.queries.relatives import Relatives
from evenfall.notifications.models import Notice
from evenfall.paging import queries as paging_queries
from evenfall.platform import journal
from evenfall.platform.events import Event

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)
CHANGES = {
    f"incidents.{kind}"
    for kind in (
        *("incident_acknowledged", "incident_moved", "incident_alarmed", "incident_paused"),
        *("incident_declined", "incident_resolved", "incident_reopened", "incident_merged"),
        *("incident_sent_to_review", "incident_closed"),
    )
}


@pytest.fixture
def ana() -> User:
    return make_user("Ana")


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(id=incident.pk)


def kinds(incident: Incident) -> list[str]:
    return [entry.kind for entry in journal.entries(subject=f"incident:{incident.pk}")]


def page_states(incident: Incident) -> list[str]:
    pages = paging_queries.pages_for([f"incident:{incident.pk}"])
    return [page.status.value for page in pages]


def step(incident: Incident, act: Act, user: User | None = None, **given: Any) -> None:
    said: dict[str, Any] = {
        "incident_id": incident.pk,
        "user_id": user.pk if user else None,
        "now": LATER,
        "actor": f"user:{user.pk}" if user else "system",
    } | given
    if act is Act.ACKNOWLEDGE:
        actions.acknowledge_incident(**said)
    elif act is Act.RESOLVE:
        actions.resolve_incident(**said)
    else:
        actions.advance_incident(act=act, **said)


def acknowledged(user: User | None = None) -> Incident:
    incident = open_incident()
    step(incident, Act.ACKNOWLEDGE, user)
    return incident


def pause(incident: Incident, user: User | None = None, **given: Any) -> None:
    said: dict[str, Any] = {
        "incident_id": incident.pk,
        "reason": "the supplier",
        "resume_by": LATER + timedelta(hours=2),
        "user_id": user.pk if user else None,
        "now": LATER,
        "actor": f"user:{user.pk}" if user else "system",
    }
    actions.pause_incident(**said | given)


def test_from_the_first_answer_to_closed(ana: User) -> None:
    incident = acknowledged(ana)
    for act, state in (
        (Act.FIX, "fixing"),
        (Act.MONITOR, "monitoring"),
        (Act.RESOLVE, "resolved"),
        (Act.REVIEW, "review"),
        (Act.CLOSE, "closed"),
    ):
        step(incident, act, ana)
        assert fresh(incident).state == state
    found = fresh(incident)
    assert (found.detected_at, found.mitigated_at, found.resolved_at, found.closed_at) == (
        NOW,
        LATER,
        LATER,
        LATER,
    )
    assert found.impact_started_at is None


def test_who_fixes_has_the_page_in_hand(ana: User) -> None:
    incident = acknowledged(ana)
    assert page_states(incident) == ["acknowledged"]
    step(incident, Act.FIX, ana)
    assert page_states(incident) == ["mobilised"]


def test_twice_is_one_fact(ana: User) -> None:
    incident = acknowledged(ana)
    for _ in range(2):
        step(incident, Act.FIX, ana)
    assert kinds(incident).count("incidents.incident_moved") == 1


def test_a_fix_that_does_not_hold_takes_the_end_of_the_harm_back(ana: User) -> None:
    incident = acknowledged(ana)
    step(incident, Act.MONITOR, ana)
    assert fresh(incident).mitigated_at == LATER
    step(incident, Act.FIX, ana)
    assert fresh(incident).mitigated_at is None


@pytest.mark.parametrize("act", [Act.REVIEW, Act.CLOSE])
@pytest.mark.parametrize("live", [Act.ACKNOWLEDGE, Act.FIX, Act.MONITOR])
def test_sending_to_review_resolves_nothing_firehydrant_trap(
    act: Act, live: Act, ana: User
) -> None:
    """There, starting a retrospective from chat resolves the incident without a word."""
    incident = acknowledged(ana)
    step(incident, live, ana)
    before, told = fresh(incident), kinds(incident)
    with pytest.raises(errors.NotPossible, match="not resolved"):
        step(incident, act, ana)
    assert fresh(incident).state == before.state
    assert fresh(incident).resolved_at is None
    assert kinds(incident) == told


def test_what_nobody_answered_cannot_be_fixed_yet() -> None:
    incident = open_incident()
    with pytest.raises(errors.NotPossible, match="acknowledge it first"):
        step(incident, Act.FIX)


def test_a_pause_stops_the_page_and_keeps_the_alerts(ana: User) -> None:
    incident = open_incident(make_arrival("disk"))
    step(incident, Act.ACKNOWLEDGE, ana)
    pause(incident, ana)
    found = fresh(incident)
    assert (found.state, found.state_reason, found.state_by_id) == (
        "paused",
        "the supplier",
        ana.pk,
    )
    assert page_states(incident) == ["stopped"]
    open_incident(make_arrival("disk"), now=LATER)
    assert fresh(incident).open_alert_count == 2
    assert page_states(incident) == ["stopped"]
    assert queries.waiting_and_in_hand() == (0, 1)


def test_a_paused_incident_that_becomes_urgent_needs_somebody_at_once(ana: User) -> None:
    incident = open_incident(make_arrival("disk", urgency=Urgency.LOW))
    step(incident, Act.ACKNOWLEDGE, ana)
    pause(incident, ana)
    open_incident(make_arrival("disk", urgency=Urgency.HIGH), now=LATER)
    found = fresh(incident)
    assert (found.state, found.resume_by, found.is_paged) == ("open", None, True)


def test_a_paused_incident_ends_with_its_alerts(ana: User) -> None:
    arrival = make_arrival("disk")
    incident = open_incident(arrival)
    step(incident, Act.ACKNOWLEDGE, ana)
    pause(incident, ana)
    end = AlertEnd(alert_id=arrival.alert_id, title="Disk", at=LATER)
    actions.end_alerts(ends=[end], now=LATER)
    found = fresh(incident)
    assert (found.state, found.resume_by, found.state_reason) == ("resolved", None, "")


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=31), -timedelta(minutes=1)])
def test_a_pause_ends_in_the_next_thirty_days(late: timedelta) -> None:
    incident = acknowledged()
    with pytest.raises(errors.PauseNotPossible):
        pause(incident, resume_by=LATER + late)
    with pytest.raises(errors.ReasonMissing):
        pause(incident, reason=" \n ")
    with pytest.raises(errors.ReasonTooLong):
        pause(incident, reason="x" * 501)


def test_a_pause_can_be_made_longer(ana: User) -> None:
    incident = acknowledged(ana)
    pause(incident, ana)
    pause(incident, ana, reason="still the supplier", resume_by=LATER + timedelta(days=3))
    assert fresh(incident).resume_by == LATER + timedelta(days=3)
    assert kinds(incident).count("incidents.incident_paused") == 2


def test_the_end_of_a_pause_is_told_once_to_whoever_acknowledged(ana: User) -> None:
    incident = acknowledged(ana)
    pause(incident, make_user("Ben"))
    due = fresh(incident).resume_by
    assert due is not None
    early = actions.remind_of_pauses(now=due - timedelta(seconds=1))
    assert (early.done, early.next_due) == (0, due)
    assert actions.remind_of_pauses(now=due).done == 1
    again = actions.remind_of_pauses(now=due + timedelta(days=1))
    assert (again.done, again.next_due) == (0, None)
    told = Notice.objects.filter(subject=f"incident:{incident.pk}", purpose="incident")
    assert set(told.values_list("user_id", flat=True)) == {ana.pk}
    assert kinds(incident).count("incidents.pause_over") == 1
    assert fresh(incident).state == "paused"


def test_a_longer_pause_is_told_again(ana: User) -> None:
    incident = acknowledged(ana)
    pause(incident, ana)
    first = LATER + timedelta(hours=2)
    actions.remind_of_pauses(now=first)
    pause(incident, ana, now=first, resume_by=first + timedelta(hours=1))
    assert actions.remind_of_pauses(now=first + timedelta(hours=1)).done == 1


def test_a_pause_that_nobody_holds_calls_people_again() -> None:
    incident = acknowledged()
    pause(incident)
    actions.remind_of_pauses(now=LATER + timedelta(hours=2))
    found = fresh(incident)
    assert (found.state, found.is_paged) == ("open", True)


def test_a_pause_that_ended_reminds_nobody(ana: User) -> None:
    incident = acknowledged(ana)
    pause(incident, ana)
    step(incident, Act.INVESTIGATE, ana)
    assert fresh(incident).resume_by is None
    assert actions.remind_of_pauses(now=LATER + timedelta(days=1)).done == 0


def test_declining_ends_page_and_alerts_for_good(ana: User) -> None:
    incident = open_incident(make_arrival("disk"))
    said: dict[str, Any] = {"user_id": ana.pk, "now": LATER, "actor": f"user:{ana.pk}"}
    with pytest.raises(errors.ReasonMissing):
        actions.decline_incident(incident_id=incident.pk, reason="", **said)
    actions.decline_incident(incident_id=incident.pk, reason="a rehearsal", **said)
    found = fresh(incident)
    assert (found.state, found.holds_group, found.state_reason) == (
        "declined",
        False,
        "a rehearsal",
    )
    assert page_states(incident) == ["stopped"]
    assert open_incident(make_arrival("disk"), now=LATER).pk != incident.pk


def test_alerts_reopen_what_is_in_review_and_not_what_is_closed(ana: User) -> None:
    for act, same in ((Act.REVIEW, True), (Act.CLOSE, False)):
        incident = open_incident(make_arrival(act.value))
        step(incident, Act.RESOLVE, ana)
        step(incident, act, ana)
        again = open_incident(make_arrival(act.value), now=LATER + timedelta(minutes=1))
        assert (again.pk == incident.pk) is same
        assert fresh(incident).state == ("open" if same else "closed")


def test_what_came_back_too_late_is_offered_and_linked(ana: User) -> None:
    old = open_incident(make_arrival("disk"))
    step(old, Act.RESOLVE, ana)
    new = open_incident(make_arrival("disk"), now=NOW + timedelta(days=4))
    assert new.pk != old.pk
    offered = queries.relatives(new.pk).earlier
    assert offered is not None
    assert offered.id == old.pk
    said: dict[str, Any] = {"now": LATER, "actor": "system"}
    actions.link_recurrence(incident_id=new.pk, of_id=old.pk, **said)
    actions.link_recurrence(incident_id=new.pk, of_id=old.pk, **said)
    assert queries.incident(new.pk).recurrence_of_id == old.pk
    assert [view.id for view in queries.relatives(old.pk).recurrences] == [new.pk]
    assert kinds(old).count("incidents.recurrence_linked") == 1
    actions.link_recurrence(incident_id=new.pk, of_id=None, **said)
    assert queries.incident(new.pk).recurrence_of_id is None
    assert queries.relatives(declare().pk) == Relatives()


def test_only_an_older_one_that_stands_for_itself_comes_back() -> None:
    old, new = declare(), declare("Also slow")
    said: dict[str, Any] = {"now": LATER, "actor": "system"}
    for number in (old.pk, new.pk):
        with pytest.raises(errors.CannotRecur, match="older"):
            actions.link_recurrence(incident_id=old.pk, of_id=number, **said)
    with pytest.raises(errors.IncidentNotFound):
        actions.link_recurrence(incident_id=new.pk, of_id=10**9, **said)
    third = declare("Slow again")
    actions.merge_incidents(incident_id=old.pk, into_id=new.pk, **said)
    with pytest.raises(errors.CannotRecur, match=f"incident {new.pk} instead"):
        actions.link_recurrence(incident_id=third.pk, of_id=old.pk, **said)


def test_a_correction_keeps_the_old_time_who_and_why(ana: User) -> None:
    incident = acknowledged(ana)
    earlier = NOW - timedelta(minutes=20)
    said: dict[str, Any] = {"incident_id": incident.pk, "now": LATER, "actor": f"user:{ana.pk}"}
    for at in (earlier, earlier):
        actions.correct_stamp(stamp=Stamp.DETECTED, at=at, why="the log", **said)
    (one,) = queries.corrections(incident.pk)
    assert (one.who, one.before, one.after, one.why) == ("Ana", NOW, earlier, "the log")
    assert fresh(incident).detected_at == earlier
    assert fresh(incident).state == "acknowledged"
    told = [line.line.text for line in queries.incident_story(incident.pk)]
    assert "Ana corrected when it was noticed" in told


def test_a_time_out_of_order_is_refused_and_changes_nothing() -> None:
    incident = acknowledged()
    said: dict[str, Any] = {"incident_id": incident.pk, "now": LATER, "actor": "system"}
    for stamp, at in (
        (Stamp.IMPACT_STARTED, LATER),
        (Stamp.DETECTED, LATER + timedelta(days=1)),
        (Stamp.DECLARED, None),
        (Stamp.RESOLVED, LATER),
    ):
        with pytest.raises(errors.StampRefused):
            actions.correct_stamp(stamp=stamp, at=at, why="test", **said)
    with pytest.raises(errors.ReasonMissing):
        actions.correct_stamp(stamp=Stamp.DETECTED, at=NOW, why="", **said)
    assert queries.corrections(incident.pk) == []


def test_nobody_guesses_when_the_harm_began() -> None:
    incident = declare(service_id=make_service().pk)
    found = fresh(incident)
    assert (found.impact_started_at, found.detected_at, found.mitigated_at) == (None, None, None)


def by_hand(incident: Incident, act: Act, by: By) -> list[Event]:
    """What an act does to the row, as the actions and reactions do it."""
    state = State(incident.state)
    if act is Act.MERGE or (act is Act.REOPEN and (state, act) not in TRANSITIONS):
        return []
    moves = {
        Act.ACKNOWLEDGE: lambda: moving.acknowledge(incident, by),
        Act.MOBILISE: lambda: moving.mobilise(incident, by),
        Act.ALARM: lambda: moving.alarm(incident, by, why="test"),
        Act.PAUSE: lambda: moving.pause(
            incident, by, reason="test", resume_by=by.at + timedelta(hours=1)
        ),
        Act.DECLINE: lambda: moving.decline(incident, by, reason="test"),
        Act.RESOLVE: lambda: moving.resolve(incident, by),
        Act.REOPEN: lambda: moving.reopen(incident, by, why="test"),
        Act.REVIEW: lambda: moving.review(incident, by),
        Act.CLOSE: lambda: moving.close(incident, by),
    }
    return moves.get(act, lambda: moving.advance(incident, by, act))()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(st.sampled_from(Act), max_size=12))
def test_no_sequence_of_acts_leaves_the_table_and_each_change_is_one_fact(acts: list[Act]) -> None:
    """On real rows: the constraints of the database agree after every act."""
    incident = declare()
    for minute, act in enumerate(acts):
        before, at = State(incident.state), NOW + timedelta(minutes=minute)
        facts = by_hand(incident, act, By(actor="system", at=at))
        moving.save([incident], facts, now=at)
        incident.refresh_from_db()
        after = State(incident.state)
        changes = [fact for fact in facts if fact.kind in CHANGES]
        assert after is before or TRANSITIONS[before, act] is after
        assert len(changes) == (after is not before) or act is Act.PAUSE
        assert before not in TERMINAL or (after is before and not facts)
        assert (incident.resume_by is None) == (after is not State.PAUSED)
        assert incident.mitigated_at is None or incident.mitigated_at <= at
