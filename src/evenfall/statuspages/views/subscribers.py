"""Pages on which managers see who subscribed, and forget them."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.platform.tables import csv_text
from evenfall.statuspages import queries
from evenfall.statuspages.actions import subscribers as actions
from evenfall.statuspages.contexts import manager_of
from evenfall.statuspages.forms.subscribers import ImportForm, MailingForm
from evenfall.statuspages.logic.subscribing import State
from evenfall.statuspages.queries import PageView, subscribers
from evenfall.statuspages.queries.subscribers import SubscriberView

_COLUMNS: Final = ("kind", "address", "state", "about", "language", "created_at", "confirmed_at")


@requires(Permission.MANAGE)
@require_GET
@never_cache
def subscriber_list(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET /status-pages/3/subscribers/?q=example.org&state=off"""
    _, shown = manager_of(request, status_page_id)
    text, state = request.GET.get("q", "")[:200], request.GET.get("state", "")
    found = subscribers.subscribers_page(
        status_page_id, text=text, state=state, cursor=request.GET.get("cursor")
    )
    return _list(request, shown, found=found, query=text, state=state)


@requires(Permission.MANAGE)
@require_GET
@never_cache
def subscribers_csv(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET /status-pages/3/subscribers.csv: a copy of all addresses; the audit says who took it."""
    viewer, _ = manager_of(request, status_page_id)
    rows = [_cells(one) for one in subscribers.all_subscribers(status_page_id)]
    actions.note_export(
        status_page_id=status_page_id, count=len(rows), now=utc_now(), actor=viewer.actor
    )
    answer = HttpResponse(csv_text(_COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="subscribers.csv"'
    return answer


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def import_subscribers(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/subscribers/import/: each address is asked first."""
    viewer, shown = manager_of(request, status_page_id)
    form = ImportForm(request.POST or None)

    def save() -> HttpResponse:
        made = actions.import_addresses(
            status_page_id=status_page_id,
            addresses=form.addresses,
            language=queries.look(status_page_id).languages[0],
            now=utc_now(),
            actor=viewer.actor,
        )
        messages.success(
            request, f"Asked {made} new addresses. Who says yes within two days, is in."
        )
        return redirect("statuspages:subscribers", status_page_id)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    context = {"page": shown, "form": form, "form_title": "Import subscribers"}
    status = 422 if form.errors else 200
    return render(request, "statuspages/part_form.html", context, status=status)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def mailing(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/subscribers/settings/"""
    viewer, shown = manager_of(request, status_page_id)
    initial = MailingForm.initial_of(subscribers.mailing(status_page_id))
    form = MailingForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        actions.change_mailing(
            status_page_id=status_page_id,
            is_open=form.cleaned_data["is_open"],
            reminders=form.cleaned_data["reminders"],
            now=utc_now(),
            actor=viewer.actor,
        )
        return redirect("statuspages:subscribers", status_page_id)

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    context = {"page": shown, "form": form, "form_title": "How subscribers are treated"}
    status = 422 if form.errors else 200
    return render(request, "statuspages/part_form.html", context, status=status)


@requires(Permission.MANAGE)
@require_POST
def erase_subscriber(request: HttpRequest, status_page_id: int, subscriber_id: int) -> HttpResponse:
    """POST /status-pages/3/subscribers/9/erase/"""
    viewer, _ = manager_of(request, status_page_id)
    actions.erase_subscribers(
        status_page_id=status_page_id,
        subscriber_ids=[subscriber_id],
        now=utc_now(),
        actor=viewer.actor,
    )
    messages.success(request, "Erased. Nothing about it is kept.")
    return redirect("statuspages:subscribers", status_page_id)


@requires(Permission.MANAGE)
@require_POST
def switch_on_subscriber(
    request: HttpRequest, status_page_id: int, subscriber_id: int
) -> HttpResponse:
    """POST /status-pages/3/subscribers/9/on/"""
    viewer, _ = manager_of(request, status_page_id)
    actions.switch_on(
        status_page_id=status_page_id,
        subscriber_id=subscriber_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return redirect("statuspages:subscribers", status_page_id)


def _cells(one: SubscriberView) -> tuple[str, ...]:
    since = one.confirmed_at.isoformat() if one.confirmed_at else ""
    about = (one.kind.value, one.shown, one.state.value, one.scope, one.language.value)
    return (*about, one.created_at.isoformat(), since)


def _list(request: HttpRequest, shown: PageView, **context: Any) -> HttpResponse:  # noqa: ANN401 - values of a template
    about = {
        "page": shown,
        "states": list(State),
        "counts": subscribers.counts(shown.id),
        "mailing": subscribers.mailing(shown.id),
        "told": subscribers.last_told(shown.id),
        **context,
    }
    return render(request, "statuspages/subscribers.html", about)
