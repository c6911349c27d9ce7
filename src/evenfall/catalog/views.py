"""The pages of the catalog: parse, authorise, one action or query, render."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.catalog import actions, forms, queries
from evenfall.catalog.logic import graph
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_GET
def service_list(request: HttpRequest) -> HttpResponse:
    text, team = request.GET.get("q", "").strip(), request.GET.get("team", "")
    archived = request.GET.get("archived") == "1"
    page = queries.services_page(
        text=text,
        team_id=int(team) if team.isdecimal() else None,
        archived=archived,
        cursor=request.GET.get("cursor"),
    )
    context = {
        "page": page,
        "services": queries.service_views(page.items),
        "teams": identity_queries.teams(),
        "query": text,
        "team": team,
        "archived": archived,
        "is_filtered": bool(text or team or archived),
        "may_create": viewer_of(request).can_somewhere(Permission.MANAGE),
    }
    return render(request, "catalog/services.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_service(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = forms.ServiceForm(_own_teams(viewer), request.POST or None)
    if request.method == "POST":
        service_id = attempt(form, lambda: _create(viewer, forms.fields_of(form.cleaned_data)))
        if service_id is not None:
            return redirect("catalog:service", queries.service(service_id).slug)
    return _form(request, form, "New service")


@requires(Permission.VIEW)
@require_GET
def service(request: HttpRequest, slug: str) -> HttpResponse:
    shown = queries.service_by_slug(slug)
    needs, needed_by = queries.needs(shown.id), queries.needed_by(shown.id)
    may_manage = viewer_of(request).can(Permission.MANAGE, team_id=shown.team_id)
    others = [one for one in queries.services().values() if one.id != shown.id]
    context = {
        "service": shown,
        "team": identity_queries.team(shown.team_id),
        "needs": needs,
        "needed_by": needed_by,
        "picture": _picture(shown, needs, needed_by) if needs or needed_by else None,
        "may_manage": may_manage,
        "form": forms.DependencyForm(others) if may_manage and others else None,
    }
    return render(request, "catalog/service.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_service(request: HttpRequest, slug: str) -> HttpResponse:
    viewer, shown = viewer_of(request), _managed(request, slug)
    initial = forms.initial_of(shown)
    form = forms.ServiceForm(_own_teams(viewer), request.POST or None, initial=initial)

    def save() -> HttpResponse:
        _change(viewer, shown.id, forms.fields_of(form.cleaned_data))
        return redirect("catalog:service", slug)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    return _form(request, form, f"Edit {shown.name}")


@requires(Permission.MANAGE)
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    shown = _managed(request, slug)
    actions.archive_service(service_id=shown.id, now=utc_now(), actor=viewer_of(request).actor)
    return redirect("catalog:service", slug)


@requires(Permission.MANAGE)
@require_POST
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    shown = _managed(request, slug)
    actions.restore_service(service_id=shown.id, now=utc_now(), actor=viewer_of(request).actor)
    return redirect("catalog:service", slug)


@requires(Permission.MANAGE)
@require_POST
def set_dependency(request: HttpRequest, slug: str) -> HttpResponse:
    shown = _managed(request, slug)
    other = request.POST.get("depends_on_id", "")
    actions.set_dependency(
        service_id=shown.id,
        depends_on_id=int(other) if other.isdecimal() else 0,
        kind=request.POST.get("kind", ""),
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return redirect("catalog:service", slug)


@requires(Permission.MANAGE)
@require_POST
def remove_dependency(request: HttpRequest, slug: str, depends_on_id: int) -> HttpResponse:
    shown = _managed(request, slug)
    actions.remove_dependency(
        service_id=shown.id,
        depends_on_id=depends_on_id,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return redirect("catalog:service", slug)


def _managed(request: HttpRequest, slug: str) -> queries.ServiceView:
    """The service, of whose team the viewer is a manager."""
    shown = queries.service_by_slug(slug)
    viewer_of(request).check(Permission.MANAGE, team_id=shown.team_id)
    return shown


def _own_teams(viewer: Viewer) -> list[identity_queries.TeamView]:
    """The teams for which the viewer may own services."""
    teams = identity_queries.teams()
    return [team for team in teams if viewer.can(Permission.MANAGE, team_id=team.id)]


def _create(viewer: Viewer, fields: actions.ServiceFields) -> int:
    viewer.check(Permission.MANAGE, team_id=fields.team_id)
    return actions.create_service(fields=fields, now=utc_now(), actor=viewer.actor)


def _change(viewer: Viewer, service_id: int, fields: actions.ServiceFields) -> None:
    viewer.check(Permission.MANAGE, team_id=fields.team_id)
    actions.change_service(service_id=service_id, fields=fields, now=utc_now(), actor=viewer.actor)


def _picture(
    shown: queries.ServiceView, needs: list[queries.Link], needed_by: list[queries.Link]
) -> graph.Picture:
    centre = graph.Neighbour(service_id=shown.id, name=shown.name, slug=shown.slug, is_soft=False)
    return graph.draw(centre, needed_by=_neighbours(needed_by), needs=_neighbours(needs))


def _neighbours(links: list[queries.Link]) -> tuple[graph.Neighbour, ...]:
    return tuple(
        graph.Neighbour(
            service_id=link.service.id,
            name=link.service.name,
            slug=link.service.slug,
            is_soft=link.kind == "soft",
        )
        for link in links
    )


def _form(request: HttpRequest, form: forms.ServiceForm, title: str) -> HttpResponse:
    context = {"form": form, "form_title": title, "has_teams": form.fields["team_id"].choices}  # type: ignore[attr-defined]  # a choice field
    status = 422 if form.errors else 200
    return render(request, "catalog/service_form.html", context, status=status)
