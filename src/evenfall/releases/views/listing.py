"""The board, the list of exceptions, and new releases."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.releases import actions, queries
from evenfall.releases.contexts import keeper_of_release, keeper_of_service
from evenfall.releases.forms import ReleaseForm, release_initial


@requires(Permission.VIEW)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """GET /releases/?team=pay: which version runs where, what comes next, what is new."""
    slug, teams = request.GET.get("team", "").replace("\0", ""), identity_queries.teams()
    team = next((one for one in teams if one.slug == slug), None)
    rows = queries.board(team_id=team.id if team else None, cursor=request.GET.get("services"))
    context = {
        "rows": rows,
        "stops": queries.stops_in_force(),
        "page": queries.releases_page(cursor=request.GET.get("cursor"), size=20),
        "teams": teams,
        "team": team,
        "may_register": viewer_of(request).can_somewhere(Permission.RESPOND),
    }
    return render(request, "releases/board.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET, POST /releases/new/"""
    viewer = viewer_of(request)
    form = ReleaseForm(request.POST or None, services=services_for(viewer))

    def save() -> int:
        wish = form.new()
        keeper_of_service(request, wish.service_id)
        return actions.register_release(
            new=wish, now=utc_now(), actor=viewer.actor, author_id=viewer.user_id
        )

    if request.method == "POST" and (number := attempt(form, save)) is not None:
        return redirect("releases:one", number)
    status = 422 if form.errors else 200
    return render(request, "releases/release_form.html", {"form": form}, status=status)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, release_id: int) -> HttpResponse:
    """GET, POST /releases/5/edit/: everything but service and version."""
    viewer, view = keeper_of_release(request, release_id), queries.release(release_id)
    form = ReleaseForm(
        request.POST or None,
        services=[(view.service_id, view.service_name)],
        initial=release_initial(view),
    )
    for name in ("service_id", "version"):
        form.fields[name].disabled = True
    # planned for each stage, not for the version
    del form.fields["planned_downtime_minutes"]

    def save() -> bool:
        actions.change_release(
            release_id=release_id,
            new=form.new(),
            revision=form.cleaned_data["revision"] or 0,
            now=utc_now(),
            actor=viewer.actor,
        )
        return True

    if request.method == "POST" and attempt(form, save):
        return redirect("releases:one", release_id)
    context = {"form": form, "release": view}
    status = 422 if form.errors else 200
    return render(request, "releases/release_form.html", context, status=status)


@requires(Permission.VIEW)
@require_safe
def exceptions(request: HttpRequest) -> HttpResponse:
    """GET /releases/exceptions/: what is to be looked back at, and all of them."""
    now, page = utc_now(), queries.exceptions_page(cursor=request.GET.get("cursor"))
    viewer = viewer_of(request)
    waiting = [
        (one, viewer.can(Permission.MANAGE, team_id=one.team_id)) for one in queries.to_review()
    ]
    context = {
        "page": page,
        "lines": [(one, one.state(now)) for one in page.items],
        "waiting": waiting,
    }
    return render(request, "releases/exceptions.html", context)


def services_for(viewer: Viewer) -> list[tuple[int, str]]:
    """The services for which this person may register a version."""
    return [
        (one.id, one.name)
        for one in catalog_queries.services().values()
        if viewer.can(Permission.RESPOND, team_id=one.team_id)
    ]
