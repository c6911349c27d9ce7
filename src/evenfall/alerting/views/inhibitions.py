"""Inhibition rules: the list, the editor, and what a rule would hold now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.alerting import actions, forms, queries
from evenfall.alerting.queries import InhibitionPreview, InhibitionView
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_safe
def inhibition_list(request: HttpRequest) -> HttpResponse:
    """GET /inhibitions/"""
    context = {
        "rules": queries.inhibitions(),
        "may_manage": viewer_of(request).can(Permission.MANAGE),
    }
    return render(request, "alerting/inhibitions.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_inhibition(request: HttpRequest) -> HttpResponse:
    """GET, POST /inhibitions/new/"""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    form = forms.InhibitionForm(request.POST or None)

    def save() -> int:
        return actions.create_inhibition(draft=form.draft(), now=utc_now(), actor=viewer.actor)

    made = attempt(form, save) if request.method == "POST" else None
    if made:
        messages.success(request, "The rule is in force. It holds what is open as well.")
        return redirect("alerting:inhibitions")
    return _page(request, form, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_inhibition(request: HttpRequest, inhibition_id: int) -> HttpResponse:
    """GET, POST /inhibitions/3/"""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    rule = queries.inhibition(inhibition_id)
    initial = forms.InhibitionForm.initial_of(rule)
    form = forms.InhibitionForm(request.POST or None, initial=initial)

    def save() -> bool:
        actions.change_inhibition(
            inhibition_id=rule.id, draft=form.draft(), now=utc_now(), actor=viewer.actor
        )
        return True

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "The rule is changed. What it held is decided again.")
        return redirect("alerting:inhibitions")
    return _page(request, form, rule)


@requires(Permission.MANAGE)
@require_POST
def delete_inhibition(request: HttpRequest, inhibition_id: int) -> HttpResponse:
    """POST /inhibitions/3/delete/"""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    actions.delete_inhibition(inhibition_id=inhibition_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "The rule is deleted. What it held is decided again.")
    return redirect("alerting:inhibitions")


@requires(Permission.MANAGE)
@require_POST
def inhibition_preview(request: HttpRequest) -> HttpResponse:
    """POST /inhibitions/preview/: what the rule would hold now, as a part of the form."""
    form = forms.InhibitionForm(request.POST)
    form.full_clean()
    return render(request, "alerting/inhibition_preview.html", {"preview": _preview(form)})


def _preview(form: forms.InhibitionForm) -> InhibitionPreview | None:
    said = getattr(form, "cleaned_data", {})
    if not (said.get("source") and said.get("target")):
        return None
    return queries.preview_inhibition(said["source"], said["target"], form.names())


def _page(
    request: HttpRequest, form: forms.InhibitionForm, rule: InhibitionView | None
) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "rule": rule}
    return render(request, "alerting/inhibition_form.html", context, status=status)
