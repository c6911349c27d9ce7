"""Indicators over the API, and the counts that are sent to them."""

from typing import Any

from django.http import HttpRequest
from msgspec.structs import asdict
from ninja import Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import DomainError
from evenfall.slo import actions, queries
from evenfall.slo.api import budget_schemas as wire
from evenfall.slo.api import schemas
from evenfall.slo.api.routing import manager_of, router
from evenfall.slo.queries import IndicatorView

_VIEW = api_auth(Permission.VIEW)
_MANAGE = api_auth(Permission.MANAGE)
_ALL = "/indicators"
_ONE = f"{_ALL}/{{int:indicator_id}}"


@router.get(_ALL, response=schemas.IndicatorsOut, auth=_VIEW)
def list_indicators(request: HttpRequest, service_id: int | None = None) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Indicators by name, those of one service if wanted."""
    found = queries.indicators(service_id=service_id)
    return {"items": [_shown(view) for view in found.values()]}


@router.post(_ALL, response={201: schemas.IndicatorOut}, auth=_MANAGE)
def add_indicator(request: HttpRequest, body: schemas.IndicatorIn) -> Status[dict[str, Any]]:
    """Add a way to count good and total; queries are parsed before they are stored."""
    viewer = manager_of(request, body.service_id)
    number = actions.add_indicator(wish=body.wish(), now=utc_now(), actor=viewer.actor)
    return Status(201, _shown(queries.indicator(number)))


@router.get(_ONE, response=schemas.IndicatorOut, auth=_VIEW)
def get_indicator(request: HttpRequest, indicator_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """One indicator, its queries with their values filled in."""
    return _shown(queries.indicator(indicator_id))


@router.put(_ONE, response=schemas.IndicatorOut, auth=_MANAGE)
def change_indicator(
    request: HttpRequest, indicator_id: int, body: schemas.IndicatorChangeIn
) -> dict[str, Any]:
    """Count something else from now on; what was counted stays."""
    manager_of(request, queries.indicator(indicator_id).service.id)
    viewer = manager_of(request, body.service_id)
    actions.change_indicator(
        indicator_id=indicator_id,
        wish=body.wish(),
        version=body.version,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _shown(queries.indicator(indicator_id))


@router.delete(_ONE, response={204: None}, auth=_MANAGE)
def archive_indicator(request: HttpRequest, indicator_id: int) -> Status[None]:
    """Count no more; refused while objectives are about it."""
    viewer = manager_of(request, queries.indicator(indicator_id).service.id)
    actions.archive_indicator(indicator_id=indicator_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.post(f"{_ONE}/counts", response=wire.PushedCountsOut, auth=_MANAGE)
def push_counts(
    request: HttpRequest, indicator_id: int, body: wire.PushedCountsIn
) -> dict[str, Any]:
    """Add good and total of minutes, for an indicator whose origin is `pushed`."""
    manager_of(request, queries.indicator(indicator_id).service.id)
    is_new = actions.push_counts(
        indicator_id=indicator_id, key=body.key, minutes=body.counts(), now=utc_now()
    )
    return {"is_new": is_new}


def _shown(view: IndicatorView) -> dict[str, Any]:
    return {
        **asdict(view.spec),
        "id": view.id,
        "slug": view.slug,
        "name": view.name,
        "description": view.description,
        "service_id": view.service.id,
        "environment": view.environment,
        "labels": dict(view.labels),
        "queries": _filled(view),
        "read_until": view.read_until,
        "problem": view.problem,
        "version": view.version,
        "is_archived": view.is_archived,
    }


def _filled(view: IndicatorView) -> list[str]:
    """Nothing where the source is gone: the indicator says so itself."""
    try:
        return list(actions.filled(view.spec, view.values))
    except DomainError:
        return []
