"""Pages of rollouts: which there are, how one stands, and leading it."""

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict
from evenfall.platform.forms import attempt
from evenfall.releases import queries as releases_queries
from evenfall.rollouts import actions, queries
from evenfall.rollouts.contexts import led_by, show_of, started_at, way_of
from evenfall.rollouts.forms import StartRolloutForm
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.ports import AlreadyThere
from evenfall.rollouts.queries import ShowRollouts

_SHOWS: Final = (
    (ShowRollouts.ALL, "All"),
    (ShowRollouts.LIVE, "Under way"),
    (ShowRollouts.FAILED, "Rolled back"),
)
_ACTS: Final[Mapping[str, Callable[..., int | None]]] = {
    "rollback": actions.roll_back,
    "promote": actions.promote,
    "hold": actions.hold,
    "resume": actions.go_on,
}


@requires(Permission.VIEW)
@require_safe
def rollout_list(request: HttpRequest) -> HttpResponse:
    """GET /rollouts/?show=live"""
    show = show_of(request.GET.dict())
    page = queries.rollouts_page(show, cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "rollouts": page.items,
        "show": show,
        "shows": _SHOWS,
        "may_manage": viewer_of(request).can_somewhere(Permission.MANAGE),
    }
    return render(request, "rollouts/rollouts.html", context)


@requires(Permission.VIEW)
@require_safe
def one_rollout(request: HttpRequest, rollout_id: int) -> HttpResponse:
    """GET /rollouts/5/: how it stands, live."""
    viewer, found, now = viewer_of(request), queries.rollout(rollout_id), utc_now()
    deploys = queries.deploys(rollout_id)
    context = {
        "rollout": found,
        "brought": found.passage_id and releases_queries.passage(found.passage_id),
        "story": queries.story(found),
        "chart": queries.failures_chart(found, now=now),
        "deploys": deploys,
        "show_deploys": deploys and found.target.deploy_kind != AlreadyThere.name,
        "usual_s": queries.usual_deploy_s(found.target.id),
        "way": way_of(found, now=now),
        "may_lead": viewer.can(Permission.RESPOND, team_id=found.target.service.team_id),
    }
    return render(request, "rollouts/rollout.html", context)


@requires(Permission.RESPOND)
@require_POST
def lead(request: HttpRequest, rollout_id: int) -> HttpResponse:
    """POST /rollouts/5/lead/ with `do`: rollback, promote, hold or resume."""
    viewer, _ = led_by(request, rollout_id)
    act = _ACTS.get(request.POST.get("do", ""))
    try:
        if act is not None:
            reason = request.POST.get("reason", "")
            led = act(rollout_id=rollout_id, reason=reason, now=utc_now(), actor=viewer.actor)
            return redirect("rollouts:rollout", led or rollout_id)
    except Conflict as error:
        messages.error(request, error.message)
    return redirect("rollouts:rollout", rollout_id)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, target_id: int) -> HttpResponse:
    """GET, POST /rollouts/places/3/start/?version=2.4.1"""
    viewer, target = started_at(request, target_id)
    live = queries.live_of_target(target_id)
    is_watching = live is not None and live.state is State.WATCHING
    initial = {"version": request.GET.get("version", "")}
    form = StartRolloutForm(request.POST or None, is_watching=is_watching, initial=initial)

    def begin() -> int:
        return actions.start_rollout(
            target_id=target_id,
            version=form.cleaned_data["version"],
            is_irreversible=form.cleaned_data["is_irreversible"],
            ends_watch=form.cleaned_data.get("ends_watch", False),
            now=utc_now(),
            actor=viewer.actor,
        )

    if request.method == "POST" and (number := attempt(form, begin)):
        return redirect("rollouts:rollout", number)
    context = {"form": form, "target": target, "live": live}
    return render(request, "rollouts/start.html", context, status=422 if form.errors else 200)
