"""The router that the parts of this API share, and who may change what."""

from django.http import HttpRequest
from ninja import Router

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.slo import queries

router = Router(tags=["objectives"])


def keeper_of(
    request: HttpRequest, objective_id: int, permission: Permission = Permission.MANAGE
) -> Viewer:
    """Whoever asks, who must hold the permission in the team of the objective's service."""
    viewer = viewer_of(request)
    viewer.check(permission, team_id=queries.team_of(objective_id))
    return viewer


def manager_of(request: HttpRequest, service_id: int) -> Viewer:
    """Whoever asks, who must manage the team of the service."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=catalog_queries.service(service_id).team_id)
    return viewer
