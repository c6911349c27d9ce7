"""Declaring an incident by hand."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.alerting.ports import Urgency
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.contexts import declarer_of, number_of, responder_of
from evenfall.incidents.forms import DeclareForm
from evenfall.incidents.logic.duties import DUTIES
from evenfall.incidents.logic.severity import Sev
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.RESPOND)
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Show the form, or declare and lead to the new incident."""
    form = DeclareForm(
        request.POST or None,
        services=catalog_queries.services().values(),
        teams=identity_queries.teams(),
        initial={
            "service_id": request.GET.get("service"),
            "title": request.GET.get("title"),
            "request_key": uuid4().hex,
        },
    )
    if request.method == "POST":
        number = attempt(form, lambda: _declare(request, form.cleaned_data))
        if number is not None:
            return redirect("incidents:incident", number)
    return render(
        request,
        "incidents/declare.html",
        {"form": form, "duties": DUTIES.values()},
        status=422 if form.errors else 200,
    )


@requires(Permission.RESPOND)
@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """GET /incidents/similar/?title=…: those that may be the same, while somebody types."""
    found = queries.similar_to(
        request.GET.get("title", ""),
        request.GET.get("description", ""),
        number_of(request.GET.get("service_id")),
        now=utc_now(),
    )
    return render(request, "incidents/parts/similar.html", {"similar": found})


@requires(Permission.RESPOND)
@require_POST
def join(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/join/: the problem is known; what was typed is told there."""
    viewer = responder_of(request, incident_id)
    actions.join_incident(
        incident_id=incident_id,
        title=request.POST.get("title", ""),
        text=request.POST.get("description", ""),
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return redirect("incidents:incident", incident_id)


def _declare(request: HttpRequest, said: dict[str, Any]) -> int:
    viewer = declarer_of(request, service_id=said["service_id"], team_id=said["team_id"])
    return actions.declare_incident(
        title=said["title"],
        description=said["description"],
        severity=Sev(said["severity"]),
        environment=Environment(said["environment"]),
        urgency=Urgency(said["urgency"]),
        service_id=said["service_id"],
        team_id=said["team_id"],
        page=said["page"],
        is_private=said["is_private"],
        request_key=said["request_key"],
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
