"""Accounts at issue trackers, for administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.postmortems import actions, errors, ports, queries
from evenfall.postmortems.forms import TrackerForm


@requires(Permission.ADMINISTER)
@require_safe
def tracker_list(request: HttpRequest) -> HttpResponse:
    """GET /settings/trackers/."""
    context = {"trackers": queries.trackers(), "types": ports.tracker_types()}
    return render(request, "postmortems/trackers.html", context)


@requires(Permission.ADMINISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, type_name: str) -> HttpResponse:
    """GET, POST /settings/trackers/add/github/."""
    viewer, fields = viewer_of(request), queries.fields_of(type_name)
    kind = ports.tracker_type(type_name)
    name = "" if kind is None else kind.label
    data = request.POST if request.method == "POST" else None
    form = TrackerForm(fields, data, initial={"name": name})

    def save() -> int:
        return actions.add_tracker(
            type_name=type_name,
            name=form.cleaned_data["name"],
            values=form.values(),
            now=utc_now(),
            actor=viewer.actor,
        )

    if request.method == "POST" and (number := attempt(form, save)) is not None:
        messages.success(request, "Added. Set up its webhook, so that changes come at once.")
        return redirect("postmortems:tracker", number)
    return _form(request, form, kind=kind)


@requires(Permission.ADMINISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tracker(request: HttpRequest, tracker_id: int) -> HttpResponse:
    """GET, POST /settings/trackers/3/."""
    viewer, found = viewer_of(request), queries.tracker(tracker_id)
    form = TrackerForm(
        queries.fields_of(found.type),
        request.POST if request.method == "POST" else None,
        initial={"name": found.name, **found.settings},
        knows_secrets=True,
    )

    def save() -> bool:
        actions.change_tracker(
            tracker_id=tracker_id,
            name=form.cleaned_data["name"],
            values=form.values(),
            now=utc_now(),
            actor=viewer.actor,
        )
        return True

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "Saved.")
        return redirect("postmortems:tracker", tracker_id)
    return _form(request, form, kind=ports.tracker_type(found.type), tracker=found)


@requires(Permission.ADMINISTER)
@require_POST
def switch(request: HttpRequest, tracker_id: int) -> HttpResponse:
    """POST /settings/trackers/3/switch/."""
    is_on = request.POST.get("on") == "yes"
    actor = viewer_of(request).actor
    actions.switch_tracker(tracker_id=tracker_id, is_on=is_on, now=utc_now(), actor=actor)
    messages.success(request, "It is used again." if is_on else "It is not used any more.")
    return redirect("postmortems:trackers")


@requires(Permission.ADMINISTER)
@require_POST
def remove(request: HttpRequest, tracker_id: int) -> HttpResponse:
    """POST /settings/trackers/3/remove/: only while no action is linked to an issue there."""
    try:
        actions.remove_tracker(tracker_id=tracker_id, now=utc_now(), actor=viewer_of(request).actor)
    except errors.TrackerInUse as error:
        messages.error(request, error.message)
        return redirect("postmortems:tracker", tracker_id)
    messages.success(request, "Removed, with its secrets.")
    return redirect("postmortems:trackers")


def _form(request: HttpRequest, form: TrackerForm, **context: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "postmortems/tracker.html", {"form": form, **context}, status=status)
