"""The planner of a rota: what it proposes, making it real, taking it back."""

from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import actions, queries
from evenfall.platform.clock import utc_now

USUAL_WEEKS = 8
CHOICES = (2, 4, 8, 12)


@requires(Permission.RESPOND)
@require_GET
def planner(request: HttpRequest, rota_id: int) -> HttpResponse:
    """The proposal as a difference to the plan; nothing is saved."""
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.RESPOND, team_id=shown.team_id)
    asked = _asked(request.GET)
    found = queries.plan_proposal(rota_id, **asked, now=utc_now())
    context = {
        "rota": shown,
        "found": found,
        "choices": CHOICES,
        "asked": asked,
        "applied": [one for one in queries.applied_proposals(rota_id) if one.undone_at is None],
        "may_manage": viewer.can(Permission.MANAGE, team_id=shown.team_id),
    }
    return render(request, "oncall/planner.html", context)


@requires(Permission.MANAGE)
@require_POST
def apply_proposal(request: HttpRequest, rota_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.MANAGE, team_id=shown.team_id)
    asked = _asked(request.POST)
    actions.apply_proposal(
        rota_id=rota_id,
        **asked,
        fingerprint=request.POST.get("fingerprint", ""),
        now=utc_now(),
        actor=viewer.actor,
    )
    messages.success(request, "The proposal is the plan now. You can take it back below.")
    return redirect(f"{reverse('oncall:planner', args=[rota_id])}?weeks={asked['weeks']}")


@requires(Permission.MANAGE)
@require_POST
def undo_proposal(request: HttpRequest, rota_id: int, proposal_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.MANAGE, team_id=shown.team_id)
    actions.undo_proposal(
        rota_id=rota_id, proposal_id=proposal_id, now=utc_now(), actor=viewer.actor
    )
    messages.success(request, "Taken back. Shifts that are over stay as they were.")
    return redirect("oncall:planner", rota_id)


class _Asked(TypedDict):
    """What the address or the form asks for."""

    weeks: int
    with_order: bool
    with_lieutenants: bool


def _asked(given: QueryDict) -> _Asked:
    return _Asked(
        weeks=_weeks(given.get("weeks")),
        with_order=given.get("order") != "no",
        with_lieutenants=given.get("lieutenants") != "no",
    )


def _weeks(asked: str | None) -> int:
    """What was asked for; the query refuses a wrong number."""
    return int(asked) if asked and asked.isdecimal() and len(asked) <= 2 else USUAL_WEEKS  # noqa: PLR2004 - digits
