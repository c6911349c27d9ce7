from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.factories.chat import ScriptedTool, make_account, use_tool
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import declare
from tests.factories.notifications import make_contact_method

from evenfall.chat import actions, errors, queries
from evenfall.chat.models import Post, Room
from evenfall.chat.ports import ChatError, Member
from evenfall.incidents import actions as incidents_actions
from evenfall.notifications.models import Provider

pytestmark = pytest.mark.django_db(transaction=True)
type Run = Callable[..., None]


def test_a_room_is_opened_with_the_people_of_the_incident(tool: ScriptedTool, run: Run) -> None:
    make_account()
    ada, ben = make_user("Ada"), make_user("Ben")
    make_contact_method(ada, "slack", address="U1")
    incident = declare("Zahlung: Größe kaputt!")
    incidents_actions.acknowledge_incident(
        incident_id=incident.id, user_id=ben.id, now=NOW, actor=f"user:{ben.id}"
    )
    actions.ask_for_room(incident_id=incident.id, user_id=ada.id, now=NOW)
    opening = queries.opening_of(incident.id)
    assert opening is not None
    assert opening.state == "asked"
    run()
    run()

    name = f"inc-{incident.id}-zahlung-groe-kaputt"
    ((opened, members),) = tool.opened
    assert opened == name
    assert set(members) == {
        Member(name="Ada", email=ada.email, address="U1"),
        Member(name="Ben", email=ben.email, address=""),
    }
    opening = queries.opening_of(incident.id)
    assert opening is not None
    assert (opening.state, opening.url) == ("open", f"https://chat.example.org/{name}")
    assert tool.posted[0][0] == f"C-{name}"
    assert queries.rooms() == []  # it is no room that managers care for
    with pytest.raises(errors.RoomAlreadyOpened):
        actions.ask_for_room(incident_id=incident.id, user_id=ada.id, now=NOW)


def test_the_room_of_an_incident_shows_no_other(tool: ScriptedTool, run: Run) -> None:
    make_account()
    actions.ask_for_room(incident_id=declare().id, user_id=None, now=NOW)
    run()
    declare("Another one")
    run()
    run()
    assert len(tool.posted) == 1
    assert Post.objects.count() == 1


def test_a_tool_that_refuses_says_why_and_may_be_asked_again(run: Run) -> None:
    tool = use_tool(ScriptedTool(ChatError("restricted_action", permanent=True)))
    make_account()
    incident = declare()
    actions.ask_for_room(incident_id=incident.id, user_id=None, now=NOW)
    run()
    opening = queries.opening_of(incident.id)
    assert opening is not None
    assert (opening.state, opening.error) == ("failed", "restricted_action")
    actions.ask_for_room(incident_id=incident.id, user_id=None, now=NOW)
    run()
    assert len(tool.opened) == 1


def test_a_tool_that_is_busy_is_asked_again_by_itself(run: Run) -> None:
    tool = use_tool(ScriptedTool(ChatError("busy", retry_after=timedelta(seconds=9))))
    make_account()
    actions.ask_for_room(incident_id=declare().id, user_id=None, now=NOW)
    run()
    run(NOW + timedelta(seconds=8))
    assert tool.opened == []
    run(NOW + timedelta(seconds=9))
    assert len(tool.opened) == 1


def test_an_account_switched_off_meanwhile_opens_nothing(tool: ScriptedTool, run: Run) -> None:
    make_account()
    incident = declare()
    actions.ask_for_room(incident_id=incident.id, user_id=None, now=NOW)
    Provider.objects.update(is_on=False)
    run()
    opening = queries.opening_of(incident.id)
    assert opening is not None
    assert opening.state == "failed"
    assert not Room.objects.exists()


def test_without_a_tool_that_can_nothing_is_asked(tool: ScriptedTool) -> None:
    make_account(is_on=False)
    assert not queries.can_open_rooms()
    with pytest.raises(errors.CannotOpenRooms):
        actions.ask_for_room(incident_id=declare().id, user_id=None, now=NOW)
