"""The list of monitors, and one of them with what it saw."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.monitors import ports, queries
from evenfall.monitors.contexts import filter_of
from evenfall.monitors.forms import AcceptForm, StateForm
from evenfall.monitors.forms.states import ACCEPT_IDS
from evenfall.monitors.logic.inside import (
    BACKUP,
    CONFIGURATION,
    DRIFT,
    HEARTBEAT,
    wanted_of,
)
from evenfall.monitors.logic.looks import State
from evenfall.monitors.logic.uptime import Uptime
from evenfall.monitors.queries import MonitorFilter, MonitorView
from evenfall.monitors.views import charts
from evenfall.platform.clock import utc_now

_DAYS_SHOWN: Final = 90
_LABELS: Final = {
    State.BAD: "Bad",
    State.UNKNOWN: "Unknown",
    State.GOOD: "Good",
    State.NEW: "New",
    State.PAUSED: "Paused",
}


class Row(Struct, frozen=True, kw_only=True):
    """A monitor with its uptime, as the list shows it."""

    monitor: MonitorView
    uptime: Uptime


class Tab(Struct, frozen=True, kw_only=True):
    label: str
    href: str
    count: int
    is_current: bool


@requires(Permission.VIEW)
@require_GET
def monitor_list(request: HttpRequest) -> HttpResponse:
    """GET /monitors/: bad ones first, with their uptimes; five queries, however many."""
    wanted, now = filter_of(request.GET.dict()), utc_now()
    page = queries.monitors_page(wanted, cursor=request.GET.get("cursor"))
    found = queries.uptimes([one.id for one in page.items], now=now)
    context = {
        "page": page,
        "rows": [Row(monitor=one, uptime=found[one.id]) for one in page.items],
        "filters": wanted,
        "tabs": _tabs(request, wanted),
        "kinds": ports.kinds(),
        "services": catalog_queries.services().values(),
        "environments": list(Environment),
        "service_uptime": _service(wanted, request),
        "may_manage": viewer_of(request).can_somewhere(Permission.MANAGE),
    }
    return render(request, "monitors/list.html", context)


def _service(wanted: MonitorFilter, request: HttpRequest) -> Uptime | None:  # noqa: ARG001 - as its neighbours
    """The uptime of the service that alone is asked for."""
    if wanted.service_id is None:
        return None
    return queries.service_uptime(wanted.service_id, now=utc_now(), bars=_DAYS_SHOWN)


def _tabs(request: HttpRequest, wanted: MonitorFilter) -> list[Tab]:
    counts = queries.state_counts(wanted)
    words = [("", "All", sum(counts.values()))]
    words += [(one.value, label, counts.get(one.value, 0)) for one, label in _LABELS.items()]
    return [
        Tab(
            label=label,
            href=_address(request, state),
            count=count,
            is_current=state == wanted.state,
        )
        for state, label, count in words
        if count or state in {"", wanted.state}
    ]


def _address(request: HttpRequest, state: str) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    query["state"] = state
    return f"?{query.urlencode()}"


@requires(Permission.VIEW)
@require_GET
def monitor(request: HttpRequest, monitor_id: int) -> HttpResponse:
    """GET /monitors/7/"""
    return monitor_page(request, queries.monitor(monitor_id))


def monitor_page(
    request: HttpRequest,
    found: MonitorView,
    *,
    key_url: str = "",
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """The page of one monitor; `key_url` is shown this once, `more` are forms with errors."""
    viewer, now = viewer_of(request), utc_now()
    span = request.GET.get("span", "day")
    span = span if span in charts.SPANS else "day"
    outages = queries.outages(found.id, limit=20)
    context = {
        "monitor": found,
        "uptime": queries.uptimes([found.id], now=now, bars=_DAYS_SHOWN)[found.id],
        "chart": charts.look_chart(found, outages, span=span, now=now),
        "span": span,
        "outages": outages,
        "page": queries.checks_page(found.id, cursor=request.GET.get("cursor"), size=20),
        "may_manage": viewer.can(Permission.MANAGE, team_id=found.team_id),
        "may_respond": viewer.can(Permission.RESPOND, team_id=found.team_id),
        "may_configure": viewer.can(Permission.MANAGE),
        "key_url": key_url,
        **_reports(found),
        **more,
    }
    answer = render(request, "monitors/monitor.html", context, status=status)
    if key_url:
        answer["Cache-Control"] = "no-store"
    return answer


def _reports(found: MonitorView) -> Mapping[str, Any]:
    """What belongs to the kind alone."""
    if found.kind == HEARTBEAT:
        return _told(found) | {"pings": queries.pings(found.id)}
    if found.kind == BACKUP:
        return _told(found) | _backups(found)
    if found.kind == DRIFT:
        return {
            "drift": queries.drift(found.id),
            "state_form": StateForm(),
            "accept_form": AcceptForm(auto_id=ACCEPT_IDS),
        }
    if found.kind == CONFIGURATION:
        return {"configuration": queries.drift(found.id)}
    return {}


def _told(found: MonitorView) -> dict[str, Any]:
    return {
        "beat": queries.beat(found.id),
        "ping_example": f"{settings.EVENFALL.public_url}/ping/YOUR-KEY",
    }


def _backups(found: MonitorView) -> dict[str, Any]:
    now, wanted = utc_now(), wanted_of(found.settings)
    backups, drills = queries.backups(found.id), queries.drills(found.id)
    shown = [
        {"line": one, "size": None if one.size_bytes is None else charts.size_words(one.size_bytes)}
        for one in backups[:15]
    ]
    return {
        "backups": shown,
        "drills": drills[:15],
        "size_chart": charts.size_chart(backups, now=now),
        "drill_chart": charts.drill_chart(drills, wanted.longest_restore, now=now),
        "drill_wanted": wanted.drill_age or timedelta(0),
    }
