"""How a page looks, for those who look after it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.statuspages import actions, errors, forms, queries
from evenfall.statuspages.contexts import manager_of


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/look/"""
    viewer, shown = manager_of(request, status_page_id)
    found = queries.look(status_page_id)
    initial = forms.LookForm.initial_of(found)
    form = forms.LookForm(request.POST or None, request.FILES or None, initial=initial)

    def save() -> bool:
        by: dict[str, Any] = {
            "status_page_id": status_page_id,
            "now": utc_now(),
            "actor": viewer.actor,
        }
        logo = _logo(request)
        actions.change_look(**by, wish=form.wish())
        if logo:
            actions.change_logo(**by, body=logo)
        return True

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "Readers see it now.")
        return redirect("statuspages:look_settings", status_page_id)
    context = {"form": form, "page": shown, "look": found}
    status = 422 if form.errors else 200
    return render(request, "statuspages/look.html", context, status=status)


@requires(Permission.MANAGE)
@require_POST
def remove_logo(request: HttpRequest, status_page_id: int) -> HttpResponse:
    viewer, _ = manager_of(request, status_page_id)
    actions.change_logo(status_page_id=status_page_id, body=b"", now=utc_now(), actor=viewer.actor)
    return redirect("statuspages:look_settings", status_page_id)


def _logo(request: HttpRequest) -> bytes:
    """The bytes sent, b"" for none. Their size is looked at before they are."""
    sent = request.FILES.get("logo")
    if sent is None:
        return b""
    if (sent.size or 0) > actions.LOGO_SIZE:
        raise errors.LookNotUsable(reason="a logo has at most 512 KB.", field="logo")
    body: bytes = sent.read()
    return body
