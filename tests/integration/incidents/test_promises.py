"""Promises on a real database: begun, reminded of, kept, broken, and what ends them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.incidents import declare, make_arrival, open_incident

from evenfall.alerting.ports import Severity
from evenfall.identity.models import User
from evenfall.identity.permissions import Asker, asked_by
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.actions import Wording
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import Act
from evenfall.incidents.models import Incident, Promise
from evenfall.notifications.models import Notice
from evenfall.paging import queries as paging_queries
from evenfall.platform import journal
from evenfall.platform.reactions import drains

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
PUBLIC, STAFF, EXECUTIVES = Audience
EVERYBODY = dict.fromkeys(Audience, Wording())


@pytest.fixture
def incident() -> Incident:
    """A SEV1 declared at NOW, with its promises."""
    found = declare("Nobody can pay", severity=Sev.SEV1)
    react(NOW)
    return found


def react(now: datetime) -> None:
    """Let the promises follow what happened, as the worker does."""
    (drain,) = [one for one in drains() if "incidents.promises" in one.name]
    while drain.run(now).done:
        pass


def watch(at: datetime) -> None:
    while actions.watch_promises(now=at).done:
        pass


def due(incident: Incident, now: datetime = NOW) -> dict[Audience, float]:
    """When each audience hears something, in minutes from NOW."""
    found = queries.promises_of(incident.pk, now=now)
    return {one.audience: (one.due_at - NOW) / MINUTE for one in found}


def tell(incident: Incident, at: datetime, *audiences: Audience, **more: Wording) -> int:
    return actions.tell_update(
        incident_id=incident.pk,
        draft="Payments fail. We look.",
        wordings={one: Wording() for one in audiences} or EVERYBODY,
        user_id=None,
        now=at,
        actor="system",
    )


def seat(incident: Incident, **roles: User) -> None:
    for role, user in roles.items():
        actions.give_role(
            incident_id=incident.pk,
            role=CrewRole(role),
            user_id=user.pk,
            now=NOW,
            actor=f"user:{user.pk}",
        )


def reminded() -> list[str]:
    rows = Notice.objects.filter(subject__startswith="updates:").order_by("id")
    return [f"{row.user.name}: {row.content['title']}" for row in rows.select_related("user")]


def story(incident: Incident) -> Sequence[str]:
    return [one.line.text for one in queries.incident_story(incident.pk)]


def test_the_first_promise_starts_when_the_incident_is_declared(incident: Incident) -> None:
    assert due(incident) == {PUBLIC: 10, STAFF: 30, EXECUTIVES: 30}
    assert "An update is promised" in story(incident)


def test_what_alerts_open_promises_nothing_until_somebody_says_that_it_is_one() -> None:
    found = open_incident(make_arrival(severity=Severity.CRITICAL))
    react(NOW)
    assert due(found) == {}
    later = NOW + 3 * MINUTE
    actions.acknowledge_incident(incident_id=found.pk, user_id=None, now=later, actor="system")
    react(later + 30 * MINUTE)
    assert due(found)[PUBLIC] == 3 + 20


def hide(incident: Incident, at: datetime, *, is_private: bool = True) -> None:
    actions.set_privacy(
        incident_id=incident.pk, is_private=is_private, user_id=None, now=at, actor="system"
    )
    react(at)


def test_a_private_incident_promises_the_public_nothing(incident: Incident) -> None:
    hide(incident, NOW + MINUTE)
    assert due(incident) == {STAFF: 30, EXECUTIVES: 30}
    hide(incident, NOW + 5 * MINUTE, is_private=False)
    assert due(incident) == {PUBLIC: 15, STAFF: 30, EXECUTIVES: 30}
    assert declared_in_private() == {STAFF: 30, EXECUTIVES: 30}


def declared_in_private() -> dict[Audience, float]:
    found = declare("A key was found in a log", severity=Sev.SEV1, is_private=True)
    react(NOW)
    return due(found)


def test_a_public_that_knows_hears_the_end_of_what_became_private(incident: Incident) -> None:
    tell(incident, NOW + 8 * MINUTE, PUBLIC)
    hide(incident, NOW + 9 * MINUTE)
    assert due(incident)[PUBLIC] == 28


def test_an_update_keeps_its_promises_and_makes_the_next_ones(incident: Incident) -> None:
    tell(incident, NOW + 8 * MINUTE, PUBLIC, STAFF)
    assert due(incident) == {PUBLIC: 28, STAFF: 38, EXECUTIVES: 30}
    (update,) = queries.updates(incident.pk)
    assert [one.audience for one in update.texts] == [PUBLIC, STAFF]
    assert update.texts[0].text == "Payments fail. We look."
    assert "Evenfall told the public and staff" in story(incident)


def test_each_audience_may_have_its_own_words_and_its_own_time(incident: Incident) -> None:
    named = NOW + 45 * MINUTE
    actions.tell_update(
        incident_id=incident.pk,
        draft="The database of payments is full.",
        wordings={PUBLIC: Wording(text="Paying fails."), STAFF: Wording(next_update_at=named)},
        user_id=None,
        now=NOW,
        actor="system",
    )
    (update,) = queries.updates(incident.pk)
    assert [one.text for one in update.texts] == [
        "Paying fails.",
        "The database of payments is full.",
    ]
    assert due(incident)[STAFF] == 45


@pytest.mark.parametrize("at", [NOW, NOW - MINUTE, NOW + timedelta(days=31)])
def test_the_next_update_comes_some_time_soon(incident: Incident, at: datetime) -> None:
    with pytest.raises(errors.NextUpdateNotPossible):
        actions.name_next_update(
            incident_id=incident.pk, audience=PUBLIC, due_at=at, now=NOW, actor="system"
        )


def test_an_update_says_something_to_somebody(incident: Incident) -> None:
    for draft, wordings, error in (
        ("Down", {}, errors.NobodyTold),
        (" ", {PUBLIC: Wording()}, errors.UpdateEmpty),
        ("x" * 20_001, {PUBLIC: Wording()}, errors.UpdateTooLong),
    ):
        with pytest.raises(error):
            actions.tell_update(
                incident_id=incident.pk,
                draft=draft,
                wordings=wordings,
                user_id=None,
                now=NOW,
                actor="system",
            )


def test_people_are_reminded_three_times_and_then_it_is_broken(incident: Incident) -> None:
    ana, ben, cem = make_user("Ana"), make_user("Ben"), make_user("Cem")
    seat(incident, commander=ana, communications=ben, deputy=cem)
    tell(incident, NOW, STAFF, EXECUTIVES)
    for minutes in (5, 10, 15, 20):
        watch(NOW + minutes * MINUTE)
    title = f"#{incident.pk}: Update for the public is"
    assert [one for one in reminded() if "Cem" not in one] == [
        f"Ben: {title} due soon",
        f"Ben: {title} due",
        f"Ana: {title} due",
    ]
    (page,) = paging_queries.pages_for([f"updates:{incident.pk}"])
    assert page.is_open
    row = Promise.objects.get(audience="public")
    assert (row.nudges, row.broken_at) == (3, NOW + 20 * MINUTE)
    assert "The promise to tell the public is broken" in story(incident)


def test_telling_them_calms_whoever_was_called(incident: Incident) -> None:
    seat(incident, commander=make_user("Ana"))
    watch(NOW + 15 * MINUTE)
    tell(incident, NOW + 16 * MINUTE)
    (page,) = paging_queries.pages_for([f"updates:{incident.pk}"])
    assert not page.is_open
    assert not Notice.objects.filter(subject=f"updates:{incident.pk}", state="planned").exists()


def test_promises_that_come_due_together_are_one_reminder(incident: Incident) -> None:
    seat(incident, communications=make_user("Ben"))
    tell(incident, NOW, PUBLIC)
    watch(NOW + 25 * MINUTE)
    assert sorted(set(reminded())) == [
        f"Ben: #{incident.pk}: Update for staff and executives is due soon",
        f"Ben: #{incident.pk}: Update for the public is due",
    ]


def test_what_was_due_while_nothing_ran_is_handled_once_and_called_late(
    incident: Incident,
) -> None:
    seat(incident, commander=make_user("Ana"))
    tell(incident, NOW, STAFF, EXECUTIVES)
    for minutes in (28, 29, 29):
        watch(NOW + minutes * MINUTE)
    assert len(reminded()) == len(set(reminded()))
    row = Promise.objects.get(audience="public", outcome="")
    assert (row.nudges, row.broken_at) == (1, NOW + 20 * MINUTE)
    facts = list(journal.entries(subject=f"incident:{incident.pk}"))
    (broken,) = [one for one in facts if one.kind == "incidents.promise_broken"]
    assert broken.data["seconds_late"] == 8 * 60


def test_nobody_with_a_role_is_said_aloud_and_the_policy_is_called(incident: Incident) -> None:
    watch(NOW + 10 * MINUTE)
    line = next(one for one in queries.incident_story(incident.pk) if "is due" in one.line.text)
    assert line.line.why == "Nobody has a role, so nobody could be reminded."
    watch(NOW + 15 * MINUTE)
    assert paging_queries.pages_for([f"updates:{incident.pk}"])


def test_a_severity_that_rises_asks_sooner() -> None:
    found = declare("Slow", severity=Sev.SEV3)
    react(NOW)
    assert due(found) == {STAFF: 240, EXECUTIVES: 240}
    actions.set_severity(
        incident_id=found.pk, severity=Sev.SEV1, now=NOW + 5 * MINUTE, actor="system"
    )
    react(NOW + 20 * MINUTE)
    assert due(found) == {PUBLIC: 15, STAFF: 35, EXECUTIVES: 35}


def test_a_severity_that_falls_leaves_what_was_told(incident: Incident) -> None:
    tell(incident, NOW + MINUTE, PUBLIC)
    actions.set_severity(
        incident_id=incident.pk, severity=Sev.SEV3, now=NOW + 2 * MINUTE, actor="system"
    )
    react(NOW + 2 * MINUTE)
    assert due(incident) == {PUBLIC: 21, STAFF: 240, EXECUTIVES: 240}


def test_a_watched_fix_makes_updates_rarer_and_back_at_work_sooner(incident: Incident) -> None:
    for act in ("acknowledge", "monitor"):
        move(incident, act, NOW)
    tell(incident, NOW)
    assert due(incident) == {PUBLIC: 40, STAFF: 60, EXECUTIVES: 60}
    move(incident, "fix", NOW + 10 * MINUTE)
    react(NOW + 10 * MINUTE)
    assert due(incident) == {PUBLIC: 30, STAFF: 40, EXECUTIVES: 40}


def test_a_pause_has_updates_too(incident: Incident) -> None:
    move(incident, "acknowledge", NOW)
    actions.pause_incident(
        incident_id=incident.pk,
        reason="A supplier looks",
        resume_by=NOW + timedelta(days=1),
        user_id=None,
        now=NOW,
        actor="system",
    )
    tell(incident, NOW)
    assert due(incident) == {PUBLIC: 80, STAFF: 120, EXECUTIVES: 120}


def move(incident: Incident, act: str, now: datetime) -> None:
    if act == "acknowledge":
        actions.acknowledge_incident(incident_id=incident.pk, user_id=None, now=now, actor="system")
        return
    actions.advance_incident(
        incident_id=incident.pk, act=Act(act), user_id=None, now=now, actor="system"
    )


def test_whoever_was_told_hears_the_end_and_nobody_else_waits(incident: Incident) -> None:
    tell(incident, NOW, PUBLIC)
    end = NOW + 5 * MINUTE
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=end, actor="system")
    react(end)
    assert due(incident) == {PUBLIC: 20}
    tell(incident, end + MINUTE, PUBLIC)
    assert due(incident) == {}
    assert queries.updates(incident.pk)[0].texts[0].next_update_at is None


def test_what_is_reopened_is_promised_again(incident: Incident) -> None:
    end = NOW + 5 * MINUTE
    tell(incident, NOW, PUBLIC)
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=end, actor="system")
    react(end)
    tell(incident, end, PUBLIC)
    actions.reopen_incident(incident_id=incident.pk, now=end, actor="system")
    react(end)
    assert due(incident) == {PUBLIC: 25, STAFF: 35, EXECUTIVES: 35}


def test_whoever_waits_for_what_was_merged_hears_of_the_other(incident: Incident) -> None:
    target = declare("All is slow", severity=Sev.SEV3)
    tell(incident, NOW, PUBLIC, STAFF)
    actions.merge_incidents(
        incident_id=incident.pk, into_id=target.pk, now=NOW + MINUTE, actor="system"
    )
    react(NOW + MINUTE)
    assert due(incident) == {}
    assert due(target) == {PUBLIC: 20, STAFF: 30, EXECUTIVES: 240}


def test_a_time_can_be_named_but_not_put_off_when_it_has_passed(incident: Incident) -> None:
    def name(minutes: int, now: datetime = NOW) -> None:
        actions.name_next_update(
            incident_id=incident.pk,
            audience=PUBLIC,
            due_at=NOW + minutes * MINUTE,
            now=now,
            actor="system",
        )

    name(15)
    name(15)
    assert due(incident)[PUBLIC] == 15
    with pytest.raises(errors.UpdateOverdue):
        name(30, NOW + 15 * MINUTE)
    kinds = [one.kind for one in journal.entries(subject=f"incident:{incident.pk}")]
    assert kinds.count("incidents.promise_moved") == 1


def test_after_two_hours_it_may_be_said_that_it_takes_long(incident: Incident) -> None:
    with pytest.raises(errors.NotLongYet):
        actions.declare_long(incident_id=incident.pk, now=NOW + 119 * MINUTE, actor="system")
    late = NOW + 120 * MINUTE
    for _ in range(2):
        actions.declare_long(incident_id=incident.pk, now=late, actor="system")
    tell(incident, late)
    assert due(incident) == {PUBLIC: 180, STAFF: 180, EXECUTIVES: 180}
    actions.take_back_long(incident_id=incident.pk, now=late, actor="system")
    tell(incident, late)
    assert due(incident)[PUBLIC] == 140
    assert story(incident).count("Evenfall says that it takes long") == 1


def test_told_elsewhere_keeps_the_promise_too(incident: Incident) -> None:
    actions.told_elsewhere(
        incident_id=incident.pk,
        audience=PUBLIC,
        where="the status page Shop",
        now=NOW + 12 * MINUTE,
        actor="system",
    )
    assert due(incident)[PUBLIC] == 32
    assert "Evenfall told the public on the status page Shop, 2 min late" in story(incident)


def test_the_board_has_the_late_ones_first(incident: Incident) -> None:
    tell(incident, NOW, PUBLIC)
    now = NOW + 25 * MINUTE
    lines = queries.promise_board(now=now).items
    assert [one.promise.audience for one in lines] == [PUBLIC, STAFF, EXECUTIVES]
    assert [one.promise.word for one in lines] == ["late", "due", "due"]
    assert [one.promise.audience for one in queries.promise_board(now=now, audience=STAFF).items]


def test_the_report_counts_kept_late_and_broken(incident: Incident) -> None:
    tell(incident, NOW + 10 * MINUTE, PUBLIC)
    tell(incident, NOW + 34 * MINUTE, PUBLIC, STAFF)
    tell(incident, NOW + 99 * MINUTE, PUBLIC)
    found = queries.promise_report(since=NOW, until=NOW + timedelta(days=1), now=NOW + 100 * MINUTE)
    lines = {(one.audience, one.severity): one for one in found.scores}
    public = lines[PUBLIC, "SEV1"]
    assert (public.kept, public.late, public.broken, public.percent_kept) == (1, 1, 1, 33.3)
    assert lines[EXECUTIVES, "SEV1"].broken == 1
    assert found.open == 3


def test_the_batch_of_turns_costs_the_same_for_one_and_for_many() -> None:
    counts = set()
    for many in (1, 3):
        rows = [declare(severity=Sev.SEV2) for _ in range(many)]
        turned = [
            actions.Turned(
                incident_id=row.pk,
                turn=actions.Turn.BEGUN,
                by=actions.By(actor="system", at=NOW),
            )
            for row in rows
        ]
        counts.add(_queries(turned))
    assert len(counts) == 1


def _queries(turned: Sequence[actions.Turned]) -> int:
    with CaptureQueriesContext(connection) as seen:
        actions.follow_turns(turned=turned)
    return len(seen)


def test_a_hand_over_of_a_shift_names_who_waits() -> None:
    team = make_team()
    found = declare("Nobody can pay", severity=Sev.SEV1, team_id=team.pk)
    react(NOW)
    briefings = queries.handover_briefing(
        team_id=team.pk, service_ids=[], since=NOW, now=NOW + 12 * MINUTE
    )
    lines = [line.text for one in briefings if one.title == "Promises due" for line in one.lines]
    at = (NOW + 10 * MINUTE).strftime("%H:%M")
    assert lines[0] == f"Update of #{found.pk} for the public was due {at} UTC"


def test_the_board_hides_what_is_private_from_whoever_may_not_see_it(incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    with asked_by(Asker.NOBODY):
        assert queries.promise_board(now=NOW).items == []
    assert len(queries.promise_board(now=NOW).items) == 3
