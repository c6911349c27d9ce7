"""The home page, and the parts of it that fetch themselves again."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from msgspec.structs import replace

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import queries as notifications_queries
from evenfall.paging import queries as paging_queries
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import decrypt, encrypt
from evenfall.platform.forms import attempt
from evenfall.web import actions
from evenfall.web.contexts import first_steps, tonight
from evenfall.web.contexts.frame import frame
from evenfall.web.forms import BeginForm
from evenfall.web.logic.navigation import RUNS, STATUS_PAGES

_FIRST_KEY = "web.first_key"


@requires(Permission.VIEW)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """GET /: Tonight."""
    return _rendered(request, "web/tonight.html")


@requires(Permission.VIEW)
@require_safe
def part(request: HttpRequest) -> HttpResponse:
    """GET /tonight: the same without the frame, for the live update."""
    return _rendered(request, "web/parts/tonight.html")


@requires(Permission.OWN)
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """GET /bell: the inbox's bell with the number of things not looked at."""
    viewer = viewer_of(request)
    unread = notifications_queries.unread_count(user_id=viewer.user_id, now=utc_now())
    return render(request, "web/parts/bell.html", {"unread": unread})


@requires(Permission.RESPOND)
@require_safe
def waits(request: HttpRequest) -> HttpResponse:
    """GET /waits: what waits for the reader's approval, for the places of the navigation."""
    found = frame(viewer_of(request), now=utc_now()).waits
    places = [replace(one, waits=found.get(one.path, 0)) for one in (RUNS, STATUS_PAGES)]
    context = {"places": places, "waiting": sum(found.values()), "is_part": True}
    return render(request, "web/parts/waits.html", context)


@requires(Permission.OWN)
@require_safe
def badge(request: HttpRequest) -> HttpResponse:
    """GET /badge: how many pages wait for the reader, for the icon of the installed app."""
    user_id = viewer_of(request).user_id
    return JsonResponse({"open": paging_queries.open_counts([user_id]).get(user_id, 0)})


@requires(Permission.MANAGE)
@require_POST
def first_watch(request: HttpRequest) -> HttpResponse:
    """POST /first-steps/watch: a team, its service and a rota that begins with the reader."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    form = BeginForm(request.POST)
    made = attempt(
        form,
        lambda: actions.begin_watch(
            team_name=form.cleaned_data["team"],
            service_name=form.cleaned_data["service"],
            user_id=viewer.user_id,
            time_zone=viewer.time_zone,
            now=utc_now(),
            actor=viewer.actor,
        ),
    )
    if made is None:
        return _rendered(request, "web/tonight.html", begin=form)
    return redirect("/#first-steps")


@requires(Permission.MANAGE)
@require_POST
def first_key(request: HttpRequest) -> HttpResponse:
    """POST /first-steps/key: a key to try with; this session keeps it until a signal arrives."""
    key = first_steps.make_key(viewer_of(request), now=utc_now())
    request.session[_FIRST_KEY] = encrypt(key)
    return redirect("/#first-steps")


def _rendered(
    request: HttpRequest, template: str, *, begin: BeginForm | None = None
) -> HttpResponse:
    """Render Tonight; `begin` is the newcomer's form when it was refused."""
    kept = request.session.get(_FIRST_KEY, "")
    found = tonight.tonight(viewer_of(request), key=decrypt(kept) if kept else "", now=utc_now())
    if kept and (found.steps is None or found.steps.signal):
        del request.session[_FIRST_KEY]
    context = {"tonight": found, "begin": begin or BeginForm()}
    return render(request, template, context, status=422 if begin else 200)
