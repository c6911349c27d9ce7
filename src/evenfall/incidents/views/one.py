"""One incident: its page and the parts of it that fetch themselves again."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents.contexts import (
    PARTS,
    IncidentPage,
    StoryShown,
    incident_page,
    story_of,
)
from evenfall.platform.clock import utc_now

_PAGE: Final = "incidents/incident.html"


@requires(Permission.VIEW)
@require_safe
def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """GET /incidents/17/."""
    shown = incident_page(incident_id, viewer_of(request), cursor=request.GET.get("cursor"))
    context = {"shown": shown, "incident": shown.incident, **_story(request, shown)}
    return render(request, _PAGE, context)


@requires(Permission.VIEW)
@require_safe
def part(request: HttpRequest, incident_id: int, name: str) -> HttpResponse:
    """GET /incidents/17/parts/story/: one part of the page, for the live update.

    `suspects`, `alike` and `side` come only so: the page fetches them when it is there.
    """
    if name not in PARTS:
        raise Http404
    shown = incident_page(incident_id, viewer_of(request), only=name)
    story = _story(request, shown) if name == "story" else {}
    context = {"shown": shown, "incident": shown.incident, **story}
    return render(request, f"incidents/parts/{name}.html", context)


def _story(request: HttpRequest, shown: IncidentPage) -> dict[str, StoryShown]:
    return {"story": story_of(request.GET.dict(), shown, now=utc_now())}
