"""Roles on the page of an incident: give, take, leave, hand over, and read what was handed over."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.contexts import number_of, responder_of
from evenfall.incidents.forms import HandOverForm
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.queries import Crew, IncidentView, RoleView
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.RESPOND)
@require_POST
def give(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/roles/: give a role to somebody; without `user_id` to oneself."""
    viewer = responder_of(request, incident_id)
    actions.give_role(
        incident_id=incident_id,
        role=_role_of(request.POST.get("role")),
        user_id=number_of(request.POST.get("user_id")) or viewer.user_id,
        next_steps=request.POST.get("next_steps", ""),
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_POST
def leave(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/roles/leave/: end a role; without `user_id` one's own."""
    viewer = responder_of(request, incident_id)
    actions.leave_role(
        incident_id=incident_id,
        role=_role_of(request.POST.get("role")),
        user_id=number_of(request.POST.get("user_id")) or viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, incident_id: int, crew_role: str) -> HttpResponse:
    """GET /incidents/17/roles/commander/: who follows, and what they should know."""
    viewer = responder_of(request, incident_id)
    wanted, now, view = _role_of(crew_role), utc_now(), queries.incident(incident_id)
    holder = _holder(queries.crew(view, now=now), wanted)
    if holder is None:
        return _back(incident_id)
    form = _hand_over_form(request, view, holder, now)
    if request.method == "POST":
        passed = attempt(form, lambda: _pass_on(incident_id, holder, form, viewer.actor, now))
        if passed is not None:
            return _back(incident_id)
    context = {
        "form": form,
        "incident": view,
        "holder": holder,
        "board": queries.task_board(incident_id, now=now),
    }
    status = 422 if form.errors else 200
    return render(request, "incidents/hand_over.html", context, status=status)


@requires(Permission.VIEW)
@require_safe
def handover(request: HttpRequest, incident_id: int, handover_id: int) -> HttpResponse:
    """GET /incidents/17/handovers/3/: the card, as it was when the role passed on."""
    context = {
        "incident": queries.incident(incident_id),
        "card": queries.handover_card(incident_id, handover_id),
        "viewer_id": viewer_of(request).user_id,
    }
    return render(request, "incidents/handover.html", context)


@requires(Permission.RESPOND)
@require_POST
def read(request: HttpRequest, incident_id: int, handover_id: int) -> HttpResponse:
    """POST /incidents/17/handovers/3/read/."""
    viewer = responder_of(request, incident_id)
    actions.read_handover(
        incident_id=incident_id,
        handover_id=handover_id,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id)


def _hand_over_form(
    request: HttpRequest, view: IncidentView, holder: RoleView, now: datetime
) -> HandOverForm:
    """Only command finds its next holder by itself, where there is one."""
    people = [one for one in identity_queries.active_people() if one.id != holder.person.id]
    follows = None
    if holder.role is CrewRole.COMMANDER:
        follows = queries.next_commander(
            view.id, team_id=view.team_id, leaving_id=holder.person.id, now=now
        )
    names = {one.id: one.name for one in people}
    default = f"{names.get(follows.user_id, '…')}, {follows.why.value}" if follows else ""
    return HandOverForm(request.POST or None, people=people, default=default)


def _pass_on(
    incident_id: int, holder: RoleView, form: HandOverForm, actor: str, now: datetime
) -> bool:
    actions.leave_role(
        incident_id=incident_id,
        role=holder.role,
        user_id=holder.person.id,
        **form.cleaned_data,
        now=now,
        actor=actor,
    )
    return True


def _holder(crew: Crew, role: CrewRole) -> RoleView | None:
    return next((one for one in crew.held if one.role is role), None)


def _role_of(text: str | None) -> CrewRole:
    if text not in {role.value for role in CrewRole}:
        raise errors.RoleUnknown(field="role")
    return CrewRole(text)


def _back(incident_id: int) -> HttpResponse:
    answer = redirect("incidents:incident", incident_id)
    answer["Location"] += "#crew"
    return answer
