"""What people say about the suspects of an incident."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions
from evenfall.incidents.contexts import number_of, responder_of
from evenfall.platform.clock import utc_now


@requires(Permission.RESPOND)
@require_POST
def judge(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/suspects/: `change_id`; `verdict` confirmed, ruled_out, withdrawn."""
    viewer, now = responder_of(request, incident_id), utc_now()
    change_id = number_of(request.POST.get("change_id")) or 0
    verdict = request.POST.get("verdict", "")
    about = {"incident_id": incident_id, "change_id": change_id}
    if verdict in {"confirmed", "ruled_out"}:
        actions.judge_suspect(
            **about, is_confirmed=verdict == "confirmed", now=now, actor=viewer.actor
        )
    elif verdict == "withdrawn":
        actions.withdraw_verdict(**about, now=now, actor=viewer.actor)
    return redirect("incidents:incident", incident_id)
