"""What pages and API operations need before they act: who may do what with which rollout."""

from collections.abc import Mapping

from django.http import HttpRequest

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.rollouts import queries
from evenfall.rollouts.queries import RolloutView, ShowRollouts, TargetView


def led_by(request: HttpRequest, rollout_id: int) -> tuple[Viewer, RolloutView]:
    """Return the viewer and the rollout that they may lead; raises RolloutNotFound, Forbidden.

    Responders of the team whose service it is: whoever is called at night may take it back.
    """
    viewer, found = viewer_of(request), queries.rollout(rollout_id)
    viewer.check(Permission.RESPOND, team_id=found.target.service.team_id)
    return viewer, found


def started_at(request: HttpRequest, target_id: int) -> tuple[Viewer, TargetView]:
    """Return the viewer and the target where they may start something; raises Forbidden."""
    viewer, found = viewer_of(request), queries.target(target_id)
    viewer.check(Permission.RESPOND, team_id=found.service.team_id)
    return viewer, found


def managed_target(request: HttpRequest, target_id: int) -> tuple[Viewer, TargetView]:
    """Return the viewer and the target that they may change; raises Forbidden."""
    viewer, found = viewer_of(request), queries.target(target_id)
    viewer.check(Permission.MANAGE, team_id=found.service.team_id)
    return viewer, found


def managed_services(viewer: Viewer) -> list[ServiceView]:
    """The services that the viewer may say such things about, by name."""
    found = catalog_queries.services().values()
    return [one for one in found if viewer.can(Permission.MANAGE, team_id=one.team_id)]


def show_of(query: Mapping[str, str]) -> ShowRollouts:
    """Which rollouts a list is asked for; what makes no sense shows all."""
    word = query.get("show", "")
    return ShowRollouts(word) if word in {one.value for one in ShowRollouts} else ShowRollouts.ALL
