"""Monitors over the API: what they are and what they saw."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.monitors import actions, ports, queries
from evenfall.monitors.actions import MonitorWish
from evenfall.monitors.api import schemas
from evenfall.monitors.contexts import answered, check_wish, filter_of, managed, ping_url
from evenfall.monitors.logic.uptime import Uptime
from evenfall.monitors.queries import MonitorView
from evenfall.platform.clock import utc_now

router = Router(tags=["monitors"])
_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_MANAGE = api_auth(Permission.MANAGE)
_ALL = "/monitors"
_ONE = f"{_ALL}/{{int:monitor_id}}"


@router.get("/monitor-kinds", response=schemas.MonitorKindsOut, auth=_VIEW)
def list_monitor_kinds(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What can be looked at here, and what each kind asks for."""
    return {"items": ports.kinds()}


@router.get(_ALL, response=schemas.MonitorsOut, auth=_VIEW)
def list_monitors(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    q: str = "",
    state: str = "",
    kind: str = "",
    environment: str = "",
    service: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Monitors, bad ones first. `service` is an id."""
    said = {"q": q, "state": state, "kind": kind, "environment": environment, "service": service}
    page = queries.monitors_page(filter_of(said), cursor=cursor, size=limit)
    return {"items": page.items, "next": page.next_cursor}


@router.post(_ALL, response={201: schemas.MonitorMadeOut}, auth=_MANAGE)
def add_monitor(request: HttpRequest, body: schemas.MonitorIn) -> Status[dict[str, Any]]:
    """Add a monitor; it looks at once."""
    viewer = viewer_of(request)
    said = body.model_dump()
    kind = said.pop("kind")
    wish = MonitorWish(**said)
    check_wish(viewer, wish)
    made = actions.add_monitor(kind=kind, wish=wish, now=utc_now(), actor=viewer.actor)
    shown = schemas.MonitorOut.from_orm(queries.monitor(made.monitor_id)).model_dump()
    return Status(201, {**shown, "ping_url": ping_url(made.key) if made.key else ""})


@router.get(_ONE, response=schemas.MonitorOut, auth=_VIEW)
def get_monitor(request: HttpRequest, monitor_id: int) -> MonitorView:  # noqa: ARG001 - ninja passes it
    """One monitor and how it stands."""
    return queries.monitor(monitor_id)


@router.put(_ONE, response=schemas.MonitorOut, auth=_MANAGE)
def change_monitor(
    request: HttpRequest, monitor_id: int, body: schemas.MonitorSaveIn
) -> MonitorView:
    """Change a monitor. When it looks at something else now, its secrets must be given again."""
    viewer, _ = managed(request, monitor_id)
    said = body.model_dump()
    version = said.pop("version")
    wish = MonitorWish(**said)
    check_wish(viewer, wish)
    actions.change_monitor(
        monitor_id=monitor_id, version=version, wish=wish, now=utc_now(), actor=viewer.actor
    )
    return queries.monitor(monitor_id)


@router.delete(_ONE, response={204: None}, auth=_MANAGE)
def remove_monitor(request: HttpRequest, monitor_id: int) -> Status[None]:
    """Remove a monitor; its alerts are over."""
    viewer, _ = managed(request, monitor_id)
    actions.remove_monitor(monitor_id=monitor_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.post(f"{_ONE}/pause", response=schemas.MonitorOut, auth=_RESPOND)
def pause_monitor(request: HttpRequest, monitor_id: int) -> MonitorView:
    """Look no more until it is resumed; its alerts are over."""
    viewer, _ = answered(request, monitor_id)
    actions.pause_monitor(monitor_id=monitor_id, now=utc_now(), actor=viewer.actor)
    return queries.monitor(monitor_id)


@router.post(f"{_ONE}/resume", response=schemas.MonitorOut, auth=_RESPOND)
def resume_monitor(request: HttpRequest, monitor_id: int) -> MonitorView:
    """Look again, from the beginning."""
    viewer, _ = answered(request, monitor_id)
    actions.resume_monitor(monitor_id=monitor_id, now=utc_now(), actor=viewer.actor)
    return queries.monitor(monitor_id)


@router.post(f"{_ONE}/look", response={202: schemas.MonitorOut}, auth=_RESPOND)
def look_at_monitor(request: HttpRequest, monitor_id: int) -> Status[MonitorView]:
    """Look as soon as a worker is free."""
    answered(request, monitor_id)
    actions.look_now(monitor_id=monitor_id, now=utc_now())
    return Status(202, queries.monitor(monitor_id))


@router.post(f"{_ONE}/key", response=schemas.MonitorKeyOut, auth=_MANAGE)
def rotate_monitor_key(request: HttpRequest, monitor_id: int) -> dict[str, str]:
    """Make a new address for what is told to it; the old one works no more."""
    viewer, _ = managed(request, monitor_id)
    key = actions.rotate_key(monitor_id=monitor_id, now=utc_now(), actor=viewer.actor)
    return {"url": ping_url(key)}


@router.get(f"{_ONE}/checks", response=schemas.ChecksOut, auth=_VIEW)
def list_checks(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    monitor_id: int,
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """What it saw, newest first."""
    found = queries.monitor(monitor_id)
    page = queries.checks_page(found.id, cursor=cursor, size=limit)
    return {"items": page.items, "next": page.next_cursor}


@router.get(f"{_ONE}/outages", response=schemas.OutagesOut, auth=_VIEW)
def list_outages(request: HttpRequest, monitor_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The newest fifty outages."""
    return {"items": queries.outages(queries.monitor(monitor_id).id)}


@router.get(f"{_ONE}/uptime", response=schemas.UptimeOut, auth=_VIEW)
def get_uptime(request: HttpRequest, monitor_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """How much of the looks were good."""
    number = queries.monitor(monitor_id).id
    return _uptime(queries.uptimes([number], now=utc_now(), bars=90)[number])


@router.get("/services/{slug:slug}/uptime", response=schemas.UptimeOut, auth=_VIEW)
def get_service_uptime(request: HttpRequest, slug: str) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All looks at a service together."""
    service = catalog_queries.service_by_slug(slug)
    return _uptime(queries.service_uptime(service.id, now=utc_now()))


def _uptime(found: Uptime) -> dict[str, Any]:
    return {
        "windows": [
            {
                "days": days,
                "good": one.good,
                "bad": one.bad,
                "unknown": one.unknown,
                "percent": one.percent,
            }
            for days, one in found.sums.items()
        ],
        "days": [
            {
                "day": bar.day,
                "good": bar.sum.good,
                "bad": bar.sum.bad,
                "unknown": bar.sum.unknown,
            }
            for bar in found.bars
        ],
    }
