"""The planner of a rota: what it proposes, making it real, taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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
    found = queries.plan_proposal(rota_id, weeks=_weeks(request.GET.get("weeks")), now=utc_now())
    context = {
        "rota": shown,
        "found": found,
        "choices": CHOICES,
        "most": max([1.0, *(level.proposed for level in found.levels)]),
        "applied": [one for one in queries.applied_proposals(rota_id) if one.undone_at is None],
        "may_manage": viewer.can(Permission.MANAGE, team_id=shown.team_id),
    }
    return render(request, "oncall/planner.html", context)


@requires(Permission.MANAGE)
@require_POST
def apply_proposal(request: HttpRequest, rota_id: int) -> HttpResponse:
    viewer, shown = viewer_of(request), queries.rota(rota_id)
    viewer.check(Permission.MANAGE, team_id=shown.team_id)
    weeks = _weeks(request.POST.get("weeks"))
    actions.apply_proposal(
        rota_id=rota_id,
        weeks=weeks,
        fingerprint=request.POST.get("fingerprint", ""),
        now=utc_now(),
        actor=viewer.actor,
    )
    messages.success(request, "The proposal is the plan now. You can take it back below.")
    return redirect(f"{reverse('oncall:planner', args=[rota_id])}?weeks={weeks}")


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


def _weeks(asked: str | None) -> int:
    """What was asked for; the query refuses a wrong number."""
    return int(asked) if asked and asked.isdecimal() and len(asked) <= 2 else USUAL_WEEKS  # noqa: PLR2004 - digits
