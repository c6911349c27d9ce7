"""What people do with incidents, and what their pages hear of it."""

from datetime import timedelta

import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.incidents import declare, make_arrival, open_incident

from evenfall.alerting.ports import Severity, Urgency
from evenfall.catalog.errors import ServiceNotFound
from evenfall.identity.errors import UserNotFound
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.incidents.ports import Sev
from evenfall.paging import queries as paging_queries
from evenfall.platform import journal

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(id=incident.pk)


def page_states(incident: Incident) -> list[str]:
    pages = paging_queries.pages_for([f"incident:{incident.pk}"])
    return [page.status.value for page in pages]


def kinds(incident: Incident) -> list[str]:
    return [entry.kind for entry in journal.entries(subject=f"incident:{incident.pk}")]


def test_acknowledge_moves_the_incident_and_its_page_at_once() -> None:
    user = make_user()
    incident = open_incident()
    actions.acknowledge_incident(
        incident_id=incident.pk, user_id=user.pk, now=LATER, actor=f"user:{user.pk}"
    )
    found = fresh(incident)
    assert (found.state, found.acknowledged_at, found.acknowledged_by_id) == (
        "acknowledged",
        LATER,
        user.pk,
    )
    assert page_states(incident) == ["acknowledged"]


def test_acknowledge_twice_keeps_the_first() -> None:
    one, two = make_user("Ana"), make_user("Ben")
    incident = open_incident()
    for user, at in ((one, LATER), (two, LATER + timedelta(minutes=1))):
        actions.acknowledge_incident(
            incident_id=incident.pk, user_id=user.pk, now=at, actor=f"user:{user.pk}"
        )
    assert (fresh(incident).acknowledged_at, fresh(incident).acknowledged_by_id) == (LATER, one.pk)
    assert kinds(incident).count("incidents.incident_acknowledged") == 1


def test_mobilise_acknowledges_too() -> None:
    user = make_user()
    incident = open_incident()
    actions.mobilise_incident(incident_id=incident.pk, user_id=user.pk, now=LATER, actor="system")
    found = fresh(incident)
    assert (found.acknowledged_at, found.mobilised_at, found.mobilised_by_id) == (
        LATER,
        LATER,
        user.pk,
    )
    assert page_states(incident) == ["mobilised"]


def test_mobilise_after_acknowledge_is_told() -> None:
    incident = open_incident()
    actions.acknowledge_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    actions.mobilise_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    actions.mobilise_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    assert kinds(incident).count("incidents.incident_mobilised") == 1


def test_resolve_ends_the_page_and_frees_the_group() -> None:
    incident = open_incident(make_arrival("g"))
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    assert (fresh(incident).state, fresh(incident).holds_group) == ("resolved", False)
    assert page_states(incident) == ["resolved"]


def test_resolve_as_not_actionable_is_marked() -> None:
    incident = open_incident()
    actions.resolve_incident(
        incident_id=incident.pk, user_id=None, not_actionable=True, now=LATER, actor="system"
    )
    assert fresh(incident).not_actionable
    assert "incidents.marked_not_actionable" in kinds(incident)
    actions.mark_not_actionable(
        incident_id=incident.pk, not_actionable=False, now=LATER, actor="system"
    )
    assert not fresh(incident).not_actionable


def test_acknowledge_refuses_what_is_over() -> None:
    incident = open_incident()
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    with pytest.raises(errors.NotPossible, match="reopen it first"):
        actions.acknowledge_incident(
            incident_id=incident.pk, user_id=None, now=LATER, actor="system"
        )


def test_an_unknown_incident_is_not_found() -> None:
    with pytest.raises(errors.IncidentNotFound):
        actions.resolve_incident(incident_id=404, user_id=None, now=LATER, actor="system")


def test_reopen_calls_people_only_when_asked() -> None:
    incident = declare()
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    actions.reopen_incident(incident_id=incident.pk, why="still slow", now=LATER, actor="system")
    assert (fresh(incident).state, fresh(incident).resolved_at) == ("open", None)
    assert page_states(incident) == []
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    actions.reopen_incident(incident_id=incident.pk, page=True, now=LATER, actor="system")
    assert page_states(incident) == ["paging"]


