from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.chat import ScriptedTool, make_account, make_room
from tests.factories.identity import make_membership, make_team, make_user, signed_in
from tests.factories.incidents import declare

from evenfall.chat.models import Opening, Post, Room
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db(transaction=True)
ROOMS = "/chat/rooms/"
type Run = Callable[..., None]


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user(role="manager"))


def test_a_manager_adds_a_room_and_a_test_goes_there(
    tool: ScriptedTool, manager: Client, run: Run
) -> None:
    account = make_account()
    page = manager.get(ROOMS)
    assert f"{ROOMS}add/{account.id}/" in page.content.decode()
    fields = {
        "address": "C0001",
        "name": "#incidents",
        "team_id": "",
        "least_severity": "SEV4",
    }
    answer = manager.post(f"{ROOMS}add/{account.id}/", fields)
    assert answer.status_code == 302
    run(utc_now())
    assert [room for room, _ in tool.posted] == ["C0001"]
    shown = manager.get(ROOMS).content.decode()
    assert "#incidents" in shown
    assert "SEV4 and worse" in shown


def test_what_cannot_be_a_room_is_said_at_its_field(tool: ScriptedTool, manager: Client) -> None:
    account = make_account()
    make_room(account, address="C0001")
    fields = {"address": "C0001", "name": "again", "team_id": "", "least_severity": "SEV5"}
    answer = manager.post(f"{ROOMS}add/{account.id}/", fields)
    assert answer.status_code == 422
    assert "already in the list" in answer.content.decode()
    assert Room.objects.count() == 1


def test_a_room_is_changed_switched_tested_and_removed(tool: ScriptedTool, manager: Client) -> None:
    room = make_room()
    one = f"{ROOMS}{room.id}/"
    assert manager.get(one).status_code == 200
    manager.post(one, {"name": "Better", "team_id": "", "least_severity": "SEV2"})
    manager.post(f"{one}switch/", {})
    room.refresh_from_db()
    assert (room.name, room.least_severity, room.is_on) == ("Better", "SEV2", False)
    manager.post(f"{one}switch/", {"on": "yes"})
    manager.post(f"{one}test/")
    assert Post.objects.get().kind == "test"
    assert Room.objects.get().is_on
    manager.post(f"{one}remove/")
    assert not Room.objects.exists()


def test_a_team_manager_cares_for_the_rooms_of_the_team_only(tool: ScriptedTool) -> None:
    lead, team = make_user(role="observer"), make_team()
    make_membership(team, lead, role="manager")
    mine, theirs = make_room(team_id=team.id), make_room()
    client = signed_in(lead)
    assert client.get(f"{ROOMS}{mine.id}/").status_code == 200
    assert client.get(f"{ROOMS}{theirs.id}/").status_code == 403
    assert client.post(f"{ROOMS}{theirs.id}/remove/").status_code == 403


def test_without_a_tool_the_page_says_what_to_do() -> None:
    page = signed_in(make_user(role="observer")).get(ROOMS)
    assert "No chat tool yet" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    tool: ScriptedTool, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    account, team = make_account(), make_team()
    for _ in range(count):
        make_room(account, team_id=team.id)
    client = signed_in(make_user(role="observer"))
    with django_assert_num_queries(8):
        assert client.get(ROOMS).status_code == 200


def test_an_incident_says_where_it_is_shown_and_opens_a_channel(
    tool: ScriptedTool, run: Run
) -> None:
    make_room()
    incident = declare("Shop is slow")
    run()
    client = signed_in(make_user())
    page = client.get(f"/incidents/{incident.id}/parts/side/").content.decode()
    assert "Open a channel for this incident" in page
    assert "Scripted chat" in page
    client.post(f"/incidents/{incident.id}/chat/room/")
    assert Opening.objects.get().state == "asked"
    part = client.get(f"/incidents/{incident.id}/chat/").content.decode()
    assert "being opened" in part
    run(utc_now())
    page = client.get(f"/incidents/{incident.id}/parts/side/").content.decode()
    assert f"https://chat.example.org/inc-{incident.id}-shop-is-slow" in page
    assert "opened the channel" in client.get(f"/incidents/{incident.id}/").content.decode()
    client.post(f"/incidents/{incident.id}/chat/room/")
    assert Opening.objects.count() == 1


def test_without_a_tool_an_incident_says_nothing_of_chat() -> None:
    incident = declare()
    page = signed_in(make_user()).get(f"/incidents/{incident.id}/parts/side/").content.decode()
    assert 'id="chat"' not in page


def test_an_observer_may_not_open_a_channel(tool: ScriptedTool) -> None:
    make_account()
    incident = declare()
    client = signed_in(make_user(role="observer"))
    assert client.post(f"/incidents/{incident.id}/chat/room/").status_code == 403
