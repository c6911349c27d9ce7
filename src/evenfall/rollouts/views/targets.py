"""Pages of where services run: which places there are, and their settings."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict
from evenfall.platform.forms import attempt
from evenfall.rollouts import actions, ports, queries
from evenfall.rollouts.contexts import managed_services, managed_target
from evenfall.rollouts.forms import KindsForm, TargetForm
from evenfall.rollouts.queries import TargetView


@requires(Permission.VIEW)
@require_safe
def target_list(request: HttpRequest) -> HttpResponse:
    """GET /rollouts/places/"""
    viewer = viewer_of(request)
    found = queries.targets()
    context = {
        "targets": found,
        "may_manage": viewer.can_somewhere(Permission.MANAGE),
        "startable": {
            one.id for one in found if viewer.can(Permission.RESPOND, team_id=one.service.team_id)
        },
    }
    return render(request, "rollouts/targets.html", context)


@requires(Permission.MANAGE)
@require_safe
def choose_kinds(request: HttpRequest) -> HttpResponse:
    """GET /rollouts/places/new/?traffic=haproxy&deploy=none: leads to the form for these."""
    asked = bool(request.GET)
    form = KindsForm(
        request.GET if asked else None, ports=ports.traffic_ports(), deployers=ports.deployers()
    )
    if asked and form.is_valid():
        said = form.cleaned_data
        return redirect("rollouts:new_target", said["traffic"], said["deploy"])
    return render(request, "rollouts/kinds.html", {"form": form}, status=422 if asked else 200)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_target(request: HttpRequest, traffic: str, deploy: str) -> HttpResponse:
    """GET, POST /rollouts/places/new/haproxy/none/"""
    viewer = viewer_of(request)
    form = _form(request, traffic, deploy, None)

    def save() -> int:
        service = catalog_queries.service(int(form.cleaned_data["service"]))
        viewer.check(Permission.MANAGE, team_id=service.team_id)
        return actions.add_target(
            service_id=service.id, wish=form.wish(), now=utc_now(), actor=viewer.actor
        )

    if request.method == "POST" and attempt(form, save) is not None:
        messages.success(request, "Saved. Start a rollout there whenever you like.")
        return redirect("rollouts:targets")
    return _page(request, form, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """GET, POST /rollouts/places/3/"""
    viewer, found = managed_target(request, target_id)
    form = _form(request, found.traffic_kind, found.deploy_kind, found)

    def change() -> bool:
        actions.change_target(
            target_id=target_id,
            version=_number(request.POST.get("version", "")),
            wish=form.wish(),
            now=utc_now(),
            actor=viewer.actor,
        )
        return True

    if request.method == "POST" and attempt(form, change):
        messages.success(request, "Saved.")
        return redirect("rollouts:targets")
    return _page(request, form, found)


@requires(Permission.MANAGE)
@require_POST
def remove_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """POST /rollouts/places/3/remove/"""
    viewer, _ = managed_target(request, target_id)
    try:
        actions.remove_target(target_id=target_id, now=utc_now(), actor=viewer.actor)
    except Conflict as error:
        messages.error(request, error.message)
        return redirect("rollouts:target", target_id)
    messages.success(request, "Removed. Its traffic stays as it is.")
    return redirect("rollouts:targets")


def _form(request: HttpRequest, traffic: str, deploy: str, found: TargetView | None) -> TargetForm:
    port, deployer = ports.traffic_port(traffic), ports.deployer(deploy)
    if port is None or deployer is None:
        raise Http404
    return TargetForm(
        request.POST or None,
        port=port,
        deployer=deployer,
        services=managed_services(viewer_of(request)) if found is None else (),
        target=found,
    )


def _page(request: HttpRequest, form: TargetForm, found: TargetView | None) -> HttpResponse:
    context = {"form": form, "target": found}
    status = 422 if form.errors else 200
    return render(request, "rollouts/target.html", context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000000000") else 0
