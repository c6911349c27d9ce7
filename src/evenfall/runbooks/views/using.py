"""How it went, and what is missing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Invalid
from evenfall.platform.forms import attempt
from evenfall.runbooks import actions, queries
from evenfall.runbooks.contexts import settler_of
from evenfall.runbooks.forms import MissingForm
from evenfall.runbooks.ports import Outcome


@requires(Permission.RESPOND)
@require_POST
def use(request: HttpRequest, runbook: str) -> HttpResponse:
    """POST /runbooks/disk-full/use/: it helped, or it is wrong. Any responder may say so."""
    viewer, found = viewer_of(request), queries.runbook_by_slug(runbook, now=utc_now())
    is_wrong = request.POST.get("outcome") == Outcome.WRONG
    try:
        actions.record_use(
            runbook_id=found.id,
            outcome=Outcome.WRONG if is_wrong else Outcome.HELPED,
            text=request.POST.get("text", ""),
            now=utc_now(),
            actor=viewer.actor,
        )
    except Invalid as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Thank you. Its owner hears of it." if is_wrong else "Noted.")
    return redirect("runbooks:runbook", found.slug)


@requires(Permission.VIEW)
@require_http_methods(["GET"])
def missing(request: HttpRequest) -> HttpResponse:
    """GET /runbooks/missing/: what people looked for in vain."""
    return _missing(request, _missing_form(request))


@requires(Permission.RESPOND)
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """POST /runbooks/missing/report/."""
    form = _missing_form(request)
    said = attempt(
        form,
        lambda: actions.report_missing(
            text=form.cleaned_data["text"],
            service_id=form.cleaned_data["service_id"],
            now=utc_now(),
            actor=viewer_of(request).actor,
        ),
    )
    if said is None:
        return _missing(request, form)
    messages.success(request, "Noted. It stands in the list until somebody writes it.")
    return redirect("runbooks:missing")


@requires(Permission.RESPOND)
@require_POST
def settle(request: HttpRequest, use_id: int) -> HttpResponse:
    """POST /runbooks/missing/5/settle/: nobody wants it any more."""
    viewer = settler_of(request, use_id)
    actions.settle_missing(use_id=use_id, now=utc_now(), actor=viewer.actor)
    return redirect("runbooks:missing")


def _missing_form(request: HttpRequest) -> MissingForm:
    services = {one.id: one.name for one in catalog_queries.services().values()}
    return MissingForm(request.POST or None, services=services)


def _missing(request: HttpRequest, form: MissingForm) -> HttpResponse:
    context = {
        "missing": queries.missing(),
        "form": form,
        "may_write": viewer_of(request).can_somewhere(Permission.RESPOND),
    }
    return render(request, "runbooks/missing.html", context, status=422 if form.errors else 200)
