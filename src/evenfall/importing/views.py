"""Moving in: upload, look at the report, run."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.identity.queries import TeamView
from evenfall.importing import actions, queries
from evenfall.importing.forms import UploadForm
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def import_schedules(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    teams = _managed_teams(viewer)
    form = UploadForm(teams, request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(teams, request.POST, request.FILES)
        upload_id = attempt(form, lambda: _receive(viewer, form))
        if upload_id is not None:
            return redirect("importing:upload", upload_id)
    context = {
        "form": form,
        "has_teams": bool(teams),
        "uploads": queries.recent_uploads([team.id for team in teams]),
    }
    return render(request, "importing/import.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE)
@require_GET
def upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    viewer = _manager(request, upload_id)
    report = queries.report(upload_id, viewer=viewer, now=utc_now(), with_pictures=True)
    context = {"report": report, "may_invite": viewer.can(Permission.ADMINISTER)}
    return render(request, "importing/upload.html", context)


@requires(Permission.MANAGE)
@require_GET
def download(request: HttpRequest, upload_id: int) -> HttpResponse:
    viewer = _manager(request, upload_id)
    report = queries.report(upload_id, viewer=viewer, now=utc_now())
    answer = JsonResponse(queries.plain_report(report), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="import-{upload_id}.json"'
    return answer


@requires(Permission.MANAGE)
@require_POST
def run(request: HttpRequest, upload_id: int) -> HttpResponse:
    viewer = _manager(request, upload_id)
    done = actions.run(upload_id=upload_id, viewer=viewer, now=utc_now())
    messages.success(
        request,
        f"Imported: {done.created} new, {done.updated} changed, {done.same} as they were, "
        f"{done.overrides} overrides, {done.cancelled} overrides ended.",
    )
    return redirect("importing:upload", upload_id)


def _managed_teams(viewer: Viewer) -> list[TeamView]:
    teams = identity_queries.teams()
    return [team for team in teams if viewer.can(Permission.MANAGE, team_id=team.id)]


def _manager(request: HttpRequest, upload_id: int) -> Viewer:
    """The viewer, who is a manager of the team of the upload."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=queries.upload(upload_id).team_id)
    return viewer


def _receive(viewer: Viewer, form: UploadForm) -> int:
    said = form.cleaned_data
    viewer.check(Permission.MANAGE, team_id=said["team"])
    return actions.receive(
        vendor=said["vendor"],
        team_id=said["team"],
        file_name=said["file"].name,
        body=said["file"].read(),
        now=utc_now(),
        actor=viewer.actor,
    )
