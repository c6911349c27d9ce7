"""Making and changing an objective; the draft is played over history before it is saved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.monitors import queries as monitors_queries
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.slo import actions, contexts, queries
from evenfall.slo.forms import ObjectiveForm, initial_of
from evenfall.slo.forms.members import PREFIX, with_more
from evenfall.slo.queries import ObjectiveView
from evenfall.telemetry import queries as telemetry_queries


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET, POST /objectives/new/?service=3"""
    viewer = viewer_of(request)
    viewer.check_somewhere(Permission.MANAGE)
    form = _form(request, viewer, None)

    def save() -> int:
        _check_team(viewer, form)
        return actions.add_objective(
            wish=form.wish(), by=viewer.user_id, now=utc_now(), actor=viewer.actor
        )

    if _is_save(request):
        number = attempt(form, save)
        if number:
            messages.success(request, "Saved. Its past is being read.")
            return redirect("slo:objective", number)
    return _page(request, viewer, form, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, objective_id: int) -> HttpResponse:
    """GET, POST /objectives/5/edit/"""
    viewer, view = contexts.manager_of(request, objective_id), queries.objective(objective_id)
    form = _form(request, viewer, view)

    def save() -> bool:
        _check_team(viewer, form)
        actions.change_objective(
            objective_id=objective_id,
            wish=form.wish(view),
            version=form.cleaned_data["version"] or 0,
            by=viewer.user_id,
            now=utc_now(),
            actor=viewer.actor,
        )
        return True

    if _is_save(request) and attempt(form, save):
        messages.success(request, "Saved.")
        return redirect("slo:objective", objective_id)
    return _page(request, viewer, form, view)


def _is_save(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("do") not in {"preview", "more"}


def _said(request: HttpRequest) -> QueryDict | None:
    """What was sent; with some lines for members more where that was asked for."""
    if request.method != "POST":
        return None
    if request.POST.get("do") != "more":
        return request.POST
    said = request.POST.copy()
    for name, value in with_more(request.POST.dict()).items():
        if name.startswith(f"{PREFIX}-"):
            said[name] = value
    return said


def _form(request: HttpRequest, viewer: Viewer, view: ObjectiveView | None) -> ObjectiveForm:
    services = [
        (one.id, one.name)
        for one in catalog_queries.services().values()
        if viewer.can(Permission.MANAGE, team_id=one.team_id)
    ]
    initial = {"service_id": request.GET.get("service")} if view is None else initial_of(view)
    return ObjectiveForm(
        _said(request),
        services=services,
        sources=[(one.id, one.name) for one in telemetry_queries.sources()],
        indicators=queries.indicators().values(),
        monitors=[
            (one.id, f"{one.name} ({one.service.name})")
            for one in monitors_queries.monitors().values()
        ],
        view=view,
        initial=initial,
    )


def _check_team(viewer: Viewer, form: ObjectiveForm) -> None:
    service = catalog_queries.service(form.cleaned_data["service_id"])
    viewer.check(Permission.MANAGE, team_id=service.team_id)


def _page(
    request: HttpRequest, viewer: Viewer, form: ObjectiveForm, view: ObjectiveView | None
) -> HttpResponse:
    picture = None
    if request.method == "POST" and request.POST.get("do") == "preview":
        picture = attempt(form, lambda: _preview(viewer, form, view))
    is_more = request.POST.get("do") == "more"
    context = {
        "form": form,
        "view": view,
        "picture": picture,
        "has_sources": bool(telemetry_queries.sources()),
    }
    status = 422 if form.errors and not is_more else 200
    return render(request, "slo/edit.html", context, status=status)


def _preview(
    viewer: Viewer, form: ObjectiveForm, view: ObjectiveView | None
) -> contexts.DraftPicture:
    _check_team(viewer, form)
    spec = form.spec(view)
    found = actions.preview(spec=spec, indicator=form.indicator(), now=utc_now())
    return contexts.draft_picture(found, warn_below=spec.policy.warn_below)
