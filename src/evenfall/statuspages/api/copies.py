"""Copies of pages over the API. Secrets go in and never come out."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.statuspages import actions, queries
from evenfall.statuspages.api.copy_schemas import StatusCopiesOut, StatusCopyIn, StatusCopyOut
from evenfall.statuspages.contexts import manager_of
from evenfall.statuspages.queries import CopyView

router = Router(tags=["statuspages"])
_MANAGE = api_auth(Permission.MANAGE)
_ALL = "/status-pages/{int:status_page_id}/copies"
_ONE = f"{_ALL}/{{int:copy_id}}"


@router.get(_ALL, response=StatusCopiesOut, auth=_MANAGE)
def list_status_copies(request: HttpRequest, status_page_id: int) -> dict[str, Any]:
    """The copies of a page and whether they are in step."""
    manager_of(request, status_page_id)
    return {"items": queries.copies(status_page_id), "next": None}


@router.post(_ALL, response={201: StatusCopyOut}, auth=_MANAGE)
def add_status_copy(
    request: HttpRequest, status_page_id: int, body: StatusCopyIn
) -> Status[CopyView]:
    """Keep a copy of a public page in a folder or a bucket; it is stored at once."""
    viewer, _ = manager_of(request, status_page_id)
    number = actions.add_copy(
        status_page_id=status_page_id, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.copy(status_page_id, number))


@router.put(_ONE, response=StatusCopyOut, auth=_MANAGE)
def change_status_copy(
    request: HttpRequest, status_page_id: int, copy_id: int, body: StatusCopyIn
) -> CopyView:
    """Say something else about a copy; a secret that is left out stays as it is."""
    viewer, _ = manager_of(request, status_page_id)
    actions.change_copy(
        status_page_id=status_page_id,
        copy_id=copy_id,
        wish=body.wish(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.copy(status_page_id, copy_id)


@router.delete(_ONE, response={204: None}, auth=_MANAGE)
def remove_status_copy(request: HttpRequest, status_page_id: int, copy_id: int) -> Status[None]:
    """Keep a copy in step no more; what is stored there stays."""
    viewer, _ = manager_of(request, status_page_id)
    actions.remove_copy(
        status_page_id=status_page_id, copy_id=copy_id, now=utc_now(), actor=viewer.actor
    )
    return Status(204, None)


@router.post(f"{_ONE}/store", response={202: StatusCopyOut}, auth=_MANAGE)
def store_status_copy(request: HttpRequest, status_page_id: int, copy_id: int) -> Status[CopyView]:
    """Store every file of a copy again, in a moment."""
    manager_of(request, status_page_id)
    actions.store_now(status_page_id=status_page_id, copy_id=copy_id, now=utc_now())
    return Status(202, queries.copy(status_page_id, copy_id))
