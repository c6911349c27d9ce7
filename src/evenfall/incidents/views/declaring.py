"""Declaring an incident by hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evenfall.alerting.ports import Urgency
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.contexts import declarer_of, number_of
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
        initial={"service_id": request.GET.get("service"), "title": request.GET.get("title")},
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
    """GET /incidents/similar/?title=…: open ones that may be the same, while somebody types."""
    found = queries.similar_incidents(
        request.GET.get("title", ""), service_id=number_of(request.GET.get("service_id"))
    )
    return render(request, "incidents/parts/similar.html", {"similar": found})


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
        now=utc_now(),
        actor=viewer.actor,
    )
