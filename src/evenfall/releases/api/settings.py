"""Windows, stages and standard changes over the API."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Status

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.releases import actions, queries
from evenfall.releases.actions import Reach
from evenfall.releases.api import hold_schemas as schemas
from evenfall.releases.api.exceptions import MANAGE
from evenfall.releases.api.releases import VIEW
from evenfall.releases.api.routing import router
from evenfall.releases.contexts import keeper_of_reach, reach_of
from evenfall.releases.logic.windows import next_open

_WINDOW = "/deploy-windows/{int:window_id}"
_STANDARD = "/standard-changes/{int:standard_id}"


@router.get("/deploy-windows", response=schemas.DeployWindowsOut, auth=VIEW)
def list_windows(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All windows by name, each with when it opens next."""
    return {"items": [_window(one) for one in queries.windows()]}


@router.post("/deploy-windows", response={201: schemas.DeployWindowOut}, auth=MANAGE)
def add_window(request: HttpRequest, body: schemas.DeployWindowIn) -> Status[dict[str, Any]]:
    """Say when deploys are open; the window of a service wins over its team's, that over all."""
    viewer = keeper_of_reach(request, body.reach(), Permission.MANAGE)
    number = actions.save_window(wish=body.wish(), now=utc_now(), actor=viewer.actor)
    return Status(201, _window(queries.window(number)))


@router.put(_WINDOW, response=schemas.DeployWindowOut, auth=MANAGE)
def change_window(
    request: HttpRequest, window_id: int, body: schemas.DeployWindowIn
) -> dict[str, Any]:
    """Replace a window; `revision` is that of the one that was read."""
    keeper_of_reach(request, reach_of(queries.window(window_id).scope), Permission.MANAGE)
    viewer = keeper_of_reach(request, body.reach(), Permission.MANAGE)
    actions.save_window(
        wish=body.wish(),
        window_id=window_id,
        revision=body.revision,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _window(queries.window(window_id))


@router.delete(_WINDOW, response={204: None}, auth=MANAGE)
def remove_window(request: HttpRequest, window_id: int) -> HttpResponse:
    """Without any window deploys are always open."""
    reach = reach_of(queries.window(window_id).scope)
    viewer = keeper_of_reach(request, reach, Permission.MANAGE)
    actions.remove_window(window_id=window_id, now=utc_now(), actor=viewer.actor)
    return HttpResponse(status=204)


@router.get("/services/{slug}/stages", response=schemas.StagesOut, auth=VIEW)
def get_stages(request: HttpRequest, slug: str) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The way of a service."""
    return _stages(catalog_queries.service_by_slug(slug).id)


@router.put("/services/{slug}/stages", response=schemas.StagesOut, auth=MANAGE)
def save_stages(request: HttpRequest, slug: str, body: schemas.StagesIn) -> dict[str, Any]:
    """Replace the way of a service; an empty one is that of the site again."""
    return _save(request, catalog_queries.service_by_slug(slug).id, body)


@router.get("/release-stages", response=schemas.StagesOut, auth=VIEW)
def get_site_stages(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The way of every service without its own."""
    return _stages(None)


@router.put("/release-stages", response=schemas.StagesOut, auth=MANAGE)
def save_site_stages(request: HttpRequest, body: schemas.StagesIn) -> dict[str, Any]:
    """Replace the way of every service without its own."""
    return _save(request, None, body)


@router.get("/standard-changes", response=schemas.StandardsOut, auth=VIEW)
def list_standards(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What was approved before, and what waits to be."""
    return {"items": queries.standard_changes()}


@router.post("/standard-changes", response={201: schemas.StandardOut}, auth=MANAGE)
def ask_standard(request: HttpRequest, body: schemas.StandardIn) -> Status[queries.StandardView]:
    """Propose a kind of change that needs no sign-off; somebody else approves it."""
    viewer = keeper_of_reach(request, body.reach(), Permission.MANAGE)
    number = actions.ask_standard(
        wish=body.wish(), user_id=viewer.user_id, now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.standard_change(number))


@router.post(f"{_STANDARD}/approve", response=schemas.StandardOut, auth=MANAGE)
def approve_standard(request: HttpRequest, standard_id: int) -> queries.StandardView:
    """Approve what somebody else proposed."""
    reach = reach_of(queries.standard_change(standard_id).scope)
    viewer = keeper_of_reach(request, reach, Permission.MANAGE)
    actions.approve_standard(
        standard_id=standard_id, user_id=viewer.user_id, now=utc_now(), actor=viewer.actor
    )
    return queries.standard_change(standard_id)


@router.delete(_STANDARD, response={204: None}, auth=MANAGE)
def withdraw_standard(request: HttpRequest, standard_id: int) -> HttpResponse:
    """Such changes need a sign-off again."""
    reach = reach_of(queries.standard_change(standard_id).scope)
    viewer = keeper_of_reach(request, reach, Permission.MANAGE)
    actions.withdraw_standard(standard_id=standard_id, now=utc_now(), actor=viewer.actor)
    return HttpResponse(status=204)


def _window(view: queries.WindowView) -> dict[str, Any]:
    found = next_open([view.window], (), at=utc_now())
    return schemas.window_out(view, found[0] if found else None)


def _stages(service_id: int | None) -> dict[str, Any]:
    found = queries.site_stages() if service_id is None else queries.stages_of(service_id)
    is_own = any(one.id is not None and one.service_id == service_id for one in found)
    return {
        "stages": [schemas.stage_out(one) for one in found],
        "revision": max((one.revision for one in found), default=0) if is_own else 0,
        "is_own": is_own,
    }


def _save(request: HttpRequest, service_id: int | None, body: schemas.StagesIn) -> dict[str, Any]:
    viewer = keeper_of_reach(request, Reach(service_id=service_id), Permission.MANAGE)
    actions.save_stages(
        service_id=service_id,
        stages=[one.wish() for one in body.stages],
        revision=body.revision,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _stages(service_id)
