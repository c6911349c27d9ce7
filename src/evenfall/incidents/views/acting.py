"""What people do on the page of an incident: a plain POST each, back to the page after it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, errors
from evenfall.incidents.contexts import number_of, responder_of
from evenfall.incidents.logic.severity import Sev
from evenfall.platform.clock import utc_now


@requires(Permission.RESPOND)
@require_POST
def acknowledge(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    actions.acknowledge_incident(
        incident_id=incident_id, user_id=viewer.user_id, now=utc_now(), actor=viewer.actor
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def mobilise(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    actions.mobilise_incident(
        incident_id=incident_id, user_id=viewer.user_id, now=utc_now(), actor=viewer.actor
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def resolve(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    actions.resolve_incident(
        incident_id=incident_id,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
        not_actionable="not_actionable" in request.POST,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def reopen(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    actions.reopen_incident(
        incident_id=incident_id,
        why=request.POST.get("why", ""),
        page="page" in request.POST,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def merge(request: HttpRequest, incident_id: int) -> HttpResponse:
    into_id = number_of(request.POST.get("into_id", "").strip().removeprefix("#"))
    if into_id is None:
        raise errors.MergeTargetMissing(field="into_id")
    viewer = responder_of(request, incident_id, into_id)
    actions.merge_incidents(
        incident_id=incident_id, into_id=into_id, now=utc_now(), actor=viewer.actor
    )
    return _back(into_id)


@requires(Permission.RESPOND)
@require_POST
def set_severity(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    wanted = request.POST.get("severity", "")
    actions.set_severity(
        incident_id=incident_id,
        severity=Sev(wanted) if wanted in set(Sev) else None,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def set_privacy(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    actions.set_privacy(
        incident_id=incident_id,
        is_private="everybody" not in request.POST,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def add_insiders(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    people = [number_of(text) for text in request.POST.getlist("user_ids")]
    actions.add_insiders(
        incident_id=incident_id,
        user_ids=[number for number in people if number is not None],
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def rename(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    actions.rename(
        incident_id=incident_id,
        title=request.POST.get("title", ""),
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def mark_not_actionable(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    actions.mark_not_actionable(
        incident_id=incident_id,
        not_actionable="withdraw" not in request.POST,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def page_more(request: HttpRequest, incident_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    people = [number_of(text) for text in request.POST.getlist("user_ids")]
    actions.page_more(
        incident_id=incident_id,
        user_ids=[number for number in people if number is not None],
        team_id=number_of(request.POST.get("team_id")),
        policy_id=number_of(request.POST.get("policy_id")),
        message=request.POST.get("message", ""),
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


def _back(incident_id: int, anchor: str = "") -> HttpResponse:
    answer = redirect("incidents:incident", incident_id)
    answer["Location"] += anchor
    return answer
