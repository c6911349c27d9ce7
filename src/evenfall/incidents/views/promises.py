"""Promises of all incidents: what is due, and how well they were kept."""

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries
from evenfall.incidents.contexts import Tab
from evenfall.incidents.logic.cadence import Audience
from evenfall.platform.clock import utc_now

WINDOWS: Final = (7, 30, 90, 365)
_USUAL: Final = 30


@requires(Permission.VIEW)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """GET /promises/?audience=public: the late ones first."""
    audience = audience_of(request.GET.get("audience"))
    context = {
        "page": queries.promise_board(
            now=utc_now(), audience=audience, cursor=request.GET.get("cursor")
        ),
        "tabs": _tabs(audience),
        "audience": audience,
        "address": request.get_full_path(),
    }
    return render(request, "incidents/promises.html", context)


@requires(Permission.VIEW)
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """GET /reports/promises/?days=30."""
    now = utc_now()
    asked = request.GET.get("days", "")
    days = next((one for one in WINDOWS if str(one) == asked), _USUAL)
    context = {
        "report": queries.promise_report(since=now - timedelta(days=days), until=now, now=now),
        "days": days,
        "windows": WINDOWS,
        "since": _moment(now - timedelta(days=days)),
    }
    return render(request, "incidents/promise_report.html", context)


def audience_of(word: str | None) -> Audience | None:
    return Audience(word) if word in set(Audience) else None


def _tabs(current: Audience | None) -> list[Tab]:
    everybody = Tab(label="All", href="?", is_current=current is None)
    return [
        everybody,
        *(
            Tab(
                label=one.value.capitalize(),
                href=f"?audience={one.value}",
                is_current=one is current,
            )
            for one in Audience
        ),
    ]


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
