"""The stop button, the calendar of windows and freezes, stages and standard changes."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid
from evenfall.platform.forms import attempt
from evenfall.releases import actions, queries
from evenfall.releases.contexts import freeze_fact, keeper_of_reach, reach_of
from evenfall.releases.forms import (
    FreezeForm,
    StandardForm,
    StopForm,
    WindowForm,
    hours_text,
    reach_text,
    window_initial,
)
from evenfall.releases.logic.week import ROW, week
from evenfall.releases.logic.windows import next_open

MANAGE = Permission.MANAGE


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    """GET, POST /releases/stop/: press the button; see what is stopped and was."""
    form = StopForm(request.POST or None)

    def press() -> int:
        viewer = keeper_of_reach(request, form.chosen())
        return actions.stop_everything(
            reach=form.chosen(),
            reason=form.cleaned_data["reason"],
            now=utc_now(),
            actor=viewer.actor,
        )

    if request.method == "POST" and attempt(form, press) is not None:
        return redirect("releases:stop")
    context = {
        "form": form,
        "stops": queries.stops_in_force(),
        "history": [one for one in queries.stop_history() if one.lifted_at],
        "may_press": viewer_of(request).can_somewhere(Permission.RESPOND),
    }
    return render(request, "releases/stop.html", context, status=422 if form.errors else 200)


@requires(Permission.RESPOND)
@require_POST
def lift_stop(request: HttpRequest, stop_id: int) -> HttpResponse:
    """POST /releases/stop/3/lift/ with `reason`."""
    viewer = keeper_of_reach(request, reach_of(queries.stop(stop_id).scope))
    _try(
        request,
        lambda: actions.lift_stop(
            stop_id=stop_id,
            reason=request.POST.get("reason", ""),
            now=utc_now(),
            actor=viewer.actor,
        ),
    )
    return redirect("releases:stop")


@requires(Permission.VIEW)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """GET /releases/calendar/: when deploys are open."""
    viewer, now = viewer_of(request), utc_now()
    windows, freezes = queries.windows(), queries.freezes(now=now)
    facts = [freeze_fact(one) for one in freezes if one.lifted_at is None]
    context: dict[str, Any] = {
        "windows": [
            (
                one,
                hours_text(one.window.hours).splitlines(),
                next_open([one.window], (), at=now),
                viewer.can(MANAGE, team_id=one.scope.owner_id),
            )
            for one in windows
        ],
        "freezes": [
            (one, one.lifted_at is None and one.ends_at > now,
             viewer.can(MANAGE, team_id=one.scope.owner_id))
            for one in freezes
        ],
        "week": week([one.window for one in windows], facts,
                     zone=ZoneInfo(viewer.time_zone), now=now),
        "row": ROW,
        "now": now,
        "may_manage": viewer.can_somewhere(MANAGE),
    }  # fmt: skip
    return render(request, "releases/calendar.html", context)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: HttpRequest, window_id: int | None = None) -> HttpResponse:
    """GET, POST /releases/windows/3/ or /releases/windows/new/."""
    known = queries.window(window_id) if window_id is not None else None
    initial: dict[str, Any] = {"time_zone": viewer_of(request).time_zone}
    if known is not None:
        keeper_of_reach(request, reach_of(known.scope), MANAGE)
        initial = window_initial(known.window) | {
            "reach": reach_text(reach_of(known.scope)),
            "environments": [one.value for one in known.environments],
            "revision": known.revision,
        }
    form = WindowForm(request.POST or None, initial=initial)

    def save() -> int:
        viewer = keeper_of_reach(request, form.chosen(), MANAGE)
        return actions.save_window(
            wish=form.wish(),
            window_id=window_id,
            revision=form.cleaned_data["revision"] or 0,
            now=utc_now(),
            actor=viewer.actor,
        )

    if request.method == "POST" and attempt(form, save) is not None:
        return redirect("releases:calendar")
    context = {"form": form, "title": known.window.name if known else "Add a window"}
    return _form(request, form, context)


@requires(MANAGE)
@require_POST
def remove_window(request: HttpRequest, window_id: int) -> HttpResponse:
    """POST /releases/windows/3/remove/."""
    viewer = keeper_of_reach(request, reach_of(queries.window(window_id).scope), MANAGE)
    actions.remove_window(window_id=window_id, now=utc_now(), actor=viewer.actor)
    return redirect("releases:calendar")


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: HttpRequest) -> HttpResponse:
    """GET, POST /releases/freezes/new/."""
    form = FreezeForm(request.POST or None)

    def save() -> int:
        viewer = keeper_of_reach(request, form.chosen(), MANAGE)
        return actions.declare_freeze(new=form.new(), now=utc_now(), actor=viewer.actor)

    if request.method == "POST" and attempt(form, save) is not None:
        return redirect("releases:calendar")
    return _form(request, form, {"form": form, "title": "Declare a freeze"})


@requires(MANAGE)
@require_POST
def lift_freeze(request: HttpRequest, freeze_id: int) -> HttpResponse:
    """POST /releases/freezes/3/lift/ with `reason`."""
    viewer = keeper_of_reach(request, reach_of(queries.freeze(freeze_id).scope), MANAGE)
    _try(
        request,
        lambda: actions.lift_freeze(
            freeze_id=freeze_id,
            reason=request.POST.get("reason", ""),
            now=utc_now(),
            actor=viewer.actor,
        ),
    )
    return redirect("releases:calendar")


@requires(Permission.VIEW)
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """GET /releases/standard-changes/: what needs no sign-off."""
    viewer, now = viewer_of(request), utc_now()
    lines = [
        (
            one,
            one.is_in_force(now),
            viewer.can(MANAGE, team_id=one.scope.owner_id),
            one.approved_at is None and one.asked_by_id != viewer.user_id,
        )
        for one in queries.standard_changes()
    ]
    context = {"lines": lines, "may_manage": viewer.can_somewhere(MANAGE)}
    return render(request, "releases/standards.html", context)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def standard(request: HttpRequest) -> HttpResponse:
    """GET, POST /releases/standard-changes/new/."""
    form = StandardForm(request.POST or None)

    def save() -> int:
        viewer = keeper_of_reach(request, form.chosen(), MANAGE)
        return actions.ask_standard(
            wish=form.wish(), user_id=viewer.user_id, now=utc_now(), actor=viewer.actor
        )

    if request.method == "POST" and attempt(form, save) is not None:
        return redirect("releases:standards")
    return _form(request, form, {"form": form, "title": "Propose a standard change"})


@requires(MANAGE)
@require_POST
def decide_standard(request: HttpRequest, standard_id: int) -> HttpResponse:
    """POST /releases/standard-changes/3/ with `word`: approve or withdraw."""
    reach = reach_of(queries.standard_change(standard_id).scope)
    viewer = keeper_of_reach(request, reach, MANAGE)
    by: dict[str, Any] = {"standard_id": standard_id, "now": utc_now(), "actor": viewer.actor}

    def act() -> None:
        if request.POST.get("word") == "approve":
            actions.approve_standard(user_id=viewer.user_id, **by)
        else:
            actions.withdraw_standard(**by)

    _try(request, act)
    return redirect("releases:standards")


def _try(request: HttpRequest, act: Callable[[], object]) -> None:
    """What was refused is said at the top of the page that comes next."""
    try:
        act()
    except (Conflict, Invalid) as error:
        messages.error(request, error.message)


def _form(request: HttpRequest, form: Any, context: dict[str, Any]) -> HttpResponse:  # noqa: ANN401 - any form
    status = 422 if form.errors else 200
    return render(request, "releases/setting_form.html", context, status=status)
