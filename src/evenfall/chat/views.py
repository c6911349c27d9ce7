"""Pages about rooms, and the button that opens one for an incident."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.chat import actions, errors, ports, queries
from evenfall.chat.contexts import (
    incident_panel,
    manager_for,
    manager_of,
    responder_of,
    room_lines,
)
from evenfall.chat.forms import RoomForm
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries as incidents_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_GET
def rooms(request: HttpRequest) -> HttpResponse:
    """GET /chat/rooms/: the rooms that show incidents, and what can be added."""
    viewer = viewer_of(request)
    context = {
        "rooms": room_lines(viewer),
        "accounts": queries.chat_accounts(),
        "may_add": viewer.can_somewhere(Permission.MANAGE),
        "may_administer": viewer.can(Permission.ADMINISTER),
    }
    return render(request, "chat/rooms.html", context)


@requires(Permission.MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, provider_id: int) -> HttpResponse:
    """GET, POST /chat/rooms/add/3/: a room of this account."""
    account = notifications_queries.provider(provider_id)
    service = ports.chat_service(account.type)
    if service is None:
        raise errors.RoomNotUsable(reason="its account is of no chat tool.")
    form = RoomForm(
        request.POST or None,
        teams=identity_queries.teams(),
        field=service.room_field,
        is_secret=service.room_is_secret,
    )

    def save() -> int:
        wish = form.wish()
        viewer = manager_for(request, wish.team_id)
        address = form.cleaned_data["address"]
        return actions.add_room(
            provider_id=provider_id,
            address=address,
            wish=wish,
            now=utc_now(),
            actor=viewer.actor,
        )

    if request.method == "POST" and (room_id := attempt(form, save)):
        actions.test_room(room_id=room_id, now=utc_now())
        messages.success(request, "Added. A test message is on its way.")
        return redirect("chat:rooms")
    return _form(request, form, account=account)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def room(request: HttpRequest, room_id: int) -> HttpResponse:
    """GET, POST /chat/rooms/3/: change what a room shows."""
    found = queries.room(room_id)
    manager_of(request, room_id)
    form = RoomForm(
        request.POST or None,
        teams=identity_queries.teams(),
        initial={
            "name": found.name,
            "team_id": found.team_id,
            "least_severity": found.least_severity.value,
        },
    )

    def save() -> HttpResponse:
        wish = form.wish()
        viewer = manager_for(request, wish.team_id)
        actions.change_room(room_id=room_id, wish=wish, now=utc_now(), actor=viewer.actor)
        messages.success(request, "Saved.")
        return redirect("chat:rooms")

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    return _form(request, form, room=found)


@requires(Permission.MANAGE)
@require_POST
def switch(request: HttpRequest, room_id: int) -> HttpResponse:
    viewer, is_on = manager_of(request, room_id), "on" in request.POST
    actions.switch_room(room_id=room_id, is_on=is_on, now=utc_now(), actor=viewer.actor)
    return redirect("chat:rooms")


@requires(Permission.MANAGE)
@require_POST
def test(request: HttpRequest, room_id: int) -> HttpResponse:
    manager_of(request, room_id)
    actions.test_room(room_id=room_id, now=utc_now())
    messages.success(request, "A test message is on its way; look at the room.")
    return redirect("chat:rooms")


@requires(Permission.MANAGE)
@require_POST
def remove(request: HttpRequest, room_id: int) -> HttpResponse:
    viewer = manager_of(request, room_id)
    actions.remove_room(room_id=room_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Removed. Its messages stay where they are.")
    return redirect("chat:rooms")


@requires(Permission.RESPOND)
@require_POST
def open_room(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/chat/room/: ask for a channel of its own."""
    viewer = responder_of(request, incident_id)
    try:
        actions.ask_for_room(incident_id=incident_id, user_id=viewer.user_id, now=utc_now())
    except (errors.CannotOpenRooms, errors.RoomAlreadyOpened) as error:
        messages.error(request, error.message)
    answer = redirect("incidents:incident", incident_id)
    answer["Location"] += "#chat"
    return answer


@requires(Permission.VIEW)
@require_GET
def incident_part(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The part of an incident's page about chat, fetched again when something happens."""
    viewer = viewer_of(request)
    panel = incident_panel(incidents_queries.incident(incident_id), viewer)
    if panel is None:
        return HttpResponse()
    return render(request, panel.template, {"panel": panel.context})


def _form(request: HttpRequest, form: RoomForm, **context: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "chat/room.html", {"form": form, **context}, status=status)
