"""The REST API of the catalog."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.catalog import actions, queries
from evenfall.catalog.ports import Criticality, DependencyKind, Environment
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router(tags=["catalog"])


class ServiceOut(Schema):
    id: int
    slug: str
    name: str
    team_id: int
    tier: int
    criticality: Criticality
    environments: list[Environment]
    description: str
    runbook_url: str
    dashboard_url: str
    repository_url: str
    contact: str
    is_archived: bool


class ServicesOut(Schema):
    items: list[ServiceOut]
    next: str | None


class ServiceIn(Schema):
    name: str
    team_id: int
    tier: int = 2
    criticality: str = "medium"
    environments: list[str] = Field(default_factory=lambda: ["PROD"])
    description: str = ""
    runbook_url: str = ""
    dashboard_url: str = ""
    repository_url: str = ""
    point_of_contact: str = ""


class NewServiceIn(ServiceIn):
    slug: str = ""
    """Made from the name when empty."""


class LinkOut(Schema):
    service: ServiceOut
    kind: DependencyKind


class DependenciesOut(Schema):
    needs: list[LinkOut]
    needed_by: list[LinkOut]


class DependencyIn(Schema):
    kind: str = "hard"


@router.get("/services", response=ServicesOut, auth=api_auth(Permission.VIEW))
def list_services(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    q: str = "",
    team_id: int | None = None,
    archived: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    cursor: str | None = None,
) -> dict[str, Any]:
    """Services by name."""
    page = queries.services_page(text=q, team_id=team_id, archived=archived, cursor=cursor)
    return {"items": queries.service_views(page.items), "next": page.next_cursor}


@router.get("/services/{slug:slug}", response=ServiceOut, auth=api_auth(Permission.VIEW))
def get_service(request: HttpRequest, slug: str) -> queries.ServiceView:  # noqa: ARG001 - ninja passes it
    """One service."""
    return queries.service_by_slug(slug)


@router.post("/services", response={201: ServiceOut}, auth=api_auth(Permission.MANAGE))
def create_service(request: HttpRequest, body: NewServiceIn) -> Status[queries.ServiceView]:
    """Create a service."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=body.team_id)
    service_id = actions.create_service(
        fields=_fields(body), slug=body.slug, now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.service(service_id))


@router.put("/services/{slug:slug}", response=ServiceOut, auth=api_auth(Permission.MANAGE))
def change_service(request: HttpRequest, slug: str, body: ServiceIn) -> queries.ServiceView:
    """Change a service; fields left out get their defaults."""
    viewer, service = viewer_of(request), _managed(request, slug)
    viewer.check(Permission.MANAGE, team_id=body.team_id)
    actions.change_service(
        service_id=service.id, fields=_fields(body), now=utc_now(), actor=viewer.actor
    )
    return queries.service(service.id)


@router.delete("/services/{slug:slug}", response={204: None}, auth=api_auth(Permission.MANAGE))
def archive_service(request: HttpRequest, slug: str) -> Status[None]:
    """Archive a service; its history stays."""
    service = _managed(request, slug)
    actions.archive_service(service_id=service.id, now=utc_now(), actor=viewer_of(request).actor)
    return Status(204, None)


@router.get(
    "/services/{slug:slug}/dependencies",
    response=DependenciesOut,
    auth=api_auth(Permission.VIEW),
)
def list_dependencies(request: HttpRequest, slug: str) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What a service needs, and what needs it."""
    service = queries.service_by_slug(slug)
    return {"needs": queries.needs(service.id), "needed_by": queries.needed_by(service.id)}


@router.put(
    "/services/{slug:slug}/dependencies/{slug:other}",
    response={204: None},
    auth=api_auth(Permission.MANAGE),
)
def set_dependency(request: HttpRequest, slug: str, other: str, body: DependencyIn) -> Status[None]:
    """Say that a service needs another one."""
    service = _managed(request, slug)
    actions.set_dependency(
        service_id=service.id,
        depends_on_id=queries.service_by_slug(other).id,
        kind=body.kind,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return Status(204, None)


@router.delete(
    "/services/{slug:slug}/dependencies/{slug:other}",
    response={204: None},
    auth=api_auth(Permission.MANAGE),
)
def remove_dependency(request: HttpRequest, slug: str, other: str) -> Status[None]:
    """Say that a service no longer needs another one."""
    service = _managed(request, slug)
    actions.remove_dependency(
        service_id=service.id,
        depends_on_id=queries.service_by_slug(other).id,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return Status(204, None)


def _managed(request: HttpRequest, slug: str) -> queries.ServiceView:
    service = queries.service_by_slug(slug)
    viewer_of(request).check(Permission.MANAGE, team_id=service.team_id)
    return service


def _fields(body: ServiceIn) -> actions.ServiceFields:
    return actions.ServiceFields(**body.dict(exclude={"slug"}))
