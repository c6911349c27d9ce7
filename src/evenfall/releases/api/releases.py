"""Versions over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.releases import actions, queries
from evenfall.releases.actions import Need
from evenfall.releases.api import schemas
from evenfall.releases.api.routing import router
from evenfall.releases.contexts import keeper_of_release, keeper_of_service

VIEW, RESPOND = api_auth(Permission.VIEW), api_auth(Permission.RESPOND)
_ONE = "/releases/{int:release_id}"


@router.get("/releases", response=schemas.ReleasesOut, auth=VIEW)
def list_releases(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    service: str = "",
    cursor: str | None = None,
) -> dict[str, Any]:
    """Releases, newest first; of one service when its slug is given."""
    service_id = catalog_queries.service_by_slug(service).id if service else None
    page = queries.releases_page(service_id=service_id, cursor=cursor)
    return {"items": page.items, "next": page.next_cursor}


@router.post("/releases", response={201: schemas.ReleaseWholeOut}, auth=RESPOND)
def register_release(request: HttpRequest, body: schemas.ReleaseIn) -> Status[dict[str, Any]]:
    """Register a version; it gets a passage through each stage of its service."""
    service = catalog_queries.service_by_slug(body.service)
    viewer = keeper_of_service(request, service.id)
    number = actions.register_release(
        new=body.new(service.id, body.version, needs_of(body)),
        now=utc_now(),
        actor=viewer.actor,
        author_id=viewer.user_id,
    )
    return Status(201, whole(number))


@router.get(_ONE, response=schemas.ReleaseWholeOut, auth=VIEW)
def get_release(request: HttpRequest, release_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """One release with its passages."""
    return whole(release_id)


@router.put(_ONE, response=schemas.ReleaseWholeOut, auth=RESPOND)
def change_release(
    request: HttpRequest, release_id: int, body: schemas.ReleaseChangeIn
) -> dict[str, Any]:
    """Everything but service and version."""
    viewer = keeper_of_release(request, release_id)
    view = queries.release(release_id)
    actions.change_release(
        release_id=release_id,
        new=body.new(view.service_id, view.version, needs_of(body)),
        revision=body.revision,
        now=utc_now(),
        actor=viewer.actor,
    )
    return whole(release_id)


@router.post(f"{_ONE}/passages", response={201: schemas.PassageOut}, auth=RESPOND)
def plan_passage(
    request: HttpRequest, release_id: int, body: schemas.PassagePlanIn
) -> Status[queries.PassageView]:
    """Plan a way through a stage: the first, another try, or the way back to this version."""
    viewer = keeper_of_release(request, release_id)
    number = actions.plan_passage(
        release_id=release_id,
        stage=body.stage,
        planned_at=body.planned_at,
        downtime_minutes=body.planned_downtime_minutes,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.passage(number))


@router.get("/running", response=schemas.RunningOut, auth=VIEW)
def list_running(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    service: str = "",
) -> dict[str, Any]:
    """Which version runs where; of one service when its slug is given."""
    ids = [catalog_queries.service_by_slug(service).id] if service else catalog_queries.services()
    return {"items": queries.running(list(ids))}


def needs_of(body: schemas.ReleaseFields) -> list[Need]:
    """Raises ServiceNotFound for a slug that nobody has."""
    return [
        Need(service_id=catalog_queries.service_by_slug(one.service).id, at_least=one.at_least)
        for one in body.needs
    ]


def whole(release_id: int) -> dict[str, Any]:
    view = queries.release(release_id)
    known = {name: getattr(view, name) for name in schemas.ReleaseOut.model_fields}
    return {**known, "passages": queries.passages_of(release_id)}
