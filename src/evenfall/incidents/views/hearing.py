"""Who is called and who hears what, by how bad an incident is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.forms import ApprovalForm, ListenerForm
from evenfall.incidents.logic.severity import Sev
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_safe
def hearing(request: HttpRequest) -> HttpResponse:
    """GET /hearing/: the table."""
    return _page(request, _form())


@requires(Permission.ADMINISTER)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """POST /hearing/add/"""
    form = _form(request.POST)
    if attempt(form, lambda: _add(form, viewer_of(request).actor)):
        messages.success(request, "Added. It counts from now on.")
        return redirect("incidents:hearing")
    return _page(request, form)


@requires(Permission.ADMINISTER)
@require_POST
def remove(request: HttpRequest, listener_id: int) -> HttpResponse:
    """POST /hearing/4/remove/"""
    actions.remove_listener(listener_id=listener_id, now=utc_now(), actor=viewer_of(request).actor)
    messages.success(request, "Removed.")
    return redirect("incidents:hearing")


def _form(sent: QueryDict | None = None) -> ListenerForm:
    people, teams = identity_queries.active_people(), identity_queries.teams()
    return ListenerForm(sent, people=people, teams=teams)


def _page(
    request: HttpRequest, form: ListenerForm, asked: ApprovalForm | None = None
) -> HttpResponse:
    approved = [sev.value for sev in queries.approval_severities()]
    context = {
        "approved": approved,
        "approval_form": asked or ApprovalForm(initial={"severities": approved}),
        "rows": queries.listeners(),
        "form": form,
        "may_administer": viewer_of(request).can(Permission.ADMINISTER),
    }
    return render(
        request, "incidents/hearing.html", context, status=422 if form.errors or asked else 200
    )


@requires(Permission.ADMINISTER)
@require_POST
def approval(request: HttpRequest) -> HttpResponse:
    """POST /hearing/approval/: whose public updates need a second person."""
    form, viewer = ApprovalForm(request.POST), viewer_of(request)
    if not form.is_valid():
        return _page(request, _form(), form)
    wanted = [Sev(word) for word in form.cleaned_data["severities"]]
    actions.set_approval(severities=wanted, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Saved. It counts from the next update on.")
    return redirect("incidents:hearing")


def _add(form: ListenerForm, actor: str) -> int:
    return actions.add_listener(wish=form.wish, now=utc_now(), actor=actor)
