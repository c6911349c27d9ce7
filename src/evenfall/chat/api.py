"""The REST API of chat: rooms, and where an incident is shown."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.chat import actions, queries
from evenfall.chat.actions import RoomWish
from evenfall.chat.contexts import manager_for, manager_of, responder_of
from evenfall.chat.queries import RoomView
from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Sev
from evenfall.platform.clock import utc_now

router = Router(tags=["chat"])
_MANAGE = api_auth(Permission.MANAGE)


class ChatRoomOut(Schema):
    id: int
    name: str
    address: str
    """Empty where whoever knows it may write there."""
    provider_id: int
    provider: str
    tool: str
    team_id: int | None
    incident_id: int | None
    """Set for a room that was opened for one incident."""
    least_severity: Sev
    is_on: bool
    off_reason: str
    last_posted_at: datetime | None
    last_error: str
    created_at: datetime


class ChatRoomsOut(Schema):
    items: list[ChatRoomOut]
    next: str | None


class ChatRoomIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    team_id: int | None = None
    """The incidents of this team; without it those of all teams."""
    least_severity: Sev = Sev.SEV5

    def wish(self) -> RoomWish:
        return RoomWish(name=self.name, team_id=self.team_id, least_severity=self.least_severity)


class NewChatRoomIn(ChatRoomIn):
    provider_id: int
    """The account of the chat tool, see /providers."""
    address: str = Field(min_length=1, max_length=2000)


class ChatRoomSwitchIn(Schema):
    is_on: bool


class ChatPlaceOut(Schema):
    room_id: int
    room: str
    tool: str
    state: str
    """shown, waiting or failed"""
    error: str
    shown_at: datetime | None
    is_listed: bool
    """In one message together with other incidents."""


class ChatOpeningOut(Schema):
    name: str
    state: str
    """asked, open or failed"""
    url: str
    missing: list[str]
    error: str


class IncidentChatOut(Schema):
    places: list[ChatPlaceOut]
    room: ChatOpeningOut | None
    """The channel of its own, if somebody asked for one."""


@router.get("/chat/rooms", response=ChatRoomsOut, auth=api_auth(Permission.VIEW))
def list_rooms(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The rooms that show incidents, by name."""
    return {"items": queries.rooms(), "next": None}


@router.post("/chat/rooms", response={201: ChatRoomOut}, auth=_MANAGE)
def add_room(request: HttpRequest, body: NewChatRoomIn) -> Status[RoomView]:
    """Show incidents in a room from now on."""
    viewer = manager_for(request, body.team_id)
    room_id = actions.add_room(
        provider_id=body.provider_id,
        address=body.address,
        wish=body.wish(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.room(room_id))


@router.put("/chat/rooms/{int:room_id}", response=ChatRoomOut, auth=_MANAGE)
def change_room(request: HttpRequest, room_id: int, body: ChatRoomIn) -> RoomView:
    """Show other incidents there, or call it another name."""
    manager_of(request, room_id)
    viewer = manager_for(request, body.team_id)
    actions.change_room(room_id=room_id, wish=body.wish(), now=utc_now(), actor=viewer.actor)
    return queries.room(room_id)


@router.post("/chat/rooms/{int:room_id}/switch", response=ChatRoomOut, auth=_MANAGE)
def switch_room(request: HttpRequest, room_id: int, body: ChatRoomSwitchIn) -> RoomView:
    """Use a room, or stop using it; switched on again it catches up."""
    viewer = manager_of(request, room_id)
    actions.switch_room(room_id=room_id, is_on=body.is_on, now=utc_now(), actor=viewer.actor)
    return queries.room(room_id)


@router.post("/chat/rooms/{int:room_id}/test", response={202: ChatRoomOut}, auth=_MANAGE)
def test_room(request: HttpRequest, room_id: int) -> Status[RoomView]:
    """Write a test message; `last_posted_at` and `last_error` tell what became of it."""
    manager_of(request, room_id)
    actions.test_room(room_id=room_id, now=utc_now())
    return Status(202, queries.room(room_id))


@router.delete("/chat/rooms/{int:room_id}", response={204: None}, auth=_MANAGE)
def remove_room(request: HttpRequest, room_id: int) -> Status[None]:
    """Forget a room; its messages stay in the chat tool."""
    viewer = manager_of(request, room_id)
    actions.remove_room(room_id=room_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.get(
    "/incidents/{int:incident_id}/chat",
    response=IncidentChatOut,
    auth=api_auth(Permission.VIEW),
)
def incident_chat(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Where the incident is shown, and its own channel."""
    incidents_queries.incident(incident_id)
    return {
        "places": queries.places_of(incident_id),
        "room": queries.opening_of(incident_id),
    }


@router.post(
    "/incidents/{int:incident_id}/chat/room",
    response={202: IncidentChatOut},
    auth=api_auth(Permission.RESPOND),
)
def open_incident_room(request: HttpRequest, incident_id: int) -> Status[dict[str, Any]]:
    """Ask for a channel of its own for this incident; its people are invited."""
    viewer = responder_of(request, incident_id)
    actions.ask_for_room(incident_id=incident_id, user_id=viewer.user_id, now=utc_now())
    shown = {
        "places": queries.places_of(incident_id),
        "room": queries.opening_of(incident_id),
    }
    return Status(202, shown)
