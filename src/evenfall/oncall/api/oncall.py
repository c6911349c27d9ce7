"""Who is on call, now or at any other time."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import AwareDatetime

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import queries
from evenfall.oncall.api.schemas import OnCallsOut, ScheduleOut
from evenfall.platform.clock import utc_now

router = Router()


@router.get("/oncall", response=OnCallsOut, auth=api_auth(Permission.VIEW))
def who_is_on_call(
    request: HttpRequest,
    at: AwareDatetime | None = None,
    team_id: int | None = None,
) -> dict[str, Any]:
    """Who is on call by every rota, now or at another time, with contacts for responders."""
    viewer = viewer_of(request)
    shown = queries.rotas() if team_id is None else queries.rotas_of_team(team_id)
    moment = at or utc_now()
    items = queries.rotas_now(
        shown,
        at=moment,
        may_see_contacts=lambda team_id: viewer.can(Permission.RESPOND, team_id=team_id),
    )
    return {"at": moment, "items": items}


@router.get("/rotas/{int:rota_id}/schedule", response=ScheduleOut, auth=api_auth(Permission.VIEW))
def get_schedule(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    rota_id: int,
    starts_at: Annotated[AwareDatetime, Query(alias="from")],
    ends_at: Annotated[AwareDatetime, Query(alias="until")],
) -> dict[str, Any]:
    """Who has which role when, and when nobody is on call; cut at the two times."""
    stretch = {"starts_at": starts_at, "ends_at": ends_at}
    return {
        "spans": queries.final_schedule(rota_id, **stretch),
        "gaps": queries.gaps(rota_id, **stretch),
    }
