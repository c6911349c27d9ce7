"""Objectives over the API: listed, added, changed, archived, tried before they are saved."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from msgspec.structs import asdict
from ninja import Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.slo import actions, queries
from evenfall.slo.api import budget_schemas as wire
from evenfall.slo.api import schemas
from evenfall.slo.api.routing import keeper_of, manager_of, router
from evenfall.slo.logic.replay import Picture
from evenfall.slo.logic.spec import Window
from evenfall.slo.logic.states import BudgetState
from evenfall.slo.queries import ObjectiveFilters, ObjectiveView, StandingView

_VIEW = api_auth(Permission.VIEW)
_MANAGE = api_auth(Permission.MANAGE)
_ALL = "/objectives"
_ONE = f"{_ALL}/{{int:objective_id}}"


@router.get(_ALL, response=schemas.ObjectivesOut, auth=_VIEW)
def list_objectives(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    q: str = "",
    service_id: int | None = None,
    team_id: int | None = None,
    state: BudgetState | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Objectives by name, each with how its budget stands."""
    filters = ObjectiveFilters(text=q, service_id=service_id, team_id=team_id, state=state)
    page = queries.objectives_page(filters, cursor=cursor, size=limit)
    return {"items": [shown(view) for view in page.items], "next": page.next_cursor}


@router.post(_ALL, response={201: schemas.ObjectiveOut}, auth=_MANAGE)
def add_objective(request: HttpRequest, body: schemas.ObjectiveIn) -> Status[dict[str, Any]]:
    """Promise something; the past of its window is read, as far as there is one."""
    viewer = manager_of(request, body.service_id)
    if body.indicator is not None:
        manager_of(request, body.indicator.service_id)
    number = actions.add_objective(
        wish=body.wish(), by=viewer.user_id, now=utc_now(), actor=viewer.actor
    )
    return Status(201, shown(queries.objective(number)))


@router.post(f"{_ALL}/preview", response=wire.ObjectivePreviewOut, auth=_MANAGE)
def preview_objective(request: HttpRequest, body: wire.ObjectivePreviewIn) -> dict[str, Any]:
    """Play a draft over history: its budget, and which alerts would have fired. Saves nothing."""
    manager_of(request, body.service_id)
    found = actions.preview(
        spec=body.spec(),
        indicator=body.indicator.spec() if body.indicator else None,
        back=timedelta(hours=body.hours) if body.hours else None,
        now=utc_now(),
    )
    return {"queries": list(found.queries), **_picture(found.picture)}


@router.get(_ONE, response=schemas.ObjectiveOut, auth=_VIEW)
def get_objective(request: HttpRequest, objective_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """One objective with how its budget stands."""
    return shown(queries.objective(objective_id))


@router.put(_ONE, response=schemas.ObjectiveOut, auth=_MANAGE)
def change_objective(
    request: HttpRequest, objective_id: int, body: schemas.ObjectiveChangeIn
) -> dict[str, Any]:
    """Promise something else; the whole window is reckoned again."""
    keeper_of(request, objective_id)
    viewer = manager_of(request, body.service_id)
    if body.indicator is not None:
        manager_of(request, body.indicator.service_id)
    actions.change_objective(
        objective_id=objective_id,
        wish=body.wish(),
        version=body.version,
        by=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return shown(queries.objective(objective_id))


@router.delete(_ONE, response={204: None}, auth=_MANAGE)
def archive_objective(request: HttpRequest, objective_id: int) -> Status[None]:
    """Promise it no more; its alerts are over."""
    viewer = keeper_of(request, objective_id)
    actions.archive_objective(objective_id=objective_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


def shown(view: ObjectiveView) -> dict[str, Any]:
    spec, promise = view.spec, view.spec.promise
    return {
        "id": view.id,
        "slug": view.slug,
        "name": view.name,
        "description": spec.description,
        "service_id": view.service.id,
        "service": view.service.name,
        "environment": spec.environment,
        "target": promise.target,
        "window": _window(promise.window),
        "method": promise.method,
        "slice_target": promise.slice_target,
        "slice_minutes": promise.slice_minutes,
        "no_data": promise.no_data,
        "indicator_id": spec.indicator_id,
        "members": [asdict(one) for one in spec.members],
        "alerts": asdict(spec.alerts),
        "policy": asdict(spec.policy),
        "labels": dict(view.labels),
        "version": view.version,
        "created_at": view.created_at,
        "is_archived": view.is_archived,
        "budget": budget(view.standing),
    }


def budget(standing: StandingView | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {name: getattr(standing, name) for name in schemas.BudgetOut.model_fields}


def _window(window: Window) -> dict[str, Any]:
    starts = window.starts.isoformat(" ", "seconds") if window.starts else ""
    return {"span": str(window.span), "zone": window.zone, "starts": starts}


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "since": picture.since,
        "until": picture.until,
        "good": picture.tally.good,
        "total": picture.tally.total,
        "spent": picture.spent,
        "known": picture.known,
        "history": [{"at": one.at, "rest": one.rest} for one in picture.points],
        "alerts": [asdict(one) for one in picture.alerts],
        "pairs": [
            {**asdict(one.pair), "share": one.share, "clamped_from": one.clamped_from}
            for one in picture.pairs
        ],
    }
