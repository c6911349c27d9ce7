"""Git repositories: which there are, how they stand, their settings, and fetching now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.runbooks import actions, queries
from evenfall.runbooks.contexts import managed_teams, repository_of
from evenfall.runbooks.forms import RepositoryForm
from evenfall.runbooks.queries import RepositoryView


@requires(Permission.MANAGE)
@require_safe
def repository_list(request: HttpRequest) -> HttpResponse:
    """GET /runbooks/import/git/"""
    teams = managed_teams(viewer_of(request))
    context = {
        "has_teams": bool(teams),
        "repositories": queries.repositories([team.id for team in teams]),
    }
    return render(request, "runbooks/repositories.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_repository(request: HttpRequest) -> HttpResponse:
    """GET, POST /runbooks/import/git/new/"""
    viewer = viewer_of(request)
    form = RepositoryForm(request.POST or None, teams=managed_teams(viewer))

    def save() -> int:
        viewer.check(Permission.MANAGE, team_id=form.cleaned_data["team_id"])
        return actions.add_repository(wish=form.wish(), viewer=viewer, now=utc_now())

    if request.method == "POST" and (number := attempt(form, save)):
        messages.success(request, "Connected. It is fetched now: reload in a moment.")
        return redirect("runbooks:repository", number)
    return _page(request, form, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def repository(request: HttpRequest, repository_id: int) -> HttpResponse:
    """GET, POST /runbooks/import/git/5/: how it stands, and its settings."""
    viewer, found = repository_of(request, repository_id)
    form = RepositoryForm(
        request.POST or None,
        teams=managed_teams(viewer),
        initial=RepositoryForm.initial_of(found),
        known=found.has_token,
    )
    if request.method == "POST" and attempt(form, lambda: _changed(viewer, form, repository_id)):
        messages.success(request, "Saved. It is fetched now: reload in a moment.")
        return redirect("runbooks:repository", repository_id)
    return _page(request, form, found)


@requires(Permission.MANAGE)
@require_POST
def fetch_repository(request: HttpRequest, repository_id: int) -> HttpResponse:
    """POST /runbooks/import/git/5/fetch/"""
    repository_of(request, repository_id)
    actions.fetch_now(repository_id=repository_id, now=utc_now())
    messages.success(request, "It is fetched now. Reload in a moment.")
    return redirect("runbooks:repository", repository_id)


@requires(Permission.MANAGE)
@require_POST
def remove_repository(request: HttpRequest, repository_id: int) -> HttpResponse:
    """POST /runbooks/import/git/5/remove/"""
    viewer, _ = repository_of(request, repository_id)
    actions.remove_repository(repository_id=repository_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "It is fetched no more. Its runbooks stay.")
    return redirect("runbooks:repositories")


def _changed(viewer: Viewer, form: RepositoryForm, repository_id: int) -> bool:
    viewer.check(Permission.MANAGE, team_id=form.cleaned_data["team_id"])
    actions.change_repository(
        repository_id=repository_id, wish=form.wish(), viewer=viewer, now=utc_now()
    )
    return True


def _page(request: HttpRequest, form: RepositoryForm, found: RepositoryView | None) -> HttpResponse:
    context = {"form": form, "repository": found}
    status = 422 if form.errors else 200
    return render(request, "runbooks/repository.html", context, status=status)
