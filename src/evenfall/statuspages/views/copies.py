"""Copies of a page elsewhere: where they are, whether they are in step, and their settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.statuspages import actions, forms, ports, queries
from evenfall.statuspages.contexts import manager_of


@requires(Permission.MANAGE)
@require_GET
def copies(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET /status-pages/3/copies/"""
    _, shown = manager_of(request, status_page_id)
    context = {
        "page": shown,
        "copies": queries.copies(status_page_id),
        "places": ports.places(),
    }
    return render(request, "statuspages/copies.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_copy(request: HttpRequest, status_page_id: int, kind: str) -> HttpResponse:
    """GET, POST /status-pages/3/copies/new/s3/"""
    viewer, shown = manager_of(request, status_page_id)
    form = forms.CopyForm(ports.place(kind), request.POST or None)

    def save() -> int:
        return actions.add_copy(
            status_page_id=status_page_id, wish=form.wish(), now=utc_now(), actor=viewer.actor
        )

    if request.method == "POST" and attempt(form, save) is not None:
        messages.success(request, "Saved. The copy is made now.")
        return redirect("statuspages:copies", status_page_id)
    return _form(request, form, page=shown, copy=None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, status_page_id: int, copy_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/copies/5/: change it, or remove it."""
    viewer, shown = manager_of(request, status_page_id)
    found = queries.copy(status_page_id, copy_id)
    place, initial = ports.place(found.kind), forms.CopyForm.initial_of(found)
    form = forms.CopyForm(place, request.POST or None, initial=initial, known=True)

    def save() -> HttpResponse:
        actions.change_copy(
            status_page_id=status_page_id,
            copy_id=copy_id,
            wish=form.wish(),
            now=utc_now(),
            actor=viewer.actor,
        )
        return redirect("statuspages:copies", status_page_id)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    return _form(request, form, page=shown, copy=found)


@requires(Permission.MANAGE)
@require_POST
def store_copy(request: HttpRequest, status_page_id: int, copy_id: int) -> HttpResponse:
    """POST /status-pages/3/copies/5/store/: all of it, now."""
    manager_of(request, status_page_id)
    actions.store_now(status_page_id=status_page_id, copy_id=copy_id, now=utc_now())
    messages.success(request, "It is published again. Reload in a moment.")
    return redirect("statuspages:copies", status_page_id)


@requires(Permission.MANAGE)
@require_POST
def remove_copy(request: HttpRequest, status_page_id: int, copy_id: int) -> HttpResponse:
    viewer, _ = manager_of(request, status_page_id)
    actions.remove_copy(
        status_page_id=status_page_id, copy_id=copy_id, now=utc_now(), actor=viewer.actor
    )
    messages.success(request, "It is kept in step no more. What is stored there stays.")
    return redirect("statuspages:copies", status_page_id)


def _form(
    request: HttpRequest,
    form: forms.CopyForm,
    *,
    page: queries.PageView,
    copy: queries.CopyView | None,
) -> HttpResponse:
    context = {"form": form, "page": page, "copy": copy}
    status = 422 if form.errors else 200
    return render(request, "statuspages/copy_form.html", context, status=status)
