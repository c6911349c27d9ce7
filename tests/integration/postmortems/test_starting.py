"""Drafts: by a person, by the end of a critical incident, once for each incident."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.incidents import declare
from tests.factories.postmortems import ended_incident, make_postmortem

from evenfall.incidents import actions as incidents
from evenfall.incidents.ports import Sev
from evenfall.platform import journal, reactions
from evenfall.postmortems import actions, errors, queries
from evenfall.postmortems.logic.states import State
from evenfall.postmortems.logic.templates import Kind
from evenfall.postmortems.models import Postmortem

pytestmark = pytest.mark.django_db
type Count = Callable[[], int]


def test_a_draft_is_filled_with_the_facts_of_its_incident() -> None:
    ana, team = make_user("Ana"), make_team("Shop")
    row = make_postmortem(severity=Sev.SEV2, by=ana, owner=ana, team_id=team.id)
    view = queries.postmortem(row.id)
    assert (view.state, view.kind, view.team) == (State.DRAFT, Kind.FULL, "Shop")
    texts = {one.title: one.text for one in queries.sections(row.id)}
    assert "Ana resolved it after 30 min" in texts["Timeline"]
    assert "Lasted: 30 min" in texts["Impact"]
    assert texts["Who took part"] == "- Ana"
    assert "No alert rang" in texts["Alerts"]
    assert texts["Summary"] == ""
    assert queries.postmortem_of(row.incident_id) == view


def test_there_is_one_for_an_incident_and_only_when_it_is_over() -> None:
    row = make_postmortem()
    with pytest.raises(errors.AlreadyWritten):
        actions.start_postmortem(incident_id=row.incident_id, now=NOW, actor="system")
    with pytest.raises(errors.IncidentNotOver):
        actions.start_postmortem(incident_id=declare().id, now=NOW, actor="system")


def test_somebody_who_left_owns_nothing() -> None:
    left = make_user(is_active=False)
    with pytest.raises(errors.OwnerNotActive):
        actions.start_postmortem(
            incident_id=ended_incident().id, owner_id=left.id, now=NOW, actor="system"
        )


def test_the_end_of_a_critical_incident_makes_the_draft() -> None:
    ana = make_user("Ana")
    critical = ended_incident(severity=Sev.SEV2, by=ana)
    ended_incident(severity=Sev.SEV3)
    reactions.react_now(NOW)
    row = Postmortem.objects.get()
    assert (row.incident_id, row.owner_id) == (critical.id, ana.id)
    started = journal.recent(kinds=["postmortems.postmortem_started"])
    assert [entry.data["by_itself"] for entry in started] == [True]
    assert actions.start_drafts(incident_ids=[critical.id, 999], now=NOW) == []


def test_a_template_that_people_changed_counts_for_new_drafts() -> None:
    old = make_postmortem(severity=Sev.SEV2)
    number = actions.save_template(kind="full", text="## Only this", now=NOW, actor="system")
    again = actions.save_template(kind="full", text="## Only this", now=NOW, actor="system")
    assert (number, again) == (1, 1)
    new = make_postmortem(severity=Sev.SEV2)
    assert [one.title for one in queries.sections(new.id)] == ["Only this"]
    assert len(queries.sections(old.id)) > 1
    assert queries.template("full").number == 1
    with pytest.raises(errors.TemplateWrong, match="no section"):
        actions.save_template(kind="full", text="words", now=NOW, actor="system")
    with pytest.raises(errors.TemplateNotFound):
        queries.template("odd")


def test_a_draft_knows_whether_people_were_told_as_promised() -> None:
    ana = make_user("Ana")
    began = NOW - timedelta(hours=5)
    incident = declare(severity=Sev.SEV1, now=began)
    reactions.react_now(began)
    incidents.resolve_incident(
        incident_id=incident.id, user_id=ana.id, now=NOW, actor=f"user:{ana.id}"
    )
    reactions.react_now(NOW)
    told = queries.incident_facts(incident.id, now=NOW).told
    assert {one.audience for one in told} >= {"the public", "staff"}
    assert all((one.kept, one.broken) == (0, 1) for one in told), "nobody heard anything"
    texts = {one.title: one.text for one in queries.sections(Postmortem.objects.get().pk)}
    assert "Updates for the public: 0 of 1 in time" in texts["Communication"]
