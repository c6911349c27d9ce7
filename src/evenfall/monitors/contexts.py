"""What pages and API operations need before they act: who may change which monitor."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.monitors import ports, queries
from evenfall.monitors.actions import MonitorWish
from evenfall.monitors.logic.looks import State
from evenfall.monitors.queries import MonitorFilter, MonitorView


def managed(request: HttpRequest, monitor_id: int) -> tuple[Viewer, MonitorView]:
    """The viewer and the monitor whose team they manage; raises MonitorNotFound, Forbidden."""
    return _allowed(request, monitor_id, Permission.MANAGE)


def answered(request: HttpRequest, monitor_id: int) -> tuple[Viewer, MonitorView]:
    """The viewer and the monitor whose team they respond for; raises as `managed`."""
    return _allowed(request, monitor_id, Permission.RESPOND)


def check_wish(viewer: Viewer, wish: MonitorWish) -> None:
    """Raise Forbidden unless the viewer manages the team of the service that is wished for."""
    service = catalog_queries.service(wish.service_id)
    viewer.check(Permission.MANAGE, team_id=service.team_id)


def ping_url(key: str) -> str:
    """The address at which a monitor is told something."""
    return f"{settings.EVENFALL.public_url}/ping/{key}"


def filter_of(query: Mapping[str, str]) -> MonitorFilter:
    """Read the filters of a list from the address; what makes no sense filters nothing."""
    service = query.get("service", "")
    return MonitorFilter(
        text=query.get("q", "").replace("\0", "").strip()[:100],
        state=_one(query.get("state", ""), [one.value for one in State]),
        kind=_one(query.get("kind", ""), [one.name for one in ports.kinds()]),
        environment=_one(query.get("environment", ""), [one.value for one in Environment]),
        service_id=int(service) if _is_number(service) else None,
    )


def _one(word: str, known: list[str]) -> str:
    return word if word in known else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18  # noqa: PLR2004 - fits a bigint


def _allowed(
    request: HttpRequest, monitor_id: int, permission: Permission
) -> tuple[Viewer, MonitorView]:
    viewer, found = viewer_of(request), queries.monitor(monitor_id)
    viewer.check(permission, team_id=found.team_id)
    return viewer, found
