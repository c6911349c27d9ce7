"""Who is called and who hears what by severity, on a real database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.hearing import make_listener, react
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.incidents import declare, make_arrival, open_incident
from tests.factories.notifications import make_contact_method

from evenfall.alerting.ports import Severity
from evenfall.catalog.ports import Environment
from evenfall.identity.models import User
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.actions import ListenerWish, Wording
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.hearing import Hears
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models import Called, Incident, Insider
from evenfall.notifications.models import Notice
from evenfall.paging.models import Page

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def dora() -> User:
    return make_user("Dora", "stakeholder")


def rate(incident: Incident, severity: Sev, minutes: int) -> None:
    at = NOW + minutes * MINUTE
    actions.set_severity(incident_id=incident.pk, severity=severity, now=at, actor="system")
    react(at)


def resolve(incident: Incident, minutes: int) -> None:
    at = NOW + minutes * MINUTE
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=at, actor="system")
    react(at)


def tell(incident: Incident, minutes: int, user: User | None = None, **texts: str) -> None:
    at = NOW + minutes * MINUTE
    actions.tell_update(
        incident_id=incident.pk,
        draft="",
        wordings={Audience(name): Wording(text=text) for name, text in texts.items()},
        user_id=user.pk if user else None,
        now=at,
        actor=f"user:{user.pk}" if user else "system",
    )
    react(at)


def invited() -> list[str]:
    """The subjects of all pages of the table that ring."""
    rows = Page.objects.filter(subject__startswith="invited:", ended_at=None)
    return sorted(rows.values_list("subject", flat=True))


def heard(user: User) -> list[tuple[str, ...]]:
    """The title and lines of what somebody was sent, as their inbox shows it."""
    rows = Notice.objects.filter(user=user, purpose="hearing", kind="inbox").order_by("id")
    return [(row.content["title"], *row.content["lines"]) for row in rows]


def test_complaint_36_whoever_is_named_is_called_when_a_bad_incident_is_declared(
    dora: User,
) -> None:
    make_listener(dora)
    mild, bad = declare("Slow"), declare("Nobody can pay", severity=Sev.SEV1)
    react(NOW)
    assert invited() == [f"invited:{bad.pk}:user:{dora.pk}"]
    page = Page.objects.get(subject__startswith="invited:")
    assert (page.urgency, page.content["title"]) == ("high", "Nobody can pay")
    assert "Called Dora" in [one.line.text for one in queries.incident_story(bad.pk)]
    assert not Called.objects.filter(incident=mild)


def test_complaint_36_severity_that_flaps_calls_once(dora: User) -> None:
    make_listener(dora)
    incident = declare("Nobody can pay")
    react(NOW)
    assert invited() == []
    rate(incident, Sev.SEV1, 1)
    assert len(invited()) == 1
    rate(incident, Sev.SEV4, 2)
    rate(incident, Sev.SEV2, 3)
    make_listener(dora, severity=Sev.SEV1)
    rate(incident, Sev.SEV1, 4)
    assert Page.objects.filter(subject__startswith="invited:").count() == 1


def test_complaint_36_what_alerts_open_calls_too_and_stops_when_it_is_over(dora: User) -> None:
    team = make_team("Leads", leads=(dora,))
    make_listener(team)
    arrival = make_arrival(severity=Severity.CRITICAL)
    incident = open_incident(arrival)
    react(NOW)
    assert invited() == [f"invited:{incident.pk}:team:{team.pk}"]
    resolve(incident, 5)
    assert invited() == []
    again = NOW + 6 * MINUTE
    actions.reopen_incident(incident_id=incident.pk, now=again, actor="system")
    react(again)
    assert invited() == []


def test_complaint_36_whoever_is_at_work_on_it_is_not_called(dora: User) -> None:
    make_listener(dora)
    incident = declare("Nobody can pay", severity=Sev.SEV1)
    actions.give_role(
        incident_id=incident.pk,
        role=CrewRole.COMMANDER,
        user_id=dora.pk,
        now=NOW,
        actor=f"user:{dora.pk}",
    )
    react(NOW)
    assert invited() == []
    (line,) = queries.hearing_of(queries.incident(incident.pk))
    assert (line.was_here, line.at) == (True, NOW)


def test_complaint_36_a_row_of_one_team_is_about_its_incidents_only(dora: User) -> None:
    ours, others = make_team("Ours"), make_team("Others")
    make_listener(dora, team=ours)
    declare(severity=Sev.SEV1, team_id=others.pk)
    mine = declare(severity=Sev.SEV1, team_id=ours.pk)
    react(NOW)
    assert invited() == [f"invited:{mine.pk}:user:{dora.pk}"]


def test_complaint_36_whoever_wants_to_know_is_told_that_it_began_and_ended(dora: User) -> None:
    make_listener(dora, Hears.LIFE)
    incident = declare("Nobody can pay", severity=Sev.SEV1)
    react(NOW)
    react(NOW)
    assert heard(dora) == [(f"#{incident.pk}: it began, SEV1", "Nobody can pay")]
    rate(incident, Sev.SEV4, 1)
    resolve(incident, 5)
    assert heard(dora)[1:] == [(f"#{incident.pk}: it is over", "Nobody can pay")]
    assert set(Notice.objects.filter(purpose="hearing").values_list("urgency")) == {("low",)}
    again = NOW + 6 * MINUTE
    actions.reopen_incident(incident_id=incident.pk, now=again, actor="system")
    react(again)
    assert heard(dora)[2][0] == f"#{incident.pk}: it is open again, SEV4"
    assert "Told them that it began" in [one.line.text for one in story(incident)]


def story(incident: Incident) -> list[queries.Told]:
    return list(queries.incident_story(incident.pk))


def test_complaint_36_each_audience_gets_its_own_text_once(dora: User) -> None:
    boss, author = make_user("Bo"), make_user("Ann")
    make_listener(make_team("Support", members=(dora, author)), Hears.STAFF)
    make_listener(boss, Hears.EXECUTIVES)
    incident = declare("Nobody can pay", severity=Sev.SEV1)
    tell(incident, 3, author, public="We look.", staff="Disk of db-2 is full.", executives="EUR 9")
    react(NOW + 4 * MINUTE)
    assert heard(dora) == [
        (f"#{incident.pk}: update for staff", "Nobody can pay", "Disk of db-2 is full.")
    ]
    assert heard(boss) == [(f"#{incident.pk}: update for executives", "Nobody can pay", "EUR 9")]
    assert heard(author) == []


def test_complaint_36_a_storm_is_one_notice_for_each_person(dora: User) -> None:
    make_listener(dora, Hears.LIFE)
    make_listener(dora, Hears.STAFF)
    some = [declare(f"Shop {number} is down", severity=Sev.SEV1) for number in range(3)]
    tell(some[0], 0, staff="All shops.")
    (notice,) = heard(dora)
    assert notice == (
        "4 words about 3 incidents",
        *(f"#{one.pk} Shop {place} is down: it began, SEV1" for place, one in enumerate(some)),
        f"#{some[0].pk} Shop 0 is down: update for staff: All shops.",
    )


def test_a_very_long_notice_is_cut(dora: User) -> None:
    make_listener(dora, Hears.LIFE)
    for number in range(52):
        declare(f"Shop {number}", severity=Sev.SEV1)
    react(NOW)
    assert heard(dora)[0][-1] == "… and 2 more"


def test_complaint_36_of_a_private_incident_only_insiders_hear(dora: User) -> None:
    called, inside = make_user("Cleo", "stakeholder"), make_user("Ina", "stakeholder")
    lead = make_user("Lea", "stakeholder")
    make_contact_method(lead, is_verified=True)
    make_listener(called)
    make_listener(make_team("Leads", leads=(lead,)))
    for hears in (Hears.LIFE, Hears.STAFF):
        make_listener(dora, hears)
        make_listener(inside, hears)
    incident = declare("A key leaked", severity=Sev.SEV1, is_private=True)
    actions.add_insiders(incident_id=incident.pk, user_ids=[inside.pk], now=NOW, actor="system")
    tell(incident, 1, staff="It was ours.")
    assert heard(dora) == []
    (notice,) = heard(inside)
    assert "key" not in str(notice)
    assert "ours" not in str(notice)
    named = Insider.objects.filter(incident=incident).values_list("user_id", flat=True)
    assert set(named) == {called.pk, inside.pk, lead.pk}
    lines = queries.hearing_of(queries.incident(incident.pk))
    assert [one.left_out for one in lines if one.listener.who == "Dora"] == [["Dora"], ["Dora"]]
    assert not any(one.left_out for one in lines if one.listener.who != "Dora")


def test_whoever_is_let_in_later_is_told_then(dora: User) -> None:
    make_listener(dora, Hears.LIFE)
    incident = declare("A key leaked", severity=Sev.SEV1, is_private=True)
    react(NOW)
    assert heard(dora) == []
    later = NOW + MINUTE
    actions.set_privacy(
        incident_id=incident.pk, is_private=False, user_id=None, now=later, actor="system"
    )
    react(later)
    assert len(heard(dora)) == 1


def test_what_came_and_went_unseen_is_told_once_and_what_is_merged_too(dora: User) -> None:
    make_listener(dora, Hears.LIFE)
    short, kept, merged = (declare(f"Down {n}", severity=Sev.SEV1) for n in range(3))
    resolve(short, 1)
    assert f"#{short.pk} Down 0: it is over" in heard(dora)[0]
    later = NOW + 2 * MINUTE
    actions.merge_incidents(incident_id=merged.pk, into_id=kept.pk, now=later, actor="system")
    react(later)
    assert heard(dora)[1][0] == f"#{merged.pk}: it is part of another one now"


def test_outside_production_nobody_is_woken(dora: User) -> None:
    wish = ListenerWish(
        severity=Sev.SEV3, hears=Hears.CALLED, environment=Environment.UAT, user_id=dora.pk
    )
    actions.add_listener(wish=wish, now=NOW, actor="system")
    night = NOW + timedelta(hours=11)
    actions.declare_incident(
        title="UAT is down",
        severity=Sev.SEV3,
        environment=Environment.UAT,
        page=False,
        now=night,
        actor="system",
    )
    react(night)
    assert Page.objects.get(subject__startswith="invited:").urgency == "low"


def test_whoever_left_hears_nothing(dora: User) -> None:
    make_listener(dora, Hears.LIFE)
    User.objects.filter(id=dora.pk).update(is_active=False)
    declare(severity=Sev.SEV1)
    react(NOW)
    assert heard(dora) == []


def test_a_row_that_makes_no_sense_is_refused(dora: User) -> None:
    team = make_team()
    with pytest.raises(errors.ListenerUnclear):
        actions.add_listener(
            wish=ListenerWish(severity=Sev.SEV1, hears=Hears.LIFE), now=NOW, actor="system"
        )
    with pytest.raises(errors.ListenerUnclear):
        both = ListenerWish(severity=Sev.SEV1, hears=Hears.LIFE, user_id=dora.pk, group_id=team.pk)
        actions.add_listener(wish=both, now=NOW, actor="system")
    with pytest.raises(errors.SeverityTooHigh):
        uat = ListenerWish(
            severity=Sev.SEV1,
            hears=Hears.LIFE,
            environment=Environment.UAT,
            user_id=dora.pk,
        )
        actions.add_listener(wish=uat, now=NOW, actor="system")
    made = make_listener(dora)
    with pytest.raises(errors.ListenerThere):
        make_listener(dora)
    actions.remove_listener(listener_id=made, now=NOW, actor="system")
    with pytest.raises(errors.ListenerNotFound):
        actions.remove_listener(listener_id=made, now=NOW, actor="system")
    assert queries.listeners() == []


@pytest.mark.parametrize("reactor", ["incidents.invitations", "incidents.hearing"])
def test_a_storm_costs_no_more_queries_than_one(reactor: str, dora: User) -> None:
    make_listener(dora)
    make_listener(make_team("Leads", leads=(make_user("Lea"),)))
    make_listener(dora, Hears.LIFE)
    make_listener(dora, Hears.STAFF)

    def count(incidents: int) -> int:
        for number in range(incidents):
            found = declare(f"Down {number}", severity=Sev.SEV1)
            actions.tell_update(
                incident_id=found.pk,
                draft="We look.",
                wordings={Audience.STAFF: Wording()},
                user_id=None,
                now=NOW,
                actor="system",
            )
        with CaptureQueriesContext(connection) as captured:
            react(NOW, reactor)
        return len(captured)

    count(1)
    assert count(1) == count(4)
