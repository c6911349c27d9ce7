from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_token, make_user, signed_in

from evenfall.identity import actions, errors, queries
from evenfall.platform import journal

pytestmark = pytest.mark.django_db


def test_create_team_makes_a_slug(now: datetime) -> None:
    team_id = actions.create_team(name="Core  Platform", now=now, actor="user:1")
    assert queries.team(team_id).slug == "core-platform"
    assert queries.team_by_slug("core-platform").name == "Core Platform"


def test_create_team_refuses_the_same_name(now: datetime) -> None:
    actions.create_team(name="Core", now=now, actor="user:1")
    with pytest.raises(errors.TeamNameTaken):
        actions.create_team(name="core", now=now, actor="user:1")


def test_of_two_teams_of_one_name_neither_is_made(now: datetime) -> None:
    wanted = [actions.NewTeam(name=name) for name in ("Web", "Core", "core")]
    with pytest.raises(errors.TeamNameTaken, match="core"):
        actions.create_teams(wanted=wanted, now=now, actor="user:1")
    with pytest.raises(errors.TeamNotFound):
        queries.team_by_slug("web")


def test_a_team_called_new_keeps_an_address_of_its_own(now: datetime) -> None:
    team_id = actions.create_team(name="New", now=now, actor="user:1")
    assert queries.team(team_id).slug == "new-team"


def test_change_team_writes_before_and_after(now: datetime) -> None:
    team = make_team("Core", slug="core")
    actions.change_team(team_id=team.id, name="Heart", description="", now=now, actor="user:1")
    (entry,) = journal.entries(subject=f"team:{team.id}")
    assert journal.changed_fields(entry.data["before"], entry.data["after"]) == {
        "name": ("Core", "Heart")
    }


def test_set_member_adds_then_changes_then_does_nothing(now: datetime) -> None:
    team, user = make_team(), make_user()
    for role in ("responder", "manager", "manager"):
        actions.set_member(team_id=team.id, user_id=user.id, role=role, now=now, actor="user:1")
    data = [entry.data for entry in journal.entries(subject=f"team:{team.id}")]
    assert [(one["before"], one["after"]) for one in data] == [
        ({}, {"role": "responder"}),
        ({"role": "responder"}, {"role": "manager"}),
    ]


