"""Alerts that end by policy: the policies, and the button that keeps an alert open."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.alerting import actions, forms, queries
from evenfall.alerting.actions import AutoEndDraft
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def auto_ends(request: HttpRequest) -> HttpResponse:
    """Rules and integrations reach every team, so that only administrators change these."""
    form = forms.AutoEndForm(_scopes(), request.POST or None)
    if request.method == "POST" and attempt(form, lambda: _save(request, form, utc_now())):
        messages.success(request, "Saved. Each alert is announced before it ends.")
        return redirect("alerting:auto_ends")
    context = {"policies": queries.auto_ends(), "form": form}
    return render(request, "alerting/auto_ends.html", context, status=422 if form.errors else 200)


def _scopes() -> list[tuple[str, str]]:
    services = catalog_queries.services().values()
    return [
        *((f"service:{one.id}", f"service {one.name}") for one in services),
        *((f"integration:{n}", f"integration {name}") for n, name in queries.integration_names()),
        *((f"rule:{one.id}", f"rule {one.name}") for one in queries.rules()),
    ]


def _save(request: HttpRequest, form: forms.AutoEndForm, now: datetime) -> bool:
    data = form.cleaned_data
    kind, _, number = data["scope"].partition(":")
    draft = AutoEndDraft(
        rule_id=int(number) if kind == "rule" else None,
        service_id=int(number) if kind == "service" else None,
        integration_id=int(number) if kind == "integration" else None,
        quiet=_span(data["quiet_hours"]),
        age=_span(data["age_hours"]),
        also_paging=data["also_paging"],
    )
    actions.set_auto_end(draft=draft, now=now, actor=viewer_of(request).actor)
    return True


def _span(hours: Decimal | None) -> timedelta | None:
    return None if hours is None else timedelta(hours=float(hours))


@requires(Permission.ADMINISTER)
@require_POST
def delete(request: HttpRequest, auto_end_id: int) -> HttpResponse:
    """POST /alerts/ending/4/delete/"""
    actions.delete_auto_end(policy_id=auto_end_id, now=utc_now(), actor=viewer_of(request).actor)
    messages.success(request, "Its alerts stay open until somebody or their sender ends them.")
    return redirect("alerting:auto_ends")


@requires(Permission.RESPOND)
@require_POST
def keep_open(request: HttpRequest, alert_id: int) -> HttpResponse:
    """POST /alerts/17/keep/"""
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.alert(alert_id).row.team_id)
    actions.keep_open(alert_id=alert_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "It stays open.")
    return redirect("alerting:alert", alert_id)
