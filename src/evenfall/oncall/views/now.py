"""Who is on call now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import forms, queries
from evenfall.platform.clock import utc_now

SHIFTS_SHOWN = 5


@requires(Permission.VIEW)
@require_GET
def on_call_now(request: HttpRequest) -> HttpResponse:
    """The whole page; for htmx only the teams from the number `from` on, some at a time."""
    viewer, now, start = viewer_of(request), utc_now(), forms.number_in(request.GET, "from") or 0
    part = queries.boards(
        at=now,
        own_teams=viewer.team_roles,
        may_see_contacts=lambda team_id: viewer.can(Permission.RESPOND, team_id=team_id),
        start=start,
        most=queries.TEAMS_SHOWN,
    )
    context: dict[str, Any] = {
        "start": start,
        "following": part.following,
        # whoever serves on a board sees another button there; all others see the same
        "boards": [
            (board, viewer.user_id if board.is_served_by(viewer.user_id) else None)
            for board in part.boards
        ],
        "may_respond": viewer.can_somewhere(Permission.RESPOND),
        "may_create": viewer.can_somewhere(Permission.MANAGE),
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "oncall/parts/now.html", context)
    own = queries.rotas_of_teams(viewer.team_roles)
    context |= {
        "my_shifts": queries.coming_shifts(viewer.user_id, now=now)[:SHIFTS_SHOWN],
        "troubles": queries.troubles_ahead(own, now=now),
        "own_team_id": next(iter(viewer.team_roles), None),
    }
    return render(request, "oncall/now.html", context)
