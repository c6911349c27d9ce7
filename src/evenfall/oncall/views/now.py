"""Who is on call now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import queries
from evenfall.platform.clock import utc_now


@requires(Permission.VIEW)
@require_GET
def on_call_now(request: HttpRequest) -> HttpResponse:
    """The whole page, or for htmx only its live part."""
    viewer = viewer_of(request)
    context = {
        "boards": queries.boards(at=utc_now(), own_teams=viewer.team_roles),
        "own_teams": viewer.team_roles,
        "viewer_id": viewer.user_id,
        "may_respond": viewer.can_somewhere(Permission.RESPOND),
        "may_create": viewer.can_somewhere(Permission.MANAGE),
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "oncall/parts/now.html" if is_part else "oncall/now.html", context)
