"""Alerts that wait for the problem of a service that theirs needs: what waits, by which rules."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evenfall.alerting import actions, forms, queries
from evenfall.alerting.actions import Dependence
from evenfall.alerting.queries import DependenceView
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_safe
def dependence(request: HttpRequest) -> HttpResponse:
    return _page(request, queries.dependence())


@requires(Permission.ADMINISTER)
@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """POST /dependence/settings/"""
    form = forms.DependenceForm(request.POST)
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, "The settings are changed.")
        return redirect("alerting:dependence")
    return _page(request, queries.dependence(), form=form)


def _save(request: HttpRequest, form: forms.DependenceForm) -> bool:
    data, viewer = form.cleaned_data, viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    wanted = Dependence(
        is_on=data["is_on"],
        most_steps=data["most_steps"],
        window=timedelta(minutes=data["window_minutes"]),
    )
    actions.set_dependence(wanted=wanted, now=utc_now(), actor=viewer.actor)
    return True


@requires(Permission.MANAGE)
@require_POST
def holding(request: HttpRequest) -> HttpResponse:
    """POST /dependence/services/"""
    viewer, shown = viewer_of(request), queries.dependence()
    form = forms.HoldingForm(_own(viewer, shown), request.POST)
    if attempt(form, lambda: _hold(viewer, form)):
        messages.success(request, "Changed from the next alert on.")
        return redirect("alerting:dependence")
    return _page(request, shown, holding_form=form)


def _hold(viewer: Viewer, form: forms.HoldingForm) -> bool:
    service_id = form.cleaned_data["service_id"]
    viewer.check(Permission.MANAGE, team_id=catalog_queries.service(service_id).team_id)
    actions.set_holding(
        service_id=service_id,
        holding=form.cleaned_data["holding"],
        now=utc_now(),
        actor=viewer.actor,
    )
    return True


def _own(viewer: Viewer, shown: DependenceView) -> dict[int, str]:
    return {
        one.service_id: one.service
        for one in shown.services
        if viewer.can(Permission.MANAGE, team_id=one.team_id)
    }


def _page(
    request: HttpRequest,
    shown: DependenceView,
    *,
    form: forms.DependenceForm | None = None,
    holding_form: forms.HoldingForm | None = None,
) -> HttpResponse:
    viewer = viewer_of(request)
    names = ("is_on", "most_steps", "window_minutes")
    first = {name: getattr(shown, name) for name in names}
    own = _own(viewer, shown)
    context = {
        "shown": shown,
        "waiting": queries.waiting(),
        "form": form or forms.DependenceForm(initial=first),
        "holding_form": holding_form or (forms.HoldingForm(own) if own else None),
        "may_administer": viewer.can(Permission.ADMINISTER),
    }
    status = 422 if form or holding_form else 200
    return render(request, "alerting/dependence.html", context, status=status)


@requires(Permission.RESPOND)
@require_POST
def split_off(request: HttpRequest, alert_id: int) -> HttpResponse:
    """POST /alerts/17/split/"""
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.alert(alert_id).row.team_id)
    actions.split_off(alert_id=alert_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "It is a problem of its own now, and calls its people.")
    return redirect("alerting:alert", alert_id)
