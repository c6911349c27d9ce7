"""Running an upload: what is written, and that the same again writes nothing."""

import json
from datetime import UTC, datetime

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.importing import sample
from tests.factories.oncall import make_override

from evenfall.identity.models import Team, User
from evenfall.identity.permissions import Viewer
from evenfall.identity.queries import viewer_of_user
from evenfall.importing import actions, errors, queries
from evenfall.importing.actions import Outcome
from evenfall.importing.logic.origins import Step
from evenfall.importing.models import Upload
from evenfall.oncall import queries as oncall_queries
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import TargetKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Viewer:
    return viewer_of_user(make_user("Boss", role="admin"))


def people(count: int = 3) -> list[User]:
    return [make_user(f"Person {n}", email=f"person.{n}@example.org") for n in range(1, count + 1)]


def receive(team: Team, body: bytes | None = None, *, now: datetime = NOW) -> int:
    return actions.receive(
        vendor="pagerduty",
        team_id=team.id,
        file_name="export.json",
        body=body or sample("pagerduty"),
        now=now,
        actor="system",
    )


def test_a_dry_run_writes_nothing_but_the_upload(admin: Viewer) -> None:
    people()
    upload_id = receive(make_team("Shop"))
    report = queries.report(upload_id, viewer=admin, now=NOW, with_pictures=True)
    assert [line.step for line in report.rotas] == [Step.CREATE, Step.CREATE]
    assert len(report.rotas[0].weeks) == 4
    assert oncall_queries.rotas() == []
    assert report.missing == ()


def test_a_run_makes_rotas_overrides_policies_and_rules(admin: Viewer) -> None:
    one, two, three = people()
    team = make_team("Shop")
    upload_id = receive(make_team("Others"))
    outcome = actions.run(upload_id=upload_id, viewer=admin, now=NOW)
    assert outcome == Outcome(created=3, updated=0, same=0, refused=0, overrides=1, rules=1)
    primary = next(r for r in oncall_queries.rotas() if r.name == "Shop primary")
    assert primary.team_id == team.id
    at = datetime(2026, 3, 7, 12, tzinfo=UTC)
    found = oncall_queries.on_call_at([primary.id], at=at)[primary.id]
    assert found.primary
    assert found.primary.user_id == three.id
    policy = next(p for p in paging_queries.policies() if p.name == "Shop")
    first = policy.spec.steps[0].targets[0]
    assert (first.kind, first.id) == (TargetKind.ROTA, primary.id)
    assert paging_queries.has_own_rules(one.id)
    assert not paging_queries.has_own_rules(two.id)


def test_the_same_export_again_changes_nothing(admin: Viewer) -> None:
    people()
    team = make_team("Shop")
    actions.run(upload_id=receive(team), viewer=admin, now=NOW)
    again = actions.run(upload_id=receive(team), viewer=admin, now=NOW)
    assert again == Outcome(created=0, updated=0, same=3, refused=0, overrides=0, rules=0)
    assert len(oncall_queries.rotas()) == 2


def without_override(**about: str) -> bytes:
    """The sample after the override was deleted; `final` is who has its time now."""
    export = json.loads(sample("pagerduty"))
    export["overrides"]["PSCHED1"]["overrides"] = []
    final = export["schedules"][0]["schedule"]["final_schedule"]
    final["rendered_schedule_entries"][1]["user"]["id"] = about["final"]
    return json.dumps(export).encode()


def test_an_override_that_was_deleted_in_the_old_tool_ends_here(admin: Viewer) -> None:
    people()
    team = make_team("Shop")
    actions.run(upload_id=receive(team), viewer=admin, now=NOW)
    primary = next(r for r in oncall_queries.rotas() if r.name == "Shop primary")
    upload_id = receive(team, without_override(final="PUSER1"))
    report = queries.report(upload_id, viewer=admin, now=NOW)
    assert report.deleted_overrides == 1
    outcome = actions.run(upload_id=upload_id, viewer=admin, now=NOW)
    assert (outcome.cancelled, outcome.overrides, outcome.same) == (1, 0, 3)
    assert oncall_queries.coming_overrides(primary.id, now=NOW) == []
    back = actions.run(upload_id=receive(team), viewer=admin, now=NOW)
    assert (back.cancelled, back.overrides) == (0, 1)


def test_an_override_made_here_by_hand_is_never_ended_by_an_import(admin: Viewer) -> None:
    _, two, _ = people()
    team = make_team("Shop")
    actions.run(upload_id=receive(team), viewer=admin, now=NOW)
    primary = next(r for r in oncall_queries.rotas() if r.name == "Shop primary")
    by_hand = make_override(primary.id, two, hours=4)
    actions.run(upload_id=receive(team, without_override(final="PUSER1")), viewer=admin, now=NOW)
    assert [one.id for one in oncall_queries.coming_overrides(primary.id, now=NOW)] == [by_hand]


