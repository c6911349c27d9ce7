"""Changes over the API: read, and reported."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Schema, Status
from pydantic import AwareDatetime

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.changes import actions, queries
from evenfall.changes.api import schemas
from evenfall.changes.api.routing import router
from evenfall.changes.ports import ChangeKind
from evenfall.changes.queries import Filters
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

_VIEW = api_auth(Permission.VIEW)


class ChangeQuery(Schema):
    """What to look for; `since` is part of it, `until` is not."""

    service: str = ""
    team_id: int | None = None
    kind: ChangeKind | None = None
    environment: Environment | None = None
    text: str = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    cursor: str | None = None


@router.get("/changes", response=schemas.ChangesOut, auth=_VIEW)
def list_changes(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    asked: Query[ChangeQuery],
) -> dict[str, Any]:
    """Changes, newest first; of one service when its slug is given."""
    service = catalog_queries.service_by_slug(asked.service) if asked.service else None
    filters = Filters(
        kind=asked.kind,
        service_id=service.id if service else None,
        team_id=asked.team_id,
        environment=asked.environment or "",
        text=asked.text,
        since=asked.since,
        until=asked.until,
    )
    page = queries.changes_page(filters, cursor=asked.cursor)
    return {"items": page.items, "next": page.next_cursor}


@router.get("/changes/{int:change_id}", response=schemas.ChangeOut, auth=_VIEW)
def get_change(request: HttpRequest, change_id: int) -> queries.ChangeView:  # noqa: ARG001 - ninja passes it
    """One change."""
    return queries.change(change_id)


@router.post("/changes", response={201: schemas.ChangeIdOut}, auth=api_auth(Permission.RESPOND))
def record_change(request: HttpRequest, body: schemas.ChangeIn) -> Status[dict[str, int]]:
    """Report a change; the same `source` and `external_id` again is the same change.

    Sent again with another `deploy.state`, it tells how a deploy went on.
    """
    viewer, now = viewer_of(request), utc_now()
    service = catalog_queries.service_by_slug(body.service) if body.service else None
    viewer.check(Permission.RESPOND, team_id=service.team_id if service else None)
    change_id = actions.record_change(
        service_id=service.id if service else None,
        at=body.at or now,
        now=now,
        actor=viewer.actor,
        deploy=body.deploy.told() if body.deploy else None,
        **body.dict(exclude={"service", "at", "deploy"}),
    )
    return Status(201, {"id": change_id})
