"""Importing a folder: upload, look at what would happen, run."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.runbooks import actions, queries
from evenfall.runbooks.contexts import managed_teams
from evenfall.runbooks.forms import FolderForm


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """GET, POST /runbooks/import/."""
    viewer = viewer_of(request)
    teams = managed_teams(viewer)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FolderForm(*sent, teams=teams)
    if sent:
        folder_id = attempt(form, lambda: _receive(viewer, form))
        if folder_id is not None:
            return redirect("runbooks:folder", folder_id)
    context = {
        "form": form,
        "has_teams": bool(teams),
        "folders": queries.recent_folders([team.id for team in teams]),
    }
    return render(request, "runbooks/import.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE)
@require_GET
def folder(request: HttpRequest, folder_id: int) -> HttpResponse:
    """GET /runbooks/import/5/: what would happen, or what did."""
    found = queries.folder(folder_id)
    viewer_of(request).check(Permission.MANAGE, team_id=found.team_id)
    return render(request, "runbooks/folder.html", {"folder": found})


@requires(Permission.MANAGE)
@require_POST
def run(request: HttpRequest, folder_id: int) -> HttpResponse:
    """POST /runbooks/import/5/run/: do it."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=queries.folder(folder_id).team_id)
    actions.import_folder(
        folder_id=folder_id, viewer=viewer, archives="archive" in request.POST, now=utc_now()
    )
    messages.success(request, "Imported.")
    return redirect("runbooks:folder", folder_id)


def _receive(viewer: Viewer, form: FolderForm) -> int:
    said = form.cleaned_data
    viewer.check(Permission.MANAGE, team_id=said["team_id"])
    return actions.receive_folder(
        name=said["name"],
        team_id=said["team_id"],
        body=said["file"].read(),
        now=utc_now(),
        actor=viewer.actor,
    )
