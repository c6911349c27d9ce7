"""What pages and API operations need before they act: who may do what with which rollout."""

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.panels import Panel
from evenfall.releases.queries import PassageView
from evenfall.rollouts import queries
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.ports import AlreadyThere
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


class Way(Struct, frozen=True, kw_only=True):
    """What the way back from here takes. `is_over`: the rollout has ended, and a tap begins another
    one. `deploys`: `version` has to be deployed first, which took `usual_s` lately.
    """

    version: str
    side: str
    is_over: bool
    deploys: bool
    kept_until: datetime | None
    usual_s: float | None


def way_of(view: RolloutView, *, now: datetime) -> Way | None:
    """The way back that a tap would begin; None where there is none to say something about."""
    if view.state is State.WATCHING:
        return _of_watched(view, now)
    if view.state is not State.PROVEN or queries.live_of_target(view.target.id) is not None:
        return None
    found = queries.way_back(view.target.id, now=now)
    if found is None or found.proof.rollout_id != view.id:
        return None
    return Way(
        version=found.version,
        side=found.side,
        is_over=True,
        deploys=found.must_deploy,
        kept_until=found.warm_until,
        usual_s=found.deploy_s,
    )


def _of_watched(view: RolloutView, now: datetime) -> Way:
    is_cold = view.kept_until is not None and now > view.kept_until
    return Way(
        version=view.stable_version,
        side=view.old_side,
        is_over=False,
        deploys=is_cold and view.target.deploy_kind != AlreadyThere.name,
        kept_until=view.kept_until,
        usual_s=queries.usual_deploy_s(view.target.id),
    )


def release_panel(passage: PassageView, viewer: Viewer) -> Panel | None:
    """Beside a release: the rollouts that brought it here, and the way to begin one."""
    found = queries.rollouts_of_passage(passage.id)
    target = queries.find_target(passage.service_id, passage.environment)
    may_start = (
        target is not None
        and passage.is_waiting
        and all(one.is_over for one in found)
        and viewer.can(Permission.RESPOND, team_id=target.service.team_id)
    )
    if not found and not may_start:
        return None
    context = {
        "rollouts": found,
        "target": target if may_start else None,
        "version": passage.version,
    }
    return Panel(template="rollouts/parts/release.html", context=context)


def show_of(query: Mapping[str, str]) -> ShowRollouts:
    """Which rollouts a list is asked for; what makes no sense shows all."""
    word = query.get("show", "")
    return ShowRollouts(word) if word in {one.value for one in ShowRollouts} else ShowRollouts.ALL
