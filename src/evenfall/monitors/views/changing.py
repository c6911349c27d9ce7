"""Adding, changing, pausing and removing monitors."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.monitors import actions, errors, ports, queries
from evenfall.monitors.contexts import answered, check_wish, managed, ping_url
from evenfall.monitors.forms import MonitorForm
from evenfall.monitors.logic.inside import HEARTBEAT, METRIC
from evenfall.monitors.logic.looks import State
from evenfall.monitors.queries import MonitorView
from evenfall.monitors.views.reading import monitor_page
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.telemetry import queries as telemetry_queries


@requires(Permission.MANAGE)
@require_GET
def kinds(request: HttpRequest) -> HttpResponse:
    """GET /monitors/new/: what can be looked at."""
    return render(request, "monitors/kinds.html", {"kinds": ports.kinds()})


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_monitor(request: HttpRequest, kind: str) -> HttpResponse:
    """GET, POST /monitors/new/http/: one that is told something shows its address once."""
    viewer = viewer_of(request)
    form = _form(request, viewer, ports.kind(kind), None)
    if request.method == "POST":
        made = attempt(form, lambda: _add(viewer, form))
        if made and made.key:
            return monitor_page(
                request, queries.monitor(made.monitor_id), key_url=ping_url(made.key)
            )
        if made:
            messages.success(request, "It looks for the first time now.")
            return redirect("monitors:monitor", made.monitor_id)
    return _form_page(request, form, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_monitor(request: HttpRequest, monitor_id: int) -> HttpResponse:
    """GET, POST /monitors/7/edit/"""
    viewer, found = managed(request, monitor_id)
    form = _form(request, viewer, ports.kind(found.kind), found)
    if request.method == "POST" and attempt(form, lambda: _change(viewer, form, found)):
        messages.success(request, "Saved. It looks again now.")
        return redirect("monitors:monitor", found.id)
    return _form_page(request, form, found)


@requires(Permission.RESPOND)
@require_POST
def look_now(request: HttpRequest, monitor_id: int) -> HttpResponse:
    """POST /monitors/7/look/"""
    _, found = answered(request, monitor_id)
    actions.look_now(monitor_id=found.id, now=utc_now())
    messages.success(request, "It looks as soon as a worker is free, within seconds.")
    return redirect("monitors:monitor", found.id)


@requires(Permission.RESPOND)
@require_POST
def switch(request: HttpRequest, monitor_id: int) -> HttpResponse:
    """POST /monitors/7/switch/: pause it, or resume it."""
    viewer, found = answered(request, monitor_id)
    if found.state == State.PAUSED:
        actions.resume_monitor(monitor_id=found.id, now=utc_now(), actor=viewer.actor)
        messages.success(request, "It looks again.")
    else:
        actions.pause_monitor(monitor_id=found.id, now=utc_now(), actor=viewer.actor)
        messages.success(request, "Paused: it looks no more, and its alerts are over.")
    return redirect("monitors:monitor", found.id)


@requires(Permission.MANAGE)
@require_POST
def rotate_key(request: HttpRequest, monitor_id: int) -> HttpResponse:
    """POST /monitors/7/key/: the new address is shown in this answer only."""
    viewer, found = managed(request, monitor_id)
    key = actions.rotate_key(monitor_id=found.id, now=utc_now(), actor=viewer.actor)
    return monitor_page(request, found, key_url=ping_url(key))


@requires(Permission.MANAGE)
@require_POST
def remove_monitor(request: HttpRequest, monitor_id: int) -> HttpResponse:
    """POST /monitors/7/remove/"""
    viewer, found = managed(request, monitor_id)
    actions.remove_monitor(monitor_id=found.id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Removed. What it opened is over.")
    return redirect("monitors:monitors")


def _form(
    request: HttpRequest, viewer: Viewer, kind: ports.Kind, known: MonitorView | None
) -> MonitorForm:
    """The form, with the services of teams that the viewer manages."""
    services = {
        one.id: one.name
        for one in catalog_queries.services().values()
        if viewer.can(Permission.MANAGE, team_id=one.team_id)
    }
    if known is not None:
        services.setdefault(known.service.id, known.service.name)
    asks = kind.name == METRIC
    sources = {one.id: one.name for one in telemetry_queries.sources()} if asks else {}
    names = alerting_queries.integration_names() if kind.name == HEARTBEAT else []
    return MonitorForm(
        request.POST or None,
        kind=kind,
        services=services,
        sources=sources,
        integrations=dict(names),
        known=known,
        initial={"service_id": request.GET.get("service", "")},
    )


def _add(viewer: Viewer, form: MonitorForm) -> actions.Made:
    wish = form.wish()
    check_wish(viewer, wish)
    try:
        return actions.add_monitor(
            kind=form.kind.name, wish=wish, now=utc_now(), actor=viewer.actor
        )
    except errors.MonitorUnclear as error:
        raise _placed(form, error) from error


def _change(viewer: Viewer, form: MonitorForm, found: MonitorView) -> bool:
    wish = form.wish()
    check_wish(viewer, wish)
    try:
        actions.change_monitor(
            monitor_id=found.id,
            version=form.cleaned_data["version"],
            wish=wish,
            now=utc_now(),
            actor=viewer.actor,
        )
    except errors.MonitorUnclear as error:
        raise _placed(form, error) from error
    return True


def _placed(form: MonitorForm, error: errors.MonitorUnclear) -> errors.MonitorUnclear:
    return errors.MonitorUnclear(field=form.place(error.field), reason=error.message)


def _form_page(request: HttpRequest, form: MonitorForm, known: MonitorView | None) -> HttpResponse:
    needs_source = form.kind.name == METRIC and not telemetry_queries.sources()
    context = {
        "form": form,
        "kind": form.kind,
        "monitor": known,
        "needs_source": needs_source,
        "has_services": bool(form.fields["service_id"].choices),  # type: ignore[attr-defined] # a choice field
    }
    status = 422 if form.errors else 200
    return render(request, "monitors/form.html", context, status=status)
