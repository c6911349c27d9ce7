"""The home page, and the parts of it that fetch themselves again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import queries as notifications_queries
from evenfall.platform.clock import utc_now
from evenfall.web.contexts import tonight


@requires(Permission.VIEW)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """GET /: Tonight."""
    return _rendered(request, "web/tonight.html")


@requires(Permission.VIEW)
@require_safe
def part(request: HttpRequest) -> HttpResponse:
    """GET /tonight: the same without the frame, for the live update."""
    return _rendered(request, "web/parts/tonight.html")


@requires(Permission.OWN)
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """GET /bell: the inbox's bell with the number of things not looked at."""
    viewer = viewer_of(request)
    unread = notifications_queries.unread_count(user_id=viewer.user_id, now=utc_now())
    return render(request, "web/parts/bell.html", {"unread": unread})


def _rendered(request: HttpRequest, template: str) -> HttpResponse:
    found = tonight.tonight(viewer_of(request), shown_key="", now=utc_now())
    return render(request, template, {"tonight": found})