def test_staff_says_the_same_of_teams_and_knows_empty_ones(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    gone = make_user("Gone")
    gone.is_active = False
    gone.save()
    one = make_team("Web", members=[make_user(), gone], leads=[make_user("Lea")])
    empty, left = make_team("Apps"), make_team("Left", members=[gone])
    with django_assert_num_queries(1):
        staff = queries.staff(team_ids=[one.id, empty.id, left.id])
    assert [(team.id, team.name) for team in staff.teams] == [
        (empty.id, "Apps"),
        (left.id, "Left"),
        (one.id, "Web"),
    ]
    people = queries.team_people([one.id])[one.id]
    nobody = queries.TeamPeople()
    assert [team.people for team in staff.teams] == [nobody, nobody, people]


def test_staff_knows_members_whoever_is_named_and_administrators() -> None:
    gone, former = make_user("Gone", is_active=False), make_user("Root", role="admin")
    former.is_active = False
    former.save()
    admin, named, member = make_user("Adm", role="admin"), make_user("Ned"), make_user("Mem")
    make_user("Nobody asks for this one")
    team = make_team("Web", members=[member, gone])
    staff = queries.staff(team_ids=[team.id], user_ids=[named.id, 999_999_999])
    assert staff.people == queries.people([admin.id, named.id, member.id, gone.id])
    assert [one.people.member_ids for one in staff.teams] == [(member.id,)]


def test_team_people_takes_one_query_and_names_the_oldest_members_first(
    now: datetime, django_assert_num_queries: Any
) -> None:
    ada, ben, gone = make_user("Ada"), make_user("Ben"), make_user("Gone", is_active=False)
    one, two, empty = make_team("One"), make_team("Two"), make_team("Empty")
    joining = [(one, ben, "manager"), (one, ada, "responder"), (one, gone, "manager")]
    for minutes, (team, user, role) in enumerate([*joining, (two, ada, "manager")]):
        at = now + timedelta(minutes=minutes)
        actions.set_member(team_id=team.id, user_id=user.id, role=role, now=at, actor="user:1")
    with django_assert_num_queries(1):
        found = queries.team_people([one.id, two.id, empty.id])
    assert found == {
        one.id: queries.TeamPeople(member_ids=(ben.id, ada.id), lead_ids=(ben.id,)),
        two.id: queries.TeamPeople(member_ids=(ada.id,), lead_ids=(ada.id,)),
    }


def test_nobody_administers_a_team(now: datetime) -> None:
    with pytest.raises(errors.UnknownRole):
        actions.set_member(
            team_id=make_team().id, user_id=make_user().id, role="admin", now=now, actor="user:1"
        )


def test_a_team_that_owns_something_stays(now: datetime) -> None:
    service = make_service()
    with pytest.raises(errors.TeamInUse):
        actions.delete_team(team_id=service.team_id, now=now, actor="user:1")


def test_a_team_that_owns_nothing_can_go(now: datetime) -> None:
    team = make_team(members=[make_user()])
    actions.delete_team(team_id=team.id, now=now, actor="user:1")
    with pytest.raises(errors.TeamNotFound):
        queries.team(team.id)


def test_a_team_manager_changes_that_team_and_no_other() -> None:
    lead, newcomer = make_user(role="observer"), make_user(name="Grace")
    team, other = make_team("Core", leads=[lead]), make_team("Other")
    browser = signed_in(lead)
    data = {"user_id": str(newcomer.id), "role": "responder"}
    assert browser.post(f"/teams/{team.slug}/members/", data).status_code == 302
    assert browser.post(f"/teams/{other.slug}/members/", data).status_code == 403
    assert newcomer.id in {one.person.id for one in queries.team_members(team.id)}
    assert browser.post(f"/teams/{team.slug}/members/{newcomer.id}/remove/").status_code == 302
    assert newcomer.id not in {one.person.id for one in queries.team_members(team.id)}
    assert browser.post("/teams/new/", {"name": "Third"}).status_code == 403


def test_pages_create_and_rename_a_team() -> None:
    browser = signed_in(make_user(role="manager"))
    answer = browser.post("/teams/new/", {"name": "Core"})
    assert answer["Location"] == "/teams/core/"
    browser.post("/teams/core/edit/", {"name": "Heart"})
    assert b"Heart" in browser.get("/teams/core/").content
    assert browser.post("/teams/new/", {"name": "core"}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    count: int, django_assert_num_queries: object
) -> None:
    browser = signed_in(make_user())
    for number in range(count):
        make_team(f"Team {number}", members=[make_user()])
    with django_assert_num_queries(5):  # type: ignore[operator]  # pytest-django's fixture
        answer = browser.get("/teams/")
    assert len(answer.context["teams"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_one_team_takes_the_same_queries_however_many_members(
    count: int, django_assert_num_queries: object
) -> None:
    team = make_team(members=[make_user() for _ in range(count)])
    browser = signed_in(make_user())
    with django_assert_num_queries(6):  # type: ignore[operator]  # pytest-django's fixture
        answer = browser.get(f"/teams/{team.slug}/")
    assert len(answer.context["members"]) == count


def test_the_api_knows_teams_and_their_members() -> None:
    lead = make_user(role="observer")
    team = make_team("Core", slug="core", leads=[lead])
    headers = {"Authorization": f"Bearer {make_token(lead)}"}
    listed = Client().get("/api/v1/teams", headers=headers).json()
    assert [one["slug"] for one in listed["items"]] == ["core"]
    user = make_user()
    path = f"/api/v1/teams/{team.id}/members"
    put = Client().put(
        f"{path}/{user.id}", {"role": "responder"}, "application/json", headers=headers
    )
    assert put.status_code == 204
    members = Client().get(path, headers=headers).json()["items"]
    assert {one["person"]["id"]: one["role"] for one in members} == {
        lead.id: "manager",
        user.id: "responder",
    }
    assert Client().delete(f"{path}/{user.id}", headers=headers).status_code == 204
    other = make_team()
    refused = Client().put(
        f"/api/v1/teams/{other.id}/members/{user.id}",
        {"role": "responder"},
        "application/json",
        headers=headers,
    )
    assert refused.status_code == 403