def test_reopen_refuses_after_three_days_and_what_is_open() -> None:
    incident = declare()
    with pytest.raises(errors.NotPossible, match="not resolved"):
        actions.reopen_incident(incident_id=incident.pk, now=LATER, actor="system")
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    late = LATER + timedelta(days=3, seconds=1)
    with pytest.raises(errors.NotPossible, match="too long ago"):
        actions.reopen_incident(incident_id=incident.pk, now=late, actor="system")


def test_reopen_refuses_when_a_newer_incident_holds_the_alerts() -> None:
    old = open_incident(make_arrival("g"))
    actions.resolve_incident(incident_id=old.pk, user_id=None, now=LATER, actor="system")
    later = LATER + timedelta(hours=1)
    new = open_incident(make_arrival("g", now=later), now=later)
    with pytest.raises(errors.GroupTaken, match=f"incident {new.pk}"):
        actions.reopen_incident(incident_id=old.pk, now=later, actor="system")


def test_merge_moves_alerts_stops_the_page_and_freezes() -> None:
    child, target = open_incident(make_arrival("a")), open_incident(make_arrival("b"))
    actions.merge_incidents(incident_id=child.pk, into_id=target.pk, now=LATER, actor="system")
    frozen, grown = fresh(child), fresh(target)
    assert (frozen.state, frozen.merged_into_id, frozen.alert_count) == ("merged", target.pk, 0)
    assert (grown.alert_count, grown.open_alert_count) == (2, 2)
    assert page_states(child) == ["stopped"]
    assert page_states(target) == ["paging"]
    assert "incidents.incident_merged" in kinds(target)
    with pytest.raises(errors.NotPossible, match="frozen"):
        actions.add_note(incident_id=child.pk, text="x", user_id=None, now=LATER, actor="system")


def test_later_alerts_of_a_merged_incident_join_the_other_one() -> None:
    child, target = open_incident(make_arrival("a")), open_incident(make_arrival("b"))
    actions.merge_incidents(incident_id=child.pk, into_id=target.pk, now=LATER, actor="system")
    assert open_incident(make_arrival("a"), make_arrival("b")).pk == target.pk
    assert fresh(target).alert_count == 4
    actions.resolve_incident(incident_id=target.pk, user_id=None, now=LATER, actor="system")
    assert not fresh(child).holds_group
    later = LATER + timedelta(hours=1)
    assert open_incident(make_arrival("a", now=later), now=later).pk not in {child.pk, target.pk}


def test_a_reopened_incident_regains_the_groups_merged_into_it() -> None:
    child, target = open_incident(make_arrival("a")), open_incident(make_arrival("b"))
    actions.merge_incidents(incident_id=child.pk, into_id=target.pk, now=LATER, actor="system")
    actions.resolve_incident(incident_id=target.pk, user_id=None, now=LATER, actor="system")
    actions.reopen_incident(incident_id=target.pk, now=LATER, actor="system")
    assert fresh(child).holds_group
    assert open_incident(make_arrival("a"), now=LATER).pk == target.pk


def test_merging_a_chain_leaves_no_chain() -> None:
    one, two, three = (open_incident(make_arrival(key)) for key in "abc")
    actions.merge_incidents(incident_id=one.pk, into_id=two.pk, now=LATER, actor="system")
    actions.merge_incidents(incident_id=two.pk, into_id=three.pk, now=LATER, actor="system")
    assert fresh(one).merged_into_id == fresh(two).merged_into_id == three.pk
    assert [view.id for view in queries.relatives(three.pk).merged] == [one.pk, two.pk]


def test_merging_an_urgent_incident_pages_for_the_quiet_one() -> None:
    child = open_incident(make_arrival("a"))
    target = open_incident(make_arrival("b", urgency=Urgency.LOW))
    actions.acknowledge_incident(incident_id=target.pk, user_id=None, now=LATER, actor="system")
    actions.merge_incidents(incident_id=child.pk, into_id=target.pk, now=LATER, actor="system")
    assert (fresh(target).state, fresh(target).urgency) == ("open", "high")
    assert page_states(target) == ["paging", "stopped"]


def test_merge_refuses_with_the_rule() -> None:
    prod, uat = open_incident(), open_incident(make_arrival(environment="UAT"))
    with pytest.raises(errors.CannotMerge, match="different environments"):
        actions.merge_incidents(incident_id=uat.pk, into_id=prod.pk, now=LATER, actor="system")
    with pytest.raises(errors.IncidentNotFound):
        actions.merge_incidents(incident_id=prod.pk, into_id=404, now=LATER, actor="system")


