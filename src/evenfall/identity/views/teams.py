"""Teams: the list, one team, its members."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity import actions, forms, queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_GET
def team_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    context = {
        "teams": queries.teams_with_counts(),
        "mine": set(viewer.team_roles),
        "may_create": viewer.can(Permission.MANAGE),
    }
    return render(request, "identity/teams.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_team(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    form = forms.TeamForm(request.POST or None)
    if request.method == "POST":
        team_id = attempt(
            form,
            lambda: actions.create_team(**form.cleaned_data, now=utc_now(), actor=viewer.actor),
        )
        if team_id is not None:
            return redirect("identity:team", queries.team(team_id).slug)
    return _form(request, form, title="New team")


@requires(Permission.VIEW)
@require_GET
def team(request: HttpRequest, slug: str) -> HttpResponse:
    shown = queries.team_by_slug(slug)
    may_manage = viewer_of(request).can(Permission.MANAGE, team_id=shown.id)
    context = {
        "team": shown,
        "members": queries.team_members(shown.id),
        "may_manage": may_manage,
        "form": forms.MemberForm(queries.active_people()) if may_manage else None,
    }
    return render(request, "identity/team.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_team(request: HttpRequest, slug: str) -> HttpResponse:
    shown = _managed(request, slug)
    initial = {"name": shown.name, "description": shown.description}
    form = forms.TeamForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        actions.change_team(
            team_id=shown.id, **form.cleaned_data, now=utc_now(), actor=viewer_of(request).actor
        )
        return redirect("identity:team", slug)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    return _form(request, form, title=f"Edit {shown.name}")


@requires(Permission.MANAGE)
@require_POST
def delete_team(request: HttpRequest, slug: str) -> HttpResponse:
    shown = _managed(request, slug)
    viewer_of(request).check(Permission.MANAGE)
    actions.delete_team(team_id=shown.id, now=utc_now(), actor=viewer_of(request).actor)
    return redirect("identity:teams")


@requires(Permission.MANAGE)
@require_POST
def set_member(request: HttpRequest, slug: str) -> HttpResponse:
    shown = _managed(request, slug)
    user_id = request.POST.get("user_id", "")
    actions.set_member(
        team_id=shown.id,
        user_id=int(user_id) if user_id.isdecimal() else 0,
        role=request.POST.get("role", ""),
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return redirect("identity:team", slug)


@requires(Permission.MANAGE)
@require_POST
def remove_member(request: HttpRequest, slug: str, user_id: int) -> HttpResponse:
    shown = _managed(request, slug)
    actions.remove_member(
        team_id=shown.id, user_id=user_id, now=utc_now(), actor=viewer_of(request).actor
    )
    return redirect("identity:team", slug)


def _managed(request: HttpRequest, slug: str) -> queries.TeamView:
    """The team, of which the viewer is a manager."""
    shown = queries.team_by_slug(slug)
    viewer_of(request).check(Permission.MANAGE, team_id=shown.id)
    return shown


def _form(request: HttpRequest, form: forms.TeamForm, *, title: str) -> HttpResponse:
    context = {"form": form, "form_title": title}
    status = 422 if form.errors else 200
    return render(request, "identity/team_form.html", context, status=status)
