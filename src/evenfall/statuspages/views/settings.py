"""Pages for those who look after status pages: what there is, and its settings."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.identity.queries import TeamView
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.statuspages import actions, forms, queries
from evenfall.statuspages.actions import PageWish
from evenfall.statuspages.contexts import manager_of, page_lines, teller_of, waiting_lines


@requires(Permission.VIEW)
@require_GET
def pages(request: HttpRequest) -> HttpResponse:
    """GET /status-pages/"""
    viewer = viewer_of(request)
    context = {"lines": page_lines(viewer), "may_add": viewer.can_somewhere(Permission.MANAGE)}
    return render(request, "statuspages/pages.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    initial = {
        "time_zone": viewer.time_zone,
        "team_id": next(iter(viewer.team_roles), None),
        "prepare_from": PageWish(title="").prepare_from,
    }
    form = forms.PageForm(_own_teams(viewer), request.POST or None, initial=initial)
    if request.method == "POST":
        status_page_id = attempt(form, lambda: _create(viewer, form.wish()))
        if status_page_id is not None:
            messages.success(request, "Made. Now add what readers care for.")
            return redirect("statuspages:page", status_page_id)
    return _form(request, form, page=None)


@requires(Permission.VIEW)
@require_GET
def page(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET /status-pages/3/: components, and what is told now."""
    viewer, shown = viewer_of(request), queries.page(status_page_id)
    parts = queries.parts(status_page_id, now=utc_now())
    context = {
        "page": shown,
        "parts": parts,
        "groups": queries.groups(status_page_id),
        "posts": queries.posts_page(status_page_id, size=5).items,
        "works": queries.works_page(status_page_id, size=5).items,
        "waiting": waiting_lines(queries.waiting(status_page_id), viewer),
        "statuses": forms.StatusForm.base_fields["status"].choices,  # type: ignore[attr-defined]  # a choice field
        "may_manage": viewer.can(Permission.MANAGE, team_id=shown.team_id),
        "may_tell": viewer.can(Permission.RESPOND, team_id=shown.team_id),
    }
    return render(request, "statuspages/page.html", context)


