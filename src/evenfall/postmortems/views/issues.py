"""The issue of an action: linking, choosing between both, and what the tracker tells us."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evenfall.identity.access import public, requires
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid, NotFound
from evenfall.postmortems import actions, ports, queries
from evenfall.postmortems.contexts import number_of, promiser_of
from evenfall.postmortems.logic.action_life import Asker
from evenfall.postmortems.queries import ActionView

WAYS = ("create", "link", "unlink", "look", "keep_action", "keep_issue")


@requires(Permission.VIEW)
@require_POST
def issue(request: HttpRequest, action_id: int) -> HttpResponse:
    """POST /actions/9/issue/: do one of WAYS, or say why it is not possible."""
    way = request.POST.get("way", "")
    if way not in WAYS:
        raise Http404
    now = utc_now()
    view = queries.action(action_id, now=now)
    viewer = promiser_of(request, view)
    try:
        _act(request, way, view, viewer, now)
    except (Conflict, Invalid, NotFound) as error:
        messages.error(request, error.message)
    return redirect("postmortems:action", action_id)


@csrf_exempt  # a signature or a token of the tracker, never a cookie
@public("the signature or the token of the webhook is the proof")
@require_POST
def webhook(request: HttpRequest, tracker_id: int) -> HttpResponse:
    """POST /callbacks/trackers/3/: an issue changed, so it is looked at."""
    try:
        account = queries.account(tracker_id)
        kind = ports.tracker_type(account.type)
        headers = {name.lower(): value for name, value in request.headers.items()}
        key = kind.hear(account, headers, request.body) if kind is not None else ""
    except (NotFound, ports.WebhookRefused):
        return HttpResponse("The proof is wrong.", status=403, content_type="text/plain")
    key = key.replace("\0", "")
    actions.hear_of_issue(tracker_id=tracker_id, key=key, now=utc_now())
    return HttpResponse(status=204)


def _act(request: HttpRequest, way: str, view: ActionView, viewer: Viewer, now: datetime) -> None:
    said, action_id, actor = request.POST, view.id, viewer.actor
    match way:
        case "create":
            number = number_of(said.get("tracker_id", "")) or 0
            actions.create_issue(action_id=action_id, tracker_id=number, now=now, actor=actor)
        case "link":
            url = said.get("url", "")
            actions.link_issue(action_id=action_id, url=url, now=now, actor=actor)
        case "unlink":
            actions.unlink_issue(action_id=action_id, now=now, actor=actor)
        case "look":
            actions.look_at_issue(action_id=action_id, now=now)
        case "keep_action":
            actions.keep_action(action_id=action_id, now=now, actor=actor)
        case _:
            manages = viewer.can(Permission.MANAGE, team_id=view.team_id)
            actions.keep_issue(
                action_id=action_id,
                reason=said.get("reason", ""),
                asker=Asker(user_id=viewer.user_id, manages=manages),
                now=now,
                actor=actor,
            )
