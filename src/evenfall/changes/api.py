"""The REST API of the ledger."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import actions, queries
from evenfall.changes.ports import ChangeKind
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router(tags=["changes"])


class LinkSchema(Schema):
    href: str
    text: str = ""


class ChangeOut(Schema):
    id: int
    service_id: int | None
    environment: str
    kind: ChangeKind
    summary: str
    source: str
    external_id: str
    links: list[LinkSchema]
    details: dict[str, Any]
    actor: str
    at: datetime


class ChangesOut(Schema):
    items: list[ChangeOut]
    next: str | None


class ChangeIn(Schema):
    summary: str = Field(max_length=1024)
    service: str = ""
    """The slug; empty when the change is of no single service."""
    at: AwareDatetime | None = None
    """When it took effect; now when left out."""
    kind: ChangeKind = ChangeKind.OTHER
    environment: str = ""
    source: str = ""
    external_id: str = ""
    links: list[LinkSchema] = Field(default_factory=list)
    details: dict[str, Any] = Field(default_factory=dict)


class ChangeIdOut(Schema):
    id: int


@router.get("/changes", response=ChangesOut, auth=api_auth(Permission.VIEW))
def list_changes(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    service: str = "",
    cursor: str | None = None,
) -> dict[str, Any]:
    """Changes, newest first; of one service when its slug is given."""
    service_id = catalog_queries.service_by_slug(service).id if service else None
    page = queries.changes_page(service_id=service_id, cursor=cursor)
    return {"items": queries.change_views(page.items), "next": page.next_cursor}


@router.post("/changes", response={201: ChangeIdOut}, auth=api_auth(Permission.RESPOND))
def record_change(request: HttpRequest, body: ChangeIn) -> Status[dict[str, int]]:
    """Report a change; the same `source` and `external_id` again is the same change."""
    viewer, now = viewer_of(request), utc_now()
    service = catalog_queries.service_by_slug(body.service) if body.service else None
    viewer.check(Permission.RESPOND, team_id=service.team_id if service else None)
    change_id = actions.record_change(
        service_id=service.id if service else None,
        at=body.at or now,
        now=now,
        actor=viewer.actor,
        **body.dict(exclude={"service", "at"}),
    )
    return Status(201, {"id": change_id})