@requires(Permission.MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/edit/; shows the secret link, so it is not cached."""
    viewer, shown = manager_of(request, status_page_id)
    initial = forms.PageForm.initial_of(shown)
    form = forms.PageForm(_own_teams(viewer), request.POST or None, initial=initial)

    def save() -> HttpResponse:
        wish = form.wish()
        viewer.check(Permission.MANAGE, team_id=wish.team_id)
        actions.change_page(
            status_page_id=status_page_id, wish=wish, now=utc_now(), actor=viewer.actor
        )
        return redirect("statuspages:page", status_page_id)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    return _form(request, form, page=shown)


@requires(Permission.MANAGE)
@require_POST
def renew_token(request: HttpRequest, status_page_id: int) -> HttpResponse:
    viewer, _ = manager_of(request, status_page_id)
    actions.renew_token(status_page_id=status_page_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The old link opens nothing any more.")
    return redirect("statuspages:edit_page", status_page_id)


@requires(Permission.MANAGE)
@require_POST
def remove_page(request: HttpRequest, status_page_id: int) -> HttpResponse:
    viewer, _ = manager_of(request, status_page_id)
    actions.remove_page(status_page_id=status_page_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The page is removed.")
    return redirect("statuspages:pages")


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_group(request: HttpRequest, status_page_id: int) -> HttpResponse:
    viewer, shown = manager_of(request, status_page_id)
    form = forms.GroupForm(request.POST or None)

    def save() -> int:
        return actions.add_group(
            status_page_id=status_page_id, wish=form.wish(), now=utc_now(), actor=viewer.actor
        )

    if request.method == "POST" and attempt(form, save) is not None:
        return redirect("statuspages:page", status_page_id)
    return _part_form(request, form, page=shown, title="New group")


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, status_page_id: int, group_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/groups/4/: change a group, or remove it."""
    viewer, shown = manager_of(request, status_page_id)
    found = queries.group(status_page_id, group_id)
    initial = {"name": found.name, "collapsed": found.collapsed.value}
    form = forms.GroupForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        actions.change_group(
            status_page_id=status_page_id,
            group_id=group_id,
            wish=form.wish(),
            now=utc_now(),
            actor=viewer.actor,
        )
        return redirect("statuspages:page", status_page_id)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    return _part_form(request, form, page=shown, title=f"Edit {found.name}", group=found)


@requires(Permission.MANAGE)
@require_POST
def remove_group(request: HttpRequest, status_page_id: int, group_id: int) -> HttpResponse:
    viewer, _ = manager_of(request, status_page_id)
    actions.remove_group(
        status_page_id=status_page_id, group_id=group_id, now=utc_now(), actor=viewer.actor
    )
    return redirect("statuspages:page", status_page_id)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_component(request: HttpRequest, status_page_id: int) -> HttpResponse:
    viewer, shown = manager_of(request, status_page_id)
    form = forms.ComponentForm(*_choices(status_page_id), request.POST or None)

    def save() -> int:
        return actions.add_component(
            status_page_id=status_page_id, wish=form.wish(), now=utc_now(), actor=viewer.actor
        )

    if request.method == "POST" and attempt(form, save) is not None:
        return redirect("statuspages:page", status_page_id)
    return _part_form(request, form, page=shown, title="New component")


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def component(request: HttpRequest, status_page_id: int, component_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/components/7/: change a component, move or remove it."""
    viewer, shown = manager_of(request, status_page_id)
    part = queries.part(status_page_id, component_id, now=utc_now())
    initial = forms.ComponentForm.initial_of(part)
    form = forms.ComponentForm(*_choices(status_page_id), request.POST or None, initial=initial)

    def save() -> HttpResponse:
        actions.change_component(
            status_page_id=status_page_id,
            component_id=component_id,
            wish=form.wish(),
            now=utc_now(),
            actor=viewer.actor,
        )
        return redirect("statuspages:page", status_page_id)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    return _part_form(request, form, page=shown, title=f"Edit {part.name}", part=part)


@requires(Permission.MANAGE)
@require_POST
def move_component(request: HttpRequest, status_page_id: int, component_id: int) -> HttpResponse:
    viewer, _ = manager_of(request, status_page_id)
    actions.move_component(
        status_page_id=status_page_id,
        component_id=component_id,
        up=request.POST.get("direction") == "up",
        now=utc_now(),
        actor=viewer.actor,
    )
    return redirect("statuspages:page", status_page_id)


@requires(Permission.MANAGE)
@require_POST
def remove_component(request: HttpRequest, status_page_id: int, component_id: int) -> HttpResponse:
    viewer, _ = manager_of(request, status_page_id)
    actions.remove_component(
        status_page_id=status_page_id, component_id=component_id, now=utc_now(), actor=viewer.actor
    )
    return redirect("statuspages:page", status_page_id)


@requires(Permission.RESPOND)
@require_POST
def set_status(request: HttpRequest, status_page_id: int, component_id: int) -> HttpResponse:
    """POST /status-pages/3/components/7/status/: say by hand how it is."""
    viewer, _ = teller_of(request, status_page_id)
    form = forms.StatusForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the statuses.")
        return redirect("statuspages:page", status_page_id)
    actions.set_status(
        status_page_id=status_page_id,
        component_id=component_id,
        status=form.said,
        now=utc_now(),
        actor=viewer.actor,
    )
    return redirect("statuspages:page", status_page_id)


def _own_teams(viewer: Viewer) -> list[TeamView]:
    teams = identity_queries.teams()
    return [team for team in teams if viewer.can(Permission.MANAGE, team_id=team.id)]


def _choices(
    status_page_id: int,
) -> tuple[list[queries.GroupView], list[catalog_queries.ServiceView]]:
    services = sorted(catalog_queries.services().values(), key=lambda one: one.name.casefold())
    return queries.groups(status_page_id), services


def _create(viewer: Viewer, wish: PageWish) -> int:
    viewer.check(Permission.MANAGE, team_id=wish.team_id)
    return actions.create_page(wish=wish, now=utc_now(), actor=viewer.actor)


def _form(request: HttpRequest, form: Form, *, page: queries.PageView | None) -> HttpResponse:
    context = {"form": form, "page": page}
    status = 422 if form.errors else 200
    return render(request, "statuspages/page_form.html", context, status=status)


def _part_form(
    request: HttpRequest, form: Form, *, page: queries.PageView, title: str, **context: object
) -> HttpResponse:
    context = {"form": form, "page": page, "form_title": title, **context}
    status = 422 if form.errors else 200
    return render(request, "statuspages/part_form.html", context, status=status)
