"""Automatic repairs: what was started for alerts, and the limits all of them keep to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evenfall.alerting import actions, forms, queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_safe
def repairs(request: HttpRequest) -> HttpResponse:
    limits = queries.repair_limits()
    first = {"is_on": limits.is_on, "most_at_once": limits.most_at_once}
    return _page(request, forms.RepairLimitsForm(initial=first))


@requires(Permission.ADMINISTER)
@require_POST
def limits(request: HttpRequest) -> HttpResponse:
    """POST /repairs/limits/"""
    form = forms.RepairLimitsForm(request.POST)
    if attempt(form, lambda: _save(request, form)):
        messages.success(request, "The limits are changed.")
        return redirect("alerting:repairs")
    return _page(request, form)


def _page(request: HttpRequest, form: forms.RepairLimitsForm) -> HttpResponse:
    context = {
        "page": queries.repairs_page(cursor=request.GET.get("cursor")),
        "limits": queries.repair_limits(),
        "form": form,
        "may_administer": viewer_of(request).can(Permission.ADMINISTER),
    }
    return render(request, "alerting/repairs.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: forms.RepairLimitsForm) -> bool:
    data, actor = form.cleaned_data, viewer_of(request).actor
    actions.set_repair_limits(
        is_on=data["is_on"], most_at_once=data["most_at_once"], now=utc_now(), actor=actor
    )
    return True
