"""Prepared posts: a person reads them, and makes of them what they want."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform import markdown
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.statuspages import actions, forms, queries
from evenfall.statuspages.contexts import teller_of
from evenfall.statuspages.queries import PreparedView


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
def prepared(request: HttpRequest, status_page_id: int, prepared_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/waiting/9/: read it, change it, post it."""
    viewer, shown, now = viewer_of(request), queries.page(status_page_id), utc_now()
    found = queries.prepared(status_page_id, prepared_id)
    initial = forms.PreparedForm.initial_of_prepared(found)
    parts = queries.parts(status_page_id, now=now)
    form = forms.PreparedForm(parts, request.POST or None, initial=initial)
    if request.method == "POST":
        viewer.check(Permission.RESPOND, team_id=shown.team_id)
        is_meant = "preview" not in request.POST
        if is_meant and (answer := attempt(form, lambda: _decide(request, found, form, now))):
            return answer
    is_preview = "preview" in request.POST and form.is_valid()
    context = {
        "form": form,
        "page": shown,
        "prepared": found,
        "preview": markdown.to_html(form.cleaned_data["text"]) if is_preview else "",
        "drop_form": forms.DropForm(),
        "may_tell": found.waits and viewer.can(Permission.RESPOND, team_id=shown.team_id),
    }
    status = 422 if form.errors else 200
    return render(request, "statuspages/prepared.html", context, status=status)


@requires(Permission.RESPOND)
@require_POST
def publish(request: HttpRequest, status_page_id: int, prepared_id: int) -> HttpResponse:
    """POST /status-pages/3/waiting/9/publish/: tell readers what is prepared, word by word."""
    viewer, _ = teller_of(request, status_page_id)
    now = utc_now()
    post_id = actions.publish_as_prepared(
        status_page_id=status_page_id,
        prepared_id=prepared_id,
        next_update_at=now + actions.FIRST_PROMISE,
        now=now,
        actor=viewer.actor,
    )
    messages.success(request, "Readers see it now.")
    return redirect("statuspages:post", status_page_id, post_id)


@requires(Permission.RESPOND)
@require_POST
def drop(request: HttpRequest, status_page_id: int, prepared_id: int) -> HttpResponse:
    """POST /status-pages/3/waiting/9/drop/: readers need not know."""
    viewer, _ = teller_of(request, status_page_id)
    form = forms.DropForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say why readers need not know, in up to 300 characters.")
        return redirect("statuspages:prepared", status_page_id, prepared_id)
    actions.drop_prepared(
        status_page_id=status_page_id,
        prepared_id=prepared_id,
        reason=form.cleaned_data["reason"],
        now=utc_now(),
        actor=viewer.actor,
    )
    messages.success(request, "Dropped. Readers were told nothing.")
    return redirect("statuspages:page", status_page_id)


def _decide(
    request: HttpRequest, found: PreparedView, form: forms.PreparedForm, now: datetime
) -> HttpResponse:
    """Keep the words for later, or tell readers."""
    viewer: Viewer = viewer_of(request)
    if "save" in request.POST:
        actions.change_prepared(
            status_page_id=found.page_id,
            prepared_id=found.id,
            **form.words,
            now=now,
            actor=viewer.actor,
        )
        messages.success(request, "Saved. No reader sees it yet.")
        return redirect("statuspages:prepared", found.page_id, found.id)
    post_id = actions.publish_prepared(
        status_page_id=found.page_id,
        prepared_id=found.id,
        title=form.cleaned_data["title"],
        first=form.update_wish(now=now),
        impact=form.said_impact,
        now=now,
        actor=viewer.actor,
    )
    messages.success(request, "Readers see it now.")
    return redirect("statuspages:post", found.page_id, post_id)
