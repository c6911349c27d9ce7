"""Reporting something: with an account, and by the secret address of a team."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import public, requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import token_hash
from evenfall.platform.forms import attempt
from evenfall.platform.pacing import Pace
from evenfall.triage import actions, queries
from evenfall.triage.forms import PublicForm, ReportForm

PACE = Pace(most=30, per=timedelta(minutes=10))
"""For each secret: a busy day of customers, and no flood."""
LOOKS = Pace(most=300, per=timedelta(minutes=10))


@requires(Permission.FOLLOW)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """GET, POST /triage/new/"""
    viewer = viewer_of(request)
    form = ReportForm(
        request.POST or None,
        services=catalog_queries.services().values(),
        teams=identity_queries.teams(),
        initial={"reporter_name": viewer.name, "team_id": request.GET.get("team")},
    )

    def save() -> int:
        return actions.report_item(new=form.new(), now=utc_now(), actor=viewer.actor)

    if request.method == "POST" and (item_id := attempt(form, save)):
        item = queries.item(item_id, now=utc_now())
        messages.success(request, f"Thank you. {item.team.name} has it as number {item_id}.")
        return redirect("triage:item", item_id)
    return render(request, "triage/new.html", {"form": form}, status=422 if form.errors else 200)


@public("a manager opened this form; the secret in the address is the permission")
@never_cache
@require_http_methods(["GET", "POST"])
def public_report(request: HttpRequest, token: str) -> HttpResponse:
    """GET, POST /triage/in/<secret>/: the answer says the number, and when somebody answers."""
    now = utc_now()
    (PACE if request.method == "POST" else LOOKS).spend(token_hash(token), now=now)
    intake = queries.intake(token)
    form = PublicForm(request.POST or None)

    def save() -> int:
        return actions.report_item(new=form.new(intake.team_id), now=now, actor="public")

    made = attempt(form, save) if request.method == "POST" else None
    context = {
        "intake": intake,
        "form": form,
        "made": queries.item(made, now=now) if made else None,
    }
    status = 422 if form.errors else 200
    answer = render(request, "triage/public.html", context, status=status)
    answer["Referrer-Policy"] = "no-referrer"  # the address is the secret
    answer["X-Robots-Tag"] = "noindex"
    return answer
