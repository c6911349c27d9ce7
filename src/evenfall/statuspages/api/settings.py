"""Pages, groups and components over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.statuspages import actions, queries
from evenfall.statuspages.api.schemas import (
    SetStatusIn,
    StatusComponentIn,
    StatusComponentOut,
    StatusGroupIn,
    StatusGroupOut,
    StatusPageIn,
    StatusPageOut,
    StatusPagesOut,
    StatusPartsOut,
)
from evenfall.statuspages.contexts import manager_of, teller_of
from evenfall.statuspages.queries import GroupView, PageView, Part

router = Router(tags=["statuspages"])
_VIEW = api_auth(Permission.VIEW)
_MANAGE = api_auth(Permission.MANAGE)
_ONE = "/status-pages/{int:status_page_id}"
_GROUP = f"{_ONE}/groups/{{int:group_id}}"
_COMPONENT = f"{_ONE}/components/{{int:component_id}}"


@router.get("/status-pages", response=StatusPagesOut, auth=_VIEW)
def list_status_pages(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All pages, by title."""
    return {"items": queries.pages(), "next": None}


@router.post("/status-pages", response={201: StatusPageOut}, auth=_MANAGE)
def create_status_page(request: HttpRequest, body: StatusPageIn) -> Status[PageView]:
    """Make a page; then add components to it."""
    viewer, wish = viewer_of(request), body.wish()
    viewer.check(Permission.MANAGE, team_id=wish.team_id)
    number = actions.create_page(wish=wish, now=utc_now(), actor=viewer.actor)
    return Status(201, queries.page(number))


@router.get(_ONE, response=StatusPageOut, auth=_VIEW)
def get_status_page(request: HttpRequest, status_page_id: int) -> PageView:  # noqa: ARG001 - ninja passes it
    """One page with its settings."""
    return queries.page(status_page_id)


@router.put(_ONE, response=StatusPageOut, auth=_MANAGE)
def change_status_page(request: HttpRequest, status_page_id: int, body: StatusPageIn) -> PageView:
    """Say something else about a page; an empty slug leaves its address as it is."""
    viewer, _ = manager_of(request, status_page_id)
    wish = body.wish()
    viewer.check(Permission.MANAGE, team_id=wish.team_id)
    actions.change_page(status_page_id=status_page_id, wish=wish, now=utc_now(), actor=viewer.actor)
    return queries.page(status_page_id)


@router.delete(_ONE, response={204: None}, auth=_MANAGE)
def remove_status_page(request: HttpRequest, status_page_id: int) -> Status[None]:
    """Forget a page with everything that it said."""
    viewer, _ = manager_of(request, status_page_id)
    actions.remove_page(status_page_id=status_page_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.get(f"{_ONE}/components", response=StatusPartsOut, auth=_VIEW)
def list_status_components(request: HttpRequest, status_page_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The groups and components of a page, in its order."""
    queries.page(status_page_id)
    return {
        "groups": queries.groups(status_page_id),
        "components": queries.parts(status_page_id, now=utc_now()),
    }


@router.post(f"{_ONE}/groups", response={201: StatusGroupOut}, auth=_MANAGE)
def add_status_group(
    request: HttpRequest, status_page_id: int, body: StatusGroupIn
) -> Status[GroupView]:
    """Add a heading at the end."""
    viewer, _ = manager_of(request, status_page_id)
    number = actions.add_group(
        status_page_id=status_page_id, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.group(status_page_id, number))


@router.put(_GROUP, response=StatusGroupOut, auth=_MANAGE)
def change_status_group(
    request: HttpRequest, status_page_id: int, group_id: int, body: StatusGroupIn
) -> GroupView:
    """Call a group otherwise, or show it otherwise at first."""
    viewer, _ = manager_of(request, status_page_id)
    actions.change_group(
        status_page_id=status_page_id,
        group_id=group_id,
        wish=body.wish(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.group(status_page_id, group_id)


@router.delete(_GROUP, response={204: None}, auth=_MANAGE)
def remove_status_group(request: HttpRequest, status_page_id: int, group_id: int) -> Status[None]:
    """Its components stay, without a heading."""
    viewer, _ = manager_of(request, status_page_id)
    actions.remove_group(
        status_page_id=status_page_id, group_id=group_id, now=utc_now(), actor=viewer.actor
    )
    return Status(204, None)


@router.post(f"{_ONE}/components", response={201: StatusComponentOut}, auth=_MANAGE)
def add_status_component(
    request: HttpRequest, status_page_id: int, body: StatusComponentIn
) -> Status[Part]:
    """Show a component from now on, operational."""
    viewer, _ = manager_of(request, status_page_id)
    now = utc_now()
    number = actions.add_component(
        status_page_id=status_page_id, wish=body.wish(), now=now, actor=viewer.actor
    )
    return Status(201, queries.part(status_page_id, number, now=now))


@router.put(_COMPONENT, response=StatusComponentOut, auth=_MANAGE)
def change_status_component(
    request: HttpRequest, status_page_id: int, component_id: int, body: StatusComponentIn
) -> Part:
    """Say something else about a component."""
    viewer, _ = manager_of(request, status_page_id)
    now = utc_now()
    actions.change_component(
        status_page_id=status_page_id,
        component_id=component_id,
        wish=body.wish(),
        now=now,
        actor=viewer.actor,
    )
    return queries.part(status_page_id, component_id, now=now)


@router.delete(_COMPONENT, response={204: None}, auth=_MANAGE)
def remove_status_component(
    request: HttpRequest, status_page_id: int, component_id: int
) -> Status[None]:
    """Show it no more; posts that name it stay."""
    viewer, _ = manager_of(request, status_page_id)
    actions.remove_component(
        status_page_id=status_page_id, component_id=component_id, now=utc_now(), actor=viewer.actor
    )
    return Status(204, None)


@router.put(f"{_COMPONENT}/status", response=StatusComponentOut, auth=api_auth(Permission.RESPOND))
def set_component_status(
    request: HttpRequest, status_page_id: int, component_id: int, body: SetStatusIn
) -> Part:
    """Say by hand how a component is from now on."""
    viewer, _ = teller_of(request, status_page_id)
    now = utc_now()
    actions.set_status(
        status_page_id=status_page_id,
        component_id=component_id,
        status=body.status,
        now=now,
        actor=viewer.actor,
    )
    return queries.part(status_page_id, component_id, now=now)
