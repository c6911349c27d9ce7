"""Automatic repairs: what was started for alerts, and the limits all of them keep to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenfall.alerting import actions, forms, queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
def repairs(request: HttpRequest) -> HttpResponse:
    limits, viewer = queries.repair_limits(), viewer_of(request)
    first = {"is_on": limits.is_on, "most_at_once": limits.most_at_once}
    form = forms.RepairLimitsForm(request.POST or None, initial=first)
    if request.method == "POST":
        viewer.check(Permission.MANAGE)
        if attempt(form, lambda: _save(request, form)):
            messages.success(request, "The limits are changed.")
            return redirect("alerting:repairs")
    context = {
        "page": queries.repairs_page(cursor=request.GET.get("cursor")),
        "limits": limits,
        "form": form,
        "may_manage": viewer.can(Permission.MANAGE),
    }
    return render(request, "alerting/repairs.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: forms.RepairLimitsForm) -> bool:
    data, actor = form.cleaned_data, viewer_of(request).actor
    actions.set_repair_limits(
        is_on=data["is_on"], most_at_once=data["most_at_once"], now=utc_now(), actor=actor
    )
    return True