def test_an_export_that_does_not_prove_it_ends_no_override(admin: Viewer) -> None:
    """The overrides were not fetched this time: the finished schedule still has the person."""
    people()
    team = make_team("Shop")
    actions.run(upload_id=receive(team), viewer=admin, now=NOW)
    upload_id = receive(team, without_override(final="PUSER2"))
    assert actions.run(upload_id=upload_id, viewer=admin, now=NOW).cancelled == 0


def test_a_changed_export_changes_what_came_before(admin: Viewer) -> None:
    people()
    team = make_team("Shop")
    actions.run(upload_id=receive(team), viewer=admin, now=NOW)
    changed = sample("pagerduty").replace(b'"Shop desk"', b'"Shop desk two"')
    again = actions.run(upload_id=receive(team, changed), viewer=admin, now=NOW)
    assert (again.created, again.updated, again.same) == (0, 1, 2)
    assert {r.name for r in oncall_queries.rotas()} == {"Shop primary", "Shop desk two"}


def test_whoever_is_missing_leaves_an_empty_place_until_they_join(admin: Viewer) -> None:
    people(2)
    team = make_team("Shop")
    upload_id = receive(team)
    report = queries.report(upload_id, viewer=admin, now=NOW)
    assert [line.draft.email for line in report.missing] == ["person.3@example.org"]
    actions.run(upload_id=upload_id, viewer=admin, now=NOW)
    make_user("Person 3", email="person.3@example.org")
    again = actions.run(upload_id=upload_id, viewer=admin, now=NOW)
    assert again.updated == 3


def test_a_taken_name_gets_the_name_of_the_tool(admin: Viewer) -> None:
    people()
    team = make_team("Shop")
    actions.run(upload_id=receive(team), viewer=admin, now=NOW)
    other = sample("pagerduty").replace(b"PSCHED", b"QSCHED").replace(b"PPOL", b"QPOL")
    actions.run(upload_id=receive(team, other), viewer=admin, now=NOW)
    assert "Shop primary (PagerDuty)" in {r.name for r in oncall_queries.rotas()}
    assert "Shop (PagerDuty)" in {p.name for p in paging_queries.policies()}


def test_rotas_of_teams_that_the_viewer_does_not_manage_are_refused(admin: Viewer) -> None:
    people()
    actions.run(upload_id=receive(make_team("Shop")), viewer=admin, now=NOW)
    lead = make_user("Lead")
    mine = make_team("Mine", leads=[lead])
    outcome = actions.run(
        upload_id=receive(mine, sample("pagerduty").replace(b"Shop desk", b"Shop desk two")),
        viewer=viewer_of_user(lead),
        now=NOW,
    )
    assert (outcome.updated, outcome.refused, outcome.rules) == (0, 3, 0)


def test_an_error_names_the_path_inside_the_file() -> None:
    broken = sample("pagerduty").replace(b'"rotation_turn_length_seconds": 86400', b'"x": 1')
    with pytest.raises(errors.ExportUnreadable) as caught:
        receive(make_team(), broken)
    assert "schedules[1].schedule.schedule_layers[0]" in caught.value.message
    assert "rotation_turn_length_seconds" in caught.value.message


def test_the_comparison_agrees_where_the_rota_is_the_same(admin: Viewer) -> None:
    people()
    upload_id = receive(make_team("Shop"))
    for is_live in (False, True):
        report = queries.report(upload_id, viewer=admin, now=NOW)
        one = report.comparisons[0]
        assert (one.hours_of_difference, one.is_live) == (0, is_live)
        assert one.hours > 250
        actions.run(upload_id=upload_id, viewer=admin, now=NOW)


def test_the_comparison_names_who_would_be_paged_instead(admin: Viewer) -> None:
    people()
    body = sample("pagerduty").replace(
        b'"overrides": [{"id": "POVR1"', b'"overrides": [], "x": [{"id": "POVR1"'
    )
    report = queries.report(receive(make_team("Shop"), body), viewer=admin, now=NOW)
    found = report.comparisons[0].differences
    assert [(one.theirs, one.ours, one.hours) for one in found] == [("Person 2", "Person 1", 24)]


def test_content_of_old_uploads_is_forgotten(admin: Viewer) -> None:
    people()
    team = make_team("Shop")
    old = receive(team, now=datetime(2025, 11, 1, tzinfo=UTC))
    receive(team)
    assert Upload.objects.get(id=old).items is None
    with pytest.raises(errors.UploadForgotten):
        queries.report(old, viewer=admin, now=NOW)
