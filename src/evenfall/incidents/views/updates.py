"""Updates of an incident: what people were told, and the form that tells them more."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.actions import Said
from evenfall.incidents.contexts import decider, number_of, responder_of
from evenfall.incidents.forms import SendBackForm, UpdateForm
from evenfall.incidents.logic.cadence import LONGEST, Audience
from evenfall.incidents.queries import IncidentView, PromiseDesk
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt

_MOST_MINUTES = LONGEST // timedelta(minutes=1)


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def updates(request: HttpRequest, incident_id: int) -> HttpResponse:
    """GET, POST /incidents/17/updates/: "prepare" copies the draft to each text, to be changed."""
    view, now = queries.incident(incident_id), utc_now()
    desk = queries.promise_desk(view, now=now)
    form = UpdateForm(request.POST or None, desk=desk, is_live=view.is_live)
    if request.method == "POST":
        viewer = responder_of(request, incident_id)
        if "prepare" in request.POST:
            form = UpdateForm(initial=form.prepared(), desk=desk, is_live=view.is_live)
        elif said := attempt(
            form, lambda: _tell(incident_id, form, viewer.actor, viewer.user_id, now)
        ):
            messages.success(request, _outcome(said))
            return _back(incident_id)
    return _page(request, view, desk, form)


@requires(Permission.RESPOND)
@require_POST
def name_next(request: HttpRequest, incident_id: int, audience: str) -> HttpResponse:
    """POST /incidents/17/promises/public/: `due_in` minutes from now, not from the last update."""
    viewer, now = responder_of(request, incident_id), utc_now()
    if audience not in set(Audience):
        raise Http404
    minutes = min(number_of(request.POST.get("due_in")) or 0, _MOST_MINUTES)
    actions.name_next_update(
        incident_id=incident_id,
        audience=Audience(audience),
        due_at=now + timedelta(minutes=minutes),
        now=now,
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def long(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/long/: it takes long; with `withdrawn` it does not after all."""
    viewer, now = responder_of(request, incident_id), utc_now()
    act = actions.take_back_long if "withdrawn" in request.POST else actions.declare_long
    act(incident_id=incident_id, now=now, actor=viewer.actor)
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def approve(request: HttpRequest, incident_id: int, proposed_id: int) -> HttpResponse:
    """POST /incidents/17/proposed/3/approve/: the public reads it now."""
    viewer = responder_of(request, incident_id)
    actions.approve_proposed(
        incident_id=incident_id, proposed_id=proposed_id, by=decider(viewer), now=utc_now()
    )
    messages.success(request, "The public is told.")
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def send_back(request: HttpRequest, incident_id: int, proposed_id: int) -> HttpResponse:
    """POST /incidents/17/proposed/3/send-back/: its author reads why, the public nothing."""
    viewer = responder_of(request, incident_id)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say what should be better, in up to 500 characters.")
        return redirect("incidents:updates", incident_id)
    actions.send_back_proposed(
        incident_id=incident_id,
        proposed_id=proposed_id,
        reason=form.cleaned_data["reason"],
        by=decider(viewer),
        now=utc_now(),
    )
    messages.success(request, "Sent back. The public was told nothing.")
    return _back(incident_id)


def _outcome(said: Said) -> str:
    if said.proposed_id is None:
        return "They are told."
    others = "" if said.update_id is None else " The others are told."
    return f"The text for the public waits for somebody to approve it.{others}"


def _tell(incident_id: int, form: UpdateForm, actor: str, user_id: int, now: datetime) -> Said:
    return actions.say_update(
        incident_id=incident_id,
        draft=form.cleaned_data["draft"],
        wordings=form.wordings(now=now),
        user_id=user_id,
        now=now,
        actor=actor,
    )


def _page(
    request: HttpRequest, view: IncidentView, desk: PromiseDesk, form: UpdateForm
) -> HttpResponse:
    viewer = viewer_of(request)
    may = viewer.can(Permission.RESPOND, team_id=view.team_id)
    known = queries.proposed_of(view.id)
    waits = next((one for one in known if one.waits), None)
    context = {
        "incident": view,
        "desk": desk,
        "form": form,
        "updates": queries.updates(view.id),
        "proposed": waits,
        "may_decide": may and waits is not None and waits.may_be_decided_by(viewer),
        "decided": [one for one in known if not one.waits],
        "hearing": queries.hearing_of(view),
        "may_respond": may and view.merged_into_id is None,
    }
    return render(request, "incidents/updates.html", context, status=422 if form.errors else 200)


def _back(incident_id: int) -> HttpResponse:
    answer = redirect("incidents:incident", incident_id)
    answer["Location"] += "#updates"
    return answer
