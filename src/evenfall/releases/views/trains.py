"""Trains: the next departures, who is on board, and who was left behind."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid
from evenfall.platform.forms import attempt
from evenfall.releases import actions, queries
from evenfall.releases.contexts import keeper_of_release, keeper_of_train, obstacles, timetable_of
from evenfall.releases.forms import TrainForm, train_initial

RESPOND = Permission.RESPOND


@requires(Permission.VIEW)
@require_safe
def trains(request: HttpRequest) -> HttpResponse:
    """GET /releases/trains/: the next departures on a calendar, and those that are over."""
    viewer, now = viewer_of(request), utc_now()
    coming = queries.coming_trains(now=now)
    context = {
        "coming": coming,
        "weeks": timetable_of(coming, zone=ZoneInfo(viewer.time_zone), now=now),
        "page": queries.departed_trains(now=now, cursor=request.GET.get("cursor")),
        "may_make": viewer.can_somewhere(RESPOND),
        "now": now,
    }
    return render(request, "releases/trains.html", context)


@requires(Permission.VIEW)
@require_safe
def train(request: HttpRequest, train_id: int) -> HttpResponse:
    """GET /releases/trains/3/."""
    viewer, now = viewer_of(request), utc_now()
    view = queries.train(train_id, now=now)
    others = [one for one in queries.coming_trains(now=now) if one.id != view.id]
    context: dict[str, Any] = {
        "train": view,
        "obstacles": obstacles(view, now=now),
        "may_change": all(viewer.can(RESPOND, team_id=one.team_id) for one in view.on_board),
        "others": [one for one in others if one.departs_at is None or one.departs_at > now],
        "is_over": view.departs_at is not None and view.departs_at <= now,
    }
    return render(request, "releases/train.html", context)


@requires(RESPOND)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, train_id: int | None = None) -> HttpResponse:
    """GET, POST /releases/trains/new/ or /releases/trains/3/edit/."""
    viewer = viewer_of(request)
    known: queries.TrainView | None = None
    if train_id is not None:
        keeper_of_train(request, train_id)
        known = queries.train(train_id, now=utc_now())
    form = TrainForm(
        request.POST or None,
        releases=releases_for(viewer, train_id),
        initial=train_initial(known) if known else None,
    )

    def save() -> int:
        wish = form.wish()
        for release_id in wish.release_ids:
            keeper_of_release(request, release_id)
        return actions.save_train(wish=wish, train_id=train_id, now=utc_now(), actor=viewer.actor)

    if request.method == "POST" and (number := attempt(form, save)) is not None:
        return redirect("releases:train", number)
    context = {"form": form, "train": known}
    status = 422 if form.errors else 200
    return render(request, "releases/train_form.html", context, status=status)


@requires(RESPOND)
@require_POST
def take_next(request: HttpRequest, train_id: int) -> HttpResponse:
    """POST /releases/trains/3/next/ with `train` and one `release` or more."""
    keeper_of_train(request, train_id)
    chosen = request.POST.get("train", "")
    numbers = [int(one) for one in request.POST.getlist("release") if one.isdecimal()]
    if not chosen.isdecimal():
        messages.error(request, "Choose the train that they go with.")
        return redirect("releases:train", train_id)
    viewer = keeper_of_train(request, int(chosen))
    try:
        actions.take_next_train(
            train_id=train_id,
            next_id=int(chosen),
            release_ids=numbers,
            now=utc_now(),
            actor=viewer.actor,
        )
    except (Conflict, Invalid) as error:
        messages.error(request, error.message)
        return redirect("releases:train", train_id)
    return redirect("releases:train", int(chosen))


def releases_for(viewer: Viewer, train_id: int | None) -> list[tuple[int, str]]:
    """What this person may put on this train."""
    found = queries.may_board(train_id)
    services = catalog_queries.services({service_id for _, service_id, _ in found})
    return [
        (number, words)
        for number, service_id, words in found
        if viewer.can(RESPOND, team_id=services[service_id].team_id)
    ]
