"""Who may change which room."""

from django.http import HttpRequest

from evenfall.chat import queries
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents import queries as incidents_queries


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
