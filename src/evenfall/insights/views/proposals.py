"""What would spare pages: the list, one with its evidence and effect, and what people decide."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.insights import actions, queries
from evenfall.insights.contexts import noise as contexts
from evenfall.insights.forms import DismissForm
from evenfall.insights.logic.proposals import REPLAYED, State
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid
from evenfall.platform.forms import attempt

_TABS = (State.OPEN, State.APPLIED, State.DISMISSED, State.UNDONE)
_USUAL_NO = timedelta(days=90)


@requires(Permission.VIEW)
@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """GET /insights/proposals/?show=applied"""
    show = request.GET.get("show", "")
    state = State(show) if show in list(State) else State.OPEN
    counts = queries.proposal_counts()
    context = {
        "proposals": [
            (view, contexts.KIND_WORDS[view.kind])
            for view in queries.proposals(state, now=utc_now())
        ],
        "state": state,
        "tabs": [(one, counts[one]) for one in _TABS],
        "may_look": viewer_of(request).can(Permission.MANAGE),
    }
    return render(request, "insights/proposals.html", context)


@requires(Permission.VIEW)
@require_safe
def proposal(request: HttpRequest, noise_id: int) -> HttpResponse:
    return _one(request, noise_id, _form(request))


@requires(Permission.MANAGE)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look for proposals now instead of in the night."""
    viewer_of(request).check(Permission.MANAGE)
    found = actions.find_proposals(now=utc_now())
    messages.success(request, f"Looked through the last four weeks: {found} open now.")
    return redirect("insights:proposals")


@requires(Permission.RESPOND)
@require_POST
def apply(request: HttpRequest, noise_id: int) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    queries.check_may_decide(viewer, queries.proposal(noise_id, now=now))
    try:
        actions.apply_proposal(
            proposal_id=noise_id,
            knows_risk="knows_risk" in request.POST,
            by_name=viewer.name,
            now=now,
            actor=viewer.actor,
        )
    except (Invalid, Conflict) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Done. Its effect is shown here from now on.")
    return redirect("insights:proposal", noise_id)


@requires(Permission.RESPOND)
@require_POST
def replay(request: HttpRequest, noise_id: int) -> HttpResponse:
    """POST /insights/proposals/3/replay/: what it would have done to all alerts."""
    viewer, now = viewer_of(request), utc_now()
    queries.check_may_decide(viewer, queries.proposal(noise_id, now=now))
    what_if_id = actions.replay_proposal(
        proposal_id=noise_id, now=now, actor=viewer.actor, by_name=viewer.name
    )
    return redirect("foresight:run", what_if_id)


@requires(Permission.RESPOND)
@require_POST
def undo(request: HttpRequest, noise_id: int) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    queries.check_may_decide(viewer, queries.proposal(noise_id, now=now))
    actions.undo_proposal(proposal_id=noise_id, now=now, actor=viewer.actor)
    messages.success(request, "Undone: all is as it was before.")
    return redirect("insights:proposal", noise_id)


@requires(Permission.RESPOND)
@require_POST
def dismiss(request: HttpRequest, noise_id: int) -> HttpResponse:
    viewer, now, form = viewer_of(request), utc_now(), DismissForm(request.POST)
    queries.check_may_decide(viewer, queries.proposal(noise_id, now=now))
    zone = ZoneInfo(viewer.time_zone)

    def act() -> bool:
        actions.dismiss_proposal(
            proposal_id=noise_id,
            reason=form.cleaned_data["reason"],
            until=form.until_at(zone),
            now=now,
            actor=viewer.actor,
        )
        return True

    if attempt(form, act):
        messages.success(request, "Dismissed until then.")
        return redirect("insights:proposals")
    return _one(request, noise_id, form)


@requires(Permission.RESPOND)
@require_POST
def reopen(request: HttpRequest, noise_id: int) -> HttpResponse:
    viewer, now = viewer_of(request), utc_now()
    queries.check_may_decide(viewer, queries.proposal(noise_id, now=now))
    actions.reopen_proposal(proposal_id=noise_id, now=now, actor=viewer.actor)
    messages.success(request, "It is open again.")
    return redirect("insights:proposal", noise_id)


def _form(request: HttpRequest) -> DismissForm:
    here = utc_now().astimezone(ZoneInfo(viewer_of(request).time_zone))
    return DismissForm(initial={"until": (here + _USUAL_NO).date()})


def _one(request: HttpRequest, noise_id: int, form: DismissForm) -> HttpResponse:
    view = queries.proposal(noise_id, now=utc_now())
    context = {
        "view": view,
        "words": contexts.KIND_WORDS[view.kind],
        "said": contexts.change_said(view),
        "chart": contexts.effect_chart(view, request),
        "form": form,
        "is_replayed": view.kind in REPLAYED,
        "pages_url": contexts.pages_url(view),
        "acted_url": contexts.pages_url(view, figure="acted"),
        "may_decide": queries.may_decide(viewer_of(request), view),
    }
    return render(request, "insights/proposal.html", context, status=422 if form.errors else 200)
