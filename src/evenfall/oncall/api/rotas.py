"""Rotas: list, read, create, change, plan anew, delete."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import AwareDatetime

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import actions, queries
from evenfall.oncall.api import schemas
from evenfall.platform.clock import utc_now

router = Router()


@router.get("/rotas", response=schemas.RotasOut, auth=api_auth(Permission.VIEW))
def list_rotas(request: HttpRequest, cursor: str | None = None) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Rotas by name."""
    items, following = queries.rotas_page(cursor=cursor)
    return {"items": items, "next": following}


@router.get("/rotas/{int:rota_id}", response=schemas.RotaDetailOut, auth=api_auth(Permission.VIEW))
def get_rota(request: HttpRequest, rota_id: int) -> queries.RotaDetail:  # noqa: ARG001 - ninja passes it
    """One rota with its newest plan."""
    return queries.rota(rota_id)


@router.post("/rotas", response={201: schemas.RotaDetailOut}, auth=api_auth(Permission.MANAGE))
def create_rota(request: HttpRequest, body: schemas.NewRotaIn) -> Status[queries.RotaDetail]:
    """Create a rota, whose plan counts from its first shift and never before now."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=identity_queries.team(body.team_id).id)
    rota_id = actions.create_rota(
        team_id=body.team_id,
        **body.fields_of(),
        **_said(body),
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.rota(rota_id))


@router.get("/rota-templates", response=schemas.StartersOut, auth=api_auth(Permission.VIEW))
def list_rota_templates(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Ready rotas to start from."""
    return {"items": queries.starter_cards()}


@router.post(
    "/rotas/from-template",
    response={201: schemas.RotaDetailOut},
    auth=api_auth(Permission.MANAGE),
)
def create_rota_from_template(
    request: HttpRequest, body: schemas.StarterIn
) -> Status[queries.RotaDetail]:
    """Create a rota from a ready one, with these people."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=identity_queries.team(body.team_id).id)
    rota_id = actions.start_rota(**body.dict(), now=utc_now(), actor=viewer.actor)
    return Status(201, queries.rota(rota_id))


@router.get(
    "/rotas/{int:rota_id}/night-watches",
    response=schemas.NightWatchesOut,
    auth=api_auth(Permission.VIEW),
)
def list_night_watches(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    rota_id: int,
    starts_at: Annotated[AwareDatetime, Query(alias="from")],
    ends_at: Annotated[AwareDatetime, Query(alias="until")],
) -> dict[str, Any]:
    """When somebody is on call at night although it is day for another member."""
    found = queries.night_watches(rota_id, starts_at=starts_at, ends_at=ends_at)
    return {"items": found}


@router.put(
    "/rotas/{int:rota_id}", response=schemas.RotaDetailOut, auth=api_auth(Permission.MANAGE)
)
def change_rota(request: HttpRequest, rota_id: int, body: schemas.RotaIn) -> queries.RotaDetail:
    """Change what is said about a rota; fields left out get their defaults."""
    viewer = _manager(request, rota_id)
    actions.change_rota(rota_id=rota_id, **_said(body), now=utc_now(), actor=viewer.actor)
    return queries.rota(rota_id)


@router.put(
    "/rotas/{int:rota_id}/plan", response=schemas.RotaDetailOut, auth=api_auth(Permission.MANAGE)
)
def replan_rota(request: HttpRequest, rota_id: int, body: schemas.PlanIn) -> queries.RotaDetail:
    """Let new layers hold from their first shift on; what was before stays."""
    viewer = _manager(request, rota_id)
    actions.replan_rota(
        rota_id=rota_id,
        **body.fields_of(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.rota(rota_id)


@router.put(
    "/rotas/{int:rota_id}/layers/{int:layer_id}/members",
    response=schemas.RotaDetailOut,
    auth=api_auth(Permission.MANAGE),
)
def set_members(
    request: HttpRequest, rota_id: int, layer_id: int, body: schemas.MembersIn
) -> queries.RotaDetail:
    """Let these people take the shifts that start on a day or later."""
    viewer = _manager(request, rota_id)
    actions.set_members(
        rota_id=rota_id,
        layer_id=layer_id,
        user_ids=body.user_ids,
        from_day=body.from_day,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.rota(rota_id)


@router.delete("/rotas/{int:rota_id}", response={204: None}, auth=api_auth(Permission.MANAGE))
def delete_rota(request: HttpRequest, rota_id: int) -> Status[None]:
    """Delete a rota; what it said about the past stays."""
    viewer = _manager(request, rota_id)
    actions.delete_rota(rota_id=rota_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


def _manager(request: HttpRequest, rota_id: int) -> Viewer:
    """Whoever asks, who manages the team of the rota."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=queries.rota(rota_id).team_id)
    return viewer


def _said(body: schemas.RotaIn) -> dict[str, Any]:
    return {
        "name": body.name,
        "description": body.description,
        "zone": body.time_zone,
        "coverage": schemas.windows(body.coverage),
    }
