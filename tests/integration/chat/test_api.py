import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories.chat import ScriptedTool, make_account, make_room
from tests.factories.identity import make_membership, make_team, make_token, make_user
from tests.factories.incidents import declare

from evenfall.chat.models import Room
from evenfall.identity.models import User
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db(transaction=True)
type Run = Callable[..., None]


class Rest:
    """The API as one person's token sees it."""

    def __init__(self, user: User) -> None:
        self._token = make_token(user, now=utc_now())
        self._client = Client()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._client.generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self._token}"},
        )


def test_a_room_from_the_first_message_to_the_last(tool: ScriptedTool, run: Run) -> None:
    rest, account = Rest(make_user(role="manager")), make_account()
    body = {"provider_id": account.id, "address": " C0001 ", "name": "#incidents"}
    made = rest.ask("POST", "/chat/rooms", body)
    assert made.status_code == 201, made.content
    room = made.json()
    assert (room["address"], room["team_id"], room["is_on"]) == ("C0001", None, True)
    assert rest.ask("POST", "/chat/rooms", body).status_code == 409

    one = f"/chat/rooms/{room['id']}"
    changed = rest.ask("PUT", one, {"name": "Better", "least_severity": "SEV3"}).json()
    assert (changed["name"], changed["least_severity"]) == ("Better", "SEV3")
    assert rest.ask("POST", f"{one}/test").status_code == 202
    run(utc_now())
    (shown,) = rest.ask("GET", "/chat/rooms").json()["items"]
    assert shown["last_posted_at"] is not None
    assert rest.ask("POST", f"{one}/switch", {"is_on": False}).json()["is_on"] is False
    assert rest.ask("DELETE", one).status_code == 204
    assert rest.ask("DELETE", one).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"address": " "}, "address"), ({"name": " "}, "name")],
)
def test_what_is_wrong_with_a_room_is_said(
    tool: ScriptedTool, changed: dict[str, str], field: str
) -> None:
    body = {"provider_id": make_account().id, "address": "C1", "name": "x", **changed}
    answer = Rest(make_user(role="manager")).ask("POST", "/chat/rooms", body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_an_account_that_is_no_chat_tool_has_no_rooms(tool: ScriptedTool) -> None:
    body = {"provider_id": make_account("twilio").id, "address": "C1", "name": "x"}
    answer = Rest(make_user(role="manager")).ask("POST", "/chat/rooms", body)
    assert answer.json()["field"] == "provider_id"


def test_a_room_moves_to_another_team_only_by_who_manages_both(tool: ScriptedTool) -> None:
    lead, mine, theirs = make_user(role="observer"), make_team("Mine"), make_team("Theirs")
    make_membership(mine, lead, role="manager")
    room, rest = make_room(team_id=mine.id), Rest(lead)
    body = {"name": "x", "team_id": theirs.id}
    assert rest.ask("PUT", f"/chat/rooms/{room.id}", body).status_code == 403
    body = {"name": "x", "team_id": mine.id}
    assert rest.ask("PUT", f"/chat/rooms/{room.id}", body).status_code == 200
    assert Room.objects.get().name == "x"


def test_an_incident_tells_where_it_is_shown_and_of_its_channel(
    tool: ScriptedTool, run: Run
) -> None:
    make_room()
    incident, rest = declare("Shop is slow"), Rest(make_user())
    run()
    chat = rest.ask("GET", f"/incidents/{incident.id}/chat").json()
    assert [place["state"] for place in chat["places"]] == ["shown"]
    assert chat["room"] is None

    asked = rest.ask("POST", f"/incidents/{incident.id}/chat/room")
    assert (asked.status_code, asked.json()["room"]["state"]) == (202, "asked")
    assert rest.ask("POST", f"/incidents/{incident.id}/chat/room").status_code == 409
    run(utc_now())
    chat = rest.ask("GET", f"/incidents/{incident.id}/chat").json()
    assert chat["room"]["url"].startswith("https://chat.example.org/")
    assert len(chat["places"]) == 1
    assert rest.ask("GET", "/incidents/999/chat").status_code == 404
