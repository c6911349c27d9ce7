"""Whose things a silence, a window or an integration touches, so that teams rule only their own."""

from collections.abc import Collection, Iterable

from evenfall.alerting.errors import ReachesOtherTeams
from evenfall.alerting.logic.matchers import Matcher, Operator
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.permissions import Permission, Viewer


def check_quiet(
    viewer: Viewer, *, matchers: Iterable[Matcher], service_ids: Collection[int] = ()
) -> None:
    """Raise ReachesOtherTeams unless the viewer may make all of this quiet.

    Whoever responds for the whole site may. Others name services of their teams, by id or by a
    matcher service="slug": without one the quiet would be everybody's.
    """
    if viewer.can(Permission.RESPOND):
        return
    slugs = {m.value for m in matchers if m.name == "service" and m.operator is Operator.EQUAL}
    services = catalog_queries.services_named(ids=service_ids, slugs=slugs).values()
    is_known = len(services) >= len(service_ids) and bool(services)
    own = (viewer.can(Permission.RESPOND, team_id=service.team_id) for service in services)
    if not (is_known and all(own)):
        raise ReachesOtherTeams


def check_managed(viewer: Viewer, *, team_id: int | None, service_id: int | None) -> None:
    """Raise Forbidden unless the viewer manages the team and the service of an integration.

    What belongs to neither is everybody's, and needs the role on the site.
    """
    teams: set[int | None] = {team_id} if team_id else set()
    if service_id:
        teams |= {one.team_id for one in catalog_queries.services([service_id]).values()}
    for number in teams or {None}:
        viewer.check(Permission.MANAGE, team_id=number)
