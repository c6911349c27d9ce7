"""What should be and what is: given, and accepted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission, Viewer
from evenfall.monitors import actions
from evenfall.monitors.contexts import managed
from evenfall.monitors.forms import AcceptForm, StateForm
from evenfall.monitors.forms.states import ACCEPT_IDS
from evenfall.monitors.queries import MonitorView
from evenfall.monitors.views.reading import monitor_page
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.MANAGE)
@require_POST
def give_state(request: HttpRequest, monitor_id: int) -> HttpResponse:
    """POST /monitors/7/state/ with a declared state, or a live one."""
    viewer, found = managed(request, monitor_id)
    form = StateForm(request.POST)
    if attempt(form, lambda: _given(viewer, form, found)):
        messages.success(request, "Taken. What differs is shown below.")
        return redirect("monitors:monitor", found.id)
    return monitor_page(request, found, status=422, state_form=form)


@requires(Permission.MANAGE)
@require_POST
def accept(request: HttpRequest, monitor_id: int) -> HttpResponse:
    """POST /monitors/7/accept/ with a reason."""
    viewer, found = managed(request, monitor_id)
    form = AcceptForm(request.POST, auto_id=ACCEPT_IDS)
    if attempt(form, lambda: _accepted(viewer, form, found)):
        messages.success(request, "What is live is what should be now.")
        return redirect("monitors:monitor", found.id)
    return monitor_page(request, found, status=422, accept_form=form)


def _given(viewer: Viewer, form: StateForm, found: MonitorView) -> bool:
    said, now = form.cleaned_data, utc_now()
    if said["which"] == "live":
        actions.report_live(monitor_id=found.id, text=said["text"], now=now, actor=viewer.actor)
    else:
        actions.declare_state(
            monitor_id=found.id,
            text=said["text"],
            reason=said["reason"],
            now=now,
            actor=viewer.actor,
        )
    return True


def _accepted(viewer: Viewer, form: AcceptForm, found: MonitorView) -> bool:
    actions.accept_live(
        monitor_id=found.id,
        reason=form.cleaned_data["reason"],
        now=utc_now(),
        actor=viewer.actor,
    )
    return True
