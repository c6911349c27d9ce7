"""Silences and maintenance windows."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.alerting import actions, forms, queries
from evenfall.alerting.logic.matchers import Matcher, Operator, written
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt

_DIGITS = len(str(2**63))
UNDO = "alerting_undo"
"""In a session: the silence that was made of alerts in the list, until the list offered to end it.
"""


@requires(Permission.VIEW)
@require_GET
def silence_list(request: HttpRequest) -> HttpResponse:
    now, expired = utc_now(), request.GET.get("expired") == "1"
    page = queries.silences_page(expired=expired, now=now, cursor=request.GET.get("cursor"))
    may_act = viewer_of(request).can_somewhere(Permission.RESPOND)
    context = {"page": page, "expired": expired, "may_act": may_act}
    return render(request, "alerting/silences.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def new_silence(request: HttpRequest) -> HttpResponse:
    """The button "See what it matches" posts the same form and only shows the effect."""
    viewer, now = viewer_of(request), utc_now()
    form = forms.SilenceForm(request.POST or None, initial={"matchers": _suggested(request)})
    wants_preview = "preview" in request.POST
    is_final = request.method == "POST" and not wants_preview
    silence_id = attempt(form, lambda: _silence(viewer, form, now)) if is_final else None
    if silence_id is not None and "alerts" in request.GET:
        request.session[UNDO] = silence_id
        return redirect("alerting:alerts")
    if silence_id is not None:
        messages.success(request, "The silence is set.")
        return redirect("alerting:silences")
    matchers = form.quiet_matchers() if wants_preview else None
    context = {"form": form, "preview": queries.preview(matchers) if matchers else None}
    status = 422 if form.errors else 200
    return render(request, "alerting/silence_form.html", context, status=status)


def _silence(viewer: Viewer, form: forms.SilenceForm, now: datetime) -> int:
    queries.check_quiet(viewer, matchers=form.cleaned_data["matchers"])
    starts_at, ends_at = form.span(now)
    return actions.create_silence(
        matchers=form.cleaned_data["matchers"],
        starts_at=starts_at,
        ends_at=ends_at,
        comment=form.cleaned_data["comment"],
        by_name=viewer.name,
        now=now,
        actor=viewer.actor,
    )


def _suggested(request: HttpRequest) -> str:
    """Matchers for the labels of the alert somebody came from."""
    if many := request.GET.get("alerts", ""):
        ids = [int(one) for one in many.split(",") if one.isdecimal() and len(one) < _DIGITS]
        common = queries.common_labels(ids)
        return written(Matcher(n, Operator.EQUAL, v) for n, v in common.items() if v)
    number = request.GET.get("alert", "")
    if not number.isdecimal():
        return ""
    row = queries.alert(int(number)).row
    labels = row.labels or {"service": row.service_slug}
    return written(Matcher(n, Operator.EQUAL, v) for n, v in sorted(labels.items()) if v)


@requires(Permission.RESPOND)
@require_POST
def silence_preview(request: HttpRequest) -> HttpResponse:
    """What the matchers match now, as a part of the form."""
    form = forms.SilenceForm(request.POST)
    matchers = form.quiet_matchers()
    is_empty = not request.POST.get("matchers", "").strip()
    context = {
        "preview": queries.preview(matchers) if matchers else None,
        "problems": () if matchers or is_empty else form.errors.get("matchers", ()),
    }
    return render(request, "alerting/silence_preview.html", context)


@requires(Permission.RESPOND)
@require_POST
def end_silence(request: HttpRequest, silence_id: int) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    queries.check_quiet(viewer, matchers=queries.silence(silence_id, now=now).matchers)
    actions.end_silence(silence_id=silence_id, now=now, actor=viewer.actor)
    messages.success(request, "The silence is over. What it held is decided again now.")
    return redirect("alerting:alerts" if "undo" in request.POST else "alerting:silences")


@requires(Permission.VIEW)
@require_GET
def maintenance_list(request: HttpRequest) -> HttpResponse:
    now, expired = utc_now(), request.GET.get("expired") == "1"
    page = queries.maintenance_page(expired=expired, now=now, cursor=request.GET.get("cursor"))
    may_act = viewer_of(request).can_somewhere(Permission.RESPOND)
    context = {"page": page, "expired": expired, "may_act": may_act}
    return render(request, "alerting/maintenance.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def new_maintenance(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    services = {one.id: one.name for one in catalog_queries.services().values()}
    form = forms.MaintenanceForm(services, request.POST or None)
    is_sent = request.method == "POST"
    if is_sent and attempt(form, lambda: _announce(viewer, form.cleaned_data, now)) is not None:
        messages.success(request, "The maintenance is announced.")
        return redirect("alerting:maintenance")
    status = 422 if form.errors else 200
    return render(request, "alerting/maintenance_form.html", {"form": form}, status=status)


def _announce(viewer: Viewer, said: dict[str, Any], now: datetime) -> int:
    service_ids = {int(number) for number in said["service_ids"]}
    queries.check_quiet(viewer, matchers=said["matchers"], service_ids=service_ids)
    return actions.create_maintenance(
        name=said["name"],
        starts_at=said["starts_at"] or now,
        ends_at=said["ends_at"],
        service_ids=service_ids,
        environments=said["environments"],
        matchers=said["matchers"],
        by_name=viewer.name,
        now=now,
        actor=viewer.actor,
    )


@requires(Permission.RESPOND)
@require_POST
def end_maintenance(request: HttpRequest, maintenance_id: int) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    window = queries.maintenance(maintenance_id, now=now)
    queries.check_quiet(viewer, matchers=window.matchers, service_ids=window.service_ids)
    actions.end_maintenance(maintenance_id=maintenance_id, now=now, actor=viewer.actor)
    messages.success(request, "The maintenance is over. What it held is decided again now.")
    return redirect("alerting:maintenance")
