"""Sources of changes over the API."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Status

from evenfall.changes import actions, queries
from evenfall.changes.actions import Keys, SourceWish
from evenfall.changes.api import schemas
from evenfall.changes.api.routing import router
from evenfall.changes.queries import SourceView
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now

_VIEW, _MANAGE = api_auth(Permission.VIEW), api_auth(Permission.MANAGE)
_SOURCES = "/change-sources"
_SOURCE = f"{_SOURCES}/{{int:change_source_id}}"


@router.get(_SOURCES, response=schemas.ChangeSourcesOut, auth=_VIEW)
def list_change_sources(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    cursor: str | None = None,
) -> dict[str, Any]:
    """Where reports of changes come from."""
    page = queries.sources_page(cursor=cursor)
    return {"items": page.items, "next": page.next_cursor}


@router.post(_SOURCES, response={201: schemas.ChangeKeysOut}, auth=_MANAGE)
def create_change_source(
    request: HttpRequest, body: schemas.ChangeSourceIn
) -> Status[dict[str, Any]]:
    """Make a source; the address and the secret cannot be shown again."""
    viewer = viewer_of(request)
    wish = _checked(viewer, body.wish())
    source_id, keys = actions.create_source(wish=wish, now=utc_now(), actor=viewer.actor)
    return Status(201, _shown(source_id, keys))


@router.put(_SOURCE, response=schemas.ChangeSourceOut, auth=_MANAGE)
def change_change_source(
    request: HttpRequest, change_source_id: int, body: schemas.ChangeSourceIn
) -> SourceView:
    """Change all but the kind, the keys and whether it is signed."""
    viewer, view = _managed(request, change_source_id)
    wish = _checked(viewer, body.wish())
    actions.change_source(source_id=view.id, wish=wish, now=utc_now(), actor=viewer.actor)
    return queries.source(view.id)


@router.post(f"{_SOURCE}/keys", response=schemas.ChangeKeysOut, auth=_MANAGE)
def renew_change_keys(request: HttpRequest, change_source_id: int) -> dict[str, Any]:
    """Give it a new address and secret; the old ones work no more."""
    viewer, view = _managed(request, change_source_id)
    keys = actions.new_keys(
        source_id=view.id, is_signed=view.is_signed, now=utc_now(), actor=viewer.actor
    )
    return _shown(view.id, keys)


@router.post(f"{_SOURCE}/switch", response=schemas.ChangeSourceOut, auth=_MANAGE)
def switch_change_source(
    request: HttpRequest, change_source_id: int, body: schemas.ChangeSourceSwitchIn
) -> SourceView:
    """Let it report, or no longer."""
    viewer, view = _managed(request, change_source_id)
    actions.switch_source(source_id=view.id, enabled=body.is_on, now=utc_now(), actor=viewer.actor)
    return queries.source(view.id)


@router.get(f"{_SOURCE}/refused", response=schemas.RefusedReportsOut, auth=_MANAGE)
def list_refused_reports(request: HttpRequest, change_source_id: int) -> dict[str, Any]:
    """The last requests with its key that led to nothing, and why."""
    _, view = _managed(request, change_source_id)
    return {"items": queries.refused_reports(view.id)}


def _managed(request: HttpRequest, source_id: int) -> tuple[Viewer, SourceView]:
    viewer, view = viewer_of(request), queries.source(source_id)
    viewer.check(Permission.MANAGE, team_id=view.team_id)
    return viewer, view


def _checked(viewer: Viewer, wish: SourceWish) -> SourceWish:
    queries.check_managed(
        viewer,
        team_id=wish.team_id,
        service_id=wish.service_id,
        slugs=set(wish.mapping.values()),
    )
    return wish


def _shown(source_id: int, keys: Keys) -> dict[str, Any]:
    path = reverse("changes:receive", args=[keys.key])
    address = f"{settings.EVENFALL.public_url}{path}"
    return {"id": source_id, "address": address, "secret": keys.secret}
