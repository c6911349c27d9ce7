"""Who of those on call next cannot be reached, and where to mend it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import queries
from evenfall.platform.clock import utc_now


@requires(Permission.VIEW)
@require_GET
def readiness(request: HttpRequest) -> HttpResponse:
    """Everybody, or with ?mine=1 the people of the viewer's own teams."""
    viewer = viewer_of(request)
    is_mine = request.GET.get("mine") == "1"
    team_ids = list(viewer.team_roles) if is_mine else None
    lines = queries.readiness(now=utc_now(), team_ids=team_ids)
    context = {
        "missing": [line for line in lines if not line.is_ready],
        "ready": [line for line in lines if line.is_ready],
        "is_mine": is_mine,
        "has_teams": bool(viewer.team_roles),
        "viewer_id": viewer.user_id,
    }
    return render(request, "oncall/readiness.html", context)
