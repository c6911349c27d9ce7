from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.chat import ScriptedTool, make_account, make_room, use_tool
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.incidents import declare

from evenfall.chat import actions, queries
from evenfall.chat.models import Post, Room
from evenfall.chat.ports import ChatError
from evenfall.incidents import actions as incidents_actions
from evenfall.incidents.models import Incident
from evenfall.incidents.ports import Sev
from evenfall.notifications.models import Provider
from evenfall.platform import journal, reactions

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)
type Run = Callable[..., None]


def rename(incident: Incident, title: str) -> None:
    incidents_actions.rename(incident_id=incident.id, title=title, now=NOW, actor="system")


def test_an_incident_is_shown_once_and_kept_up_to_date(tool: ScriptedTool, run: Run) -> None:
    room = make_room()
    ada = make_user()
    incident = declare("Shop is slow")
    run()
    ((address, card),) = tool.posted
    assert (address, card.title) == (room.address, f"#{incident.id} Shop is slow")
    assert card.subject == f"incident:{incident.id}"
    assert card.url.endswith(f"/incidents/{incident.id}/")
    assert [one.name for one in card.buttons][:2] == ["acknowledge", "on_it"]

    incidents_actions.acknowledge_incident(
        incident_id=incident.id, user_id=ada.id, now=NOW, actor=f"user:{ada.id}"
    )
    run()
    incidents_actions.resolve_incident(
        incident_id=incident.id, user_id=ada.id, now=NOW, actor=f"user:{ada.id}"
    )
    run()

    assert len(tool.posted) == 1
    acknowledged, resolved = (card for _, reference, card in tool.edited if reference == "m1")
    assert acknowledged.lines == ("Acknowledged by Ada.",)
    assert (resolved.state, resolved.buttons) == ("resolved", ())
    kinds = [entry.kind for entry in journal.entries(subject=f"incident:{incident.id}")]
    assert kinds.count("chat.incident_posted") == 1


def test_a_storm_of_changes_is_one_edit(tool: ScriptedTool, run: Run) -> None:
    make_room()
    incident = declare()
    run()
    for number in range(30):
        rename(incident, f"Title {number}")
    run()
    run()
    (edit,) = tool.edited
    assert edit[2].title == f"#{incident.id} Title 29"


def test_what_changes_while_a_message_is_on_its_way_follows(tool: ScriptedTool, run: Run) -> None:
    make_room()
    incident = declare("Before")

    reactions.react_now(NOW)
    (errand,) = actions.claim_posts(most=10, now=NOW)
    rename(incident, "After")
    reactions.react_now(NOW)
    assert actions.claim_posts(most=10, now=NOW) == []  # one message a room at a time
    actions.record_delivery(delivered=actions.Delivered(errand=errand, reference="m1"), now=NOW)
    run()

    ((_, reference, card),) = tool.edited
    assert (reference, card.title) == ("m1", f"#{incident.id} After")


def test_many_incidents_in_a_minute_share_one_message(tool: ScriptedTool, run: Run) -> None:
    make_room()
    incidents = [declare(f"Problem {number}") for number in range(12)]
    for _ in range(8):
        run()
    assert len(tool.posted) == 6
    listing = next(card for _, card in tool.posted if card.subject == "list")
    assert listing.title == "7 more incidents, 7 of them open"
    assert listing.lines[0] == f"#{incidents[5].id} Problem 5 (open)"

    incidents_actions.resolve_incident(
        incident_id=incidents[11].id, user_id=None, now=NOW, actor="system"
    )
    declare("Problem 12")
    for _ in range(3):
        run()
    assert tool.edited[-1][2].title == "8 more incidents, 7 of them open"
    assert queries.places_of(incidents[11].id)[0].is_listed

    declare("Much later", now=NOW + timedelta(minutes=20))
    run(NOW + timedelta(minutes=20))
    assert tool.posted[-1][1].title.endswith("Much later")


def test_a_room_sees_what_it_wants_to_see(tool: ScriptedTool, run: Run) -> None:
    account = make_account()
    team, other = make_team(), make_team("Shop")
    make_room(account, address="theirs", team_id=team.id)
    make_room(account, address="bad", least_severity=Sev.SEV2)
    declare("Of another team", team_id=other.id)
    mine = declare("Of the team", team_id=team.id, severity=Sev.SEV4)
    run()
    assert [(room, card.title) for room, card in tool.posted] == [
        ("theirs", f"#{mine.id} Of the team")
    ]
    incidents_actions.set_severity(incident_id=mine.id, severity=Sev.SEV2, now=NOW, actor="system")
    run()
    assert tool.posted[-1][0] == "bad"


