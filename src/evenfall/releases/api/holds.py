"""The stop button and freezes over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.releases import actions, queries
from evenfall.releases.api import hold_schemas as schemas
from evenfall.releases.api.exceptions import MANAGE
from evenfall.releases.api.releases import RESPOND, VIEW
from evenfall.releases.api.routing import router
from evenfall.releases.contexts import keeper_of_reach, reach_of


@router.get("/stops", response=schemas.StopsOut, auth=VIEW)
def list_stops(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What is stopped now."""
    return {"items": queries.stops_in_force()}


@router.post("/stops", response={201: schemas.StopOut}, auth=RESPOND)
def stop_everything(request: HttpRequest, body: schemas.StopIn) -> Status[queries.StopView]:
    """Press the button for a service, a team or the whole site; pressed already: that one."""
    viewer = keeper_of_reach(request, body.reach())
    number = actions.stop_everything(
        reach=body.reach(), reason=body.reason, now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.stop(number))


@router.post("/stops/{int:stop_id}/lift", response=schemas.StopOut, auth=RESPOND)
def lift_stop(request: HttpRequest, stop_id: int, body: schemas.LiftIn) -> queries.StopView:
    """Let releases go on, and say why."""
    viewer = keeper_of_reach(request, reach_of(queries.stop(stop_id).scope))
    actions.lift_stop(stop_id=stop_id, reason=body.reason, now=utc_now(), actor=viewer.actor)
    return queries.stop(stop_id)


@router.get("/freezes", response=schemas.FreezesOut, auth=VIEW)
def list_freezes(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Those in force and to come, then those that are over."""
    return {"items": queries.freezes(now=utc_now())}


@router.post("/freezes", response={201: schemas.FreezeOut}, auth=MANAGE)
def declare_freeze(request: HttpRequest, body: schemas.FreezeIn) -> Status[queries.FreezeView]:
    """Nothing goes out from one time until another, but the exempt kinds."""
    viewer = keeper_of_reach(request, body.reach(), Permission.MANAGE)
    number = actions.declare_freeze(new=body.new(), now=utc_now(), actor=viewer.actor)
    return Status(201, queries.freeze(number))


@router.post("/freezes/{int:freeze_id}/lift", response=schemas.FreezeOut, auth=MANAGE)
def lift_freeze(request: HttpRequest, freeze_id: int, body: schemas.LiftIn) -> queries.FreezeView:
    """End a freeze before its time."""
    reach = reach_of(queries.freeze(freeze_id).scope)
    viewer = keeper_of_reach(request, reach, Permission.MANAGE)
    actions.lift_freeze(freeze_id=freeze_id, reason=body.reason, now=utc_now(), actor=viewer.actor)
    return queries.freeze(freeze_id)
