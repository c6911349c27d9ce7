"""Rotas: the list, one with its coming weeks, and the form that makes and changes them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import actions, forms, queries
from evenfall.oncall.ports import WeeklyWindow
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_GET
def rota_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    context = {
        "boards": queries.boards(at=utc_now(), own_teams=viewer.team_roles),
        "may_create": viewer.can_somewhere(Permission.MANAGE),
    }
    return render(request, "oncall/rotas.html", context)


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
@require_http_methods(["GET", "POST"])
def new_rota(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    teams = [
        team for team in identity_queries.teams() if viewer.can(Permission.MANAGE, team_id=team.id)
    ]
    today = utc_now().date()
    form = forms.NewRotaForm(
        teams,
        identity_queries.active_people(),
        request.POST or None,
        initial={"zone": viewer.time_zone, "starts_on": today, "hands_over_at": "09:00"},
    )
    if _is_preview(request):
        return _preview(request, form)
    if request.method == "POST":
        rota_id = attempt(form, lambda: _create(viewer, form))
        if rota_id is not None:
            return redirect("oncall:rota", rota_id)
    return _form(request, form, {"form_title": "New rota", "has_teams": bool(teams)})


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_rota(request: HttpRequest, rota_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), _managed(request, rota_id)
    line = queries.next_line(rota_id, now=utc_now())
    if line is None:
        return render(request, "oncall/rota_not_simple.html", {"rota": shown})
    form = forms.RotaForm(
        identity_queries.active_people(),
        request.POST or None,
        places=len(line.user_ids),
        initial=forms.initial_of(shown, line),
    )
    if _is_preview(request):
        return _preview(request, form)
    if request.method == "POST" and attempt(form, lambda: _change(viewer, shown, form)):
        return redirect("oncall:rota", rota_id)
    return _form(request, form, {"form_title": f"Edit {shown.name}", "rota": shown})


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


def _create(viewer: Viewer, form: forms.NewRotaForm) -> int:
    team_id = form.cleaned_data["team"]
    viewer.check(Permission.MANAGE, team_id=team_id)
    return actions.create_rota(
        team_id=team_id,
        name=form.cleaned_data["name"],
        description=form.cleaned_data["description"],
        zone=form.cleaned_data["zone"],
        layers=[form.layer()],
        lieutenant=form.rule(),
        now=utc_now(),
        actor=viewer.actor,
    )


def _change(viewer: Viewer, shown: queries.RotaDetail, form: forms.RotaForm) -> bool:
    actions.change_rota(
        rota_id=shown.id,
        name=form.cleaned_data["name"],
        description=form.cleaned_data["description"],
        zone=form.cleaned_data["zone"],
        coverage=[WeeklyWindow(starts=starts, ends=ends) for starts, ends in shown.coverage],
        layers=[form.layer()] if form.changes_plan else [],
        lieutenant=form.rule(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return True


def _is_preview(request: HttpRequest) -> bool:
    """Htmx asks while the form is being filled in; nothing is saved."""
    return request.method == "POST" and request.headers.get("HX-Target") == "preview"


def _preview(request: HttpRequest, form: forms.RotaForm) -> HttpResponse:
    return render(request, "oncall/parts/preview.html", _preview_of(form))


def _preview_of(form: forms.RotaForm) -> dict[str, Any]:
    if not form.is_bound or not form.is_valid():
        return {"shifts": []}
    return {"shifts": queries.preview(form.layer(), form.rule(), now=utc_now())}


def _form(request: HttpRequest, form: forms.RotaForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    whole = {"form": form, **_preview_of(form), **context}
    return render(request, "oncall/rota_form.html", whole, status=status)
