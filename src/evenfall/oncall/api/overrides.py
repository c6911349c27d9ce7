"""Overrides of a rota."""

from typing import Any

from django.http import HttpRequest
from msgspec.structs import asdict
from ninja import Router, Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import actions, queries
from evenfall.oncall.api import schemas
from evenfall.oncall.logic import permits
from evenfall.platform.clock import utc_now

router = Router()


@router.get(
    "/rotas/{int:rota_id}/overrides",
    response=schemas.OverridesOut,
    auth=api_auth(Permission.VIEW),
)
def list_overrides(request: HttpRequest, rota_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The overrides that run or will run, by start, and whether each still changes anything."""
    shown, now = queries.rota(rota_id), utc_now()
    idle = queries.ineffective(rota_id, now=now)
    items = [
        asdict(one) | {"has_effect": one.id not in idle}
        for one in queries.coming_overrides(shown.id, now=now)
    ]
    return {"items": items, "next": None}


@router.post(
    "/rotas/{int:rota_id}/overrides",
    response={201: schemas.OverrideOut},
    auth=api_auth(Permission.RESPOND),
)
def add_override(
    request: HttpRequest, rota_id: int, body: schemas.OverrideIn
) -> Status[dict[str, Any]]:
    """Take a duty oneself, or, as a manager, put anybody on or off.

    One that would change nothing is refused: the answer says who has the role then.
    """
    viewer, rota = viewer_of(request), queries.rota(rota_id)
    own = permits.may_add_alone(body.kind, user_id=body.user_id, asker_id=viewer.user_id)
    viewer.check(Permission.RESPOND if own else Permission.MANAGE, team_id=rota.team_id)
    override_id = actions.add_override(
        rota_id=rota_id, **body.dict(), now=utc_now(), actor=viewer.actor
    )
    made = queries.override(rota_id, override_id)
    return Status(201, asdict(made) | {"has_effect": True})


@router.delete(
    "/rotas/{int:rota_id}/overrides/{int:override_id}",
    response={204: None},
    auth=api_auth(Permission.RESPOND),
)
def cancel_override(request: HttpRequest, rota_id: int, override_id: int) -> Status[None]:
    """End an override now."""
    viewer, rota = viewer_of(request), queries.rota(rota_id)
    shown = queries.override(rota_id, override_id)
    own = permits.may_cancel_alone(
        user_id=shown.user_id,
        created_by=shown.created_by,
        asker_id=viewer.user_id,
        asker_actor=viewer.actor,
    )
    viewer.check(Permission.RESPOND if own else Permission.MANAGE, team_id=rota.team_id)
    actions.cancel_override(
        rota_id=rota_id, override_id=override_id, now=utc_now(), actor=viewer.actor
    )
    return Status(204, None)
