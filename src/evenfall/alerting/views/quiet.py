"""Silences and maintenance windows."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.alerting import actions, forms, queries
from evenfall.alerting.logic.matchers import Matcher, Operator, written
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


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
    if request.method == "POST" and not wants_preview:
        made = attempt(
            form,
            lambda: actions.create_silence(
                matchers=form.cleaned_data["matchers"],
                starts_at=form.span(now)[0],
                ends_at=form.span(now)[1],
                comment=form.cleaned_data["comment"],
                by_name=viewer.name,
                now=now,
                actor=viewer.actor,
            ),
        )
        if made:
            messages.success(request, "The silence is set.")
            return redirect("alerting:silences")
    matchers = form.quiet_matchers() if wants_preview else None
    context = {"form": form, "preview": queries.preview(matchers) if matchers else None}
    status = 422 if form.errors else 200
    return render(request, "alerting/silence_form.html", context, status=status)


def _suggested(request: HttpRequest) -> str:
    """Matchers for the labels of the alert somebody came from."""
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
    actions.end_silence(silence_id=silence_id, now=utc_now(), actor=viewer_of(request).actor)
    messages.success(request, "The silence is over. What it held is decided again now.")
    return redirect("alerting:silences")


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
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.create_maintenance(
                name=form.cleaned_data["name"],
                starts_at=form.cleaned_data["starts_at"] or now,
                ends_at=form.cleaned_data["ends_at"],
                service_ids=[int(number) for number in form.cleaned_data["service_ids"]],
                environments=form.cleaned_data["environments"],
                matchers=form.cleaned_data["matchers"],
                by_name=viewer.name,
                now=now,
                actor=viewer.actor,
            ),
        )
        if made:
            messages.success(request, "The maintenance is announced.")
            return redirect("alerting:maintenance")
    status = 422 if form.errors else 200
    return render(request, "alerting/maintenance_form.html", {"form": form}, status=status)


@requires(Permission.RESPOND)
@require_POST
def end_maintenance(request: HttpRequest, maintenance_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    actions.end_maintenance(maintenance_id=maintenance_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The maintenance is over. What it held is decided again now.")
    return redirect("alerting:maintenance")
