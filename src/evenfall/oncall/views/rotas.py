"""Rotas: the list, one with its coming weeks, and its end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import actions, forms, queries
from evenfall.platform.clock import utc_now


@requires(Permission.VIEW)
@require_GET
def rota_list(request: HttpRequest) -> HttpResponse:
    """The whole page; for htmx only the teams from the number `from` on, some at a time."""
    viewer, start = viewer_of(request), forms.number_in(request.GET, "from") or 0
    part = queries.boards(
        at=utc_now(), own_teams=viewer.team_roles, start=start, most=queries.TEAMS_SHOWN
    )
    context = {
        "boards": part.boards,
        "following_url": f"{request.path}?from={part.following}" if part.following else "",
        "may_create": viewer.can_somewhere(Permission.MANAGE),
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"oncall/{'parts/rotas' if is_part else 'rotas'}.html", context)


@requires(Permission.VIEW)
@require_GET
def rota(request: HttpRequest, rota_id: int) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    shown = queries.rota(rota_id)
    may_respond = viewer.can(Permission.RESPOND, team_id=shown.team_id)
    context = {
        "rota": shown,
        "team": identity_queries.team(shown.team_id),
        "line": queries.rotas_now([shown], at=now, may_see_contacts=lambda _: may_respond)[0],
        "troubles": queries.troubles_ahead([shown], now=now),
        "public": queries.public_page_of(rota_id),
        "is_admin": viewer.can(Permission.ADMINISTER),
        "picture": queries.rota_picture(rota_id, now=now),
        "overrides": queries.override_lines(rota_id, now=now),
        "viewer_id": viewer.user_id,
        "viewer_actor": viewer.actor,
        "may_manage": viewer.can(Permission.MANAGE, team_id=shown.team_id),
        "may_respond": may_respond,
    }
    return render(request, "oncall/rota.html", context)


@requires(Permission.MANAGE)
@require_POST
def delete_rota(request: HttpRequest, rota_id: int) -> HttpResponse:
    shown = _managed(request, rota_id)
    actions.delete_rota(rota_id=rota_id, now=utc_now(), actor=viewer_of(request).actor)
    messages.success(request, f"{shown.name} is deleted. What it said about the past stays.")
    return redirect("oncall:rotas")


def _managed(request: HttpRequest, rota_id: int) -> queries.RotaDetail:
    """The rota, of whose team the viewer is a manager."""
    shown = queries.rota(rota_id)
    viewer_of(request).check(Permission.MANAGE, team_id=shown.team_id)
    return shown
