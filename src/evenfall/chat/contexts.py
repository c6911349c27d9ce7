"""What the pages of chat show, and who may change which room."""

from django.http import HttpRequest
from msgspec import Struct

from evenfall.chat import queries
from evenfall.chat.queries import RoomView
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.platform.panels import Panel


class RoomLine(Struct, frozen=True, kw_only=True):
    """A room in the list, and whether the viewer may change it."""

    room: RoomView
    may_manage: bool


def room_lines(viewer: Viewer) -> list[RoomLine]:
    return [
        RoomLine(room=room, may_manage=viewer.can(Permission.MANAGE, team_id=room.team_id))
        for room in queries.rooms()
    ]


def incident_panel(view: IncidentView, viewer: Viewer) -> Panel | None:
    """Where an incident is shown, and its own channel; None where no chat tool is involved."""
    places, opening = queries.places_of(view.id), queries.opening_of(view.id)
    may_respond = viewer.can(Permission.RESPOND, team_id=view.team_id)
    may_ask = (
        may_respond
        and view.is_live
        and not view.is_private
        and (opening is None or opening.state == "failed")
    )
    can_open = may_ask and queries.can_open_rooms()
    if not (places or opening or can_open):
        return None
    return Panel(
        template="chat/parts/incident.html",
        context={
            "incident_id": view.id,
            "places": places,
            "opening": opening,
            "can_open": can_open,
        },
    )


def manager_of(request: HttpRequest, room_id: int) -> Viewer:
    """The viewer, when they may manage the team of the room; a room for all is of the site."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=queries.room(room_id).team_id)
    return viewer


def manager_for(request: HttpRequest, team_id: int | None) -> Viewer:
    """The viewer, when they may make a room for this team (None: for all)."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=team_id)
    return viewer


def responder_of(request: HttpRequest, incident_id: int) -> Viewer:
    """The viewer, when they may respond to this incident. Raises IncidentNotFound."""
    viewer = viewer_of(request)
    view = incidents_queries.incident(incident_id)
    viewer.check(Permission.RESPOND, team_id=view.team_id)
    return viewer
