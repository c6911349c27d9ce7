"""Maintenance that comes back."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.alerting import actions, forms, queries
from evenfall.alerting.actions import RecurringDraft
from evenfall.alerting.queries import RecurringView
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_GET
def recurring_list(request: HttpRequest) -> HttpResponse:
    page = queries.recurring_page(now=utc_now(), cursor=request.GET.get("cursor"))
    may_act = viewer_of(request).can_somewhere(Permission.RESPOND)
    return render(request, "alerting/recurring.html", {"page": page, "may_act": may_act})


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def new_recurring(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    services = {one.id: one.name for one in catalog_queries.services().values()}
    zone = identity_queries.site().time_zone
    form = forms.RecurringForm(services, request.POST or None, initial={"zone": zone})
    if request.method == "POST" and attempt(form, lambda: _create(viewer, form, now)) is not None:
        messages.success(request, "It is announced, and comes back by itself.")
        return redirect("alerting:recurring")
    status = 422 if form.errors else 200
    return render(request, "alerting/recurring_form.html", {"form": form}, status=status)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def edit_recurring(request: HttpRequest, recurring_id: int) -> HttpResponse:
    """GET, POST /maintenance/recurring/7/: change it from its next time on."""
    viewer, now = viewer_of(request), utc_now()
    known = queries.recurring_maintenance(recurring_id, now=now)
    queries.check_quiet(viewer, matchers=known.matchers, service_ids=known.service_ids)
    services = {one.id: one.name for one in catalog_queries.services().values()}
    initial = forms.recurring_initial(known)
    form = forms.RecurringForm(services, request.POST or None, initial=initial)
    saved = request.method == "POST" and attempt(form, lambda: _change(viewer, form, known, now))
    if saved:
        messages.success(request, "Changed from its next time on. What is going on goes on.")
        return redirect("alerting:recurring")
    context = {"form": form, "known": known}
    status = 422 if form.errors else 200
    return render(request, "alerting/recurring_form.html", context, status=status)


def _create(viewer: Viewer, form: forms.RecurringForm, now: datetime) -> int:
    draft = _draft(viewer, form)
    return actions.create_recurring(draft=draft, by_name=viewer.name, now=now, actor=viewer.actor)


def _change(viewer: Viewer, form: forms.RecurringForm, known: RecurringView, now: datetime) -> bool:
    actions.change_recurring(
        recurring_id=known.id,
        draft=_draft(viewer, form),
        now=now,
        actor=viewer.actor,
        version=form.cleaned_data["version"],
    )
    return True


def _draft(viewer: Viewer, form: forms.RecurringForm) -> RecurringDraft:
    """Raises ReachesOtherTeams."""
    data = form.cleaned_data
    service_ids = {int(number) for number in data["service_ids"]}
    queries.check_quiet(viewer, matchers=data["matchers"], service_ids=service_ids)
    return RecurringDraft(
        name=data["name"],
        rule=form.rule(),
        begins_on=data["begins_on"],
        begins_at=data["begins_at"],
        length=timedelta(minutes=data["length_minutes"]),
        zone=data["zone"],
        exceptions=data["exceptions"],
        last_on=data["last_on"],
        service_ids=service_ids,
        environments=data["environments"],
        matchers=data["matchers"],
    )


@requires(Permission.RESPOND)
@require_POST
def end_recurring(request: HttpRequest, recurring_id: int) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    known = queries.recurring_maintenance(recurring_id, now=now)
    queries.check_quiet(viewer, matchers=known.matchers, service_ids=known.service_ids)
    actions.end_recurring(recurring_id=recurring_id, now=now, actor=viewer.actor)
    messages.success(request, "It does not come back. What is going on goes on.")
    return redirect("alerting:recurring")
