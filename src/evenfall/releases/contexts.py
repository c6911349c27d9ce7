"""What pages and API operations need before they act: who may, on what."""

from django.http import HttpRequest

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.releases import queries
from evenfall.releases.actions import Reach
from evenfall.releases.logic.gates.approvals import groups_of

RESPOND, MANAGE = Permission.RESPOND, Permission.MANAGE


def keeper_of_service(
    request: HttpRequest, service_id: int, permission: Permission = RESPOND
) -> Viewer:
    """The viewer, when they may do this for the service. Raises ServiceNotFound."""
    viewer = viewer_of(request)
    viewer.check(permission, team_id=catalog_queries.service(service_id).team_id)
    return viewer


def keeper_of_release(
    request: HttpRequest, release_id: int, permission: Permission = RESPOND
) -> Viewer:
    """The viewer, when they may do this for its service. Raises ReleaseNotFound."""
    return keeper_of_service(request, queries.release(release_id).service_id, permission)


def keeper_of_passage(
    request: HttpRequest, passage_id: int, permission: Permission = RESPOND
) -> Viewer:
    """The viewer, when they may do this for its service. Raises PassageNotFound."""
    return keeper_of_service(request, queries.passage(passage_id).service_id, permission)


def signer_of(request: HttpRequest, passage_id: int) -> Viewer:
    """The viewer, when they respond for a team that is asked to sign."""
    viewer = viewer_of(request)
    facts = queries.answer(passage_id, now=utc_now()).facts
    asked = [group.team_id for group in groups_of(facts)]
    if not any(viewer.can(RESPOND, team_id=one) for one in asked):
        viewer.check(RESPOND, team_id=facts.team_id)
    return viewer


def keeper_of_reach(request: HttpRequest, reach: Reach, permission: Permission = RESPOND) -> Viewer:
    """The viewer, when they may do this for the service, the team or the whole site."""
    viewer = viewer_of(request)
    scope = queries.scope_of(*reach.ids)
    viewer.check(permission, team_id=scope.owner_id)
    return viewer


def reach_of(scope: queries.ScopeView) -> Reach:
    return Reach(service_id=scope.service_id, team_id=scope.team_id)