def test_set_severity_by_hand_and_back_to_the_alerts() -> None:
    incident = open_incident(make_arrival("g", severity=Severity.WARNING))
    actions.set_severity(incident_id=incident.pk, severity=Sev.SEV2, now=LATER, actor="system")
    assert (fresh(incident).severity, fresh(incident).severity_set_by_person) == ("SEV2", True)
    actions.set_severity(incident_id=incident.pk, severity=None, now=LATER, actor="system")
    assert (fresh(incident).severity, fresh(incident).severity_set_by_person) == ("SEV4", False)


def test_rename_is_told_with_both_titles() -> None:
    incident = declare("Shop slow")
    actions.rename(incident_id=incident.pk, title=" Checkout  down ", now=LATER, actor="system")
    actions.rename(incident_id=incident.pk, title="Checkout down", now=LATER, actor="system")
    assert fresh(incident).title == "Checkout down"
    assert kinds(incident).count("incidents.incident_renamed") == 1
    with pytest.raises(errors.TitleMissing):
        actions.rename(incident_id=incident.pk, title="  ", now=LATER, actor="system")


def test_add_note_is_rendered_and_keeps_the_page_waiting() -> None:
    user = make_user("Ana")
    incident = open_incident()
    actions.acknowledge_incident(
        incident_id=incident.pk, user_id=user.pk, now=LATER, actor="system"
    )
    before = paging_queries.pages_for([f"incident:{incident.pk}"])[0].due_at
    later = LATER + timedelta(minutes=10)
    actions.add_note(
        incident_id=incident.pk,
        text="**restarted** <b>it</b>",
        user_id=user.pk,
        now=later,
        actor=f"user:{user.pk}",
    )
    (note,) = queries.notes(incident.pk)
    assert (note.author, note.html) == (
        "Ana",
        "<p><strong>restarted</strong> &lt;b&gt;it&lt;/b&gt;</p>\n",
    )
    after = paging_queries.pages_for([f"incident:{incident.pk}"])[0].due_at
    assert before is not None
    assert after == before + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("text", "error"), [(" ", errors.NoteEmpty), ("x" * 20_001, errors.NoteTooLong)]
)
def test_add_note_refuses(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        actions.add_note(
            incident_id=declare().pk, text=text, user_id=None, now=LATER, actor="system"
        )


def test_declare_pages_the_team_of_the_service() -> None:
    service = make_service()
    incident = declare("Down", service_id=service.pk, page=True)
    assert incident.team_id == service.team_id
    assert incident.declared
    assert page_states(incident) == ["paging"]
    assert kinds(incident)[0] == "incidents.incident_opened"


def test_declare_refuses_what_is_not_there() -> None:
    with pytest.raises(errors.TitleMissing):
        declare("  ")
    with pytest.raises(ServiceNotFound):
        declare("x", service_id=404)
    assert not Incident.objects.exists()


def test_page_more_calls_each_and_is_part_of_the_story() -> None:
    ana, ben, team = make_user("Ana"), make_user("Ben"), make_team("Search")
    incident = declare()
    found = actions.page_more(
        incident_id=incident.pk,
        user_ids=[ana.pk, ben.pk, ana.pk],
        team_id=team.pk,
        message="please look",
        now=LATER,
        actor=f"user:{ben.pk}",
    )
    assert len(set(found)) == 3
    texts = [told.line.text for told in queries.incident_story(incident.pk)]
    assert "Ben asked for Ana" in texts
    assert "Ben asked for the team Search" in texts
    assert texts.count("Paging began") == 3


def test_page_more_refuses_nobody_and_somebody_unknown() -> None:
    incident = declare()
    with pytest.raises(errors.NobodyToPage):
        actions.page_more(incident_id=incident.pk, now=LATER, actor="system")
    with pytest.raises(UserNotFound):
        actions.page_more(incident_id=incident.pk, user_ids=[404], now=LATER, actor="system")


def test_a_declared_incident_does_not_end_by_itself() -> None:
    incident = declare()
    Incident.objects.filter(id=incident.pk).update(group_key="g", holds_group=True)
    open_incident(make_arrival("g", alert_id=5))
    actions.end_alerts(ends=[actions.AlertEnd(alert_id=5, title="x", at=LATER)], now=LATER)
    assert fresh(incident).state == "open"
    assert not IncidentAlert.objects.get(alert_id=5).is_open