def test_a_room_rests_between_two_messages(run: Run) -> None:
    tool = use_tool(ScriptedTool(pause_s=1.0))
    make_room()
    declare("One")
    declare("Two")
    run()
    run()
    assert len(tool.posted) == 1
    assert queries.next_post_due(NOW) == NOW + SECOND
    run(NOW + SECOND)
    assert len(tool.posted) == 2


def test_a_tool_that_is_too_busy_is_left_alone_as_long_as_it_asks(run: Run) -> None:
    tool = use_tool(ScriptedTool(ChatError("slow down", retry_after=30 * SECOND)))
    make_room()
    declare()
    run()
    run(NOW + 29 * SECOND)
    assert tool.posted == []
    run(NOW + 30 * SECOND)
    assert len(tool.posted) == 1
    assert Room.objects.get().last_error == ""


def test_a_message_that_fails_is_tried_again_and_given_up_in_the_end(run: Run) -> None:
    tool = use_tool(ScriptedTool(*[ChatError("no luck")] * 10))
    make_room()
    incident = declare()
    for hours in range(12):
        run(NOW + timedelta(hours=hours))
    (place,) = queries.places_of(incident.id)
    assert (place.state, place.error) == ("failed", "no luck")
    rename(incident, "Something new")
    run(NOW + timedelta(hours=13))
    assert len(tool.posted) == 1
    assert queries.places_of(incident.id)[0].state == "shown"


def test_a_room_that_is_gone_is_switched_off_with_the_reason(run: Run) -> None:
    tool = use_tool(ScriptedTool(ChatError("channel is archived", room_gone=True)))
    room = make_room()
    incident = declare()
    run()
    room.refresh_from_db()
    assert (room.is_on, room.off_reason) == (False, "channel is archived")
    rename(incident, "Still here")
    run(NOW + timedelta(hours=1))
    assert tool.posted == []

    actions.switch_room(room_id=room.id, is_on=True, now=NOW, actor="system")
    run()
    assert tool.posted[0][1].title == f"#{incident.id} Still here"


def test_a_tool_that_cannot_edit_gets_a_message_for_each_state(run: Run) -> None:
    tool = use_tool(ScriptedTool(can_edit=False))
    make_room()
    incident = declare()
    run()
    rename(incident, "Only another title")
    run()
    assert len(tool.posted) == 1
    assert not Post.objects.filter(due_at__isnull=False).exists()
    incidents_actions.resolve_incident(
        incident_id=incident.id, user_id=None, now=NOW, actor="system"
    )
    run()
    assert [card.state for _, card in tool.posted] == ["open", "resolved"]


def test_an_account_that_is_off_keeps_its_messages_waiting(tool: ScriptedTool, run: Run) -> None:
    account = make_account(is_on=False)
    make_room(account)
    declare()
    run()
    assert tool.posted == []
    Provider.objects.update(is_on=True)
    run(NOW + timedelta(minutes=1))
    assert len(tool.posted) == 1


def test_a_message_of_a_process_that_died_is_sent_by_another(tool: ScriptedTool, run: Run) -> None:
    make_room()
    declare()
    reactions.react_now(NOW)
    assert len(actions.claim_posts(most=10, now=NOW)) == 1
    run(NOW + timedelta(seconds=10))
    assert tool.posted == []
    run(NOW + timedelta(seconds=31))
    assert len(tool.posted) == 1


def test_a_test_message_goes_to_its_room(tool: ScriptedTool, run: Run) -> None:
    room = make_room()
    actions.test_room(room_id=room.id, now=NOW)
    run()
    assert tool.posted[0][1].title == "Evenfall can write here"
    assert queries.room(room.id).last_posted_at == NOW


@pytest.mark.parametrize("count", [1, 3])
def test_following_any_number_of_incidents_costs_the_same(
    tool: ScriptedTool, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_room()
    numbers = [declare(f"Problem {number}").id for number in range(count)]
    with django_assert_num_queries(10):
        actions.follow_incidents(incident_ids=numbers, now=NOW)
    with django_assert_num_queries(8):
        actions.claim_posts(most=10, now=NOW)
